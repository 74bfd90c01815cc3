package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
)

// render words an answer, as text and in parts.
func (b *Bot) render(a answer.Answer) Reply {
	switch {
	case a.Law != nil:
		return b.law(a)
	case a.Kind == answer.Clarify && a.Clarify == nil:
		return b.say("answer.which", nil)
	case a.Kind == answer.Clarify:
		return b.say("answer.clarify", a.Clarify.Ask)
	case a.Kind == answer.Refuse:
		return b.refused(a)
	case a.Kind == answer.Exact:
		return b.exact(a)
	case a.FAQ != nil:
		return b.past(a, b.byEntry(a))
	}
	return b.past(a, b.byArticle(a))
}

// byEntry words a checked entry of the content.
func (b *Bot) byEntry(a answer.Answer) Reply {
	f := a.FAQ
	v := &AnswerView{
		Conclusion: f.Conclusion, Steps: f.Steps, Citations: a.Citations, Articles: a.Articles,
		Sources: b.sources(a.Citations),
	}
	lines := b.facts(a)
	v.Detail = strings.Join(filled(append([]string{f.Explanation}, lines...)...), "\n")
	return Reply{Answer: v, Text: b.d.Texts.Say("answer.entry", map[string]any{
		"Conclusion": bold(f.Conclusion), "Explanation": f.Explanation, "Steps": numberedLines(f.Steps), "Lines": lines, "Sources": v.Sources,
	})}
}

// facts are the lines that a resident acts by: warning, until when, with what,
// to whom, and whether mediation may take it.
func (b *Bot) facts(a answer.Answer) []string {
	f, out := a.FAQ, []string(nil)
	if f.Warning != "" {
		out = append(out, b.d.Texts.Say("answer.warning", f.Warning))
	}
	for _, d := range a.Deadlines {
		out = append(out, b.deadline(d))
	}
	if len(f.Papers) > 0 {
		out = append(out, b.d.Texts.Say("answer.papers", f.Papers))
	}
	if see := b.officesOf(f.See); len(see) > 0 {
		out = append(out, b.d.Texts.Say("answer.see", see[:min(len(see), 3)]))
	}
	return append(out, filled(b.mediation(f.Mediation))...)
}

func (b *Bot) mediation(m content.Mediation) string {
	if m.Can == "" {
		return ""
	}
	return b.d.Texts.Say("answer.mediation", map[string]any{"Can": m.Can, "Why": m.Why, "Office": b.offices[m.Office]})
}

func (b *Bot) deadline(d answer.Deadline) string {
	n := strings.TrimRight(d.Within, "ymdwh")
	return b.d.Texts.Say("answer.deadline", map[string]any{
		"What": d.What, "N": n, "Unit": strings.TrimPrefix(d.Within, n), "From": d.From,
		"Since": d.Since, "Until": b.day(d.Until), "Over": d.Over, "Anew": d.Anew,
	})
}

func (b *Bot) officesOf(keys []string) []content.Office {
	var out []content.Office
	for _, k := range keys {
		if o, ok := b.offices[k]; ok {
			out = append(out, o)
		}
	}
	return out
}

// byArticle answers by a guide, or by the article itself where none explains it.
func (b *Bot) byArticle(a answer.Answer) Reply {
	v := &AnswerView{Citations: a.Citations, Articles: a.Articles, Sources: b.sources(a.Citations)}
	text := ""
	if len(a.Articles) > 0 {
		text = clip(a.Articles[0].Text, mostArticle)
	} else if len(a.Hits) > 0 {
		text = clip(a.Hits[0].Document.Text, mostArticle)
	}
	if a.Guide != nil {
		v.Conclusion, v.Detail = a.Guide.Means, a.Guide.Example
		return Reply{Answer: v, Text: b.d.Texts.Say("answer.guide", map[string]any{
			"Means": bold(a.Guide.Means), "Example": a.Guide.Example, "Sources": v.Sources,
		})}
	}
	v.Conclusion, v.Detail = b.d.Texts.Say("answer.nearest", nil), text
	return Reply{Answer: v, Text: b.d.Texts.Say("answer.article_only", map[string]any{
		"Lead": v.Conclusion, "Text": text, "Sources": v.Sources, "Office": b.offices[a.Office], "Near": len(a.Topics) > 0,
	})}
}

// most characters of an article within an answer; the whole is behind 看原文
const mostArticle = 220

