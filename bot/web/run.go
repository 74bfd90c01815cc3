package web

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// Listen opens the port, so that a caller can say where to go before [Server.Run]
// serves, and returns the address. A second call returns the same address.
// The error is [ErrPortBusy] if another program has the port.
func (s *Server) Listen(ctx context.Context) (net.Addr, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		return s.listener.Addr(), nil
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", s.opt.Listen)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("listen on %s: %w", s.opt.Listen, ErrPortBusy)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("listen on %s: this user may not open that port; choose one above 1024", s.opt.Listen)
	case err != nil:
		return nil, fmt.Errorf("listen on %s: %w", s.opt.Listen, err)
	}
	s.listener = l
	return l.Addr(), nil
}

// Run listens, if [Server.Listen] has not, and serves until ctx ends. Then it
// takes no new request, ends the streams, and waits up to Options.Grace for
// the work in hand. It runs once.
func (s *Server) Run(ctx context.Context) error {
	if _, err := s.Listen(ctx); err != nil {
		return err
	}
	srv := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second, // a stream moves its own deadline on
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          quiet(s.opt.Log),
	}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := srv.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve pages: %w", err)
		}
		return nil
	})
	g.Go(func() error {
		<-gctx.Done()
		return s.stop(srv) //nolint:contextcheck // ctx is over, and what is in hand is to be finished
	})
	return g.Wait()
}

// stop ends the streams and lets other requests finish. A request that takes
// longer than the grace is cut: that is worth a warning, not an error.
func (s *Server) stop(srv *http.Server) error {
	close(s.closing)
	ctx, cancel := context.WithTimeout(context.Background(), s.opt.Grace)
	defer cancel()
	if err := srv.Shutdown(ctx); err != nil {
		s.opt.Log.WarnContext(ctx, "requests cut short at stop", "after", s.opt.Grace)
		if err := srv.Close(); err != nil {
			return fmt.Errorf("close pages: %w", err)
		}
	}
	return nil
}
