package bot

import (
	"strings"
	"unicode/utf8"
)

// prefilter finds in one pass over a text which of many expressions can match
// at all, since running hundreds of them on each message would be slow. Each
// expression brings groups of words; of every group one word must stand in the
// text.
type prefilter struct {
	byFirst map[rune][]need
	groups  map[string]int // words joined to the number of their group
	parts   [][]int        // the groups that each part asks for
}

// need is a word that satisfies a group.
type need struct {
	word  string
	group int
}

func newPrefilter() *prefilter {
	return &prefilter{byFirst: map[rune][]need{}, groups: map[string]int{}}
}

// add registers a part by its groups and returns its number.
func (f *prefilter) add(groups [][]string) int {
	var ids []int
	for _, words := range groups {
		ids = append(ids, f.group(words))
	}
	f.parts = append(f.parts, ids)
	return len(f.parts) - 1
}

func (f *prefilter) group(words []string) int {
	key := strings.Join(words, "|")
	if id, known := f.groups[key]; known {
		return id
	}
	id := len(f.groups)
	f.groups[key] = id
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		f.byFirst[first] = append(f.byFirst[first], need{w, id})
	}
	return id
}

// scan marks every part that text may match.
func (f *prefilter) scan(text string) []bool {
	there := make([]bool, len(f.groups))
	for i, r := range text {
		for _, n := range f.byFirst[r] {
			if !there[n.group] && strings.HasPrefix(text[i:], n.word) {
				there[n.group] = true
			}
		}
	}
	may := make([]bool, len(f.parts))
	for id, groups := range f.parts {
		may[id] = all(groups, there)
	}
	return may
}

func all(groups []int, there []bool) bool {
	for _, g := range groups {
		if !there[g] {
			return false
		}
	}
	return true
}
