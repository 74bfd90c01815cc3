package dispute

import (
	"context"
	"fmt"
	"slices"

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
