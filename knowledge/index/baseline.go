package index

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"

	"github.com/anjie-desk/anjie/knowledge"
)

// Baseline is bleve as it comes, with its cjk analyzer and its own ranking: a
// Searcher over articles to measure the ranking of this package against.
type Baseline struct {
	idx  bleve.Index
	docs []knowledge.Document
}

var _ knowledge.Searcher = (*Baseline)(nil)

// BuildBaseline indexes the articles among docs into the empty folder dir.
func BuildBaseline(ctx context.Context, dir string, docs []knowledge.Document) (*Baseline, error) {
	arts, _, err := split(docs)
	if err != nil {
		return nil, err
	}
	field := bleve.NewTextFieldMapping()
	field.Analyzer, field.Store, field.IncludeTermVectors, field.DocValues = cjk.AnalyzerName, false, false, false
	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt(textField, field)
	m := bleve.NewIndexMapping()
	m.DefaultMapping, m.DefaultAnalyzer = doc, cjk.AnalyzerName
	idx, err := bleve.New(filepath.Join(dir, "cjk"), m)
	if err != nil {
		return nil, err
	}
	b := &Baseline{idx: idx, docs: arts}
	if err := b.fill(ctx); err != nil {
		return nil, errors.Join(err, idx.Close())
	}
	return b, nil
}

func (b *Baseline) fill(ctx context.Context) error {
	batch := b.idx.NewBatch()
	for i := range b.docs {
		if err := batch.Index(strconv.Itoa(i), map[string]any{textField: b.docs[i].Text}); err != nil {
			return err
		}
		if batch.Size() < 2000 && i+1 < len(b.docs) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.idx.Batch(batch); err != nil {
			return err
		}
		batch.Reset()
	}
	return nil
}

// Search implements [knowledge.Searcher]; only Text and Limit count.
func (b *Baseline) Search(ctx context.Context, q knowledge.Query) (knowledge.Result, error) {
	match := bleve.NewMatchQuery(q.Text)
	match.SetField(textField)
	found, err := b.idx.SearchInContext(ctx, bleve.NewSearchRequestOptions(match, max(q.Limit, 1), 0, false))
	if err != nil {
		return knowledge.Result{}, err
	}
	res := knowledge.Result{Version: b.Version()}
	for _, h := range found.Hits {
		i, err := strconv.Atoi(h.ID)
		if err != nil {
			return res, err
		}
		res.Hits = append(res.Hits, knowledge.Hit{Document: b.docs[i], Score: h.Score})
	}
	return res, nil
}

// Article is not what a baseline is for: it finds none.
func (b *Baseline) Article(knowledge.Citation) (knowledge.Document, bool) {
	return knowledge.Document{}, false
}

// Version implements [knowledge.Searcher].
func (b *Baseline) Version() string { return "bleve cjk" }

// Close ends the baseline; its folder is the caller's to remove.
func (b *Baseline) Close() error { return b.idx.Close() }
