package index

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// remote names the laws that no resident here means unless the question says
// so: parts of titles, and the words of which one has to stand in the question.
//
//go:embed remote.txt
var remote string

type remoteLaws struct{ titles, words []string }

var remotes = sync.OnceValue(func() []remoteLaws {
	var out []remoteLaws
	for line := range strings.Lines(remote) {
		titles, words, ok := strings.Cut(strings.TrimSpace(line), " = ")
		if ok {
			out = append(out, remoteLaws{strings.Split(titles, "|"), strings.Fields(words)})
		}
	}
	return out
})

// reach lists the words of which one has to stand in a question before the
// law's articles come up; none for a law of our own place and for nearly all
// national law.
func reach(law *lawRow, home []string) []string {
	if law.Local != "" {
		if slices.Contains(home, law.Local) {
			return nil
		}
		return []string{strings.TrimRight(law.Local, "省市")}
	}
	var words []string
	for _, r := range remotes() {
		if slices.ContainsFunc(r.titles, func(part string) bool { return strings.Contains(law.Bare, part) }) {
			words = append(words, r.words...)
		}
	}
	return words
}

// openLaws tells of each law whether its articles may come up: in force on the
// day asked for, and within reach of the question. beyond is true when one of
// them is not the last word any more, or not yet.
func (s *shelf) openLaws(text string, day int32) (open []bool, beyond bool) {
	open = make([]bool, len(s.cols.Laws))
	for i := range s.cols.Laws {
		row := &s.cols.Laws[i]
		open[i] = row.holds(day) && s.reaches(i, text)
		beyond = beyond || open[i] && i >= s.cols.CurrentLaws
	}
	return open, beyond
}

func (s *shelf) reaches(law int, text string) bool {
	words := s.reach[law]
	return len(words) == 0 || slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}
