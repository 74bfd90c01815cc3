package redisdb_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// TestFilingsAtOnceKeepToTheLimit has one resident file forty reports at the
// same time: ten may be open, whatever was closed before.
func TestFilingsAtOnceKeepToTheLimit(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d := open(t, rdb)
		for range 3 {
			_, err := d.Withdraw(t.Context(), resident, d.file(t, "").ID, "", dispute.Seen{})
			must(t, err)
		}
		var made, refused atomic.Int64
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				switch _, err := d.File(context.Background(), resident, filing(fmt.Sprint("r", i))); {
				case err == nil:
					made.Add(1)
				case errors.Is(err, dispute.ErrTooMany):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if made.Load() != 10 || refused.Load() != 30 {
			t.Errorf("%d cases made, %d refused", made.Load(), refused.Load())
		}
	})
}

// TestAReportFiledAgainAtTheLimitIsItsCase sends the tenth report twice, as
// after an answer that was lost.
func TestAReportFiledAgainAtTheLimitIsItsCase(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d := open(t, rdb)
		for range 9 {
			d.file(t, "")
		}
		if first, again := d.file(t, "tenth"), d.file(t, "tenth"); first.ID != again.ID {
			t.Errorf("the report filed twice is %s and %s", first.ID, again.ID)
		}
	})
}

// TestRepetitionsFiledAtOnceAreTold has sixteen people report the same matter at
// the same time: whoever isn't first repeats another.
func TestRepetitionsFiledAtOnceAreTold(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d := open(t, rdb)
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				if _, err := d.File(context.Background(), access.Actor{ID: fmt.Sprint("web:", i)}, filing(fmt.Sprint(i))); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := strings.Count(strings.Join(d.sent(t), "\n"), "notice.alike"); n != 15 {
			t.Errorf("the clerks were told of %d repetitions of 15", n)
		}
	})
}
