package redisdb_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// unheard has Redis do what it is told and loses its answer, as when it stood still
// longer than anybody waits. It loses those of calls on a key, while it is on.
type unheard struct {
	key string
	on  atomic.Bool
}

var errUnheard = errors.New("the answer was lost")

func (d *unheard) DialHook(next redis.DialHook) redis.DialHook { return next }

func (d *unheard) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		if args := cmd.Args(); d.on.Load() && err == nil && strings.HasPrefix(cmd.Name(), "eval") && len(args) > 3 {
			if key, _ := args[3].(string); strings.HasSuffix(key, d.key) {
				cmd.SetErr(errUnheard)
				return errUnheard
			}
		}
		return err
	}
}

func (d *unheard) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// TestWhatIsTakenWithoutAnAnswerComesAgainInSeconds: messages and deadlines that
// Redis gave out to nobody aren't held as long as the work on them might take.
func TestWhatIsTakenWithoutAnAnswerComesAgainInSeconds(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		messages, deadlines := &unheard{key: ":outbox"}, &unheard{key: ":timers"}
		rdb.AddHook(messages)
		rdb.AddHook(deadlines)
		d, ctx := open(t, rdb), t.Context()

		must(t, d.out.Put(ctx, dispute.Notice{To: "web:a", Key: "notice.filed"}))
		messages.on.Store(true)
		if _, err := d.out.Take(ctx, 10); !errors.Is(err, errUnheard) {
			t.Fatalf("with the answer lost: %v", err)
		}
		messages.on.Store(false)
		d.take(t, 0)
		d.clock.Add(10 * time.Second)
		d.take(t, 1)
		d.clock.Add(59 * time.Second) // who has heard the answer has a minute
		d.take(t, 0)
		d.clock.Add(time.Second)
		d.take(t, 1)

		c := d.file(t, "due")
		d.clock.Add(3 * 24 * time.Hour)
		due := func() (n int) {
			t.Helper()
			list, err := d.cases.Due(ctx, 10)
			must(t, err)
			for _, one := range list {
				if one.Case == c.ID && one.Kind == dispute.DueClaim {
					n++
				}
			}
			return n
		}
		deadlines.on.Store(true)
		if _, err := d.cases.Due(ctx, 10); !errors.Is(err, errUnheard) {
			t.Fatalf("with the answer lost: %v", err)
		}
		deadlines.on.Store(false)
		for i, step := range []struct {
			wait time.Duration
			want int
		}{{0, 0}, {10 * time.Second, 1}, {59 * time.Second, 0}, {time.Second, 1}} {
			if d.clock.Add(step.wait); due() != step.want {
				t.Errorf("step %d: the deadline isn't given out %d times", i+1, step.want)
			}
		}
	})
}
