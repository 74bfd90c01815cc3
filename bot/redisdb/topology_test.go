package redisdb_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// TestTheDeskOnAClusterAndBehindSentinels takes a case from report to close on
// each form of address. A Cluster refuses a script that touches keys of two
// slots, which a single server does not notice.
func TestTheDeskOnAClusterAndBehindSentinels(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(*testing.T) string{"cluster": startCluster, "sentinel": startSentinel} {
		t.Run(name, func(t *testing.T) {
			ctx, address := t.Context(), start(t)
			var db *redisdb.DB
			eventually(t, func() (err error) {
				db, err = redisdb.Open(ctx, address, redisdb.Options{Tenant: "t-" + name, Secret: redistest.Secret, Log: quiet})
				return err
			})
			defer db.Close()
			must(t, db.CheckDurability(ctx))
			s, out := service(t, db, db.Now), db.Outbox()
			var c dispute.Case
			eventually(t, func() (err error) { // a fresh Cluster takes a moment to be of one mind
				c, err = s.File(ctx, resident, filing("x"))
				return err
			})
			_, err := s.Claim(ctx, zhang, c.ID, dispute.Seen{Token: "claim"})
			must(t, err)
			_, err = s.Start(ctx, zhang, c.ID, dispute.OpMediate, "已告知", dispute.Seen{})
			must(t, err)
			_, err = s.RecordOutcome(ctx, zhang, c.ID, dispute.Result{Outcome: dispute.AgreedOral, Summary: "谈成"}, dispute.Seen{})
			must(t, err)
			_, err = s.Close(ctx, zhang, c.ID, "", dispute.Seen{})
			must(t, err)
			must(t, s.Verify(ctx, clerk, c.ID))
			_, _, err = s.Cases(ctx, clerk, dispute.Filter{})
			must(t, err)
			_, err = s.TickDue(ctx)
			must(t, err)
			entries, err := out.Take(ctx, 10)
			must(t, err)
			for _, e := range entries {
				_, err := out.Begin(ctx, e.ID)
				must(t, err)
				must(t, out.Split(ctx, e.ID, []string{"web:1", "web:2"}))
			}
			if n, err := out.Waiting(ctx); n != 12 || err != nil {
				t.Errorf("%d messages wait, %v; want two for each of six", n, err)
			}
		})
	}
}

func startCluster(t *testing.T) string {
	t.Helper()
	s := redistest.Start(t, "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf")
	must(t, client(t, s.URL()).Do(t.Context(), "CLUSTER", "ADDSLOTSRANGE", 0, 16383).Err())
	return "redis+cluster://" + s.Addr()
}

// TestAFailoverThatNobodyWaitsForIsSaidSo: a replica may be promoted that lacks
// what people were told is kept.
func TestAFailoverThatNobodyWaitsForIsSaidSo(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	master := redistest.Start(t)
	address := sentinelOf(t, master)
	check := func(address string, replicas int) error {
		db, err := redisdb.Open(ctx, address, redisdb.Options{Tenant: "w", Secret: redistest.Secret, Log: quiet, Replicas: replicas})
		if err != nil {
			return err
		}
		defer db.Close()
		return db.CheckWaiting(ctx)
	}
	eventually(t, func() error { return check(address, 0) }) // nothing to fail over to
	host, port, err := net.SplitHostPort(master.Addr())
	must(t, err)
	redistest.Start(t, "--replicaof", host+" "+port)
	eventually(t, func() error {
		if err := check(address, 0); err == nil || !strings.Contains(err.Error(), "set redis.replicas to 1") {
			return fmt.Errorf("with a replica that nobody waits for: %w", err)
		}
		return nil
	})
	must(t, check(address, 1))
	must(t, check(master.URL(), 0)) // a replica for backups alone
}

func startSentinel(t *testing.T) string {
	t.Helper()
	return sentinelOf(t, redistest.Start(t))
}

func sentinelOf(t *testing.T, master *redistest.Server) string {
	t.Helper()
	host, port, err := net.SplitHostPort(master.Addr())
	must(t, err)
	conf := filepath.Join(t.TempDir(), "sentinel.conf")
	must(t, os.WriteFile(conf, fmt.Appendf(nil, "sentinel monitor desk %s %s 1\n", host, port), 0o600))
	sentinel := redistest.StartWith(t, conf, "--sentinel")
	return "redis+sentinel://" + sentinel.Addr() + "/desk"
}

func eventually(t *testing.T, do func() error) {
	t.Helper()
	var err error
	for range 100 {
		if err = do(); err == nil {
			return
		}
		time.Sleep(50 * time.Millisecond) // another process has to get ready
	}
	t.Fatal(err)
}
