package answer

import (
	"slices"

	"github.com/anjie-desk/anjie/knowledge"
)

// Shown lists what a resident gets of answers, first things first: what leads
// each matter, then what is asked back or offered beside it, then the passages.
// A refusal shows no passages.
func Shown(as []Answer) []knowledge.Document {
	var out []knowledge.Document
	add := func(docs ...knowledge.Document) {
		for _, d := range docs {
			if !slices.ContainsFunc(out, func(had knowledge.Document) bool { return had.ID == d.ID }) {
				out = append(out, d)
			}
		}
	}
	for i := range as {
		add(as[i].leading()...)
	}
	for i := range as {
		add(as[i].beside()...)
	}
	for i := range as {
		if as[i].Kind == Refuse {
			continue
		}
		for _, h := range as[i].Hits {
			add(h.Document)
		}
	}
	return out
}

// leading is the document that an answer is made of.
func (a *Answer) leading() []knowledge.Document {
	switch {
	case a.Kind != Answered && a.Kind != Exact:
		return nil
	case a.FAQ != nil:
		return []knowledge.Document{entryDocument(a.FAQ.ID)}
	case a.Guide != nil && a.Kind == Answered:
		return []knowledge.Document{{ID: a.Guide.ID(), Kind: knowledge.Guide, Citations: a.Citations}}
	}
	if len(a.Articles) > 0 || len(a.Hits) == 0 {
		return a.Articles
	}
	return []knowledge.Document{a.Hits[0].Document}
}

// beside are the entries that the buttons of an answer lead to.
func (a *Answer) beside() []knowledge.Document {
	var out []knowledge.Document
	if a.Clarify != nil {
		for _, c := range a.Clarify.Choices {
			out = append(out, entryDocument(c.To))
		}
	}
	for _, f := range slices.Concat(a.Also, a.Topics, a.Related) {
		out = append(out, entryDocument(f.ID))
	}
	return out
}

func entryDocument(id string) knowledge.Document {
	return knowledge.Document{ID: entryPrefix + id, Kind: knowledge.FAQ}
}
