package statute

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
)

// Word keeps the numbers of its lists apart from the text: what a reader sees as
// （一） or 第一条 stands in word/numbering.xml. Without it a quotation would lack
// what the paper shows.

const (
	maxNumbering = 8 << 20 // bytes of the part
	maxLevels    = 9       // Word has no more
	maxLevelText = 60      // bytes of a level's pattern
)

// numbering is the lists of one document and how far each has counted.
type numbering struct {
	levels map[string][maxLevels]listLevel // by abstract list
	list   map[string]string               // abstract list of each numId
	begin  map[string][maxLevels]int       // numbers at which a numId starts anew, 0 if it goes on
	count  map[string]*[maxLevels]int
	used   map[string]bool
}

type listLevel struct {
	text, format string
	start        int
}

// readNumbering reads the part; a document without one, or with a broken one,
// has no lists.
func readNumbering(zr *zip.Reader) *numbering {
	n := &numbering{
		levels: map[string][maxLevels]listLevel{}, list: map[string]string{}, begin: map[string][maxLevels]int{},
		count: map[string]*[maxLevels]int{}, used: map[string]bool{},
	}
	for _, f := range zr.File {
		if f.Name != "word/numbering.xml" {
			continue
		}
		if body, err := inflate(f, maxNumbering); err == nil {
			n.parse(body)
		}
	}
	return n
}

// parse walks the definitions. What it doesn't know it passes over.
func (n *numbering) parse(body []byte) {
	dec := xml.NewDecoder(bytes.NewReader(body))
	abstract, num, level := "", "", -1
	for {
		tok, err := dec.Token()
		if err != nil {
			return
		}
		if end, ok := tok.(xml.EndElement); ok {
			switch end.Name.Local {
			case "abstractNum":
				abstract = ""
			case "num":
				num = ""
			}
			continue
		}
		t, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch t.Name.Local {
		case "abstractNum":
			abstract = attr(t, "abstractNumId")
		case "num":
			num = attr(t, "numId")
		case "abstractNumId":
			n.list[num] = attr(t, "val")
		case "lvl", "lvlOverride":
			level = number(attr(t, "ilvl"))
		case "startOverride":
			if num != "" && level >= 0 && level < maxLevels {
				b := n.begin[num]
				b[level] = max(1, number(attr(t, "val"))) //nolint:gosec // within bounds, as just checked
				n.begin[num] = b
			}
		case "start", "numFmt", "lvlText":
			if abstract != "" && level >= 0 && level < maxLevels {
				n.set(abstract, level, t.Name.Local, attr(t, "val"))
			}
		}
	}
}

func (n *numbering) set(abstract string, level int, what, val string) {
	all := n.levels[abstract]
	l := &all[level]
	switch what {
	case "start":
		l.start = number(val)
	case "numFmt":
		l.format = val
	case "lvlText":
		if len(val) <= maxLevelText {
			l.text = val
		}
	}
	n.levels[abstract] = all
}

// next counts the list on by one paragraph and returns what stands before it.
func (n *numbering) next(numID string, level int) string {
	abstract, ok := n.list[numID]
	if !ok || level < 0 || level >= maxLevels {
		return ""
	}
	levels := n.levels[abstract]
	c := n.count[abstract]
	if c == nil {
		c = &[maxLevels]int{}
		for i := range c {
			c[i] = levels[i].start - 1
		}
		n.count[abstract] = c
	}
	if !n.used[numID] {
		n.used[numID] = true
		for i, from := range n.begin[numID] {
			if from > 0 {
				c[i] = from - 1
			}
		}
	}
	c[level]++
	for i := level + 1; i < maxLevels; i++ {
		c[i] = levels[i].start - 1
	}
	out := levels[level].text
	for i, l := range levels[:level+1] {
		out = strings.ReplaceAll(out, "%"+strconv.Itoa(i+1), l.say(max(c[i], l.start)))
	}
	if levels[level].format == "bullet" || levels[level].format == "none" {
		return ""
	}
	if unit, _ := splitHeading(out); unit != "" || strings.HasSuffix(out, "条") {
		out += " "
	}
	return out
}

// say writes a number in the level's format.
func (l listLevel) say(n int) string {
	switch {
	case strings.HasPrefix(l.format, "chinese"), strings.HasPrefix(l.format, "ideograph"),
		strings.HasPrefix(l.format, "japanese"), strings.HasPrefix(l.format, "taiwanese"):
		return chinese(n)
	case l.format == "lowerLetter" && n > 0 && n <= 26:
		return string(rune('a' + n - 1))
	case l.format == "upperLetter" && n > 0 && n <= 26:
		return string(rune('A' + n - 1))
	case l.format == "decimalEnclosedCircle" && n > 0 && n <= 20:
		return string(rune('①' + n - 1))
	}
	return strconv.Itoa(n)
}

func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// number reads a small number, -1 if it is none.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 9999 {
		return -1
	}
	return n
}
