package statute

import (
	"strconv"
	"strings"
)

// articles reads the numbers that follow a law's name from letter i on:
// 第10条、第12条第二款和15条, 10到15条, 38. next is the letter after them, i
// when there are none.
func (s *scanner) articles(i int) (list []Cited, next int) {
	at, ok := s.firstNumber(i)
	if !ok {
		return nil, i
	}
	next = i
	for {
		c, end, ok := s.cited(at)
		if !ok {
			return list, next
		}
		to, after, ranged := s.rangeEnd(c, end)
		switch {
		case ranged:
			list = append(list, expand(c, to)...)
			end = after
		default:
			list = append(list, c)
		}
		next = end
		list, at = s.sameArticle(list, end)
		next = max(next, at)
		var more bool
		if at, more = s.connector(at); !more || len(list) > 2*maxRange {
			return list, next
		}
	}
}

// firstNumber finds where the numbers begin: at once (民法典1062), or after a
// few words when 第…条 makes it plain (民法典里关于彩礼的第1042条).
func (s *scanner) firstNumber(i int) (int, bool) {
	for at := i; at < len(s.letters) && at-i <= 14; at++ {
		if at > i && strings.ContainsAny(s.letters[at].before, "。？！；?!;\n《") {
			return 0, false
		}
		if s.named(at) {
			return 0, false // the number is the next law's: 民法典、劳动法第3条
		}
		if at > i && s.letters[at].before == "" && (isNumeral(s.letters[at-1].r) || strings.ContainsRune("有共计约近达等", s.letters[at-1].r)) {
			continue // the middle of a number, or a count: 民法典有1260条
		}
		if _, end, explicit := s.plain(at); end > 0 && (explicit || at == i && (s.bare(at, end) || s.spelled(at, end))) {
			return at, true
		}
		if at == i && strings.ContainsRune("的第中里", s.letters[at].r) {
			if _, end, _ := s.plain(at + 1); end > 0 && s.bare(at+1, end) {
				return at + 1, true
			}
		}
	}
	return 0, false
}

// named says whether a law's name begins at a letter.
func (s *scanner) named(at int) bool {
	_, end := s.longest(at)
	return end > 0 && s.whole(at, at, end, strings.ContainsAny(s.letters[at].before, "《〈<"))
}

// plain reads [第]N[条] at a letter; explicit means that 条 stood there.
func (s *scanner) plain(at int) (n, end int, explicit bool) {
	ordinal := at < len(s.letters) && s.letters[at].r == '第'
	if ordinal {
		at++
	}
	n, end = s.numeral(at)
	if end == 0 || n == 0 {
		return 0, 0, false
	}
	if end < len(s.letters) && s.letters[end].r == '条' && s.near(end) {
		return n, end + 1, true
	}
	return n, end, false
}

func (s *scanner) near(at int) bool { return strings.Trim(s.letters[at].before, " 　") == "" }

// numeral reads a number at a letter; the digits must stand together.
func (s *scanner) numeral(at int) (n, end int) {
	end = at
	var b strings.Builder
	for end < len(s.letters) && isNumeral(s.letters[end].r) && (end == at || s.letters[end].before == "") && end-at < 10 {
		b.WriteRune(s.letters[end].r)
		end++
	}
	n, size := numeral(b.String())
	if size == 0 || size != b.Len() {
		return 0, 0
	}
	return n, end
}

// bare says whether a number without 条 is meant as an article: Arabic, at
// most four digits, and no year, sum, age or count.
func (s *scanner) bare(at, end int) bool {
	if end-at > 4 || s.letters[at].r < '0' || s.letters[at].r > '9' {
		return false
	}
	if end == len(s.letters) {
		return true
	}
	l := s.letters[end]
	if l.before == "." || l.before == "%" || l.before == "％" {
		return false
	}
	return l.before != "" || !strings.ContainsRune("年月日号元块万千百岁个人名届次版修周天点分小时倍亿章节编", l.r)
}

// afterNumber are characters that may follow a number in words right after a
// law's name; a measure (民法典三大亮点, 消法三倍) may not.
const afterNumber = "的怎说是啥写讲规什咋第款"

// holidays are numbers in words that mean a day.
var holidays = map[string]bool{"五一": true, "十一": true, "六一": true, "三八": true, "八一": true}

// spelled says whether a number in words without 条, right after a law's name,
// is meant as an article: 民法典一千零六十二, 民法典五七七.
func (s *scanner) spelled(at, end int) bool {
	if end-at < 2 || s.letters[at].r >= '0' && s.letters[at].r <= '9' {
		return false
	}
	if end == len(s.letters) || s.letters[end].before != "" {
		return true
	}
	return !holidays[string(s.runes(at, end))] && strings.ContainsRune(afterNumber, s.letters[end].r)
}

