package wire_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	desk "github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
	"github.com/anjie-desk/anjie/content"
)

// told is a long message of matters.jsonl: entries that answer each of its
// matters, and others that are not beside the point.
type told struct {
	ID, Part, Text string
	Matters        [][]string
	Also           []string
}

// rates counts what long messages got.
type rates struct {
	one, right, beside, offeredBeside int // messages of one matter: all, first answer right, further answers and buttons beside the point
	matters, answered, offered, near  int // of messages of several: all, answered, only offered by a button, neither but by another entry of the field
}

// TestLongMessagesAreCutWell asks the desk over all statutes about messages of
// one matter and of several. It runs where ANJIE_DATA holds imported statutes.
// Only what the half for mending got wrong is printed.
func TestLongMessagesAreCutWell(t *testing.T) {
	service := overAllStatutes(t)
	got := map[string]*rates{"dev": {}, "test": {}}
	for _, m := range longMessages(t) {
		as, err := service.Matters(t.Context(), desk.Question{Text: m.Text})
		if err != nil {
			t.Fatal(err)
		}
		if miss := got[m.Part].count(m, as); miss != "" && m.Part == "dev" {
			t.Logf("%s %s\n\t%s\n\tgot %s", m.ID, m.Text, miss, describe(as))
		}
	}
	for part, r := range got {
		t.Logf("%s: %+v", part, *r)
		if r.one == 0 || r.matters == 0 {
			t.Fatalf("no messages of part %s", part)
		}
		if r.beside*100 > r.one*10 {
			t.Errorf("%s: %d of %d messages of one matter got an answer beside the point", part, r.beside, r.one)
		}
		if found := r.answered + r.offered; found*100 < r.matters*70 || (found+r.near)*100 < r.matters*85 {
			t.Errorf("%s: of %d matters %d are answered, %d offered, %d led to their field", part, r.matters, r.answered, r.offered, r.near)
		}
	}
}

// count adds what a message got, and says what was wrong with it.
func (r *rates) count(m told, as []desk.Answer) (miss string) {
	if len(m.Matters) == 1 {
		return r.countOne(m, as)
	}
	for _, want := range m.Matters {
		r.matters++
		switch {
		case slices.ContainsFunc(as, func(a desk.Answer) bool { return among(leads(a), want) }):
			r.answered++
		case slices.ContainsFunc(as, func(a desk.Answer) bool { return among(ids(slices.Concat(a.Also, a.Topics, a.Related)), want) }):
			r.offered++
			miss += " only offered: " + want[0]
		default:
			if slices.ContainsFunc(as, func(a desk.Answer) bool { return slices.ContainsFunc(leads(a), sameField(want[0])) }) {
				r.near++
			}
			miss += " missing: " + want[0]
		}
	}
	return miss
}

func (r *rates) countOne(m told, as []desk.Answer) (miss string) {
	r.one++
	if among(leads(as[0]), m.Matters[0]) {
		r.right++
	} else {
		miss += " first answer is not " + m.Matters[0][0]
	}
	fits := slices.Concat(m.Matters[0], m.Also)
	if slices.ContainsFunc(as[1:], func(a desk.Answer) bool { return !among(leads(a), fits) }) {
		r.beside++
		miss += " an answer beside the point"
	}
	if slices.ContainsFunc(as, func(a desk.Answer) bool { return len(a.Also) > 0 && !among(ids(a.Also), fits) }) {
		r.offeredBeside++
		miss += " an offer beside the point"
	}
	return miss
}

// leads are the entries that an answer consists of or asks to choose from.
func leads(a desk.Answer) []string {
	var out []string
	if a.FAQ != nil {
		out = append(out, a.FAQ.ID)
	}
	if a.Kind == desk.Clarify {
		out = append(out, ids(a.Topics)...)
		if a.Clarify != nil {
			for _, c := range a.Clarify.Choices {
				out = append(out, c.To)
			}
		}
	}
	return out
}

func ids(faqs []*content.FAQ) []string {
	out := make([]string, len(faqs))
	for i, f := range faqs {
		out[i] = f.ID
	}
	return out
}

func among(have, want []string) bool {
	return slices.ContainsFunc(have, func(id string) bool { return slices.Contains(want, id) })
}

func describe(as []desk.Answer) string {
	var out []string
	for _, a := range as {
		out = append(out, string(a.Kind)+" "+strings.Join(leads(a), "/")+" also "+strings.Join(ids(a.Also), "/")+" to «"+a.Question+"»")
	}
	return strings.Join(out, "\n\t    ")
}

func overAllStatutes(t *testing.T) *desk.Service {
	t.Helper()
	dir := os.Getenv("ANJIE_DATA")
	if dir == "" {
		t.Skip("ANJIE_DATA names no folder with imported statutes")
	}
	s, err := config.Load("", os.Environ(), config.Settings{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	c, err := wire.OpenContent(s)
	if err != nil {
		t.Fatal(err)
	}
	k, err := wire.OpenKnowledge(t.Context(), s, c, func(string, int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.Close() })
	if k.Set == nil {
		t.Skip("ANJIE_DATA holds no imported statutes")
	}
	service, err := wire.Answers(c, k)
	if err != nil {
		t.Fatal(err)
	}
	return service
}

func longMessages(t *testing.T) []told {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "knowledge", "eval", "testdata", "matters.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []told
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var m told
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

func sameField(id string) func(string) bool {
	field := id[:strings.LastIndex(id, "-")+1]
	return func(other string) bool { return strings.HasPrefix(other, field) }
}
