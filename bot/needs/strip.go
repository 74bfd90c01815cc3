package needs

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/content"
)

// Stripper strikes personal data out of questions. What it isn't sure of it
// strikes out rather than keeps: a question that lost a word is still one.
type Stripper struct {
	p         *content.Private
	not       []string
	places    []string
	lives     *regexp.Regexp
	building  *regexp.Regexp
	road      *regexp.Regexp
	plate     *regexp.Regexp
	account   *regexp.Regexp
	town      *regexp.Regexp // an address from its county, town or village on
	rooms     *regexp.Regexp // 阳光花园5-2-301
	gender    *regexp.Regexp // a name with what follows it in papers: 王建军，男
	kin       *regexp.Regexp // a name with whose kin somebody is: 于大壮他爹
	spaced    *regexp.Regexp // a name in spaced letters or in Latin ones
	introduce []string
}

// dotted is a name of one of the peoples who part it by a dot.
var dotted = regexp.MustCompile(`\p{Han}{2,6}[·•‧]\p{Han}{2,4}`)

var (
	link = regexp.MustCompile(`(?i)(?:https?://|www\.)[!-~]+|[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+`)
	// a word that may be a chat name if it has letters and digits
	handle = regexp.MustCompile(`[A-Za-z0-9_-]{6,}`)
)

func isHandle(word string) bool {
	return strings.ContainsFunc(word, unicode.IsLetter) && strings.ContainsFunc(word, unicode.IsDigit)
}

// NewStripper strikes out by the rules of p and the names of places, such as
// villages.
func NewStripper(p *content.Private, places []string) *Stripper {
	s := &Stripper{p: p, not: p.Not, introduce: append(slices.Clone(p.Introduce), p.Before...)}
	for _, name := range places {
		if utf8.RuneCountInString(name) > 2 {
			s.places = append(s.places, name)
		}
	}
	longestFirst(s.places)
	longestFirst(s.introduce)
	n := `[0-9一二三四五六七八九十百]+`
	s.building = regexp.MustCompile(`(?:(?:` + n + `|[A-Za-z])(?:` + anyOf(p.Buildings) + `)[-— ]?)*(?:` + n + `|[A-Za-z])(?:` + anyOf(p.Buildings) + `)(?:[-—]?[0-9]+)?`)
	s.road = regexp.MustCompile(`\p{Han}{2,4}(?:` + anyOf(p.Roads) + `)` + n + `(?:[-—]` + n + `)*号(?:[0-9]{2,4})?`)
	s.rooms = regexp.MustCompile(`(?:\p{Han}{2,4}(?:` + anyOf(p.Estates) + `))?[0-9]{1,3}[-—][0-9]{1,2}[-—][0-9]{3,4}`)
	s.town = regexp.MustCompile(`(?:\p{Han}{2,4}[市县区])?(?:\p{Han}{2,4}[市县区])?\p{Han}{2,4}(?:镇|乡|街道)\p{Han}{1,5}村`)
	surname := `(?:` + anyOf(p.Double) + `|[` + p.Surnames + `])`
	s.gender = regexp.MustCompile(`(^|[^\p{Han}])(` + surname + `\p{Han}{1,2}?)([，,、 ]+(?:` + anyOf(p.Papers) + `)(?:[，,。、 ]|$))`)
	s.kin = regexp.MustCompile(`(^|[^\p{Han}])(` + surname + `\p{Han}{1,2}?)((?:` + anyOf(p.Kin) + `)|家(?:[，,。、 ]|$))`)
	s.spaced = regexp.MustCompile(`((?:` + anyOf(p.Introduce) + `)[:： 是叫]*)(?:\p{Han}(?: \p{Han}){1,3}|[A-Za-z]{2,}(?:[ .·][A-Za-z]+)*)`)
	s.lives = regexp.MustCompile(`(` + anyOf(p.Lives) + `)([:： ]?)\p{Han}{1,8}?(?:` + anyOf(p.Estates) + `)`)
	s.plate = regexp.MustCompile(`[` + p.Provinces + `] ?[A-Za-z][·.\- ]?[A-Za-z0-9]{4,6}`)
	s.account = regexp.MustCompile(`(?i)(` + anyOf(p.Accounts) + `)((?:[:： 是叫为]|号码?){0,3})[a-z0-9][a-z0-9_.-]{2,}`)
	return s
}

func longestFirst(list []string) {
	slices.SortStableFunc(list, func(a, b string) int { return len(b) - len(a) })
}

func anyOf(words []string) string {
	quoted := make([]string, 0, len(words))
	sorted := slices.Clone(words)
	longestFirst(sorted)
	for _, w := range sorted {
		quoted = append(quoted, regexp.QuoteMeta(w))
	}
	return strings.Join(quoted, "|")
}

