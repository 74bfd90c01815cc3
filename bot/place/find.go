package place

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

const codeDigits = 12

// name is one way to write a place: as in the register, bare, or an alias,
// each with the endings that people add.
type name struct {
	text    []rune
	village int  // index in Register.Villages
	word    bool // an everyday word: not to be found within a sentence
}

// Endings that people put after a bare name, by kind; the place's own kind of
// ending also tells 东里村 from 东里社区.
var (
	villageEndings   = []string{"村", "村委会", "村委", "村民委员会", "村村委会", "村村委", "村村民委员会", "大队", "村里"}
	communityEndings = []string{
		"社区", "居委会", "居委", "居民委员会", "社区居委会", "社区居委", "社区居民委员会", "小区",
	}
	// written off a register's names to have the bare one
	ownEndings = []string{"社区居民委员会", "社区居委会", "村民委员会", "居民委员会", "村村委会", "村委会", "居委会", "社区", "村"}
	// what is said around a name in a short answer
	fillers = regexp.MustCompile(`我们|咱们|我|俺|咱|是|住在|住|在|家|的|那边|那儿|那里|这边|城区街道|乳山市|乳山`)
	// after a bare name they make it a road or a shop
	elsewhere = regexp.MustCompile(`^(路|街|大街|大道|超市|商场|商厦|集团|公司|酒店|饭店|宾馆|药店|医院|学校|小学|中学|幼儿园)`)
	// before an everyday word they make it a place
	livesAt = regexp.MustCompile(`(住|住在|家在|我是|俺是|咱是|俺们是|我们是)$`)
	digits  = regexp.MustCompile(`[0-9]{12}`)
)

func endings(kind string) []string {
	if kind == KindVillage {
		return villageEndings
	}
	return communityEndings
}

func namesOf(villages []Village) []name {
	var all []name
	add := func(i int, s string, word bool) {
		if s = plain(s); s != "" {
			all = append(all, name{[]rune(s), i, word})
		}
	}
	for i, v := range villages {
		add(i, v.Name, false)
		for _, base := range append([]string{bare(v.Name)}, v.Also...) {
			add(i, base, v.Word && base == bare(v.Name))
			for _, end := range endings(v.Kind) {
				add(i, base+end, false)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b name) int { return len(b.text) - len(a.text) })
	return all
}

// bare is the name without 村, 社区 or committee, unless one character is left.
func bare(s string) string {
	for _, end := range ownEndings {
		if b, ok := strings.CutSuffix(s, end); ok && len([]rune(b)) > 1 {
			return b
		}
	}
	return s
}

// plain drops spaces and punctuation and makes full-width letters plain.
func plain(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, narrow(s))
}

// Find tells which places a text names: by code, name, alias, with or without
// 村 or 社区, alone or within a sentence, the longest name first. A name that
// two places share gives both; a name with one character wrong is found if
// nothing else is. Places that take no new cases are left out.
func (r *Register) Find(text string) []Village {
	said := plain(text)
	if v, ok := r.Village(digits.FindString(said)); ok && !r.retired(v) {
		return []Village{v}
	}
	short := fillers.ReplaceAllString(said, "")
	found := r.exactly([]rune(short))
	if len(found) == 0 {
		found = r.within(said)
	}
	if len(found) == 0 {
		found = r.nearly([]rune(said), []rune(short))
	}
	return r.pick(found)
}

// pick lists places in the register's order, each once.
func (r *Register) pick(found map[int]bool) []Village {
	var all []Village
	for i, v := range r.Villages {
		if found[i] {
			all = append(all, v)
		}
	}
	return all
}

func (r *Register) exactly(said []rune) map[int]bool {
	found := map[int]bool{}
	for _, n := range r.names {
		if slices.Equal(n.text, said) && !r.retired(r.Villages[n.village]) {
			found[n.village] = true
		}
	}
	return found
}

// within finds names in running text. What a longer name has taken, a shorter
// one can't take again; everything in Except is struck out before.
func (r *Register) within(said string) map[int]bool {
	for _, v := range r.Villages {
		for _, x := range v.Except {
			x = plain(x)
			said = strings.ReplaceAll(said, x, strings.Repeat("\x00", len([]rune(x))))
		}
	}
	text := []rune(said)
	found := map[int]bool{}
	for i := 0; i < len(text); i++ {
		n := r.longestAt(text, i, found)
		i += max(n-1, 0)
	}
	return found
}

// longestAt adds the places whose longest name stands at text[at:] and returns
// that name's length.
func (r *Register) longestAt(text []rune, at int, found map[int]bool) int {
	took, rest := 0, text[at:]
	for _, n := range r.names {
		if len(n.text) < took {
			break
		}
		if r.retired(r.Villages[n.village]) || len(n.text) > len(rest) || !slices.Equal(n.text, rest[:len(n.text)]) {
			continue
		}
		before, after := text[max(0, at-3):at], rest[len(n.text):min(len(n.text)+3, len(rest))]
		if elsewhere.MatchString(string(after)) || n.word && !livesAt.MatchString(string(before)) {
			continue
		}
		found[n.village] = true
		took = len(n.text)
	}
	return took
}

// nearly finds names of three characters and more of which one is wrong: all
// the text that was said, or a part of it that ends in 村, 社区 and the like.
func (r *Register) nearly(said, short []rune) map[int]bool {
	found := map[int]bool{}
	for _, n := range r.names {
		if n.word || r.retired(r.Villages[n.village]) {
			continue
		}
		if oneOff(n.text, short, 0) || r.endsPlain(n) && anyWindow(n.text, said) {
			found[n.village] = true
		}
	}
	return found
}

// endsPlain tells whether a name has an ending of its kind, so that a window
// of a sentence that looks like it is meant as a place.
func (r *Register) endsPlain(n name) bool {
	return slices.ContainsFunc(endings(r.Villages[n.village].Kind), func(end string) bool {
		return strings.HasSuffix(string(n.text), end)
	})
}

func anyWindow(name, text []rune) bool {
	keep := 1 // at least the ending's last character must be right
	for i := 0; i+len(name) <= len(text); i++ {
		if oneOff(name, text[i:i+len(name)], keep) {
			return true
		}
	}
	return false
}

// oneOff tells whether two words of the same length differ in one character
// that is not among the last keep ones, or in two neighbours swapped, and agree
// in at least two characters of the name proper.
func oneOff(name, said []rune, keep int) bool {
	if len(name) != len(said) || len([]rune(bare(string(name)))) < 3 {
		return false
	}
	var diff []int
	for i := range name {
		if name[i] != said[i] {
			diff = append(diff, i)
		}
	}
	switch len(diff) {
	case 1:
		return diff[0] < len([]rune(bare(string(name)))) && diff[0] < len(name)-keep
	case 2:
		i, j := diff[0], diff[1]
		return j == i+1 && name[i] == said[j] && name[j] == said[i]
	}
	return false
}
