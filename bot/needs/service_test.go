package needs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/needs"
	"github.com/anjie-desk/anjie/content"
)

var (
	monday  = time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60))
	clerk   = access.Actor{ID: "k1", Role: access.Clerk}
	adviser = access.Actor{ID: "v1", Role: access.Adviser}
)

// list is a Store in memory.
type list struct {
	mu    sync.Mutex
	noted []needs.Noted
	needs []needs.Need
	tally map[needs.Kind]int
	fails error
}

func (l *list) Note(_ context.Context, n needs.Noted) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.noted = append(l.noted, n)
	return l.fails
}

func (l *list) Needs(context.Context) ([]needs.Need, error) { return slices.Clone(l.needs), nil }

func (l *list) Decide(_ context.Context, ids []string, d needs.Decision) error {
	for i := range l.needs {
		if slices.Contains(ids, l.needs[i].ID) {
			l.needs[i].State, l.needs[i].By, l.needs[i].To = d.State, d.By, d.To
			if d.State == needs.Live {
				l.needs[i].Live = d.At
			}
		}
	}
	return nil
}

func (l *list) Figures(context.Context, string) (map[needs.Kind]int, error) { return l.tally, nil }

// shelf is a Finder that knows one entry.
type shelf struct{}

func (shelf) Nearest(_ context.Context, text string) (*content.FAQ, error) {
	if strings.Contains(text, "押金") {
		return &content.FAQ{ID: "housing-001"}, nil
	}
	return nil, nil
}

func (shelf) Entry(id string) *content.FAQ { return &content.FAQ{ID: id} }

// phrasings are those of the shipped entries.
var phrasings = sync.OnceValues(func() (all []string, err error) {
	lib, err := content.Load(content.Shipped())
	if err != nil {
		return nil, err
	}
	for _, f := range lib.FAQs {
		all = append(append(all, f.Question), f.Phrasings...)
	}
	return all, nil
})

func open(t *testing.T, l *list, opt needs.Options) *needs.Service {
	t.Helper()
	if opt.Now == nil {
		opt.Now = func() time.Time { return monday }
	}
	opt.Log = slog.New(slog.DiscardHandler)
	samples, err := phrasings()
	if err != nil {
		t.Fatal(err)
	}
	return needs.NewService(l, stripper(t), shelf{}, samples, opt)
}

func TestWhatIsRecordedIsStrippedAndKept(t *testing.T) {
	long := "我叫王小明，住在幸福花园3号楼，" + strings.Repeat("他说了不算又说算又说了不算，", 6) + "押金还能要回来吗？电话13900000000。"
	for name, tc := range map[string]struct {
		asked needs.Asked
		text  string // "" if nothing goes on the list
		kept  bool
	}{
		"refused":               {needs.Asked{Text: " 火星上的地咋分 ", Kind: needs.Refused}, "火星上的地咋分", true},
		"with a number":         {needs.Asked{Text: "13900000000老打电话骂我咋办", Kind: needs.Useless, Entry: "x-1"}, "〔号码〕老打电话骂我咋办", true},
		"answered is counted":   {needs.Asked{Text: "押金", Kind: needs.Answered}, "", true},
		"useful is counted":     {needs.Asked{Text: "押金", Kind: needs.Useful}, "", true},
		"nothing but a number":  {needs.Asked{Text: "13900000000", Kind: needs.Refused}, "", false},
		"a story is cut to its": {needs.Asked{Text: long, Kind: needs.Unsure}, "住在〔住处〕，他说了不算又说算又说了不算，他说了不算又说算又说了不算，他说了不算又说算又说了不算，他说了不算又说算又说了不算，押金还能要回来吗？电话〔号码〕。", true},
	} {
		t.Run(name, func(t *testing.T) {
			l := &list{}
			s := open(t, l, needs.Options{})
			s.Record(tc.asked)
			ctx, cancel := context.WithCancel(t.Context())
			cancel() // what waits is kept all the same
			if err := s.Run(ctx); err != nil {
				t.Fatal(err)
			}
			if !tc.kept {
				if len(l.noted) != 0 {
					t.Errorf("kept %+v", l.noted)
				}
				return
			}
			if len(l.noted) != 1 {
				t.Fatalf("kept %+v", l.noted)
			}
			n := l.noted[0]
			if n.Text != tc.text || (n.Key == "") != (tc.text == "") || n.Kind != tc.asked.Kind || n.Week != "2026-11-23" || !n.At.Equal(monday) {
				t.Errorf("kept %+v, want %q", n, tc.text)
			}
		})
	}
}

