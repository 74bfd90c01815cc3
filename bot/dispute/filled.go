package dispute

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What a paper's templates ask of a file beside its fields.

// When is the time of the last event of these kinds, zero if there was none.
func (f File) When(kinds ...string) time.Time {
	var at time.Time
	for _, e := range f.Events {
		if slices.Contains(kinds, e.Kind) {
			at = e.At
		}
	}
	return at
}

// Reporter and Other are the two as the agreement names them, else the report.
func (f File) Reporter() string {
	if p := f.Party(0); p != nil {
		return p.Name
	}
	return f.Case.Report.Party()
}

// Other is whom the report is about, see [File.Reporter].
func (f File) Other() string {
	if p := f.Party(1); p != nil {
		return p.Name
	}
	return f.Case.Report.Other
}

// Names are all parties, parted by commas as Chinese writes them.
func (f File) Names() string {
	if f.Agreement == nil {
		return strings.Trim(f.Case.Report.Party()+"、"+f.Case.Report.Other, "、")
	}
	var all []string
	for _, p := range f.Agreement.Parties {
		all = append(all, p.Name)
	}
	return strings.Join(all, "、")
}

// Party is the agreement's i-th party, nil if there is none.
func (f File) Party(i int) *Signatory {
	if f.Agreement == nil || i >= len(f.Agreement.Parties) {
		return nil
	}
	return &f.Agreement.Parties[i]
}

// PartyOf is the name of the party in a role, "" if there is none.
func (f File) PartyOf(role string) string {
	if f.Agreement != nil {
		for _, p := range f.Agreement.Parties {
			if p.Role == role {
				return p.Name
			}
		}
	}
	return ""
}

// RoleName picks the word for a role.
func (f File) RoleName(role, reporter, other, third string) string {
	switch role {
	case RoleReporter:
		return reporter
	case RoleOther:
		return other
	}
	return third
}

// PhoneOf is the telephone number of the i-th party as the desk was given it, ""
// if it has none.
func (f File) PhoneOf(i int) string {
	p := f.Party(i)
	if i == 0 && (p == nil || p.Role == RoleReporter) {
		return f.Case.Report.Contact.Phone
	}
	people, err := PeopleOf(f.Case)
	if err != nil {
		return "" // the file itself wouldn't have opened
	}
	for _, o := range people.Present() {
		if p != nil && o.role() == p.Role || p == nil && i == 1 {
			return o.Phone
		}
	}
	return ""
}

// Known is a side that said on line who it is, by the name and number that the
// mediator had.
type Known struct {
	Name string
	At   time.Time
}

// Known lists whom the desk knows to have taken part on line, each once.
func (f File) Known() []Known {
	people, err := PeopleOf(f.Case)
	if err != nil {
		return nil // see PhoneOf
	}
	names := map[string]string{SideReporter: f.Case.Report.Party()}
	for _, o := range people.Others {
		names[strconv.Itoa(o.N)] = o.Name
	}
	var all []Known
	for _, side := range slices.Sorted(maps.Keys(names)) {
		for _, s := range slices.Backward(f.Sessions) {
			if at := s.Present[side]; !at.IsZero() {
				all = append(all, Known{names[side], at})
				break
			}
		}
	}
	return all
}

// Session is the last mediation session on file, nil if none is.
func (f File) Session() *Session {
	if len(f.Sessions) == 0 {
		return nil
	}
	return &f.Sessions[len(f.Sessions)-1]
}

// LastVisit is the last follow-up visit that staff made, nil if there is none.
func (f File) LastVisit() *Visit {
	for i := len(f.Visits) - 1; i >= 0; i-- {
		if f.Visits[i].Role == "" {
			return &f.Visits[i]
		}
	}
	return nil
}

// ConfirmBy is the last day to apply for judicial confirmation, zero without one.
func (f File) ConfirmBy() time.Time { return Day(f.Case.Facts["confirm_by"]).Time() }
