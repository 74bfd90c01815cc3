package redisdb_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// TestNoCaseIsClaimedTwice has 64 mediators claim everything in sight, and
// shows by a claimer that reads before it writes that doubles would be seen.
func TestNoCaseIsClaimedTwice(t *testing.T) {
	const claimers = 64
	sizes := map[string]int{"miniredis": 300, "redis": 2000}
	if os.Getenv("ANJIE_HA") != "" { // for the night
		sizes["redis"] = 10_000
	}
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		cases := sizes["redis"]
		if t.Name() == "TestNoCaseIsClaimedTwice/miniredis" {
			cases = sizes["miniredis"]
		}
		d := open(t, rdb)
		ids := fill(t, d, cases)

		won := race(t, claimers, ids, func(ctx context.Context, who access.Actor, id dispute.CaseID) (bool, error) {
			_, err := d.Claim(ctx, who, id, dispute.Seen{})
			if errors.Is(err, dispute.ErrClaimed) {
				return false, nil
			}
			return err == nil, err
		})
		doubles, missing := count(ids, won)
		if doubles != 0 || missing != 0 {
			t.Errorf("%d cases of %d claimed twice, %d never", doubles, cases, missing)
		}
		for _, id := range ids[:50] {
			c, err := d.Brief(context.Background(), clerk, id)
			must(t, err)
			if c.State != dispute.Claimed || len(won[id]) != 1 || c.Owner != won[id][0] {
				t.Errorf("case %s is %s of %s, won by %v", id, c.State, c.Owner, won[id])
			}
		}

		few := ids[:min(len(ids), 500)]
		careless := race(t, claimers, few, func(ctx context.Context, who access.Actor, id dispute.CaseID) (bool, error) {
			return carelessClaim(ctx, rdb, who, id)
		})
		if doubles, _ := count(few, careless); doubles == 0 {
			t.Errorf("a claimer that isn't atomic made no doubles on %d cases: this test could not see any", len(few))
		} else {
			t.Logf("%d claimers, %d cases: 0 doubles; the claimer that isn't atomic: %d doubles on %d", claimers, cases, doubles, len(few))
		}
	})
}

// carelessClaim is the mistake that the script avoids.
func carelessClaim(ctx context.Context, rdb redis.UniversalClient, who access.Actor, id dispute.CaseID) (bool, error) {
	key := "careless:" + string(id)
	owner, err := rdb.Get(ctx, key).Result()
	if !errors.Is(err, redis.Nil) {
		return false, err
	}
	if owner != "" {
		return false, nil
	}
	return true, rdb.Set(ctx, key, who.ID, 0).Err()
}

func fill(t *testing.T, d *desk, n int) []dispute.CaseID {
	t.Helper()
	ids := make([]dispute.CaseID, n)
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := w; i < n; i += 8 {
				c, err := d.File(context.Background(), clerk, ownFiling(i))
				if err != nil {
					t.Error(err)
					return
				}
				ids[i] = c.ID
			}
		})
	}
	wg.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return ids
}

// race has every claimer try every case, starting at different ends, and
// returns who won each.
func race(
	t *testing.T, claimers int, ids []dispute.CaseID, claim func(context.Context, access.Actor, dispute.CaseID) (bool, error),
) map[dispute.CaseID][]string {
	t.Helper()
	var mu sync.Mutex
	won := map[dispute.CaseID][]string{}
	var wg sync.WaitGroup
	per := len(ids)/(claimers/8) + 1 // each case is fought over by about eight
	for w := range claimers {
		who := access.Actor{ID: fmt.Sprintf("m%d", w), Name: "调解员", Role: access.Mediator}
		from := w / 8 * per % len(ids)
		wg.Go(func() {
			for i := range per + rand.IntN(3) {
				id := ids[(from+i)%len(ids)]
				ok, err := claim(context.Background(), who, id)
				if err != nil {
					t.Error(err)
					return
				}
				if ok {
					mu.Lock()
					won[id] = append(won[id], who.ID)
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return won
}

func count(ids []dispute.CaseID, won map[dispute.CaseID][]string) (doubles, missing int) {
	for _, id := range ids {
		switch len(won[id]) {
		case 0:
			missing++
		case 1:
		default:
			doubles++
		}
	}
	return doubles, missing
}
