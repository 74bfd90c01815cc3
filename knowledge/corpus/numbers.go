package corpus

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// quantities are numbers with their units in one form: "month:36" for 三年.
type quantities map[string]bool

const figure = `[0-9]+(?:\.[0-9]+)?[万亿]?|[零〇一二三四五六七八九十百千万亿两半]+`

var (
	counted  = regexp.MustCompile(`(` + figure + `) ?(个?工作日|小时|分钟|日|天|周(?:[^岁]|$)|星期|个月|年|周?岁|倍|元|块钱|块|万元|%|％|成)`)
	percent  = regexp.MustCompile(`百分之(` + figure + `)`)
	fraction = regexp.MustCompile(`([一二三四五六七八九十]+)分之([一二三四五六七八九十]+)`)
	half     = regexp.MustCompile(`一半|半数|对半`)
	double   = regexp.MustCompile(`双倍|加倍`)
	// what looks like a quantity and is none: a date, an article, a time of day
	noise = regexp.MustCompile(`[0-9]{4} ?年(?: ?[0-9]{1,2} ?月)?(?: ?[0-9]{1,2} ?日)?|[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}[日号]|第[0-9零〇一二三四五六七八九十百千]+[条款项章节编](?:之[一二三四五六七八九十])?|[那哪当每某有]一?[天日年]|一[天日年]到[晚头]|近年|多年|往年|几[天日年]|十[天年]半`)
)

// narrow: rules of the nineties print their figures in full width.
var narrow = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9", "．", ".")

// quantitiesOf collects what a text counts.
func quantitiesOf(text string) quantities {
	out := quantities{}
	for k := range spots(text) {
		out[k] = true
	}
	return out
}

// spots maps each quantity of a text to the words that it stands in.
func spots(text string) map[string]string {
	out := map[string]string{}
	text = noise.ReplaceAllString(narrow.Replace(text), "，")
	for _, m := range percent.FindAllStringSubmatch(text, -1) {
		put(out, "ratio", amount(m[1])/100, m[0])
	}
	text = percent.ReplaceAllString(text, "，")
	for _, m := range fraction.FindAllStringSubmatch(text, -1) {
		put(out, "ratio", amount(m[2])/max(amount(m[1]), 1), m[0])
	}
	text = fraction.ReplaceAllString(text, "，")
	if m := half.FindString(text); m != "" {
		put(out, "ratio", 0.5, m)
	}
	if m := double.FindString(text); m != "" {
		put(out, "times", 2, m)
	}
	for _, m := range counted.FindAllStringSubmatch(text, -1) {
		unit(out, amount(m[1]), m[2], m[0])
	}
	return out
}

func unit(out map[string]string, n float64, unit, words string) {
	switch {
	case strings.HasPrefix(words, "一天"), unit == "块" && (words[0] < '0' || words[0] > '9'):
		// 一天, 一块: no amounts but ways of speaking
	case strings.HasSuffix(unit, "工作日"):
		put(out, "workday", n, words)
	case unit == "小时":
		put(out, "hour", n, words)
	case unit == "分钟":
		put(out, "minute", n, words)
	case unit == "日" || unit == "天":
		put(out, "hour", n*24, words)
	case strings.HasPrefix(unit, "周") && !strings.HasSuffix(unit, "岁"), unit == "星期":
		put(out, "hour", n*7*24, words)
	case unit == "个月":
		put(out, "month", n, words)
	case unit == "年":
		put(out, "month", n*12, words)
	case strings.HasSuffix(unit, "岁"):
		put(out, "age", n, words)
	case unit == "倍":
		put(out, "times", n, words)
	case unit == "万元":
		put(out, "money", n*10_000, words)
	case unit == "%" || unit == "％":
		put(out, "ratio", n/100, words)
	case unit == "成":
		put(out, "ratio", n/10, words)
	default:
		put(out, "money", n, words)
	}
}

// put keeps one form of what can be said in two: 150% is one and a half times.
func put(out map[string]string, kind string, n float64, words string) {
	if kind == "ratio" && n >= 1 {
		kind = "times"
	}
	if n > 0 {
		out[kind+":"+strconv.FormatFloat(n, 'g', 6, 64)] = words
	}
}

// amount reads a figure: 30, 3.5, 2万, 三十, 一万五千, 半. It is 0 for none.
func amount(s string) float64 {
	if s == "半" {
		return 0.5
	}
	for _, u := range []struct {
		sign  string
		worth float64
	}{{"亿", 1e8}, {"万", 1e4}} {
		if head, tail, ok := strings.Cut(s, u.sign); ok {
			rest := 0.0
			if tail != "" {
				rest = amount(tail)
			}
			return max(amount(head), 0)*u.worth + rest
		}
	}
	if n, ok := statute.Numeral(s); ok {
		return float64(n)
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return f
}

// stated checks that each quantity of texts stands in a cited article, or in
// the words given: the question itself, or a source named.
func (c *checker) stated(at place, texts []string, cited []content.Citation, given []string) {
	known, whole := c.known(cited)
	if !whole {
		return // a law too new to be held can't be looked into
	}
	for _, g := range given {
		for k := range quantitiesOf(g) {
			known[k] = true
		}
	}
	for _, t := range texts {
		for k, words := range spots(t) {
			if !known[k] {
				c.report(at, words, "check.number", map[string]any{"Number": words})
			}
		}
	}
}

// known collects the quantities of the articles cited; whole is false when
// the text of one of them is not held.
func (c *checker) known(cited []content.Citation) (quantities, bool) {
	out := quantities{}
	for _, x := range cited {
		q, ok := c.article(x)
		if !ok {
			return nil, false
		}
		for k := range q {
			out[k] = true
		}
	}
	return out, true
}

func (c *checker) article(x content.Citation) (quantities, bool) {
	id := ArticleID(x.Law, x.Version, x.Article)
	if q, ok := c.numbers[id]; ok {
		return q, q != nil
	}
	a, _, err := c.set.Resolve(statute.ArticleRef{Law: x.Law, Version: x.Version, Article: x.Article})
	if err != nil {
		c.numbers[id] = nil
		return nil, false
	}
	q := quantitiesOf(a.Text)
	c.numbers[id] = q
	return q, true
}

var withinUnit = map[string]string{"y": "年", "m": "个月", "d": "日", "wd": "个工作日", "h": "小时"}

// hasDays tells whether an article gives n days: many statutes write 日 and
// say in their last chapter that working days are meant.
func hasDays(q quantities, n string) bool {
	for k := range spots(n + withinUnit["d"]) {
		if q[k] {
			return true
		}
	}
	return false
}

// deadline checks that the time limit stands in the article that it cites.
func (c *checker) deadline(at place, d content.Deadline, x content.Citation) {
	n := strings.TrimRight(d.Within, "ymdwh")
	sign, ok := withinUnit[strings.TrimPrefix(d.Within, n)]
	q, held := c.article(x)
	if !ok || !held {
		return
	}
	for k := range spots(n + sign) {
		if !q[k] && (sign != withinUnit["wd"] || !hasDays(q, n)) {
			c.report(at, d.What, "check.deadline_number", map[string]any{"What": d.What, "Within": d.Within, "Law": x.Short, "Article": x.Article})
		}
	}
}
