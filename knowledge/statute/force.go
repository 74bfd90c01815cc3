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
}

var (
	repealWord = regexp.MustCompile(`(?:同时|即行|予以|相应|一并)废止|废止。|废止；|停止执行|即行失效`)
	bookTitle  = regexp.MustCompile(`《([^《》]{2,80}(?:《[^《》]{1,60}》[^《》]{0,40})?)》`)
)

// repealing finds the laws that an article ends. A law's own earlier text is
// left out: that is only superseded.
func repealing(law *Law, v *Version, a Article) ([]clause, bool) {
	if !strings.Contains(a.Text, "废止") {
		return nil, false
	}
	since := v.Effective
	if since == "" {
		since = v.Day
	}
	no, _ := ParseNumber(a.No)
	own := key(law.Title)
	var out []clause
	for s := range strings.SplitSeq(a.Text, "\n") {
		for _, sentence := range strings.SplitAfter(s, "。") {
			if !repealWord.MatchString(sentence) {
				continue
			}
			for _, m := range bookTitle.FindAllStringSubmatch(sentence, -1) {
				if k := key(m[1]); k != "" && k != own {
					out = append(out, clause{target: k, since: since, by: law.Title + no.Label(), title: law.Title})
				}
			}
		}
	}
	return out, len(out) > 0
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
	for _, c := range ends {
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
