package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/eval"
)

// served is what residents get for their questions, in the JSON of docs/CLI.md.
type served struct {
	All    eval.Shares            `json:"all"`
	Parts  map[string]eval.Shares `json:"parts,omitempty"`
	Missed []missed               `json:"missed,omitempty"` // nothing right among the first three
}

// missed is a question answered wrongly. Those of the test half are counted
// and never listed: to look at one is to spend it.
type missed struct {
	ID    string   `json:"id"`
	Text  string   `json:"text"`
	Place int      `json:"place"` // of the first right thing; 0 if none is shown
	Kind  string   `json:"kind"`
	Right []string `json:"right"`
	Shown []string `json:"shown"`
}

// firstThings is among how many things shown the right one is looked for.
const firstThings = 3

// testPart names the half of a question set that is only measured.
const testPart = "test"

// measureShown asks what a resident gets; nil where no question says which
// entries are right.
func measureShown(ctx context.Context, c *wire.Content, k *wire.Knowledge, set []eval.Question, bar *progress) (*served, error) {
	if !slices.ContainsFunc(set, func(q eval.Question) bool { return len(q.FAQs) > 0 }) {
		return nil, nil //nolint:nilnil // nothing to measure
	}
	service, err := wire.Answers(c, k)
	if err != nil {
		return nil, err
	}
	var all []int
	parts := map[string][]int{}
	out := &served{Parts: map[string]eval.Shares{}}
	for i, q := range set {
		bar.tell("what is shown", i+1, len(set))
		as, err := service.Matters(ctx, answer.Question{Text: q.Text})
		if err != nil {
			return nil, fmt.Errorf("question %s: %w", q.ID, err)
		}
		docs := answer.Shown(as)
		place := q.Place(things(docs))
		all = append(all, place)
		if q.Part != "" {
			parts[q.Part] = append(parts[q.Part], place)
		}
		if q.Part != testPart && (place == 0 || place > firstThings) {
			out.Missed = append(out.Missed, missed{q.ID, q.Text, place, string(as[0].Kind), q.FAQs, ids(docs)})
		}
	}
	out.All = eval.SharesOf(all)
	for name, places := range parts {
		out.Parts[name] = eval.SharesOf(places)
	}
	return out, nil
}

// things says of each document which entry or article it is; a guide is the
// article that it explains.
func things(docs []knowledge.Document) []eval.Thing {
	out := make([]eval.Thing, len(docs))
	for i, d := range docs {
		if id, ok := strings.CutPrefix(d.ID, "faq:"); ok {
			out[i].FAQ = id
		} else if len(d.Citations) > 0 {
			out[i].Article = eval.Ref{Law: d.Citations[0].Law, Article: d.Citations[0].Article}
		}
	}
	return out
}

func ids(docs []knowledge.Document) []string {
	var out []string
	for _, d := range docs[:min(firstThings, len(docs))] {
		out = append(out, d.ID)
	}
	return out
}

func (s *served) print(w io.Writer) {
	if s == nil {
		return
	}
	fmt.Fprintf(w, "\nOf what a resident is shown, the right entry or article comes first / among the first three:\n")
	line := func(name string, v eval.Shares) {
		fmt.Fprintf(w, "  %-5s (%d)  %.1f / %.1f\n", name, v.N, 100*v.Right1, 100*v.Right3)
	}
	line("all", s.All)
	for _, name := range slices.Sorted(maps.Keys(s.Parts)) {
		line(name, s.Parts[name])
	}
	if len(s.Missed) > 0 {
		fmt.Fprintln(w, "\nNot among the first three:")
	}
	for _, m := range s.Missed {
		fmt.Fprintf(w, "  %s %s (%s; place %d)\n      right %s\n      shown %s\n", m.ID, m.Text, m.Kind, m.Place, strings.Join(m.Right, ", "), strings.Join(m.Shown, ", "))
	}
}
