package answer

import (
	"slices"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
)

// Scores of entries near a question (knowledge.Result.Near): 0 is where one
// covers the question as likely as not.
const (
	obvious = 2.0  // taken though the message as a whole is uncertain
	firm    = 0.8  // below it, what else may be meant is offered along
	nearby  = -1.0 // says more of what to do than a bare article or a guide does
	offered = -3.0 // worth a button
	ahead   = 2.5  // what a guide must be better by to lead before an entry
)

// nearest are the FAQs near the question with their scores, best first.
func (s *Service) nearest(a *Answer) (faqs []*content.FAQ, scores []float64) {
	for _, h := range a.near {
		if f := s.entry(h.Document); f != nil {
			faqs, scores = append(faqs, f), append(scores, h.Score)
		}
	}
	return faqs, scores
}

// offer names at most n entries near the question beside the one that answers.
func (s *Service) offer(a *Answer, n int) {
	faqs, scores := s.nearest(a)
	for i, f := range faqs {
		if f != a.FAQ && scores[i] >= offered && len(a.Topics) < n {
			a.Topics = append(a.Topics, f)
		}
	}
}

// serving finds the entry that serves a resident best: the one asked in these
// words, else the nearest, unless the guide that leads is much nearer. It is
// nil where none is near.
func (s *Service) serving(a *Answer, lead knowledge.Document) *content.FAQ {
	led := s.entry(lead)
	if led != nil && s.shelf.Load().phrased[Fold(s.talk.bare(a.Question))] == led {
		return led
	}
	faqs, scores := s.nearest(a)
	if len(faqs) == 0 || scores[0] < nearby {
		return led
	}
	for _, h := range a.near {
		if h.Document.ID == lead.ID && h.Score > scores[0]+ahead {
			return nil
		}
	}
	return faqs[0]
}

// unsure tells whether f may well be the wrong reading.
func (s *Service) unsure(a *Answer, f *content.FAQ) bool {
	if s.shelf.Load().phrased[Fold(s.talk.bare(a.Question))] == f {
		return false
	}
	faqs, scores := s.nearest(a)
	for i, near := range faqs {
		if near == f {
			return scores[i] < firm
		}
	}
	return false
}

// first puts the entry that answers before the other hits.
func (a *Answer) first(f *content.FAQ) {
	is := func(h knowledge.Hit) bool { return h.Document.ID == entryPrefix+f.ID }
	at := slices.IndexFunc(a.near, is)
	if at < 0 || len(a.Hits) > 0 && is(a.Hits[0]) {
		return
	}
	hit := a.near[at]
	if len(a.Hits) > 0 {
		hit.Score = max(hit.Score, a.Hits[0].Score)
	}
	a.Hits = append([]knowledge.Hit{hit}, slices.DeleteFunc(slices.Clone(a.Hits), is)...)
}

// plainly finds the entry that a message of low certainty asks for all the same.
func (s *Service) plainly(a *Answer) *content.FAQ {
	faqs, scores := s.nearest(a)
	if len(faqs) == 0 || scores[0] < obvious {
		return nil
	}
	return faqs[0]
}

// How near in score two readings compete, and how short a question is that may
// well mean either.
const (
	tie        = 0.5
	shortAsked = 10 // characters
)

// rivals are the readings that compete with f: entries of other fields that fit
// a short question as well. A question in an entry's own words has none.
func (s *Service) rivals(a *Answer, f *content.FAQ) []*content.FAQ {
	asked := Fold(s.talk.bare(a.Question))
	if s.shelf.Load().phrased[asked] == f || utf8.RuneCountInString(asked) > shortAsked {
		return nil
	}
	faqs, scores := s.nearest(a)
	out := []*content.FAQ{f}
	for i, other := range faqs {
		if faqs[0] == f && other.Field != f.Field && scores[i] > max(scores[0]-tie, nearby) && len(out) < MostMatters {
			out = append(out, other)
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}
