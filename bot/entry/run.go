package entry

import (
	"context"
	"fmt"
	"time"
)

// Run puts the desk's own entries in use and keeps them so until ctx ends: at
// once for a change made here, within Options.Look for one made by another
// replica. A failure is logged and tried again; what was in use stays.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(s.opt.Look)
	defer tick.Stop()
	for {
		if err := s.Sync(ctx); err != nil && ctx.Err() == nil {
			s.opt.Log.ErrorContext(ctx, "the desk's own entries could not be put in use; what was stays", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-s.wake:
		}
	}
}

// Sync puts the desk's own entries in use if they changed since the last call.
// It is not for concurrent use; [Service.Run] calls it.
func (s *Service) Sync(ctx context.Context) error {
	version, err := s.store.Version(ctx)
	if err != nil || version == s.seen {
		return err
	}
	list, version, err := s.store.Editions(ctx)
	if err != nil {
		return err
	}
	if version == 0 && s.seen < 0 {
		s.seen = 0
		return nil // nothing was ever written: the given entries stand as they are
	}
	if err := s.use(Own(list)); err != nil {
		return fmt.Errorf("use version %d: %w", version, err)
	}
	s.seen = version
	s.opt.Log.InfoContext(ctx, "entries in use", "version", version, "entries", len(list))
	return nil
}
