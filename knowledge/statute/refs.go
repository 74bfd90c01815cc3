package statute

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Ref is a law that a text names, with the articles named beside it.
type Ref struct {
	Law        string  // full title; "" if no law of that name is known
	Name       string  // as written, without 《》
	Held       *Law    // nil if the law isn't held
	Articles   []Cited // none when only the law is named
	Start, End int     // bytes of the text that it takes up
}

// Cited is one article that a text names.
type Cited struct {
	No        string // "1062", "120-1"
	Paragraph int    // 第X款, 0 if none
	Item      int    // 第X项, 0 if none
}

const maxRange = 30 // articles of one range; the rest is left out

// ParseRefs finds the laws and articles that a question names: 民法典1062条,
// 《劳动合同法》38, 消法第五十五条第一款, 反诈法, 民法典第10条到第15条. Numbers
// may be Arabic, full-width or Chinese. A title in 《》 that is no name known
// comes back with an empty Law, so that the answer can say so.
func ParseRefs(text string, names *Names) []Ref {
	if names == nil {
		return nil
	}
	s := newScanner(text, names.scan())
	var out []Ref
	for i := 0; i < len(s.letters); {
		ref, next, ok := s.refAt(i)
		if !ok {
			i++
			continue
		}
		out = append(out, ref)
		i = max(next, i+1)
	}
	if len(out) == 0 {
		out = s.stranger()
	}
	return merge(out)
}

// strange is the name of a statute that no table knows, with an article of it.
// Only 法 and 条例: a company too has its 规定 and 办法.
var strange = regexp.MustCompile(`(\p{Han}{2,14}(?:条例|[^办方说做想看合违犯执用写语魔书无非立司变宪无家民]法))第? ?[0-9０-９零〇一二三四五六七八九十百千]{1,9} ?条`)

// askedBefore are characters after which the name of such a statute begins.
const askedBefore = "问看查据照按依从跟和与或的是违反想要这那请说讲下道"

// stranger reads the statute and the article that a text names, where nothing
// in it is known: who asks for 养犬条例第3条 learns that it is not held.
func (s *scanner) stranger() []Ref {
	m := strange.FindStringSubmatchIndex(s.text)
	if m == nil {
		return nil
	}
	name := s.text[m[2]:m[3]]
	if at := strings.LastIndexAny(name, askedBefore); at >= 0 {
		_, size := utf8.DecodeRuneInString(name[at:])
		name = name[at+size:]
	}
	if utf8.RuneCountInString(name) < 3 {
		return nil
	}
	from := m[3] - len(name)
	end := 0
	for end < len(s.letters) && s.letters[end].at < m[3] {
		end++
	}
	arts, next := s.articles(end)
	if len(arts) == 0 {
		return nil
	}
	return []Ref{{Name: name, Articles: arts, Start: from, End: s.endOf(next)}}
}

// merge joins what is said twice of one law into one reference.
func merge(refs []Ref) []Ref {
	var out []Ref
	for _, r := range refs {
		i := slices.IndexFunc(out, func(o Ref) bool { return o.Law == r.Law && (r.Law != "" || o.Name == r.Name) })
		if i < 0 {
			out = append(out, r)
			continue
		}
		for _, a := range r.Articles {
			if !slices.Contains(out[i].Articles, a) {
				out[i].Articles = append(out[i].Articles, a)
			}
		}
		out[i].End = r.End
	}
	return out
}

// letter is one rune that counts; marks and spaces between letters are kept
// as what stood before it.
type letter struct {
	r      rune
	at     int    // byte offset
	before string // marks and spaces since the last letter
}

type scanner struct {
	text    string
	letters []letter
	names   *scanTable
}

func newScanner(text string, names *scanTable) *scanner {
	s := &scanner{text: text, names: names}
	gap := 0
	for i, r := range text {
		switch {
		case r >= '０' && r <= '９':
			r = r - '０' + '0'
		case r == '○' || r == '〇': // 一〇六二: a numeral, and no letter
			r = '〇'
		case invisible(r) || !unicode.IsLetter(r) && !unicode.IsDigit(r):
			continue
		}
		s.letters = append(s.letters, letter{unicode.ToLower(r), i, text[gap:i]})
		gap = i + runeLen(text[i:])
	}
	return s
}

