package redisdb_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

func TestListsByTypeAndByTimeOfFiling(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		began := d.clock.Now()
		must(t, second(d.cases.IndexTypes(ctx, []string{"centre"}))) // none yet: from here on each stands there by its moves
		var all []dispute.CaseID
		for i := range 24 {
			f := filing(strconv.Itoa(i))
			f.Report.Village = fmt.Sprintf("99999999900%d", 1+i%3)
			f.Report.Category = []string{"neighbour", "labour"}[i/3%2]
			c, err := d.File(ctx, clerk, f)
			must(t, err)
			all = append(all, c.ID)
			d.clock.Add(time.Hour)
		}
		_, err := d.Withdraw(ctx, clerk, all[3], "", dispute.Seen{}) // the type's index follows the state
		must(t, err)
		for name, tc := range map[string]struct {
			filter dispute.Filter
			want   []int
		}{
			"a type in a village":       {dispute.Filter{Category: "labour", Territory: []string{"999999999001"}}, []int{21, 15, 9, 3}},
			"a type, a village, open":   {dispute.Filter{Category: "labour", Territory: []string{"999999999001"}, State: []dispute.State{dispute.Accepted}}, []int{21, 15, 9}},
			"a type once withdrawn":     {dispute.Filter{Category: "labour", State: []dispute.State{dispute.Withdrawn}}, []int{3}},
			"since an hour":             {dispute.Filter{Since: began.Add(22 * time.Hour)}, []int{23, 22}},
			"until an hour":             {dispute.Filter{Until: began.Add(2 * time.Hour)}, []int{1, 0}},
			"a type between two hours":  {dispute.Filter{Category: "neighbour", Since: began.Add(6 * time.Hour), Until: began.Add(14 * time.Hour)}, []int{13, 12, 8, 7, 6}},
			"a type that nobody has":    {dispute.Filter{Category: "debt"}, nil},
			"a time when nobody came":   {dispute.Filter{Since: began.Add(48 * time.Hour)}, nil},
			"nothing but a page of two": {dispute.Filter{Limit: 2}, nil},
		} {
			var got []dispute.CaseID
			f := tc.filter
			for {
				cases, next, err := d.Cases(ctx, clerk, f)
				must(t, err)
				for _, c := range cases {
					got = append(got, c.ID)
				}
				if f.After = next; next == "" {
					break
				}
			}
			var want []dispute.CaseID
			for _, i := range tc.want {
				want = append(want, all[i])
			}
			if name == "nothing but a page of two" {
				want = slices.Clone(all)
				slices.Reverse(want)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", name, got, want)
			}
		}
	})
}

// BenchmarkSearch lists the first page of cases by village, state, type and
// time among ANJIE_BENCH_CASES (200,000 without it) in 30 villages:
//
//	go test ./bot/redisdb -run '^$' -bench BenchmarkSearch -benchtime 300x
func BenchmarkSearch(b *testing.B) {
	n := 200_000
	if s := os.Getenv("ANJIE_BENCH_CASES"); s != "" {
		var err error
		n, err = strconv.Atoi(s)
		must(b, err)
	}
	rdb := redistest.NewClient(&redis.Options{Addr: redistest.Start(b, "--appendonly", "no").Addr()})
	cases := redistest.On(b, rdb, redisdb.Options{Tenant: "bench", Now: time.Now, Log: quiet}).Cases()
	last := manyCases(b, rdb, n)
	must(b, rdb.Set(b.Context(), "anjie:{bench}:ix:types", "1", 0).Err())
	var villages []string
	for v := range 30 {
		villages = append(villages, village(v))
	}
	open := []dispute.State{
		dispute.Submitted, dispute.Accepted, dispute.Claimed, dispute.Consulting, dispute.Mediating, dispute.Paused, dispute.Agreed, dispute.Performing,
	}
	for name, f := range map[string]func(i int) dispute.Filter{
		"village+state+type+date": func(i int) dispute.Filter {
			return dispute.Filter{
				Territory: villages[i%30 : i%30+1], State: []dispute.State{dispute.Archived}, Category: kinds[i%len(kinds)],
				Since: last.Add(-time.Duration(n/2) * time.Minute), Until: last.Add(-time.Duration(n/4) * time.Minute),
			}
		},
		"village":   func(i int) dispute.Filter { return dispute.Filter{Territory: villages[i%30 : i%30+1]} },
		"rare-type": func(int) dispute.Filter { return dispute.Filter{Territory: villages, Category: "rare"} },
		"type+open": func(i int) dispute.Filter {
			return dispute.Filter{Territory: villages, State: open, Category: kinds[i%len(kinds)]}
		},
		"everything": func(int) dispute.Filter { return dispute.Filter{Territory: villages} },
		"everything+month": func(i int) dispute.Filter {
			return dispute.Filter{Territory: villages, Until: last.AddDate(0, -i%4, 0)}
		},
	} {
		b.Run(name, func(b *testing.B) {
			spread(b, 1, func(i int) error {
				f := f(i)
				page, _, err := cases.Cases(context.Background(), f)
				if err == nil && len(page) == 0 {
					return fmt.Errorf("%s found nothing", name)
				}
				return err
			})
		})
	}
}

var kinds = []string{"neighbour", "family", "labour", "debt", "land", "house", "tort", "consumer", "contract", "property", "traffic", "medical", "other", "village"}

func village(i int) string { return fmt.Sprintf("999999999%03d", i) }

// manyCases writes cases of the shape that the store keeps, a minute apart, by
// pipeline: one in fifty is open, one in ten thousand of a rare type.
func manyCases(b *testing.B, rdb *redis.Client, n int) (last time.Time) {
	b.Helper()
	ctx, at := b.Context(), time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := 0; i < n; {
		_, err := rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
			for end := min(n, i+2000); i < end; i++ {
				at = at.Add(time.Minute)
				state, kind, v, ms := "archived", kinds[i/30%len(kinds)], village(i*11%30), at.UnixMilli()
				if i%50 == 0 {
					state = string(dispute.States[i/50%8])
				}
				if i%10_000 == 9999 {
					kind = "rare"
				}
				id := "c" + fmt.Sprintf("%012s", strconv.FormatInt(int64(i), 32))
				p.HSet(ctx, "anjie:{bench}:case:"+id, "state", state, "version", 20, "edited", 19, "head", "q83hfQ2h9fhQ93hf9q3hfw", "territory", v,
					"category", kind, "priority", 3, "source", "web", "reporter", "web:"+id, "owner", "aabcdefghijklmnop", "owner_name", "张调解",
					"filed", ms, "changed", ms, "outcome", "agreed_written", "number", fmt.Sprintf("〔2026〕试受字第 %06d 号", i), "year", 2026,
					"serial", i, "mac", "q83hfQ2h9fhQ93hf9q3hfw", "f:rule", "plain")
				for _, key := range []string{"at:" + v + ":" + state, "type:" + kind + ":" + v + ":" + state} {
					p.ZAdd(ctx, "anjie:{bench}:ix:"+key, redis.Z{Score: float64(ms), Member: id})
				}
			}
			return nil
		})
		must(b, err)
	}
	return at
}