// cited reads one article with 之一, 第X款 and 第X项.
func (s *scanner) cited(at int) (c Cited, end int, ok bool) {
	n, end, _ := s.plain(at)
	if end == 0 || s.is(end, "款项章节编目") {
		return c, at, false
	}
	no := Number{Main: uint16(n)} //nolint:gosec // numeral stops at 9999
	if s.is(end, "之") {
		if sub, e := s.numeral(end + 1); e > 0 && sub > 0 && sub < 100 {
			no.Sub, end = uint16(sub), e
			if s.is(end, "条") {
				end++
			}
		}
	} else if sub, e := s.hyphenSub(n, end); e > 0 {
		no.Sub, end = uint16(sub), e //nolint:gosec // a digit
	}
	c.No = no.String()
	c.Paragraph, c.Item, end = s.parts(end)
	return c, end, true
}

// hyphenSub reads the -1 of 120-1. A larger number after the dash is a range.
func (s *scanner) hyphenSub(n, at int) (sub, end int) {
	if at >= len(s.letters) || strings.TrimSpace(s.letters[at].before) != "-" {
		return 0, 0
	}
	sub, end = s.numeral(at)
	if end == 0 || sub == 0 || sub > 9 || sub >= n {
		return 0, 0
	}
	if s.is(end, "条") {
		end++
	}
	return sub, end
}

func (s *scanner) is(at int, set string) bool {
	return at < len(s.letters) && strings.ContainsRune(set, s.letters[at].r) && s.near(at)
}

// parts reads 第X款第Y项.
func (s *scanner) parts(at int) (paragraph, item, end int) {
	end = at
	for range 2 {
		n, e, _ := s.plain(end)
		switch {
		case e > 0 && s.near(end) && s.is(e, "款"):
			paragraph, end = n, e+1
		case e > 0 && soft(s.letters[end].before) && e < len(s.letters) && s.letters[e].r == '项' && soft(s.letters[e].before):
			item, end = n, e+1
		default:
			return paragraph, item, end
		}
	}
	return paragraph, item, end
}

// sameArticle reads further 款 of the article just read: 第一款、第二款.
func (s *scanner) sameArticle(list []Cited, at int) ([]Cited, int) {
	for {
		next, ok := s.connector(at)
		if !ok {
			return list, at
		}
		n, e, _ := s.plain(next)
		if e == 0 || !s.is(e, "款项") {
			return list, at
		}
		c := list[len(list)-1]
		if s.letters[e].r == '款' {
			c.Paragraph, c.Item = n, 0
		} else {
			c.Item = n
		}
		list, at = append(list, c), e+1
	}
}

// connector passes over 、 和 与 及 between two numbers.
func (s *scanner) connector(at int) (int, bool) {
	if at >= len(s.letters) {
		return at, false
	}
	marks := strings.TrimSpace(s.letters[at].before)
	comma := marks == "、" || marks == "，" || marks == ","
	if marks != "" && !comma {
		return at, false
	}
	next := at
	for next < len(s.letters) && next-at < 2 && strings.ContainsRune("和与及或跟以", s.letters[next].r) {
		next++
	}
	if next == at && !comma {
		_, end, explicit := s.plain(at) // 577条584条
		return at, marks == "" && explicit && s.letters[at-1].r == '条' && end > 0
	}
	_, end, explicit := s.plain(next)
	ok := end > 0 && (explicit || s.letters[next].r == '第' || s.bare(next, end) || s.is(end, "条"))
	return next, ok
}

// rangeEnd reads 到第15条 after the first article of a range.
func (s *scanner) rangeEnd(from Cited, at int) (to, end int, ok bool) {
	if at >= len(s.letters) {
		return 0, 0, false
	}
	next := at
	dash := strings.TrimSpace(s.letters[at].before)
	switch {
	case s.letters[at].r == '到' || s.letters[at].r == '至':
		next++
	case dash != "" && strings.Trim(dash, "-~—–～－") == "":
	default:
		return 0, 0, false
	}
	n, end, _ := s.plain(next)
	first, err := strconv.Atoi(from.No)
	if err != nil || end == 0 || n <= first || s.is(end, "款项章节编年月日") {
		return 0, 0, false
	}
	return n, end, true
}

func expand(from Cited, to int) []Cited {
	first, err := strconv.Atoi(from.No)
	if err != nil {
		return []Cited{from}
	}
	var out []Cited
	for n := first; n <= to && len(out) < maxRange; n++ {
		out = append(out, Cited{No: strconv.Itoa(n)})
	}
	return out
}
