package dispute

import (
	"slices"
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
