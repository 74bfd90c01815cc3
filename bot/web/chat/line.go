package chat

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/knowledge"
)

// line is one line of a conversation as the transcript keeps it: what the
// resident said, or the cards that the desk answered. Its JSON is kept for 30
// days, so a field may be added but not change its meaning.
type line struct {
	ID    string    `json:"-"`
	At    time.Time `json:"at"`
	Said  string    `json:"said,omitempty"`
	Cards []card    `json:"cards,omitempty"`
}

// card is one message of the desk, ready to be set.
type card struct {
	Urgent   *urgent   `json:"urgent,omitempty"`
	Text     string    `json:"text,omitempty"`
	Lead     string    `json:"lead,omitempty"` // conclusion of an answer
	Steps    []string  `json:"steps,omitempty"`
	Detail   string    `json:"detail,omitempty"`
	Sources  string    `json:"sources,omitempty"`
	Note     string    `json:"note,omitempty"`
	Before   string    `json:"before,omitempty"`
	Articles []article `json:"articles,omitempty"`
	Choices  []choice  `json:"choices,omitempty"`
	Progress string    `json:"progress,omitempty"`
}

type urgent struct {
	Kind    string   `json:"kind"`
	Numbers []string `json:"numbers,omitempty"`
	Lead    string   `json:"lead,omitempty"`
	Lines   []string `json:"lines,omitempty"`
	After   string   `json:"after,omitempty"`
}

// Colour is red for danger that is here, amber for what may become one.
func (u *urgent) Colour() string {
	switch u.Kind {
	case "elder_fraud", "mass", "psychosis", "minor":
		return "amber"
	}
	return "red"
}

type article struct {
	Title   string `json:"title"`
	Heading string `json:"heading,omitempty"`
	Text    string `json:"text"`
}

type choice struct {
	Label string `json:"label"`
	Data  string `json:"data,omitempty"`
	URL   string `json:"url,omitempty"`
}

// mostBesides is how many characters of a label stand beside another button on
// a narrow page; a longer one, a whole question, has its row to itself.
const mostBesides = 8

// Long tells whether the button needs a row of its own.
func (c choice) Long() bool { return utf8.RuneCountInString(c.Label) > mostBesides }

// cardsOf flattens a reply into cards, its help card first.
func cardsOf(r bot.Reply) []card {
	var cards []card
	if c := cardOf(r); !c.empty() {
		cards = append(cards, c)
	}
	for _, more := range r.More {
		cards = append(cards, cardsOf(more)...)
	}
	return cards
}

func cardOf(r bot.Reply) card {
	c := card{Text: strings.TrimSpace(r.Text), Progress: r.Progress}
	if u := r.Urgent; u != nil {
		c.Urgent = &urgent{Kind: u.Kind, Numbers: u.Numbers, Lead: u.Lead, Lines: u.Lines, After: u.After}
	}
	if a := r.Answer; a != nil {
		c.Text = "" // it says the same
		c.Lead, c.Steps, c.Detail, c.Sources = a.Conclusion, a.Steps, a.Detail, a.Sources
		c.Before, c.Note = a.Before, a.Note
		c.Articles = articlesOf(a.Articles)
	}
	for _, ch := range r.Choices {
		c.Choices = append(c.Choices, choice(ch))
	}
	return c
}

func articlesOf(docs []knowledge.Document) []article {
	var out []article
	for _, d := range docs {
		out = append(out, article{Title: d.Title, Heading: d.Heading, Text: d.Text})
	}
	return out
}

func (c card) empty() bool {
	return c.Urgent == nil && c.Text == "" && c.Lead == "" && len(c.Choices) == 0
}

// shown is a line as a page shows it. Only the choices after the resident's
// last line are live: an older button would answer a question long gone.
type shown struct {
	line
	Live  bool
	Nonce string // makes each rendering's buttons new ones
}

func show(lines []line, nonce string) []shown {
	out := make([]shown, len(lines))
	live := true
	for i := len(lines) - 1; i >= 0; i-- {
		live = live && lines[i].Said == ""
		out[i] = shown{line: lines[i], Live: live, Nonce: nonce}
	}
	return out
}

func lastID(lines []line, before string) string {
	if len(lines) == 0 {
		return before
	}
	return lines[len(lines)-1].ID
}
