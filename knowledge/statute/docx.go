package statute

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Limits on a .docx: the longest code has 3 MB of XML.
const (
	maxXML        = 64 << 20
	maxDepth      = 200
	maxParagraphs = 200_000
)

// How a .doc begins, and what a Word file under a password holds instead of text.
const (
	compound = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	sealed   = "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e"
)

// readDocx takes the paragraphs and table rows of the main document part.
// Deleted text, field codes and fall-back copies of text boxes are left out.
func readDocx(src *source, raw []byte) error {
	if bytes.HasPrefix(raw, []byte(compound)) {
		if bytes.Contains(raw, []byte(sealed)) {
			return refuse(Locked, "")
		}
		return refuse(OldWord, "")
	}
	zr, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return refuse(Damaged, "no docx: %v", err)
	}
	for _, f := range zr.File {
		if f.Name == "word/document.xml" {
			return readPart(src, f, readNumbering(zr))
		}
	}
	return refuse(Damaged, "no docx: word/document.xml is missing")
}

func readPart(src *source, f *zip.File, lists *numbering) error {
	body, err := inflate(f, maxXML)
	if err != nil {
		return err
	}
	w := &wordReader{src: src, dec: xml.NewDecoder(bytes.NewReader(body)), lists: lists}
	if err := w.run(); err != nil {
		return err
	}
	src.lines = trimTitle(w.src.lines)
	return nil
}

// inflate unpacks one entry, refusing what grows beyond limit or like a bomb.
func inflate(f *zip.File, limit int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, refuse(Damaged, "%v", err)
	}
	defer r.Close()
	out, err := io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		return nil, refuse(Damaged, "%v", err)
	case int64(len(out)) > limit:
		return nil, refuse(TooBig, "unpacks to more than %d MB", limit>>20)
	case len(out) > bombSize && uint64(len(out)) > maxRatio*max(f.CompressedSize64, 1):
		return nil, refuse(TooBig, "unpacks to %d times its size", uint64(len(out))/max(f.CompressedSize64, 1))
	}
	return out, nil
}

const (
	maxRatio = 200     // how much an honest part shrinks at most
	bombSize = 4 << 20 // below this the ratio doesn't matter
)

// wordReader walks WordprocessingML.
type wordReader struct {
	src   *source
	dec   *xml.Decoder
	depth int
	para  strings.Builder
	cells []string // of the open row
	table int      // nesting
	cell  strings.Builder
	lists *numbering
	list  string // numId of the open paragraph, "" if it is in no list
	level int
}

func (w *wordReader) run() error {
	for {
		tok, err := w.dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refuse(Damaged, "broken XML: %v", err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if err := w.start(t); err != nil {
				return err
			}
		case xml.EndElement:
			w.depth--
			w.end(t.Name.Local)
		}
	}
}

func (w *wordReader) start(t xml.StartElement) error {
	if w.depth++; w.depth > maxDepth {
		return refuse(Damaged, "elements nested more than %d deep", maxDepth)
	}
	switch t.Name.Local {
	case "t":
		return w.text()
	case "p":
		w.list, w.level = "", 0
	case "numId":
		w.list = attr(t, "val")
	case "ilvl":
		w.level = number(attr(t, "val"))
	case "del", "pPrChange", "moveFrom", "Fallback", "instrText", "footnote":
		w.depth--
		if err := w.dec.Skip(); err != nil {
			return refuse(Damaged, "broken XML: %v", err)
		}
	case "tab":
		if w.depth > 0 && !w.inProperties(t) {
			w.para.WriteByte(' ')
		}
	case "br", "cr":
		w.breakLine()
	case "tbl":
		w.table++
	}
	if len(w.src.lines) > maxParagraphs {
		return refuse(TooBig, "more than %d paragraphs", maxParagraphs)
	}
	return nil
}

// inProperties tells the tab stop of a paragraph's format from a tab typed.
func (w *wordReader) inProperties(t xml.StartElement) bool {
	for _, a := range t.Attr {
		if a.Name.Local == "pos" || a.Name.Local == "leader" {
			return true
		}
	}
	return false
}

// text reads the characters of one w:t.
func (w *wordReader) text() error {
	for {
		tok, err := w.dec.Token()
		if err != nil {
			return refuse(Damaged, "broken XML: %v", err)
		}
		switch t := tok.(type) {
		case xml.CharData:
			if w.para.Len()+len(t) > maxLine {
				return refuse(TooBig, "a paragraph of more than %d MB", maxLine>>20)
			}
			w.para.Write(t)
		case xml.StartElement:
			return refuse(Damaged, "markup inside a text run")
		case xml.EndElement:
			w.depth--
			return nil
		}
	}
}

func (w *wordReader) end(name string) {
	switch name {
	case "p":
		w.breakLine()
	case "tc":
		if w.table == 1 {
			w.cells = append(w.cells, strings.TrimSpace(w.cell.String()))
			w.cell.Reset()
		}
	case "tr":
		if w.table == 1 && strings.Join(w.cells, "") != "" {
			w.src.lines = append(w.src.lines, line{text: strings.Join(w.cells, " | "), row: true})
		}
		if w.table == 1 {
			w.cells = nil
		}
	case "tbl":
		w.table--
	}
}

// breakLine ends a line: inside a table it goes into the cell.
func (w *wordReader) breakLine() {
	s := clean(w.para.String())
	w.para.Reset()
	if s != "" && w.list != "" {
		s = clean(w.lists.next(w.list, w.level) + s)
		w.list = "" // a line broken by hand has no second number
	}
	switch {
	case s == "":
	case w.table > 0:
		if w.cell.Len() < maxLine {
			w.cell.WriteString(s + " ")
		}
	default:
		w.src.lines = append(w.src.lines, line{text: s})
	}
}
