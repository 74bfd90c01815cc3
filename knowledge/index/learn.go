package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/anjie-desk/anjie/knowledge"
)

// learntFormat changes when content alone would teach another model.
const learntFormat = 1

// learnt is a model that content alone taught, as it is kept.
type learnt struct {
	Of    string // version of the content, and learntFormat
	Model *model
}

// ErrNotKept says that what was learnt is in use, but will have to be learnt again.
var ErrNotKept = errors.New("what was learnt could not be kept")

// Learn gives an index of content alone, in memory, the model that its FAQs and
// guides teach: what they are asked, against each other and against what they
// say. The model is kept in file, and read from there the next time; it is
// learnt anew, which takes a fraction of a minute on all cores, when the content
// is other than that which taught it. Searches go on meanwhile.
//
// An index with articles is left as it is: what they teach is learnt by [Build].
// If only keeping the model fails, it is in use all the same and the error is
// [ErrNotKept].
func (ix *Index) Learn(ctx context.Context, file string, progress func(stage string, done, total int)) error {
	s := ix.acquire()
	if s == nil {
		return errClosed
	}
	defer ix.done(s)
	if s.lex != nil || s.model != nil || s.content.count() == 0 {
		return nil
	}
	of := fmt.Sprintf("%s %d", s.built, learntFormat)
	var kept learnt
	if err := readGob(file, &kept); err == nil && kept.Of == of && kept.Model != nil {
		kept.Model.link(s.cols)
		return ix.use(s, kept.Model) //nolint:contextcheck // opening waits for nothing
	}
	docs, err := s.content.all()
	if err != nil {
		return fmt.Errorf("learn from content: %w", err)
	}
	m, err := tuneAlone(ctx, docs, s.cols, BuildOptions{Progress: progress})
	if err != nil {
		return fmt.Errorf("learn from content: %w", err)
	}
	if m == nil {
		return nil
	}
	if err := ix.use(s, m); err != nil { //nolint:contextcheck // opening waits for nothing
		return err
	}
	if err := keepModel(file, learnt{of, m}); err != nil {
		return fmt.Errorf("%w: %w", ErrNotKept, err)
	}
	return nil
}

// keepModel writes what was learnt under another name first: a file with its
// final name is a whole one.
func keepModel(file string, l learnt) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	half, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	if err := errors.Join(half.Close(), writeGob(half.Name(), &l)); err != nil {
		return errors.Join(err, os.Remove(half.Name()))
	}
	return os.Rename(half.Name(), file)
}

// use puts m in use in place of s, which had none, with what is laid over.
func (ix *Index) use(s *snapshot, m *model) error {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	old := ix.live.Load()
	if old == nil {
		return errClosed
	}
	if old.shelf != s.shelf {
		return nil // somebody was quicker
	}
	taught := newShelf(s.built, ix.opt, s.cols, s.arts)
	taught.content, taught.words, taught.model = s.content, s.words, m
	next, err := taught.open(s.built, s.content)
	if err == nil {
		next, err = laidOver(next, ix.over)
	}
	if err != nil {
		return fmt.Errorf("use what content taught: %w", err)
	}
	ix.live.Store(next)
	return old.release()
}

// tuneAlone is the second course without statutes: of a document's texts, each
// is taught against another. Its table begins at random.
func tuneAlone(ctx context.Context, docs []knowledge.Document, cols *columns, opt BuildOptions) (*model, error) {
	said := newVocab(func(yield func(string) bool) {
		for i := range docs {
			if !yield(fold(docs[i].Title + " " + docs[i].Text)) {
				return
			}
		}
	}, len(docs))
	v := said.extend(spoken(docs))
	teacher := newTutor(v, nil, docs, cols)
	t := newTable(len(v.IDF), tutorRand(tuneCourses*2))
	if len(teacher.items) == 0 {
		return nil, nil //nolint:nilnil // what is asked in one way only teaches nothing
	}
	var rounds [][]int32
	for k := range tuneCourses {
		rounds = append(rounds, teacher.round(tutorRand(k)))
	}
	if err := teacher.teach(ctx, t, rounds, opt); err != nil {
		return nil, err
	}
	return newModel(v, t, nil, cols), nil
}
