package index

import (
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/registry"
)

const (
	analyzerName = "anjie-bigram"
	textField    = "t"
)

// bigramAnalyzer gives bleve the terms of eachTerm. Its input is folded
// already, because the same folded text feeds lengths and the model.
type bigramAnalyzer struct{}

func (bigramAnalyzer) Analyze(text []byte) analysis.TokenStream {
	var out analysis.TokenStream
	s := string(text)
	eachTerm(s, func(t string) {
		out = append(out, &analysis.Token{Term: []byte(t), Position: len(out) + 1, Type: analysis.Ideographic})
	})
	return out
}

// register makes the analyzer known to bleve, once in a process.
var register = sync.OnceValue(func() error {
	return registry.RegisterAnalyzer(analyzerName,
		func(map[string]any, *registry.Cache) (analysis.Analyzer, error) { return bigramAnalyzer{}, nil })
})

// articleMapping is one field of terms with frequencies and nothing stored:
// what an article says stands in the document store.
func articleMapping() (mapping.IndexMapping, error) {
	if err := register(); err != nil {
		return nil, err
	}
	field := bleve.NewTextFieldMapping()
	field.Analyzer = analyzerName
	field.Store, field.IncludeInAll, field.IncludeTermVectors, field.DocValues = false, false, false, false
	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt(textField, field)
	m := bleve.NewIndexMapping()
	m.DefaultMapping, m.DefaultAnalyzer = doc, analyzerName
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m, nil
}

// openPostings opens bleve's folder for reading; several processes may.
func openPostings(dir string) (bleve.Index, error) {
	if err := register(); err != nil {
		return nil, err
	}
	return bleve.OpenUsing(dir, map[string]any{"read_only": true})
}
