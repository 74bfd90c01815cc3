package redisdb_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// TestTwelveTenantsOnAClusterOfThree works cases of twelve sub-districts at
// once: each lies on one master whole, none sees another's.
func TestTwelveTenantsOnAClusterOfThree(t *testing.T) {
	t.Parallel()
	address, masters := startThree(t)
	var wg sync.WaitGroup
	for n := range 12 {
		wg.Go(func() {
			db, err := redisdb.Open(t.Context(), address, redisdb.Options{
				Tenant: fmt.Sprintf("town-%d", n), Secret: redistest.Secret, Log: quiet, Now: time.Now,
			})
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			if err := workOnCluster(t, db, 3+n); err != nil {
				t.Errorf("tenant %d: %v", n, err)
			}
		})
	}
	wg.Wait()
	holding := 0
	for _, m := range masters {
		tenants := map[string]bool{}
		for _, key := range client(t, m.URL()).Keys(t.Context(), "anjie:*").Val() {
			_, rest, _ := strings.Cut(key, "{")
			tenant, _, _ := strings.Cut(rest, "}")
			tenants[tenant] = true
		}
		if len(tenants) > 0 {
			holding++
		}
	}
	if holding < 2 {
		t.Errorf("%d of 3 masters hold the twelve tenants", holding)
	}
}

// workOnCluster files n cases, works one, and looks that the lists hold those
// and no others.
func workOnCluster(t *testing.T, db *redisdb.DB, n int) error {
	t.Helper()
	s := service(t, db, db.Now)
	var last dispute.CaseID
	for i := range n {
		c, err := s.File(t.Context(), clerk, filing(fmt.Sprint(i)))
		if err != nil {
			return err
		}
		if want := fmt.Sprintf("第 %04d 号", i+1); !strings.Contains(string(c.Number), want) {
			return fmt.Errorf("number %s, want %s", c.Number, want)
		}
		last = c.ID
	}
	if _, err := s.Claim(t.Context(), zhang, last, dispute.Seen{}); err != nil {
		return err
	}
	if err := s.Verify(t.Context(), clerk, last); err != nil {
		return err
	}
	cases, _, err := s.Cases(t.Context(), clerk, dispute.Filter{})
	if err == nil && len(cases) != n {
		err = fmt.Errorf("%d cases are listed, %d were filed", len(cases), n)
	}
	return err
}

// startThree starts a Cluster of three masters.
func startThree(t *testing.T) (address string, masters []*redistest.Server) {
	t.Helper()
	const slots = 16384
	var first *redis.Client
	var hosts []string
	for i := range 3 {
		s := redistest.Start(t, "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf")
		masters, hosts = append(masters, s), append(hosts, s.Addr())
		rdb := redistest.NewClient(&redis.Options{Addr: s.Addr()})
		t.Cleanup(func() { _ = rdb.Close() })
		must(t, rdb.Do(t.Context(), "CLUSTER", "ADDSLOTSRANGE", i*slots/3, (i+1)*slots/3-1).Err())
		if first == nil {
			first = rdb
			continue
		}
		host, port, _ := strings.Cut(s.Addr(), ":")
		must(t, first.ClusterMeet(t.Context(), host, port).Err())
	}
	for _, s := range masters {
		rdb := client(t, s.URL())
		eventuallyWithin(t, 20*time.Second, func() error {
			info := rdb.Do(t.Context(), "CLUSTER", "INFO").String()
			if !strings.Contains(info, "cluster_state:ok") || !strings.Contains(info, "cluster_known_nodes:3") {
				return fmt.Errorf("the cluster is not of one mind: %.80s", info)
			}
			return nil
		})
	}
	return "redis+cluster://" + strings.Join(hosts, ","), masters
}
