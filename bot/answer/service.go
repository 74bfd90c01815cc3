package answer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
)

// Options tune a Service; the zero value is production.
type Options struct {
	Sure float64          // certainty from which a question is answered; 0 means 0.35
	Bare float64          // certainty from which an article alone may answer, with no entry or guide to it; 0 means 0.6
	Near float64          // certainty from which near topics are offered; 0 means 0.05
	Now  func() time.Time // nil means time.Now
}

// Question is what Ask takes.
type Question struct {
	Text  string
	Limit int       // at most so many hits; 0 means 5
	AsOf  time.Time // the day of the matter; zero means the one that the text names
}

// Service answers questions. It is safe for concurrent use.
type Service struct {
	search  knowledge.Searcher
	shelf   atomic.Pointer[shelf]
	guides  map[string]*content.Guide
	byLaw   map[string]*content.Guide // by law title and article
	offices []content.Office
	laws    *content.Laws
	talk    *rules
	opt     Options
}

// NewService answers from what search finds and lib holds.
func NewService(search knowledge.Searcher, lib *content.Library, talk *content.Talk, opt Options) *Service {
	if opt.Sure == 0 {
		opt.Sure = 0.35
	}
	if opt.Bare == 0 {
		opt.Bare = 0.6
	}
	if opt.Near == 0 {
		opt.Near = 0.05
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	laws := lib.Laws
	if laws == nil {
		laws = &content.Laws{} // a library of entries alone
	}
	s := &Service{
		search: search, offices: lib.Offices, laws: laws, talk: compile(talk), opt: opt,
		guides: map[string]*content.Guide{}, byLaw: map[string]*content.Guide{},
	}
	s.Use(lib.FAQs)
	for i := range lib.Guides {
		g := &lib.Guides[i]
		s.guides[g.ID()] = g
		s.byLaw[g.Citation.Law+"#"+g.Article] = g
	}
	return s
}

// least is how many hits are looked at, whatever the caller wants to see.
const least = 8

// Ask answers one question. A question that the desk can't answer is no error:
// its answer is of kind Refuse.
func (s *Service) Ask(ctx context.Context, q Question) (Answer, error) { return s.ask(ctx, q, 0) }

// ask answers what is a question of ours with a certainty of at least sure.
func (s *Service) ask(ctx context.Context, q Question, sure float64) (Answer, error) {
	if small, ok := s.talk.small(q.Text); ok {
		return s.byRule(q, small), nil
	}
	if law, err := s.named(ctx, q); err != nil || law != nil {
		return s.aboutLaw(q, law), err
	}
	if q.Limit == 0 {
		q.Limit = 5
	}
	found, err := s.search.Search(ctx, knowledge.Query{Text: s.talk.bare(q.Text), Limit: max(q.Limit, least)})
	if err != nil {
		return Answer{}, fmt.Errorf("search for an answer: %w", err)
	}
	found.Hits = slices.DeleteFunc(found.Hits, s.gone)
	found.Certainty = max(found.Certainty, sure)
	if err := s.insist(ctx, s.talk.bare(q.Text), &found); err != nil {
		return Answer{}, err
	}
	a := Answer{Question: q.Text, Certainty: found.Certainty, Version: found.Version, Exact: found.Exact, Hits: found.Hits, near: found.Near}
	switch {
	case found.Exact != nil:
		s.exact(&a, found.Named)
	case s.dangling(&a):
		a.Kind, a.Reason = Refuse, ReasonContext
	case found.Certainty < s.opt.Sure || len(found.Hits) == 0:
		s.doubt(&a)
	default:
		s.answer(&a)
	}
	if err := s.then(ctx, &a, q.AsOf); err != nil {
		return Answer{}, err
	}
	a.Hits = a.Hits[:min(len(a.Hits), q.Limit)]
	return a, nil
}

// FAQ answers by an entry that the person chose. It is false if there is none
// of that id. Question is the one that led there, for its dates.
func (s *Service) FAQ(id, question string) (Answer, bool) {
	f, ok := s.shelf.Load().faqs[id]
	if !ok {
		return Answer{}, false
	}
	a := Answer{Question: question, Kind: Answered, Certainty: 1, Version: s.search.Version()}
	if question == "" {
		a.Question = f.Question
	}
	s.use(&a, f)
	return a, true
}

// Entry returns a FAQ by its id, nil if there is none.
func (s *Service) Entry(id string) *content.FAQ { return s.shelf.Load().faqs[id] }

// Article returns the article that c points to; false if the corpus lacks it.
func (s *Service) Article(c knowledge.Citation) (knowledge.Document, bool) {
	return s.search.Article(c)
}

// byRule refuses by a rule of the content.
func (s *Service) byRule(q Question, r content.Small) Answer {
	a := Answer{Kind: Refuse, Question: q.Text, Reason: r.Reason, Say: r.Say, Office: r.Office, Version: s.search.Version()}
	for _, id := range r.See {
		if f := s.shelf.Load().faqs[id]; f != nil {
			a.Topics = append(a.Topics, f)
		}
	}
	return a
}

// dangling tells whether the message only asks about an answer before it, as
// which the conversation has found none.
func (s *Service) dangling(a *Answer) bool {
	if len(s.FollowUps(a.Question)) == 0 || s.shelf.Load().phrased[Fold(s.talk.bare(a.Question))] != nil {
		return false
	}
	return s.plainly(a) == nil
}

// doubtful is the certainty below which no entry, however well it fits, makes a
// message a question of ours: a fish to be cooked is near one that was lost.
const doubtful = 0.15

// doubt answers a message that may be no question of ours: by the entry that
// it plainly asks for, or not at all.
func (s *Service) doubt(a *Answer) {
	if f := s.plainly(a); f != nil && a.Certainty >= doubtful {
		a.Kind = Answered
		s.take(a, f)
		return
	}
	s.refuse(a)
}

// refuse says honestly that we do not know, with what is near and who may.
func (s *Service) refuse(a *Answer) {
	a.Kind, a.Reason = Refuse, ReasonUnknown
	if o := s.officeFor(a.Question); o != "" {
		a.Reason, a.Office = ReasonService, o
	}
	if a.Certainty >= s.opt.Near {
		s.offer(a, mostTopics)
	}
}

// mostTopics is how many near topics are offered.
const mostTopics = 3

// share of a message that an office's word must make up to be what it is about
const share = 5

// officeFor finds the office whose matters the text is about: its longest word
// that stands in the text and makes up a fair part of it.
func (s *Service) officeFor(text string) string {
	best, key, all := 0, "", utf8.RuneCountInString(Fold(text))
	for _, o := range s.offices {
		if slices.Contains(s.talk.own, o.Key) {
			continue
		}
		for _, word := range o.For {
			if n := utf8.RuneCountInString(word); n > best && n*share >= all && strings.Contains(text, word) {
				best, key = n, o.Key
			}
		}
	}
	return key
}

// entryPrefix begins the id of an entry's document.
const entryPrefix = "faq:"

func (s *Service) entry(d knowledge.Document) *content.FAQ {
	if d.Kind != knowledge.FAQ {
		return nil
	}
	return s.shelf.Load().faqs[strings.TrimPrefix(d.ID, entryPrefix)]
}

// answer chooses what among the hits answers: the first FAQ or guide if it
// leads or rests on the leading article, else the article itself.
func (s *Service) answer(a *Answer) {
	a.Kind = Answered
	lead := s.lead(a.Hits)
	if f := s.serving(a, lead); f != nil {
		s.take(a, f)
		return
	}
	a.Guide = s.guides[lead.ID]
	if a.Guide == nil {
		if a.Certainty < s.opt.Bare || utf8.RuneCountInString(Fold(a.Question)) < bareAsked {
			s.refuse(a) // a word or two that no entry knows: any article would be a guess
			return
		}
		a.Office = s.officeFor(a.Question)
	}
	s.offer(a, mostTopics)
	a.Citations = lead.Citations
	a.Articles = s.articles(a.Citations)
}

// take answers by f, or asks back: what f must know first, or which of several
// readings was meant.
func (s *Service) take(a *Answer, f *content.FAQ) {
	to, ask := s.decide(f, a.Question)
	if ask && s.optional(f) && !s.open(a, f) {
		ask = false
	}
	switch {
	case ask:
		a.Kind, a.Clarify, a.FAQ = Clarify, f.Clarify, f
		return
	case to != nil:
		f = to
	default:
		if which := s.rivals(a, f); which != nil {
			a.Kind, a.Topics = Clarify, which
			return
		}
	}
	s.use(a, f)
	a.first(f)
	if s.unsure(a, f) {
		s.offer(a, mostTopics-1)
		return
	}
	a.Related = s.related(f, a.near)
}

func (s *Service) lead(hits []knowledge.Hit) knowledge.Document {
	top := hits[0].Document
	if top.Kind != knowledge.Article {
		return top
	}
	for _, h := range hits[1:] {
		if h.Document.Kind != knowledge.Article && cites(h.Document, top.Citations) {
			return h.Document
		}
	}
	return top
}

func cites(d knowledge.Document, own []knowledge.Citation) bool {
	for _, c := range d.Citations {
		if len(own) > 0 && c.Law == own[0].Law && c.Article == own[0].Article {
			return true
		}
	}
	return false
}

// use makes f the answer.
func (s *Service) use(a *Answer, f *content.FAQ) {
	a.FAQ = f
	a.Citations = s.cited(f.Citations)
	a.Articles = s.articles(a.Citations)
	since, known := readDay(a.Question, s.opt.Now())
	for _, d := range f.Deadlines {
		until := compute(d, since, known, s.opt.Now())
		until.Anew = s.laws.Restarts(d.Cite)
		a.Deadlines = append(a.Deadlines, until)
	}
}

// mostRelated is how many neighbouring questions go with a sure answer.
const mostRelated = 2

// related are the nearest other FAQs: those that may be meant all the same, and
// the next of the same field.
func (s *Service) related(f *content.FAQ, hits []knowledge.Hit) []*content.FAQ {
	var out []*content.FAQ
	for _, h := range hits {
		other := s.entry(h.Document)
		if other != nil && other != f && len(out) < mostRelated && (h.Score >= nearby || other.Field == f.Field && len(out) == 0) {
			out = append(out, other)
		}
	}
	return out
}

// articles are the cited articles that the corpus holds, verbatim.
func (s *Service) articles(cs []knowledge.Citation) []knowledge.Document {
	var out []knowledge.Document
	for _, c := range cs {
		if d, ok := s.search.Article(c); ok {
			out = append(out, d)
		}
	}
	return out
}

// cited looks the content's citations up; whether one is in force is the
// corpus's word, or, for a law that it lacks, its first day in force.
func (s *Service) cited(cs []content.Citation) []knowledge.Citation {
	today := s.opt.Now().Format(time.DateOnly)
	out := make([]knowledge.Citation, 0, len(cs))
	for _, c := range cs {
		k := knowledge.Citation{Law: c.Law, Short: c.Short, Article: c.Article, Version: c.Version, Effective: c.Effective}
		k.InForce = c.Effective <= today
		if d, ok := s.search.Article(k); ok && len(d.Citations) > 0 {
			k.InForce, k.Note = d.Citations[0].InForce, d.Citations[0].Note
		}
		out = append(out, k)
	}
	return out
}
