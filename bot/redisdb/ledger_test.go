package redisdb_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

const griddedRegister = `
district: {name: 槐树街道, city: 槐市, code: "999999999", centre: 调解中心}
number: {form: "〔{year}〕槐受字第 {serial} 号", digits: 4}
source: 虚构
as_of: "2026-01-01"
villages:
- {code: "999999999001", name: 槐树社区, kind: community, grids: [第一网格（花园小区）, 第二网格（港湾小区）]}
- {code: "999999999002", name: 柳树村, kind: village}
`

const oneVillage, otherVillage, oneGrid = "999999999001", "999999999002", "999999999001/第二网格"

// TestAnAccountGetsAnotherPost: villages, grids and role of an account are set
// later, whoever stands in for it gets them too, and the trail says who did it.
func TestAnAccountGetsAnotherPost(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		acc, ctx := redistest.On(t, rdb, redisdb.Options{Log: quiet}).Accounts(), t.Context()
		reg, err := place.Parse([]byte(griddedRegister), place.Options{})
		must(t, err)
		now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
		busy := map[string]bool{"busy": true}
		s := access.NewStaffing(acc, reg, func(_ context.Context, id string) (bool, error) { return busy[id], nil }, func() time.Time { return now })
		director := access.Actor{ID: "chief", Role: access.Director}
		clerk := access.Actor{ID: "clerk", Role: access.Clerk}
		for _, a := range []access.Account{
			{ID: "chief", Name: "李主任", Role: access.Director},
			{ID: "clerk", Name: "王办", Role: access.Clerk},
			{ID: "cover", Name: "钱代", Role: access.Mediator, Territories: []string{otherVillage}},
			{ID: "busy", Name: "忙调", Role: access.Mediator},
			{ID: "editor", Name: "孙编", Role: access.Editor},
		} {
			must(t, acc.Save(ctx, a))
		}
		made, err := s.Make(ctx, director, access.Post{Name: "赵网格", Role: access.GridWorker, Territories: []string{otherVillage}})
		must(t, err)

		set, err := s.Set(ctx, clerk, made.ID, access.Post{Name: "赵网格", Role: access.Mediator, Grids: []string{oneGrid}})
		must(t, err)
		if !slices.Equal(set.Territories, []string{oneVillage}) || !slices.Equal(set.Grids, []string{oneGrid}) || set.Role != access.Mediator {
			t.Errorf("with a grid alone the account is %+v; want its village too", set)
		}
		today := access.Day(now)
		if !access.ServesGrid(set, oneVillage, "第二网格", today) {
			t.Error("the grid isn't served at once")
		}

		// Who stands in while they are away stands in for the new grid.
		must(t, access.NewRoster(acc, func() time.Time { return now }).SetLeave(ctx, clerk, made.ID, access.Leave{From: today, To: today, Cover: "cover"}))
		_, err = s.Set(ctx, clerk, made.ID, access.Post{Name: "赵网格", Role: access.Mediator, Grids: []string{"999999999001/第一网格"}})
		must(t, err)
		cover, err := acc.Account(ctx, "cover")
		must(t, err)
		if !access.ServesGrid(cover, oneVillage, "第一网格", today) || access.ServesGrid(cover, oneVillage, "第二网格", today) {
			t.Errorf("who stands in has %+v", cover.Stands)
		}

		trail, err := s.Trail(ctx, clerk, made.ID, 10)
		must(t, err)
		var what []string
		for _, e := range trail {
			what = append(what, e.What+" by "+e.By)
		}
		if got := strings.Join(what, ", "); got != "grids by clerk, grids by clerk, places by clerk, role by clerk, made by chief" {
			t.Errorf("the trail says %s", got)
		}

		for name, tc := range map[string]struct {
			who  access.Actor
			id   string
			post access.Post
			want fault.Kind
		}{
			"a clerk raises a mediator":         {clerk, made.ID, access.Post{Name: "赵", Role: access.Director}, fault.Denied},
			"a clerk changes an editor":         {clerk, "editor", access.Post{Name: "孙", Role: access.Mediator}, fault.Denied},
			"a mediator changes themselves":     {access.Actor{ID: made.ID, Role: access.Mediator}, made.ID, access.Post{Name: "赵", Role: access.Mediator}, fault.Denied},
			"a director steps down":             {director, "chief", access.Post{Name: "李主任", Role: access.Clerk}, fault.Conflict},
			"a grid that isn't in the register": {director, made.ID, access.Post{Name: "赵", Role: access.Mediator, Grids: []string{"999999999001/第九网格"}}, fault.Invalid},
			"a village that isn't":              {director, made.ID, access.Post{Name: "赵", Role: access.Mediator, Territories: []string{"1"}}, fault.Invalid},
			"no name":                           {director, made.ID, access.Post{Role: access.Mediator}, fault.Invalid},
			"nobody":                            {director, "nobody", access.Post{Name: "无", Role: access.Mediator}, fault.NotFound},
			"cases in hand":                     {director, "busy", access.Post{Name: "忙调", Role: access.GridWorker}, fault.Conflict},
		} {
			_, err := s.Set(ctx, tc.who, tc.id, tc.post)
			wantsKind(t, name, err, tc.want)
		}
		if _, err := s.Set(ctx, director, "busy", access.Post{Name: "忙调", Role: access.GridWorker}); !errors.Is(err, access.ErrBusy) {
			t.Errorf("a mediator with cases in hand: %v", err)
		}
		must(t, s.Shut(ctx, director, "editor", true))
		wantsKind(t, "a clerk shuts an account", s.Shut(ctx, clerk, "editor", false), fault.Denied)
		wantsKind(t, "a director shuts themselves out", s.Shut(ctx, director, "chief", true), fault.Conflict)
		_, err = s.Code(ctx, director, "editor", "sign-in", access.EntryLink, time.Minute)
		wantsKind(t, "a link for an account that is shut", err, fault.Conflict)
	})
}

// TestChangesOfAnAccountDoNotUndoEachOther changes one account from many sides
// at once and finds each change in it and on the trail.
func TestChangesOfAnAccountDoNotUndoEachOther(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		acc, ctx := redistest.On(t, rdb, redisdb.Options{Log: quiet}).Accounts(), t.Context()
		must(t, acc.Save(ctx, access.Account{ID: "a", Role: access.Mediator}))
		var wg sync.WaitGroup
		var done sync.Map
		for i := range 6 {
			wg.Go(func() {
				grid := access.GridKey("v", string(rune('a'+i)))
				_, err := acc.Change(ctx, "a", func(a *access.Account) ([]access.Entry, error) {
					a.Grids = append(a.Grids, grid)
					return []access.Entry{{Account: "a", What: access.EntryGrids, To: grid}}, nil
				})
				if err == nil {
					done.Store(grid, true)
				}
			})
		}
		wg.Wait()
		a, err := acc.Account(ctx, "a")
		must(t, err)
		trail, err := acc.Trail(ctx, "a", 10)
		must(t, err)
		n := 0
		done.Range(func(grid, _ any) bool {
			n++
			if !slices.Contains(a.Grids, grid.(string)) {
				t.Errorf("%v was reported done and isn't there: %v", grid, a.Grids)
			}
			return true
		})
		if n == 0 || len(a.Grids) != n || len(trail) != n {
			t.Errorf("%d changes were done, the account has %v, the trail %d entries", n, a.Grids, len(trail))
		}
	})
}