// Strip returns text with marks in place of telephone, identity, account and
// plate numbers, links, chat names, addresses, villages and people's names.
func (s *Stripper) Strip(text string) string {
	m := s.p.Marks
	text = plainLetters(text)
	text = link.ReplaceAllString(text, m.Link)
	text = s.plate.ReplaceAllString(text, m.Plate)
	text = s.numbers(text)
	text = s.account.ReplaceAllString(text, "${1}${2}"+m.Number)
	text = handle.ReplaceAllStringFunc(text, func(word string) string {
		if isHandle(word) {
			return m.Number
		}
		return word
	})
	text = s.town.ReplaceAllString(text, m.Home)
	text = s.rooms.ReplaceAllString(text, m.Home)
	text = s.lives.ReplaceAllString(text, "${1}${2}"+m.Home)
	text = s.road.ReplaceAllString(text, m.Home)
	text = s.building.ReplaceAllString(text, m.Home)
	text = strings.ReplaceAll(text, m.Home+m.Home, m.Home)
	for _, name := range s.places {
		text = strings.ReplaceAll(text, name, m.Village)
	}
	text = dotted.ReplaceAllString(text, m.Name)
	text = s.spaced.ReplaceAllString(text, "${1}"+m.Name)
	text = s.strikeName(s.gender, text)
	text = s.strikeName(s.kin, text)
	return s.names(text)
}

// strikeName strikes the second group of re out, unless it begins a word that is
// no name.
func (s *Stripper) strikeName(re *regexp.Regexp, text string) string {
	return re.ReplaceAllStringFunc(text, func(found string) string {
		m := re.FindStringSubmatch(found)
		if m == nil || s.none([]rune(m[2]), 0) {
			return found
		}
		return m[1] + s.p.Marks.Name + m[3]
	})
}

// plainLetters makes wide letters narrow and drops what isn't seen: marks that
// join, hide or decorate could stand between the digits of a number.
func plainLetters(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 0x3000:
			return ' '
		case r >= 0xFF01 && r <= 0xFF5E && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			return r - 0xFEE0
		case unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me, unicode.Cc) && r != '\n' || r == utf8.RuneError:
			return -1
		}
		return r
	}, text)
}

// leastDigits make a number that may be somebody's: a local telephone number
// has seven. mostGap marks may stand between two groups of its digits.
const (
	leastDigits = 7
	mostGap     = 3
)

// numbers strikes out what has seven digits and more, in whatever script,
// grouped however. A shorter group with its unit (12000元, 2019年) is no part
// of one.
func (s *Stripper) numbers(text string) string {
	rs := []rune(text)
	var out []rune
	for i := 0; i < len(rs); {
		end, digits := s.run(rs, i)
		if digits < leastDigits {
			if end == i {
				end++
			}
			out = append(out, rs[i:end]...)
			i = end
			continue
		}
		if end < len(rs) && (rs[end] == 'x' || rs[end] == 'X') {
			end++ // the check digit of an identity number
		}
		for n := len(out); n > 0 && out[n-1] < unicode.MaxASCII && (unicode.IsLetter(out[n-1]) || out[n-1] == '+'); n-- {
			out = out[:n-1] // the letters of a passport's number
		}
		out = append(out, []rune(s.p.Marks.Number)...)
		i = end
	}
	return string(out)
}

// run reads groups of digits from i on, and returns where they end and how
// many digits they have. An amount ends the run, if it begins it or a clause.
func (s *Stripper) run(rs []rune, i int) (end, digits int) {
	end = i
	for at := i; ; {
		n := 0
		for at+n < len(rs) && s.digit(rs[at+n]) {
			n++
		}
		if n == 0 {
			return end, digits
		}
		if n < leastDigits && at+n < len(rs) && strings.ContainsRune(s.p.Units, rs[at+n]) {
			if digits == 0 {
				return at + n, n
			}
			if rs[at-1] == '，' || rs[at-1] == ',' {
				return end, digits // another clause: 欠我12000，2023年打的条
			}
		}
		digits, end = digits+n, at+n
		gap := 0
		for end+gap < len(rs) && gap <= mostGap && between(rs[end+gap]) {
			gap++
		}
		if gap > mostGap {
			return end, digits
		}
		at = end + gap
	}
}

func (s *Stripper) digit(r rune) bool {
	return unicode.In(r, unicode.Nd, unicode.No, unicode.Nl) && !strings.ContainsRune("十百千万", r) || strings.ContainsRune(s.p.Numerals, r)
}

// between tells marks that may stand between the digits of one number.
func between(r rune) bool {
	return r != '\n' && unicode.IsSpace(r) || !strings.ContainsRune("。！？；!?;、\n〔〕", r) && (unicode.IsPunct(r) || unicode.IsSymbol(r))
}