func runeLen(s string) int {
	for i := range s {
		if i > 0 {
			return i
		}
	}
	return len(s)
}

var fullName = []rune("中华人民共和国")

// refAt reads a law's name at letter i and the articles after it.
func (s *scanner) refAt(i int) (Ref, int, bool) {
	quote := strings.ContainsAny(s.letters[i].before, "《〈<")
	start := i
	if s.has(i, fullName) && i+len(fullName) < len(s.letters) {
		i += len(fullName)
	}
	named, end := s.longest(i)
	if end == 0 || !s.whole(start, i, end, quote) {
		switch {
		case quote:
			return s.unknown(start)
		case end > 0:
			return s.elsewhere(i, end)
		}
		return Ref{}, 0, false
	}
	ref := Ref{Law: named.Title, Held: named.Law, Start: s.letters[start].at}
	if tail := s.otherLaw(end); tail > end { // 婚姻法解释二 is not 婚姻法
		ref, end = Ref{Start: ref.Start}, tail
	}
	ref.Name = s.written(start, end)
	arts, next := s.articles(end)
	if next == end && end-i <= 2 && !quote && s.partOfWord(i, end) {
		return Ref{}, 0, false
	}
	ref.Articles, ref.End = arts, s.endOf(next)
	return ref, next, true
}

func (s *scanner) has(i int, word []rune) bool {
	if i+len(word) > len(s.letters) {
		return false
	}
	for j, r := range word {
		if s.letters[i+j].r != r {
			return false
		}
	}
	return true
}

// longest returns the longest name that begins at letter i.
func (s *scanner) longest(i int) (Named, int) {
	if i+2 > len(s.letters) {
		return Named{}, 0
	}
	for _, n := range s.names.byStart[[2]rune{s.letters[i].r, s.letters[i+1].r}] {
		if end := s.match(i, n.runes); end > 0 {
			return n.named, end
		}
	}
	return Named{}, 0
}

// match compares a name with the letters from i on. 中华人民共和国 inside a
// title counts for nothing, and only brackets may stand between the letters.
func (s *scanner) match(i int, name []rune) int {
	at := i
	for j, r := range name {
		if j > 0 && s.has(at, fullName) {
			at += len(fullName)
		}
		if at >= len(s.letters) || s.letters[at].r != r || at > i && !soft(s.letters[at].before) {
			return 0
		}
		at++
	}
	return at
}

// soft says whether marks between two letters may stand inside a title.
func soft(marks string) bool { return strings.Trim(marks, "《》〈〉<>（）()、 　") == "" }

// whole says whether the name from i to end stands by itself: not the tail of
// a longer name that nobody knows (租房合同法), nor, within 《》, a part.
func (s *scanner) whole(start, i, end int, quote bool) bool {
	if quote {
		return end == len(s.letters) || strings.ContainsAny(s.letters[end].before, "》〉>") || !strings.Contains(s.text[s.letters[start].at:], "》")
	}
	if start == 0 || s.letters[start].before != "" {
		return true
	}
	name := string(s.runes(i, end))
	prev := s.letters[start-1].r
	if !unicode.Is(unicode.Han, prev) || !s.names.inner[name] && end-i > 2 {
		return true
	}
	return strings.ContainsRune(beforeName, prev)
}

// beforeName are characters after which a law's name begins anew.
const beforeName = "道及中面教据照按依从跟和与及或的在问看用说查了讲是对由新旧老原现国我咱你您请违反犯考见有于比给把被让想要懂道吗呢吧啊这那该其本呀么学读背下解翻"

// partOfWord guards names of two characters: 消法 is no law in 取消法院.
func (s *scanner) partOfWord(i, end int) bool {
	if i > 0 && s.letters[i].before == "" && unicode.Is(unicode.Han, s.letters[i-1].r) && !strings.ContainsRune(beforeName, s.letters[i-1].r) {
		return true
	}
	return end < len(s.letters) && s.letters[end].before == "" && strings.ContainsRune("院庭官律人定治制规理盲学医号系", s.letters[end].r)
}

