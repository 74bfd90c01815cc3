package publicity

import (
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/content"
)

// Texts is the wording catalogue; *content.Texts is one.
type Texts interface {
	Say(key string, data any) string
}

var _ Texts = (*content.Texts)(nil)

// Piece is an item as it comes out everywhere: what outlets render.
type Piece struct {
	Title  string
	Digest string
	Blocks []Block // body, then the quiz with its answers, then the sources
}

// Compose makes the piece of an item.
func Compose(it content.Item, texts Texts) Piece {
	return compose(it, it.Body, texts)
}

// ComposeLarge makes the shorter piece for large print.
func ComposeLarge(it content.Item, texts Texts) Piece {
	if it.Large == "" {
		return Compose(it, texts)
	}
	return compose(it, it.Large, texts)
}

// Spoken is the text for a village loudspeaker, without any marks.
func Spoken(it content.Item) string {
	return strings.ReplaceAll(strings.TrimSpace(it.Spoken), "**", "")
}

func compose(it content.Item, body string, texts Texts) Piece {
	p := Piece{Title: it.Title, Digest: it.Digest, Blocks: Parse(body)}
	p.Blocks = append(p.Blocks, quiz(it.Quiz, texts)...)
	p.Blocks = append(p.Blocks, plain(Paragraph, texts.Say("publicity.sources", map[string]any{
		"Laws": Laws(it.Citations, texts), "Reviewed": it.Reviewed,
	})))
	return p
}

func plain(kind BlockKind, lines ...string) Block {
	b := Block{Kind: kind}
	for _, l := range lines {
		b.Lines = append(b.Lines, Spans(l))
	}
	return b
}

// quiz sets the questions first and all answers after them, so that a reader
// can try.
func quiz(qs []content.Question, texts Texts) []Block {
	if len(qs) == 0 {
		return nil
	}
	all := []Block{plain(Heading, texts.Say("publicity.quiz", nil))}
	answers := make([]string, len(qs))
	for i, q := range qs {
		all = append(all, plain(Paragraph, texts.Say("publicity.question", map[string]any{"N": i + 1, "Ask": q.Ask})))
		choices := make([]string, len(q.Choices))
		for j, c := range q.Choices {
			choices[j] = texts.Say("publicity.choice", map[string]any{"Letter": letter(j), "Text": c})
		}
		all = append(all, plain(Bullets, choices...))
		answers[i] = texts.Say("publicity.answer", map[string]any{"Letter": letter(q.Right), "Because": q.Because})
	}
	return append(all, plain(Heading, texts.Say("publicity.answers", nil)), plain(Numbers, answers...))
}

func letter(i int) string { return "ABCDEFGHIJ"[i%10 : i%10+1] }

// Laws lists citations in one line, the articles of one law together:
// 《民法典》第288条、第294条.
func Laws(cs []content.Citation, texts Texts) string {
	var order []string
	articles := map[string][]string{}
	for _, c := range cs {
		if _, ok := articles[c.Short]; !ok {
			order = append(order, c.Short)
		}
		articles[c.Short] = append(articles[c.Short], article(c.Article, texts))
	}
	parts := make([]string, len(order))
	for i, law := range order {
		parts[i] = texts.Say("publicity.law", map[string]any{"Law": law, "Articles": articles[law]})
	}
	return strings.Join(parts, texts.Say("publicity.between", nil))
}

// article says 120-1 as people do. Its second number is small: bis, ter, …
func article(s string, texts Texts) string {
	number, sub, _ := strings.Cut(s, "-")
	n, _ := strconv.Atoi(sub) // "" is 0: no second number
	return texts.Say("publicity.article", map[string]any{"Number": number, "Sub": n})
}
