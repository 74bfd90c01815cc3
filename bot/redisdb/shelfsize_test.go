package redisdb_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// BenchmarkShelve measures what moving a case to its file takes, and what stays
// of it in Redis:
//
//	go test ./bot/redisdb -run '^$' -bench BenchmarkShelve -benchtime 500x
func BenchmarkShelve(b *testing.B) {
	rdb := redistest.NewClient(&redis.Options{Addr: redistest.Start(b).Addr()})
	d, ctx := withShelf(b, rdb), b.Context()
	ids := make([]dispute.CaseID, b.N)
	empty := usedMemory(b, rdb)
	for i := range ids {
		c, err := d.File(ctx, clerk, filing(fmt.Sprint(i)))
		must(b, err)
		_, err = d.Decline(ctx, clerk, c.ID, dispute.Gate{Reason: "不归这里"}, dispute.Seen{})
		must(b, err)
		for range 15 {
			_, err = d.Note(ctx, clerk, c.ID, "打过电话，约了再来", dispute.Seen{})
			must(b, err)
		}
		for _, op := range []dispute.Op{dispute.OpClose, dispute.OpArchive} {
			_, err = d.Advance(ctx, clerk, c.ID, op, "", dispute.Seen{})
			must(b, err)
		}
		ids[i] = c.ID
	}
	for _, key := range rdb.Keys(ctx, "*:outbox*").Val() {
		must(b, rdb.Del(ctx, key).Err())
	}
	whole := usedMemory(b, rdb)
	d.clock.Add(40 * 24 * time.Hour)
	spread(b, 1, func(i int) error {
		return d.cases.Shelve(ctx, ids[i], nil, dispute.Event{At: d.clock.Now(), Actor: "system", Kind: dispute.Shelved})
	})
	b.ReportMetric(float64(whole-empty)/float64(b.N), "bytes/case")
	b.ReportMetric(float64(usedMemory(b, rdb)-empty)/float64(b.N), "bytes/remnant")
}