// exact shows articles that the question named.
func (b *Bot) exact(a answer.Answer) Reply {
	ref := a.Exact
	v := &AnswerView{Citations: a.Citations, Articles: a.Articles, Sources: b.sources(a.Citations)}
	var texts []string
	for _, d := range a.Articles {
		name := d.Title
		if len(d.Citations) > 0 {
			name = b.citation(d.Citations[0])
		}
		texts = append(texts, b.d.Texts.Say("answer.verbatim", map[string]any{"Name": name, "Text": d.Text}))
	}
	lead := b.d.Texts.Say("answer.exact", map[string]any{
		"Law": shortName(ref.Law, ""), "Missing": b.articleNames(ref.Missing), "Count": ref.Count, "Note": ref.Note,
		"Found": len(a.Articles) > 0, "Guide": a.Guide, "Named": b.articleNames(ref.Articles), "Now": b.cites(a.Citations), "Since": b.since(a.Ended),
	})
	parts := slices.Concat(texts, []string{lead})
	if a.Ended != nil { // first that it no longer holds
		parts = append([]string{lead}, texts...)
	}
	text := strings.Join(filled(append(parts, v.Sources)...), "\n\n")
	if len(a.Articles) == 0 {
		return Reply{Text: text}
	}
	conclusion := b.citation(a.Citations[0])
	if a.Guide != nil {
		conclusion = a.Guide.Means
	}
	if a.Ended != nil {
		head, tail, _ := strings.Cut(lead, "。")
		conclusion, lead = head+"。", tail
	}
	v.Conclusion, v.Detail = conclusion, strings.Join(filled(append([]string{lead}, texts...)...), "\n\n")
	return Reply{Answer: v, Text: text}
}

// law says what a law is, and asks which article or matter is meant.
func (b *Bot) law(a answer.Answer) Reply {
	l := a.Law
	new := ""
	if l.Ended != nil {
		new = l.Ended.New
	}
	return b.say("answer.law", map[string]any{
		"Law": l.Name, "Said": l.Said, "Effective": b.day(l.Effective), "Coming": l.Effective > b.now().Format("2006-01-02"),
		"Count": l.Count, "Since": b.since(l.Ended), "New": new, "Near": len(a.Topics) > 0,
	})
}

// since is the day from which a law holds no longer, "" while it does.
func (b *Bot) since(ended *content.Successor) string {
	if ended == nil {
		return ""
	}
	return b.day(ended.Since)
}

// refused says that we don't know, or that others do.
func (b *Bot) refused(a answer.Answer) Reply {
	office, has := b.offices[a.Office]
	switch {
	case a.Reason == answer.ReasonContext:
		return b.say("answer.context", nil)
	case a.Say != "":
		return b.say("answer.small", map[string]any{"Say": a.Say, "Office": office, "Has": has && office.Phone != "" && !strings.Contains(a.Say, office.Phone)})
	case a.Reason == answer.ReasonService:
		return b.say("answer.service", map[string]any{"Office": office, "Near": len(a.Topics) > 0})
	}
	return b.say("answer.unknown", map[string]any{"Near": len(a.Topics) > 0})
}

// sources is the one line of citations with the day that they hold for.
func (b *Bot) sources(cs []knowledge.Citation) string {
	if len(cs) == 0 {
		return ""
	}
	type group struct {
		Law      string
		Articles []string
	}
	var groups []group
	var notes, old []string
	for _, c := range cs {
		law := shortName(c.Law, c.Short)
		i := slices.IndexFunc(groups, func(g group) bool { return g.Law == law })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{Law: law})
		}
		groups[i].Articles = append(groups[i].Articles, b.articleName(c.Article))
		if c.Note != "" && !slices.Contains(notes, c.Note) {
			notes = append(notes, c.Note)
		}
		if !c.InForce {
			old = append(old, b.citation(c))
		}
	}
	return b.d.Texts.Say("answer.sources", map[string]any{
		"Laws": groups, "Old": old, "Notes": notes, "Day": b.now().Format("2006-01-02"),
	})
}

// cites lists articles by name.
func (b *Bot) cites(cs []knowledge.Citation) string {
	names := make([]string, len(cs))
	for i, c := range cs {
		names[i] = b.citation(c)
	}
	return strings.Join(names, "、")
}

// citation names an article: 《民法典》第288条.
func (b *Bot) citation(c knowledge.Citation) string {
	return b.d.Texts.Say("answer.citation", map[string]any{"Law": shortName(c.Law, c.Short), "Article": b.articleName(c.Article)})
}

// articleName words "288" and "120-1".
func (b *Bot) articleName(no string) string {
	n, sub, _ := strings.Cut(no, "-")
	return b.d.Texts.Say("answer.article_name", map[string]any{"N": n, "Sub": sub})
}

func (b *Bot) articleNames(nos []string) []string {
	out := make([]string, len(nos))
	for i, no := range nos {
		out[i] = b.articleName(no)
	}
	return out
}

// shortName is how people name a law.
func shortName(law, short string) string {
	if short != "" {
		return short
	}
	return strings.TrimPrefix(law, "中华人民共和国")
}

// bold marks the first sentence, or all of it if that is only a word.
func bold(text string) string {
	head, tail, ok := strings.Cut(text, "。")
	if !ok || len([]rune(head)) < 5 || strings.Trim(tail, "。 ") == "" {
		return "**" + text + "**"
	}
	return "**" + head + "。**" + tail
}

func numberedLines(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = strconv.Itoa(i+1) + ". " + l
	}
	return out
}

// filled drops empty lines.
func filled(list ...string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}
