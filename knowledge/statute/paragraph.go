package statute

import "strings"

// Paragraph returns the article's n-th 款 with the items that belong to it, ""
// if it has fewer.
func (a Article) Paragraph(n int) string {
	var out []string
	at := 0
	for p := range strings.SplitSeq(a.Text, "\n") {
		if at == 0 || !isItem(p) {
			at++
		}
		if at == n {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n")
}

// Paragraphs counts the article's 款.
func (a Article) Paragraphs() int {
	n := 0
	for p := range strings.SplitSeq(a.Text, "\n") {
		if n == 0 || !isItem(p) {
			n++
		}
	}
	return n
}

// Item returns the k-th 项 of the n-th 款; n 0 means the first 款 with items.
func (a Article) Item(n, k int) string {
	for i := 1; ; i++ {
		p := a.Paragraph(i)
		if p == "" {
			return ""
		}
		if n != 0 && i != n {
			continue
		}
		at := 0
		for line := range strings.SplitSeq(p, "\n") {
			if isItem(line) {
				if at++; at == k {
					return line
				}
			}
		}
		if n != 0 {
			return ""
		}
	}
}

func isItem(s string) bool {
	return marks[2].MatchString(s) || marks[0].MatchString(s)
}
