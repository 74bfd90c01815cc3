package index

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/anjie-desk/anjie/knowledge"
)

// openSnapshot opens the index in use in dir. A build that ends meanwhile
// removes what was in use: then the new one is opened.
func openSnapshot(dir string, opt Options) (*snapshot, error) {
	cur, err := readCurrent(dir)
	for err == nil {
		s, failed := openParts(dir, cur, opt)
		if failed == nil {
			return s, nil
		}
		was := cur
		if cur, err = readCurrent(dir); err == nil && cur == was {
			return nil, failed
		}
	}
	return nil, err
}

func openParts(dir string, cur currentIndex, opt Options) (*snapshot, error) {
	statutes, content := filepath.Join(dir, cur.Statutes), filepath.Join(dir, cur.Content)
	var sm statutesMeta
	if err := readGob(filepath.Join(statutes, statutesColumns), &sm); err != nil {
		return nil, err
	}
	var cm contentMeta
	if err := readGob(filepath.Join(content, contentColumns), &cm); err != nil {
		return nil, err
	}
	arts, err := openStore(filepath.Join(statutes, statutesStore), sm.Starts)
	if err != nil {
		return nil, err
	}
	s := newShelf(cur.Version, opt, sm.Columns, arts)
	if err := s.openRest(statutes, content, sm, cm); err != nil {
		return nil, errors.Join(err, s.close())
	}
	snap, err := s.open(cur.Version, s.content)
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return snap, nil
}

func (s *shelf) openRest(statutes, content string, sm statutesMeta, cm contentMeta) error {
	if s.cols.count() > 0 {
		idx, err := openPostings(filepath.Join(statutes, statutesBleve))
		if err != nil {
			return fmt.Errorf("bleve: %w", err)
		}
		if s.lex, err = newLexical(idx, s.cols, sm.Ords); err != nil {
			return errors.Join(err, idx.Close())
		}
	}
	if err := s.openModel(statutes, content); err != nil {
		return err
	}
	s.words = newLexicon(cm.Lexicon)
	var err error
	s.content, err = openStore(filepath.Join(content, contentStore), cm.Starts)
	return err
}

// openModel reads the model taught by the content, else the statutes' own; an
// index built without a model has neither.
func (s *shelf) openModel(statutes, content string) error {
	for _, dir := range []string{content, statutes} {
		var m model
		err := readGob(filepath.Join(dir, modelFile), &m)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		m.link(s.cols)
		m.Sums = nil
		s.model = &m
		return nil
	}
	return nil
}

// listen gathers the words that a misspelt one may have meant.
func (s *snapshot) listen() {
	texts := func(yield func(string) bool) {
		for _, list := range [][]string{s.bridge.texts, s.cols.Heads, s.words.all} {
			for _, t := range list {
				if !yield(t) {
					return
				}
			}
		}
	}
	s.sounds = newHomophones(texts, func(term string) bool { return s.lex != nil && s.lex.known(term) })
	s.bridge.texts = nil
}

// memorySnapshot indexes docs without touching the disk.
func memorySnapshot(docs []knowledge.Document, opt Options) (*snapshot, error) {
	arts, content, err := split(docs)
	if err != nil {
		return nil, err
	}
	artStore, err := memoryStore(arts)
	if err != nil {
		return nil, err
	}
	version := name(arts, content, BuildOptions{Lexicon: opt.Lexicon, WithoutModel: true}).Version
	s := newShelf(version, opt, newColumns(arts), artStore)
	if len(arts) > 0 {
		if s.lex, err = memoryLexical(arts, s.cols); err != nil {
			return nil, err
		}
	}
	s.words = newLexicon(opt.Lexicon)
	if s.content, err = memoryStore(content); err != nil {
		return nil, errors.Join(err, s.close())
	}
	snap, err := s.open(version, s.content)
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return snap, nil
}

func memoryStore(docs []knowledge.Document) (*store, error) {
	var b bytes.Buffer
	starts, err := encodeStore(&b, docs)
	if err != nil {
		return nil, err
	}
	return &store{r: bytes.NewReader(b.Bytes()), starts: starts}, nil
}

// memoryLexical builds the postings in memory. bleve.NewMemOnly would take its
// old store, at fifty times the memory.
func memoryLexical(arts []knowledge.Document, cols *columns) (*lexical, error) {
	m, err := articleMapping()
	if err != nil {
		return nil, err
	}
	idx, err := bleve.NewUsing("", m, scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, err
	}
	if err := fillMemory(idx, arts, cols); err != nil {
		return nil, errors.Join(err, idx.Close())
	}
	ords, err := order(idx, len(arts))
	if err != nil {
		return nil, errors.Join(err, idx.Close())
	}
	l, err := newLexical(idx, cols, ords)
	if err != nil {
		return nil, errors.Join(err, idx.Close())
	}
	return l, nil
}

func fillMemory(idx bleve.Index, arts []knowledge.Document, cols *columns) error {
	cols.Length = make([]uint16, len(arts))
	batch := idx.NewBatch()
	for i := range arts {
		text := articleText(&arts[i])
		eachTerm(text, func(string) { cols.Length[i]++ })
		if err := batch.Index(docName(uint32(i)), map[string]any{textField: text}); err != nil {
			return err
		}
	}
	return idx.Batch(batch)
}
