package bot

import (
	"cmp"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/answer"
)

// past puts before an answer what held on the day that the question named,
// where today's law is younger: the entry speaks of today's.
func (b *Bot) past(a answer.Answer, r Reply) Reply {
	t := a.Then
	if t == nil || r.Answer == nil {
		return r
	}
	var shown []string
	for i, d := range t.Articles {
		c := t.Citations[i]
		shown = append(shown, b.d.Texts.Say("answer.then.article", map[string]any{
			"Name": b.citation(c), "Version": b.day(c.Version), "Text": clip(d.Text, mostArticle),
		}))
	}
	said := b.d.Texts.Say("answer.then", map[string]any{
		"Said": cmp.Or(t.Said, b.day(t.Day.Format(time.DateOnly))), "Law": t.Law, "Since": b.day(t.Since), "Was": t.Was, "Until": b.day(t.Until), "Say": t.Say,
		"Articles": shown, "Rule": b.cites(t.Rule),
	})
	r.Text = said + "\n\n" + r.Text
	r.Answer.Before = said
	r.Answer.Citations = append(append(r.Answer.Citations, t.Rule...), t.Citations...)
	for i, d := range t.Articles {
		d.Title = b.d.Texts.Say("answer.then.title", map[string]any{"Name": b.citation(t.Citations[i]), "Version": b.day(t.Citations[i].Version)})
		r.Answer.Articles = append(r.Answer.Articles, d)
	}
	return r
}

// day words 2023-03-05 and 2023-03 as people write them.
func (b *Bot) day(iso string) string {
	if iso == "" {
		return ""
	}
	parts := strings.SplitN(iso, "-", 3)
	for i := range parts {
		parts[i] = strings.TrimPrefix(parts[i], "0")
	}
	return b.d.Texts.Say("answer.day", parts)
}