func TestRecordingNeverWaits(t *testing.T) {
	var seen []string
	s := open(t, &list{}, needs.Options{Buffer: 2, Observe: func(k needs.Kind, outcome string) { seen = append(seen, string(k)+" "+outcome) }})
	for range 3 {
		s.Record(needs.Asked{Text: "押金不退咋办", Kind: needs.Refused}) // nobody takes them off
	}
	if !slices.Equal(seen, []string{"refused lost"}) {
		t.Errorf("observed %v", seen)
	}
}

func TestAFailingStoreIsOnlyTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen []string
		l := &list{fails: errors.New("down")}
		s := open(t, l, needs.Options{Observe: func(k needs.Kind, outcome string) { seen = append(seen, string(k)+" "+outcome) }})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx) }()
		s.Record(needs.Asked{Text: "押金不退咋办", Kind: needs.Bare})
		synctest.Wait()
		if !slices.Equal(seen, []string{"bare failed"}) {
			t.Errorf("observed %v", seen)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func need(id, text string, n int, change ...func(*needs.Need)) needs.Need {
	x := needs.Need{
		ID: id, Text: text, Kinds: map[needs.Kind]int{needs.Refused: n}, Weeks: map[string]int{"2026-11-23": n},
		First: monday.Add(-time.Hour), Last: monday,
	}
	for _, c := range change {
		c(&x)
	}
	return x
}

func TestNeedsAreClusteredByWhatTheyAreAbout(t *testing.T) {
	l := &list{tally: map[needs.Kind]int{needs.Answered: 70, needs.Elsewhere: 2, needs.Refused: 20, needs.Bare: 5, needs.Unsure: 3, needs.Useless: 4}}
	l.needs = []needs.Need{
		need("a", "无人机老在俺家院子上头飞，能管不", 5),
		need("b", "邻居的无人机天天在我家院子上空飞", 3),
		need("c", "无人机拍我家院子犯法吗", 2),
		need("d", "快递柜超时收费合法吗", 4),
		need("e", "快递放快递柜不通知我还收费", 1),
		need("f", "外卖骑手撞了人谁赔", 2),
		need("g", "租房押金房东找借口不给退", 1, func(n *needs.Need) { n.Entry = "housing-001" }),
		need("h", "退租了房东扣我押金", 1, func(n *needs.Need) { n.Entry = "housing-001" }),
		need("i", "无人机飞俺院里不写了", 9, func(n *needs.Need) { n.State = needs.Dropped }),
		need("j", "上个月有人问的广场舞噪音", 7, func(n *needs.Need) { n.Weeks = map[string]int{"2026-10-26": 7} }),
		need("k", "上个月定了的", 7, func(n *needs.Need) {
			n.Weeks, n.State, n.To = map[string]int{"2026-10-26": 7}, needs.Live, "x-1"
			n.First, n.Live = monday.Add(-50*time.Hour), monday.Add(-2*time.Hour)
		}),
	}
	var before string
	for turn := range 3 {
		b, err := open(t, l, needs.Options{}).Board(t.Context(), adviser, monday)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range b.Top {
			near := ""
			if c.Nearest != nil {
				near = c.Nearest.ID
			}
			got = append(got, fmt.Sprintf("%d %s %s", c.Week, strings.Join(c.IDs(), ""), near))
		}
		if want := []string{"10 abc ", "5 de ", "2 f ", "2 gh housing-001"}; !slices.Equal(got, want) {
			t.Errorf("clusters are %q, want %q", got, want)
		}
		if len(b.Waiting) != 1 || b.Waiting[0].ID != "j" {
			t.Errorf("others that wait: %+v", b.Waiting)
		}
		if b.Questions() != 100 || b.Unanswered() != 25 || b.Share() != 25 || b.Written != 1 || b.Waited != 48*time.Hour {
			t.Errorf("of %d questions %d%% unanswered, %d written after %v", b.Questions(), b.Share(), b.Written, b.Waited)
		}
		if s := fmt.Sprint(got); turn > 0 && s != before {
			t.Errorf("in another order they are %s", s)
		} else {
			before = s
		}
		slices.Reverse(l.needs)
	}
}

func TestAtMostTwentyAreOnTheBoard(t *testing.T) {
	l := &list{}
	for i := range 30 {
		l.needs = append(l.needs, need(fmt.Sprint(i), string([]rune{rune(0x4e00 + 40*i), rune(0x5e00 + 41*i), rune(0x6e00 + 43*i), rune(0x7e00 + 47*i)}), i+1))
	}
	b, err := open(t, l, needs.Options{}).Board(t.Context(), clerk, monday)
	if err != nil || len(b.Top) != 20 || b.Top[0].Week != 30 || b.Top[19].Week != 11 || b.Share() != 0 {
		t.Errorf("%d on the board, %v", len(b.Top), err)
	}
}

func TestDecisionsAreForThoseWhoMay(t *testing.T) {
	l := &list{needs: []needs.Need{need("a", "无人机", 1), need("b", "快递柜", 1)}}
	s := open(t, l, needs.Options{})
	ctx := t.Context()
	for _, role := range []access.Role{access.Mediator, access.GridWorker, access.Editor, access.Resident} {
		who := access.Actor{ID: "x", Role: role}
		if err := s.Decide(ctx, who, []string{"a"}, needs.Dropped, ""); fault.Of(err) != fault.Denied {
			t.Errorf("%s decides: %v", role, err)
		}
		if _, err := s.Board(ctx, who, monday); fault.Of(err) != fault.Denied {
			t.Errorf("%s sees the board: %v", role, err)
		}
	}
	for name, err := range map[string]error{
		"live by hand":             s.Decide(ctx, clerk, []string{"a"}, needs.Live, "x"),
		"written without an entry": s.Decide(ctx, clerk, []string{"a"}, needs.Writing, ""),
		"dropped for an entry":     s.Decide(ctx, clerk, []string{"a"}, needs.Dropped, "x"),
		"about nothing":            s.Decide(ctx, clerk, nil, needs.Dropped, ""),
	} {
		if fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.Decide(ctx, clerk, []string{"a"}, needs.Writing, "loan-d1"); err != nil || l.needs[0].To != "loan-d1" || l.needs[0].By != "k1" {
		t.Errorf("decided: %+v, %v", l.needs[0], err)
	}
	if err := s.Settle(ctx, "v1", "loan-d1", true); err != nil || l.needs[0].State != needs.Live || !l.needs[0].Live.Equal(monday) || l.needs[1].State != needs.Open {
		t.Errorf("settled: %+v, %v", l.needs, err)
	}
	l.needs[1].State, l.needs[1].To = needs.Writing, "loan-d2"
	if err := s.Settle(ctx, "v1", "loan-d2", false); err != nil || l.needs[1].State != needs.Open || l.needs[1].To != "" {
		t.Errorf("given up: %+v, %v", l.needs[1], err)
	}
}

func TestAWeekBeginsOnMonday(t *testing.T) {
	for day, want := range map[string]string{"2026-11-23": "2026-11-23", "2026-11-29": "2026-11-23", "2026-11-30": "2026-11-30", "2027-01-01": "2026-12-28"} {
		d, err := time.Parse(time.DateOnly, day)
		if err != nil || needs.Week(d) != want {
			t.Errorf("%s is in the week of %s, want %s", day, needs.Week(d), want)
		}
	}
}
