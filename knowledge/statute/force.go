package statute

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// clause is one statute's sentence that ends another: 《婚姻法》同时废止.
type clause struct {
	target string // key of the law that it ends
	since  string
	by     string // title and article
	title  string // the law that took its place
	part   string // number of the one article that ends, "" for the whole law
}

var (
	repealWord = regexp.MustCompile(`(?:同时|即行|予以|相应|一并)废止|废止。|废止；|停止执行|即行失效`)
	bookTitle  = regexp.MustCompile(`《([^《》]{2,80}(?:《[^《》]{1,60}》[^《》]{0,40})?)》`)
)

// partOf follows a title when only a part of that law ends: 《…》（法释〔2020〕
// 26号）第三十二条第一款同时废止.
var partOf = regexp.MustCompile(`^ ?(?:[（(][^）)]{0,60}[）)])? ?(?:中|里|(?:的)?(第[^条]{1,12}条(?:之[一二三四五六七八九十]+)?)|的?第|的(?:有关|相关|部分))`)

// repealing finds the laws, and single articles of laws, that an article ends.
// A law's own earlier text is left out: that is only superseded.
func repealing(law *Law, v *Version, a Article) []clause {
	if !strings.Contains(a.Text, "废止") {
		return nil
	}
	since := v.Effective
	if since == "" {
		since = v.Day
	}
	no, _ := ParseNumber(a.No)
	c := clause{since: since, by: law.Title + no.Label(), title: law.Title}
	own := key(law.Title)
	var out []clause
	for s := range strings.SplitSeq(a.Text, "\n") {
		for _, sentence := range strings.SplitAfter(s, "。") {
			if !repealWord.MatchString(sentence) {
				continue
			}
			for _, m := range bookTitle.FindAllStringSubmatchIndex(sentence, -1) {
				c.target, c.part = key(sentence[m[2]:m[3]]), ""
				if part := partOf.FindStringSubmatch(sentence[m[1]:]); part != nil {
					n, _, ok := articleMark(part[1])
					if !ok {
						continue // 中有关看守所的规定: nobody can tell which articles
					}
					c.part = n.String()
				}
				if c.target != "" && c.target != own {
					out = append(out, c)
				}
			}
		}
	}
	return out
}

// start is the first day on which a version may be quoted as in force: where
// the effective day is not established, the version's own.
func (v *Version) start() string {
	if v.Effective != "" {
		return v.Effective
	}
	return v.Day
}

// On returns the version in force on the day asOf; ok is false when the law
// was repealed by then, or no version held was in force yet.
func (l *Law) On(asOf time.Time) (v *Version, ok bool) {
	day := asOf.Format(time.DateOnly)
	if l.repeal.Since != "" && l.repeal.Since <= day {
		return nil, false
	}
	for _, v := range slices.Backward(l.Versions) {
		if v.start() <= day {
			return v, true
		}
	}
	return nil, false
}

// InForce says whether this very version holds on the day asOf.
func (v *Version) InForce(asOf time.Time) bool {
	cur, ok := v.law.On(asOf)
	return ok && cur == v
}

// settle works out from when to when each version holds. Each Repealed is the
// day on which the next version began or the law ended.
func (l *Law) settle(k string, ends []clause, table compiled) {
	slices.SortStableFunc(l.Versions, func(a, b *Version) int { return strings.Compare(a.Day, b.Day) })
	table.apply(l, k)
	l.repeal = table.repeal(l, k)
	newest := l.Versions[len(l.Versions)-1]
	l.ended = nil
	for _, c := range ends {
		if c.part != "" {
			if newest.Day < c.since {
				l.ended = append(l.ended, c)
			}
			continue
		}
		if l.repeal.Since == "" && newest.Day < c.since {
			l.repeal = Repeal{Since: c.since, Successor: c.title, By: c.by}
		}
	}
	for i, v := range l.Versions {
		v.Repealed = l.repeal.Since
		if i+1 < len(l.Versions) {
			v.Repealed = l.Versions[i+1].start()
		}
	}
}

// Ended says whether a single article, or a paragraph of it, was ended by
// another law while the rest still holds.
func (l *Law) Ended(article string) (Repeal, bool) {
	for _, c := range l.ended {
		if c.part == article {
			return Repeal{Since: c.since, Successor: c.title, By: c.by}, true
		}
	}
	return Repeal{}, false
}
