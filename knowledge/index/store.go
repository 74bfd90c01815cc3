package index

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"

	"github.com/anjie-desk/anjie/knowledge"
)

// store keeps documents one record each in a file and reads them by offset, so
// that only what is shown is ever in memory.
type store struct {
	r      io.ReaderAt
	close  func() error
	starts []uint32 // one more than there are records
}

// maxStoreBytes is where offsets of 32 bits end.
const maxStoreBytes = 1<<32 - 1

// writeStore writes docs to path and returns where each begins.
func writeStore(path string, docs []knowledge.Document) ([]uint32, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	starts, err := encodeStore(w, docs)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return starts, err
}

func encodeStore(w io.Writer, docs []knowledge.Document) ([]uint32, error) {
	starts := make([]uint32, 1, len(docs)+1)
	var at uint64
	var rec []byte
	for i := range docs {
		rec = appendDocument(rec[:0], &docs[i])
		n, err := w.Write(rec)
		if err != nil {
			return nil, err
		}
		if at += uint64(n); at > maxStoreBytes {
			return nil, fmt.Errorf("documents take more than %d bytes", uint64(maxStoreBytes))
		}
		starts = append(starts, uint32(at))
	}
	return starts, nil
}

func openStore(path string, starts []uint32) (*store, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && len(starts) > 0 && info.Size() != int64(starts[len(starts)-1]) {
		err = fmt.Errorf("%s has %d bytes, expected %d", path, info.Size(), starts[len(starts)-1])
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return &store{r: f, close: f.Close, starts: starts}, nil
}

func (s *store) count() int { return max(0, len(s.starts)-1) }

// record reads record i into buf, which it may replace.
func (s *store) record(i uint32, buf []byte) ([]byte, error) {
	if int(i) >= s.count() {
		return nil, fmt.Errorf("no record %d of %d", i, s.count())
	}
	n := int(s.starts[i+1] - s.starts[i])
	if cap(buf) < n {
		buf = make([]byte, n)
	}
	buf = buf[:n]
	if _, err := s.r.ReadAt(buf, int64(s.starts[i])); err != nil && err != io.EOF {
		return nil, fmt.Errorf("record %d: %w", i, err)
	}
	return buf, nil
}

func (s *store) document(i uint32) (knowledge.Document, error) {
	rec, err := s.record(i, nil)
	if err != nil {
		return knowledge.Document{}, err
	}
	return decodeDocument(rec)
}

// all reads every document, in order.
func (s *store) all() ([]knowledge.Document, error) {
	docs := make([]knowledge.Document, s.count())
	for i := range docs {
		var err error
		if docs[i], err = s.document(uint32(i)); err != nil {
			return nil, err
		}
	}
	return docs, nil
}

// text returns the text of record i, valid until buf is used again.
func (s *store) text(i uint32, buf []byte) (text, reuse []byte, err error) {
	rec, err := s.record(i, buf)
	if err != nil {
		return nil, buf, err
	}
	n, size := binary.Uvarint(rec)
	if size <= 0 || uint64(len(rec)-size) < n {
		return nil, rec, fmt.Errorf("record %d is damaged", i)
	}
	return rec[size : size+int(n)], rec, nil
}

// appendDocument encodes d; the text comes first, since ranking reads it alone.
func appendDocument(b []byte, d *knowledge.Document) []byte {
	for _, s := range []string{d.Text, d.ID, string(d.Kind), d.Title, d.Heading, d.Local, d.Field, d.Until, d.Newer} {
		b = appendString(b, s)
	}
	b = binary.AppendUvarint(b, uint64(d.Level))
	b = binary.AppendUvarint(b, uint64(len(d.Questions)))
	for _, q := range d.Questions {
		b = appendString(b, q)
	}
	b = binary.AppendUvarint(b, uint64(len(d.Citations)))
	for _, c := range d.Citations {
		for _, s := range []string{c.Law, c.Short, c.Article, c.Version, c.Effective, c.Note} {
			b = appendString(b, s)
		}
		b = append(b, flag(c.InForce))
	}
	return b
}

func flag(on bool) byte {
	if on {
		return 1
	}
	return 0
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// decoder reads what appendDocument wrote; after a fault it returns zeros and
// keeps the fault.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) uvarint() uint64 {
	n, size := binary.Uvarint(d.b)
	if size <= 0 {
		d.bad, d.b = true, nil
		return 0
	}
	d.b = d.b[size:]
	return n
}

func (d *decoder) string() string {
	n := d.uvarint()
	if n > uint64(len(d.b)) {
		d.bad, d.b = true, nil
		return ""
	}
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s
}

// length reads a count of things that take at least one byte each.
func (d *decoder) length() int {
	n := d.uvarint()
	if n > uint64(len(d.b)) {
		d.bad, d.b = true, nil
		return 0
	}
	return int(n)
}

func (d *decoder) flag() bool { return d.uvarint() == 1 }

func decodeDocument(rec []byte) (knowledge.Document, error) {
	d := decoder{b: rec}
	doc := knowledge.Document{
		Text: d.string(), ID: d.string(), Kind: knowledge.Kind(d.string()), Title: d.string(),
		Heading: d.string(), Local: d.string(), Field: d.string(), Until: d.string(), Newer: d.string(),
		Level: knowledge.Level(d.uvarint()),
	}
	for range d.length() {
		doc.Questions = append(doc.Questions, d.string())
	}
	for range d.length() {
		doc.Citations = append(doc.Citations, knowledge.Citation{
			Law: d.string(), Short: d.string(), Article: d.string(), Version: d.string(),
			Effective: d.string(), Note: d.string(), InForce: d.flag(),
		})
	}
	if d.bad || len(d.b) > 0 {
		return knowledge.Document{}, fmt.Errorf("stored document %q is damaged", doc.ID)
	}
	return doc, nil
}
