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
		return b.past(a, b.exact(a))
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

// exact shows articles that the question named: first what is to be known of
// their laws, then their words.
func (b *Bot) exact(a answer.Answer) Reply {
	leads, said := b.leads(a)
	v := &AnswerView{Citations: a.Citations, Articles: a.Articles, Sources: b.sources(unsaid(a.Citations, said))}
	texts := b.verbatim(a)
	text := strings.Join(filled(slices.Concat(leads, texts, []string{v.Sources})...), "\n\n")
	if len(a.Articles) == 0 {
		return Reply{Text: text}
	}
	v.Conclusion = b.citation(a.Citations[0])
	switch {
	case a.Ended != nil:
		head, tail, _ := strings.Cut(leads[0], "。")
		v.Conclusion, leads[0] = head+"。", tail
	case a.Guide != nil:
		v.Conclusion = a.Guide.Means
	}
	v.Detail = strings.Join(filled(slices.Concat(leads, texts)...), "\n\n")
	return Reply{Answer: v, Text: text}
}

// leads are what is to be known of each law named before its words: that it has
// ended, has no such number, or a newer version. Notes are what they say.
func (b *Bot) leads(a answer.Answer) (leads, notes []string) {
	for _, n := range a.Named {
		successor := ""
		if n.Ended != nil {
			successor = n.Ended.New
		}
		leads = append(leads, b.d.Texts.Say("answer.exact", map[string]any{
			"Law": shortName(n.Law, ""), "Missing": b.articleNames(n.Missing), "Count": n.Count, "Note": n.Note, "Found": n.Found,
			"Named": b.articleNames(n.Articles), "Now": b.cites(n.Now), "Since": b.since(n.Ended), "New": successor, "Then": a.Then != nil,
		}))
		notes = append(notes, n.Note)
	}
	if named := b.named(a); named > len(a.Articles) && len(a.Articles) > 1 {
		leads = append(leads, b.d.Texts.Say("answer.exact_first", len(a.Articles)))
	}
	return leads, notes
}

// named counts the articles named that exist.
func (b *Bot) named(a answer.Answer) (n int) {
	for _, r := range a.Named {
		if r.Found {
			n += len(r.Articles) - len(r.Missing)
		}
	}
	return n
}

// verbatim is the text of each article, with the part that was asked for and
// what it means.
func (b *Bot) verbatim(a answer.Answer) []string {
	var texts []string
	for _, d := range a.Articles {
		name, means := d.Title, (*content.Guide)(nil)
		var parts []string
		if len(d.Citations) > 0 {
			c := d.Citations[0]
			name = b.citation(c)
			parts = b.parts(a, c)
			if g := a.Guide; g != nil && g.Citation.Law == c.Law && g.Article == c.Article {
				means = g
			}
		}
		said := b.d.Texts.Say("answer.verbatim", map[string]any{"Name": name, "Text": d.Text, "Parts": parts})
		if means != nil {
			said += "\n\n" + b.d.Texts.Say("answer.means", means)
		}
		texts = append(texts, said)
	}
	return texts
}

// parts quotes the 款 and 项 of an article that the question named.
func (b *Bot) parts(a answer.Answer, c knowledge.Citation) []string {
	var out []string
	for _, n := range a.Named {
		for _, p := range n.Parts {
			if n.Law == c.Law && p.Article == c.Article {
				out = append(out, b.d.Texts.Say("answer.part", p))
			}
		}
	}
	return out
}

// unsaid leaves out of citations the notes that were said before.
func unsaid(cs []knowledge.Citation, said []string) []knowledge.Citation {
	out := slices.Clone(cs)
	for i := range out {
		if slices.Contains(said, out[i].Note) {
			out[i].Note = ""
		}
	}
	return out
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
		return b.say("answer.small", map[string]any{"Say": a.Say, "Office": office, "Has": has && office.Phone != "" && !alarmCalls[office.Phone] && !strings.Contains(a.Say, office.Phone)})
	case a.Reason == answer.ReasonService:
		return b.say("answer.service", map[string]any{"Office": office, "Alarm": alarmCalls[office.Phone], "Near": len(a.Topics) > 0})
	}
	return b.say("answer.unknown", map[string]any{"Near": len(a.Topics) > 0})
}

// alarmCalls are numbers for danger: nobody is sent there with a paper to renew.
var alarmCalls = map[string]bool{"110": true, "119": true, "120": true}

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
