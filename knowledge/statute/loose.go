package statute

import (
	"regexp"
	"strings"
)

// A law without 第X条 gets numbers from its own marks: 1. 2. 3. running
// through, else 一、二、三、, else （一）（二）; a text without any marks is
// numbered by paragraph.
var marks = []*regexp.Regexp{
	regexp.MustCompile(`^([0-9]{1,3}) ?[.．、]`),
	regexp.MustCompile(`^([一二三四五六七八九十百]{1,5}) ?、`),
	regexp.MustCompile(`^[（(] ?([一二三四五六七八九十]{1,4}) ?[）)]`),
}

// numberLoose makes articles of the lines that belong to none.
func (a *assembler) numberLoose() {
	starts := a.bestMarks()
	if starts == nil {
		a.byParagraph()
		return
	}
	a.out.Preamble = a.joinLoose(0, starts[0].at)
	under := ""
	for i, s := range starts {
		art := Article{No: Number{Main: uint16(i + 1)}.String(), Heading: a.loose[s.at].heading}
		if under != "" {
			art.Heading = strings.TrimPrefix(art.Heading+" > "+under, " > ")
		}
		end := len(a.loose)
		if i+1 < len(starts) {
			end = starts[i+1].at
			if a.partName(end-1, s.at) {
				end--
				under = a.loose[end].text
			}
		}
		art.Text = a.joinLoose(s.at, end)
		a.out.Articles = append(a.out.Articles, art)
	}
}

// partName says whether line i, the last before the next number, is no sentence
// but names the part that begins there: 九、多个债权人对一个债务人申请执行.
func (a *assembler) partName(i, from int) bool {
	l := a.loose[i]
	return i > from && l.level == 0 && marks[1].MatchString(l.text) && nameOnly(l.text) && sentenceEnds(a.loose[i-1].text)
}

type markAt struct{ at, n int }

// bestMarks returns the first kind of mark that counts 1, 2, 3 … through the
// text; marks that begin again under each heading are no numbers of the law.
func (a *assembler) bestMarks() []markAt {
	for _, re := range marks {
		starts, restarts := a.run(re)
		if len(starts) >= 2 && restarts == 0 {
			return starts
		}
	}
	return nil
}

func (a *assembler) run(re *regexp.Regexp) (starts []markAt, restarts int) {
	for i, l := range a.loose {
		m := re.FindStringSubmatch(l.text)
		if m == nil {
			continue
		}
		n, _ := numeral(m[1])
		switch {
		case n == len(starts)+1:
			starts = append(starts, markAt{i, n})
		case n == 1:
			restarts++
		}
	}
	return starts, restarts
}

// joinLoose joins the lines from i to end. Headings in between belong to what
// follows, except the one that is the number itself.
func (a *assembler) joinLoose(i, end int) string {
	var out []string
	for j := i; j < end; j++ {
		if a.loose[j].level == 0 || j == i {
			out = append(out, a.loose[j].text)
		}
	}
	return strings.Join(out, "\n")
}

func (a *assembler) byParagraph() {
	n := uint16(0)
	for i, l := range a.loose {
		if l.level > 0 {
			continue
		}
		if n++; n == maxLoose { // no statute has so many: the rest stays together
			l.text = a.joinLoose(i, len(a.loose))
			a.out.Articles = append(a.out.Articles, Article{No: Number{Main: n}.String(), Heading: l.heading, Text: l.text})
			return
		}
		a.out.Articles = append(a.out.Articles, Article{No: Number{Main: n}.String(), Heading: l.heading, Text: l.text})
	}
}

const maxLoose = 5000
