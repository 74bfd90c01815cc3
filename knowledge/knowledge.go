// Package knowledge is what the desk can look up: statutes, guides and FAQs as
// searchable documents, and the port through which the conversation searches.
//
// It names the things that its sub-packages pass around and knows neither
// files nor the search library. Every [Citation] in it was looked up in an
// imported statute or stands in checked content; none is composed.
package knowledge

import (
	"context"
	"time"
)

// Kind says what a document is.
type Kind string

// The kinds of documents, as they stand in indexes and in JSON.
const (
	FAQ     Kind = "faq"
	Guide   Kind = "guide"
	Article Kind = "article"
)

// Level is a statute's rank, highest first.
type Level int

// Levels of the hierarchy of norms (立法法, chapter 5).
const (
	LevelUnknown     Level = iota
	Constitution           // 宪法
	Statute                // 法律
	JudicialInterp         // 司法解释
	AdminRegulation        // 行政法规
	LocalRegulation        // 地方性法规
	DepartmentalRule       // 部门规章
	OtherNorm              // 其他
)

// Citation points to one article of one version of a law.
type Citation struct {
	Law       string `json:"law"`                 // full title without 《》
	Short     string `json:"short,omitempty"`     // as people name it
	Article   string `json:"article"`             // Arabic: "1062", "120-1" for 第一百二十条之一
	Version   string `json:"version"`             // day of adoption or amendment, YYYY-MM-DD; "" if the source has none
	Effective string `json:"effective,omitempty"` // first day in force, YYYY-MM-DD; "" if not established
	InForce   bool   `json:"in_force"`            // on the day the question was asked for
	Note      string `json:"note,omitempty"`      // a warning: a newer revision exists that we do not hold
}

// Document is one searchable unit: an article, a guide to an article, or an FAQ.
type Document struct {
	ID        string // unique: "faq:marriage-001", "guide:民法典@2020-05-28#1062", "law:中华人民共和国民法典@2020-05-28#1062"
	Kind      Kind
	Title     string     // FAQ question, or short law name and 第X条
	Text      string     // what is shown: conclusion and explanation, or the article verbatim
	Questions []string   // phrasings that it answers (FAQ, guide)
	Heading   string     // 编 > 章 > 节 of an article
	Level     Level      // of an article's law
	Local     string     // province or city of a local regulation, "" for national law
	Citations []Citation // an article cites itself; others what they rest on, decisive first, and in a Result what answers the question first
	Field     string     // content field, for FAQ and guide
	Until     string     // of an article: first day on which its version no longer holds, YYYY-MM-DD; "" while it does
	Newer     string     // of an article: first day of a newer revision that is known and not held, "" if there is none
}

// Query asks for documents.
type Query struct {
	Text  string
	Limit int    // at most so many hits; 0 means 5
	Kinds []Kind // only these; nil means all
	// AsOf chooses the versions in force on that day, and leaves out FAQs and
	// guides that rest on later ones; zero means today.
	AsOf time.Time
}

// Hit is one document found, best first in a [Result].
type Hit struct {
	Document Document
	Score    float64 // comparable within one result only
}

// Result is what a search found.
type Result struct {
	Hits []Hit
	// Near are the FAQs and guides that resemble the question most, whether or
	// not they are among Hits: above a score of 0 one more likely covers the
	// question than not.
	Near []Hit
	// Certainty is the calibrated probability, 0 to 1, that the question is one
	// the desk can answer and that the hits answer it.
	Certainty float64
	// Exact is set when the question named an article (民法典1062条). Its hits
	// are those articles, or none when the number does not exist.
	Exact *Reference
	Named int // how many of Hits, from the first, are articles that the question named
	// Version names index and content: shown in /readyz and in metadata.
	Version string
}

// Reference is an article that a question named.
type Reference struct {
	Law      string      // full title found, "" if no law of that name is known
	Articles []string    // Arabic numbers named
	Missing  []string    // of these, the ones that the law does not have
	Count    int         // how many articles the law has
	Note     string      // a plain sentence: repealed and replaced by …, newer version not held
	Parts    []Part      // paragraphs and items named
	Others   []Reference // further laws that the question names
}

// Part is a 款 or 项 that a question names.
type Part struct {
	Article         string
	Paragraph, Item int    // 0 if none was named
	Text            string // verbatim; "" if the article has no such part
	Count           int    // paragraphs that the article has
}

// Searcher is the port that the conversation asks.
type Searcher interface {
	// Search never composes: a hit's citations exist in the corpus. It is safe
	// for concurrent use.
	Search(ctx context.Context, q Query) (Result, error)
	// Article returns the article that a citation points to; ok is false when
	// the corpus does not hold it (statutes not imported, say).
	Article(c Citation) (doc Document, ok bool)
	// Version names the index and content in use.
	Version() string
}