func (s *scanner) runes(i, end int) []rune {
	out := make([]rune, 0, end-i)
	for _, l := range s.letters[i:end] {
		out = append(out, l.r)
	}
	return out
}

var otherTails = []string{"司法解释", "解释", "实施条例", "实施细则", "实施办法", "修正案"}

// otherLaw passes over a tail that makes another law of the name before it,
// one that nobody knows by that name; it returns end when there is none.
func (s *scanner) otherLaw(end int) int {
	for _, tail := range otherTails {
		r := []rune(tail)
		if !s.has(end, r) || s.letters[end].before != "" {
			continue
		}
		at := end + len(r)
		for at < len(s.letters) && strings.ContainsRune("一二三四五六七八九十", s.letters[at].r) && soft(s.letters[at].before) {
			at++
		}
		return at
	}
	return s.explained(end)
}

const longestPart = 12 // characters of 继承编若干问题的

// explained passes over what makes an interpretation of the law named before it:
// 民法典继承编解释（二） is no article of 民法典.
func (s *scanner) explained(end int) int {
	for at := end; at < len(s.letters) && at-end < longestPart; at++ {
		l := s.letters[at]
		if !soft(l.before) || isNumeral(l.r) || strings.ContainsRune("第怎么咋样何里中的", l.r) {
			return end
		}
		if !s.has(at, []rune("解释")) || at == end {
			continue
		}
		for at += 2; at < len(s.letters) && strings.ContainsRune("一二三四五六七八九十", s.letters[at].r) && soft(s.letters[at].before); at++ {
		}
		return at
	}
	return end
}

// written is the text from letter i to letter end, as it was typed.
func (s *scanner) written(i, end int) string {
	from, to := s.letters[i].at, s.endOf(end)
	if strings.Count(s.text[from:to], "（") > strings.Count(s.text[from:to], "）") && strings.HasPrefix(s.text[to:], "）") {
		to += len("）")
	}
	return strings.Trim(s.text[from:to], "《》〈〉<> ")
}

// endOf is the byte after letter end-1.
func (s *scanner) endOf(end int) int {
	at := s.letters[end-1].at
	return at + runeLen(s.text[at:])
}

// unknown reads a title in 《》 that no law held or named has.
func (s *scanner) unknown(start int) (Ref, int, bool) {
	from := s.letters[start].at
	stop := strings.IndexAny(s.text[from:], "》〉>")
	if stop < 0 || !lawLike(s.text[from:from+stop]) {
		return Ref{}, 0, false
	}
	end := start
	for end < len(s.letters) && s.letters[end].at < from+stop {
		end++
	}
	arts, next := s.articles(end)
	return Ref{Name: s.text[from : from+stop], Articles: arts, Start: from, End: s.endOf(next)}, next, true
}

// places end the name of a place before a law's: 北京市物业管理条例 is not the
// 物业管理条例 of the state, nor held if no law has that whole name.
const places = "省市县区州旗乡镇"

// longestPlace is how many characters a place's name has at most.
const longestPlace = 12

// elsewhere reads the law of a place whose name ends in a name known, from
// letter i to letter end, where an article of it is asked for.
func (s *scanner) elsewhere(i, end int) (Ref, int, bool) {
	if i == 0 || s.letters[i].before != "" || !strings.ContainsRune(places, s.letters[i-1].r) {
		return Ref{}, 0, false
	}
	from := i - 1
	for from > 0 && i-from < longestPlace && s.letters[from].before == "" && unicode.Is(unicode.Han, s.letters[from-1].r) && !strings.ContainsRune(beforeName, s.letters[from-1].r) {
		from--
	}
	arts, next := s.articles(end)
	if i-from < 2 || len(arts) == 0 {
		return Ref{}, 0, false
	}
	return Ref{Name: s.written(from, end), Articles: arts, Start: s.letters[from].at, End: s.endOf(next)}, next, true
}

func lawLike(s string) bool {
	for _, tail := range []string{"法", "法典", "条例", "规定", "办法", "细则", "解释", "规则", "决定"} {
		if strings.HasSuffix(strings.TrimRight(s, "）)（一二三四五六七八九十"), tail) {
			return true
		}
	}
	return false
}
