package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/trial"
	"github.com/anjie-desk/anjie/cmd/internal/config"
)

// store is the desk's Redis: a server, or the trial's own inside the process.
type store struct {
	*redisdb.DB
	trial *trial.Server // nil with a server
}

// openStore opens the Redis that s names. A server that would lose
// acknowledged reports is refused, unless s says that it is wanted so.
func openStore(ctx context.Context, s config.Settings, o Options) (*store, error) {
	key, err := secret(s.Secret)
	if err != nil {
		return nil, err
	}
	opt := redisdb.Options{Tenant: s.Tenant, Log: o.Log, Now: o.Now, Secret: key, Replicas: s.Redis.Replicas}
	if s.Trial() {
		return openTrial(s, opt) //nolint:contextcheck // it opens a file in no time
	}
	db, err := redisdb.Open(ctx, s.Redis.URL, opt)
	if err != nil {
		return nil, err
	}
	if err := db.CheckDurability(ctx); err != nil {
		if !s.Redis.Unsafe {
			return nil, errors.Join(fmt.Errorf("%w; set that, or ANJIE_REDIS_UNSAFE=true to start all the same", err), db.Close())
		}
		o.Log.WarnContext(ctx, "redis may lose acknowledged reports", "err", err)
	}
	if err := db.CheckWaiting(ctx); err != nil {
		o.Log.WarnContext(ctx, "redis may lose acknowledged reports", "err", err)
	}
	return &store{DB: db}, nil
}

func openTrial(s config.Settings, opt redisdb.Options) (*store, error) {
	srv, err := trial.Open(filepath.Join(s.Data, "trial"), trial.Options{Log: opt.Log})
	if err != nil {
		return nil, err
	}
	db, err := redisdb.New(srv.Client(), opt)
	if err != nil {
		return nil, errors.Join(err, srv.Close())
	}
	return &store{DB: db, trial: srv}, nil
}

// Close closes the connections; the trial takes its last snapshot first.
func (s *store) Close() error {
	if s.trial != nil {
		return s.trial.Close()
	}
	return s.DB.Close()
}

// SignIn is the purpose of codes in sign-in links.
const SignIn = "sign-in"

// Staff is what the command line needs to keep accounts.
type Staff struct {
	*access.Staffing
	Accounts access.Accounts
	Cases    *dispute.Service // for what an account holds when it goes
	Content  *Content
	io.Closer
}

// OpenStaffing opens the accounts and the office that changes them, for the
// command line; closing it closes the Redis behind them. In the trial this fails
// while a desk is running.
func OpenStaffing(ctx context.Context, s config.Settings, c *Content, log *slog.Logger) (*Staff, error) {
	st, err := openStore(ctx, s, Options{Log: log})
	if err != nil {
		return nil, err
	}
	svc, err := cases(st, s, nil, c, Options{Log: log, Now: st.Now})
	if err != nil {
		return nil, errors.Join(err, st.Close()) //nolint:contextcheck // closes after ctx has ended, too
	}
	acc := st.Accounts()
	return &Staff{access.NewStaffing(acc, c.Places, svc.InHand, st.Now), acc, svc, c, st}, nil
}
