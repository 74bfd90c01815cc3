package answer

import (
	"cmp"
	"context"
	"fmt"
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
	if len(a.Articles) == 0 {
		s.replaced(a)
	}
	for _, c := range a.Citations {
		if a.Guide == nil {
			a.Guide = s.byLaw[c.Law+"#"+c.Article]
		}
	}
}

// replaced looks for what took the place of articles whose law has ended.
func (s *Service) replaced(a *Answer) {
	if a.Ended = s.ended(a.Exact.Law); a.Ended == nil {
		return
	}
	var now []content.Citation
	for _, no := range a.Exact.Articles {
		now = append(now, s.laws.Now(a.Ended.Old, no)...)
	}
	a.Citations = s.cited(now)
	a.Articles = s.articles(a.Citations)
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
