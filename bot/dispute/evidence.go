package dispute

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Files opens what people attached, by the Key of an [Evidence].
type Files interface {
	Read(ctx context.Context, key string) ([]byte, error)
}

// OpenFile reads the n-th file of a case, from 0, and says so in its audit trail
// as [Service.Case] does. It is for who may know the parties: a photograph or
// a receipt may name them. A file that isn't there is of kind NotFound.
func (s *Service) OpenFile(ctx context.Context, who access.Actor, id CaseID, n int) (Evidence, []byte, error) {
	c, err := s.Case(ctx, who, id)
	if err != nil {
		return Evidence{}, nil, err
	}
	if standing(who, c)&(byOwner|byHelper|byManager|byReporter) == 0 {
		return Evidence{}, nil, fault.New(fault.Denied, "not their case")
	}
	if n < 0 || n >= len(c.Report.Evidence) || s.opt.Files == nil {
		return Evidence{}, nil, ErrNotFound
	}
	e := c.Report.Evidence[n]
	data, err := s.opt.Files.Read(ctx, e.Key)
	if err != nil {
		return Evidence{}, nil, fmt.Errorf("file %d of case %s: %w", n, id, err)
	}
	return e, data, nil
}

// Exhibit is a file that an other party sent. It lies apart from the report and
// its files: who works on the case opens it, the reporter neither sees that it
// is there nor gets it with a copy of their own data.
type Exhibit struct {
	Evidence
	Party int       `json:"party"` // whose it is, see [Other]
	At    time.Time `json:"at"`
}

const exhibitsPaper paper[[]Exhibit] = "exhibits"

// ExhibitsOf reads the other parties' files from a case that was read with
// personal data.
func ExhibitsOf(c Case) ([]Exhibit, error) { return exhibitsPaper.of(c) }

// OpenExhibit reads the n-th file of the other parties, from 0, as
// [Service.OpenFile] reads what was reported with, but not for the reporter.
func (s *Service) OpenExhibit(ctx context.Context, who access.Actor, id CaseID, n int) (Evidence, []byte, error) {
	c, err := s.Case(ctx, who, id) // with its papers for who works on it
	if err != nil {
		return Evidence{}, nil, err
	}
	all, err := ExhibitsOf(c)
	if err != nil {
		return Evidence{}, nil, err
	}
	if n < 0 || n >= len(all) || s.opt.Files == nil {
		return Evidence{}, nil, ErrNotFound
	}
	data, err := s.opt.Files.Read(ctx, all[n].Key)
	if err != nil {
		return Evidence{}, nil, fmt.Errorf("exhibit %d of case %s: %w", n, id, err)
	}
	return all[n].Evidence, data, nil
}

// The share of a case's files that each party has for itself, so that nobody
// can leave the others without room. What the staff take in is in no share.
const (
	shareFiles = 24
	shareBytes = 200 << 20
)

// ErrFull says that a party has sent as much as it may.
var ErrFull = fault.New(fault.Invalid, "the party's share of the case's files is used up")

// Sent is what a party itself has sent to its case.
type Sent struct {
	Files []Evidence
	Left  int // how many more it may send
}

func sentOf(who access.Actor, c Case) (Sent, error) {
	var own []Evidence
	if n := partyNo(who, c); n != 0 {
		all, err := ExhibitsOf(c)
		if err != nil {
			return Sent{}, err
		}
		own = sentBy(all, n)
	} else {
		own = slices.DeleteFunc(slices.Clone(c.Report.Evidence), func(e Evidence) bool { return e.Desk })
	}
	left := max(0, shareFiles-len(own))
	if weight(own) >= shareBytes {
		left = 0
	}
	return Sent{Files: own, Left: left}, nil
}

func sentBy(all []Exhibit, party int) []Evidence {
	var own []Evidence
	for _, x := range all {
		if x.Party == party {
			own = append(own, x.Evidence)
		}
	}
	return own
}

func weight(files []Evidence) int64 {
	var sum int64
	for _, f := range files {
		sum += f.Size
	}
	return sum
}

// hold has an edit keep more files where those of who belong, within the share
// of a party.
func (s *Service) hold(e *edit, who access.Actor, c Case, files []Evidence) error {
	if len(files) == 0 {
		return nil
	}
	desk := standing(who, c)&(byReporter|byParty) == 0
	had, err := sentOf(who, c)
	switch {
	case err != nil:
		return err
	case !desk && (had.Left < len(files) || weight(had.Files)+weight(files) > shareBytes):
		return ErrFull
	}
	if n := partyNo(who, c); n != 0 {
		return s.exhibit(e, c, n, files)
	}
	files = slices.Clone(files)
	for i := range files {
		files[i].Desk = desk
	}
	e.move = func(m *Move) { m.Evidence = files }
	return nil
}

// exhibit has an edit keep more files of an other party.
func (s *Service) exhibit(e *edit, c Case, party int, files []Evidence) error {
	all, err := ExhibitsOf(c)
	if err != nil {
		return err
	}
	for _, f := range files {
		all = append(all, Exhibit{Evidence: f, Party: party, At: s.now()})
	}
	e.detail["party"] = strconv.Itoa(party)
	return exhibitsPaper.put(e, all)
}

// checkFiles refuses more files than a case may hold.
func checkFiles(had int, more []Evidence) error {
	if had+len(more) > maxFiles {
		return fault.As(fault.Invalid, fmt.Errorf("%d files, %d are allowed", had+len(more), maxFiles))
	}
	if slices.ContainsFunc(more, func(e Evidence) bool { return e.Key == "" }) {
		return fault.New(fault.Invalid, "a file without its content")
	}
	return nil
}
