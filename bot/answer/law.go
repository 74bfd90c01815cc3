package answer

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
)

// exact answers a question that named an article: by its text, or, where its
// law no longer holds and is not held, by what governs the matter today.
func (s *Service) exact(a *Answer, named int) {
	a.Kind = Exact
	for _, h := range a.Hits[:min(named, len(a.Hits))] {
		if h.Document.Kind == knowledge.Article && len(h.Document.Citations) > 0 {
			a.Articles = append(a.Articles, h.Document)
			a.Citations = append(a.Citations, h.Document.Citations[0])
		}
	}
	for _, ref := range append([]knowledge.Reference{*a.Exact}, a.Exact.Others...) {
		n := Named{Reference: ref, Found: slices.ContainsFunc(a.Citations, func(c knowledge.Citation) bool { return c.Law == ref.Law })}
		if !n.Found {
			s.replaced(a, &n)
		}
		a.Named = append(a.Named, n)
	}
	a.Ended = a.Named[0].Ended
	for _, c := range a.Citations {
		if a.Guide == nil {
			a.Guide = s.byLaw[c.Law+"#"+c.Article]
		}
	}
}

// replaced looks for what took the place of articles whose law has ended.
func (s *Service) replaced(a *Answer, n *Named) {
	if n.Ended = s.ended(n.Law); n.Ended == nil {
		return
	}
	var now []content.Citation
	for _, no := range n.Articles {
		now = append(now, s.laws.Now(n.Ended.Old, no)...)
	}
	n.Now = s.cited(now)
	var more []knowledge.Citation
	for _, c := range n.Now {
		if !slices.ContainsFunc(a.Citations, func(had knowledge.Citation) bool { return had.Law == c.Law && had.Article == c.Article }) {
			more = append(more, c)
		}
	}
	a.Citations = append(a.Citations, more...)
	a.Articles = append(a.Articles, s.articles(more)...)
}

// lone is a message that names an article and no law: 第1063条呢.
var lone = regexp.MustCompile(`^(?:那|那么|那个|还有|再看|看看|看|还想看|请问|我想看|想看)*(第? ?[0-9０-９零〇一二三四五六七八九十百千]{1,9} ?条(?:之[一二三四五六七八九十0-9]{1,2})?(?: ?第?[0-9一二三四五六七八九十]{1,3}[款项])*)(?:呢|是啥|是什么|怎么说|说的啥|说的什么|说的是啥|讲的啥|讲什么|咋说|吗|内容|原文|的|规定)*[?？。！!]*$`)

// LoneArticle returns the article that a message names without a law; ok is
// false where it says more.
func LoneArticle(text string) (article string, ok bool) {
	m := lone.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return "", false
	}
	return strings.ReplaceAll(m[1], " ", ""), true
}

// ended tells what took the place of a law that holds no longer; nil while it
// does.
func (s *Service) ended(law string) *content.Successor {
	if su, ok := s.laws.Succeeded(law); ok && su.Since <= s.opt.Now().Format(time.DateOnly) {
		return &su
	}
	return nil
}

// longestName is the longest message that is looked at as a law's name, and
// firstArticle what is added to a name to look its law up.
const (
	longestName  = 40 // characters
	firstArticle = "第一条"
)

// named finds the law whose name is all that the message says; nil where it
// says more, or names none.
func (s *Service) named(ctx context.Context, q Question) (*Law, error) {
	said := s.talk.lawName(q.Text)
	if said == "" || utf8.RuneCountInString(said) > longestName || s.shelf.Load().phrased[Fold(q.Text)] != nil {
		return nil, nil //nolint:nilnil // no law is an answer
	}
	found, err := s.search.Search(ctx, knowledge.Query{Text: "《" + said + "》" + firstArticle, Limit: 1, AsOf: q.AsOf})
	if err != nil {
		return nil, fmt.Errorf("search for a law: %w", err)
	}
	if found.Exact == nil || found.Exact.Law == "" {
		return nil, nil //nolint:nilnil // no law is an answer
	}
	law := &Law{Said: said, Name: strings.TrimPrefix(found.Exact.Law, "中华人民共和国"), Count: found.Exact.Count, Ended: s.ended(found.Exact.Law)}
	if found.Named > 0 && len(found.Hits) > 0 && len(found.Hits[0].Document.Citations) > 0 {
		c := found.Hits[0].Document.Citations[0]
		law.Name, law.Effective = name(c), c.Effective
	}
	return law, nil
}

// aboutLaw says what a law is and asks which article or matter is meant.
func (s *Service) aboutLaw(q Question, law *Law) Answer {
	if law == nil {
		return Answer{}
	}
	return Answer{Kind: Clarify, Question: q.Text, Certainty: 1, Law: law, Topics: s.restingOn(law), Version: s.search.Version()}
}

// restingOn are the entries that rest on a law first of all, or on what took
// its place: those asked in most ways.
func (s *Service) restingOn(law *Law) []*content.FAQ {
	rests := func(c content.Citation) bool {
		return c.Short == law.Name || strings.TrimPrefix(c.Law, "中华人民共和国") == law.Name
	}
	if law.Ended != nil {
		went := s.laws.WentTo(law.Ended.Old)
		rests = func(c content.Citation) bool {
			return slices.Contains(went, c) || len(went) == 0 && c.Short == law.Ended.New
		}
	}
	var out []*content.FAQ
	sh := s.shelf.Load()
	for i := range sh.all {
		if f := &sh.all[i]; len(f.Citations) > 0 && rests(f.Citations[0]) {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(x, y *content.FAQ) int { return cmp.Compare(len(y.Phrasings), len(x.Phrasings)) })
	return out[:min(len(out), mostTopics)]
}
