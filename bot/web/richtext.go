package web

import (
	"html/template"
	"regexp"
	"strings"

	"github.com/anjie-desk/anjie/bot/publicity"
)

// Rich turns a reply's text into markup: blank lines part paragraphs, a line
// break stays one, **bold** is bold. All else is escaped.
func Rich(text string) template.HTML {
	var b strings.Builder
	for _, para := range paragraphs(text) {
		b.WriteString("<p>")
		b.WriteString(strings.ReplaceAll(inline(para), "\n", "<br>"))
		b.WriteString("</p>")
	}
	return template.HTML(b.String()) //nolint:gosec // inline escapes before it marks
}

// Markdown renders a text of our own, such as the privacy notice, in the same
// little markdown that publicity items are written in.
func Markdown(text string) template.HTML { return publicity.HTML(publicity.Parse(text), nil) }

func paragraphs(text string) []string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	var out []string
	for _, p := range blankLines.Split(text, -1) {
		if p = strings.Trim(p, "\n "); p != "" {
			out = append(out, p)
		}
	}
	return out
}

var (
	blankLines = regexp.MustCompile(`\n[ \t]*\n`)
	boldMark   = regexp.MustCompile(`\*\*([^*\n]+)\*\*`)
)

// inline escapes a text and then marks what is bold.
func inline(text string) string {
	return boldMark.ReplaceAllString(template.HTMLEscapeString(text), "<strong>$1</strong>")
}
