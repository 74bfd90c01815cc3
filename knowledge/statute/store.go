package statute

import (
	"fmt"
	"io"
)

// span is a piece of the slab that holds every text.
type span struct{ off, n uint32 }

type articleEntry struct {
	no      Number
	heading uint32
	text    span
}

type annexEntry struct {
	title string
	text  span
}

// store is the part of a set that all its views share: texts stay in the file
// (or in one slab, before they are saved) and are read when asked for.
type store struct {
	slab     []byte // of a set not yet on disk
	file     io.ReaderAt
	closer   io.Closer
	base     int64
	size     int64
	articles []articleEntry
	headings []string
	clauses  []clause
	version  string
}

// text reads one span. The result is a copy of the file's bytes as they are.
func (st *store) text(s span) (string, error) {
	if int64(s.off)+int64(s.n) > st.size {
		return "", fmt.Errorf("statute file: text at %d+%d lies outside", s.off, s.n)
	}
	if st.file == nil {
		return string(st.slab[s.off : s.off+s.n]), nil
	}
	buf := make([]byte, s.n)
	if _, err := st.file.ReadAt(buf, st.base+int64(s.off)); err != nil {
		return "", fmt.Errorf("statute file: %w", err)
	}
	return string(buf), nil
}

func (st *store) article(i int) (Article, error) {
	e := st.articles[i]
	text, err := st.text(e.text)
	return Article{No: e.no.String(), Heading: st.headings[e.heading], Text: text}, err
}

// copyTo writes the whole slab.
func (st *store) copyTo(w io.Writer) error {
	if st.file == nil {
		_, err := w.Write(st.slab)
		return err
	}
	_, err := io.Copy(w, io.NewSectionReader(st.file, st.base, st.size))
	return err
}
