package console

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/needs"
	"github.com/anjie-desk/anjie/bot/web"
	"github.com/anjie-desk/anjie/content"
)

// moreDeadlines is how many empty rows the form has for time limits.
const moreDeadlines = 2

// limit is a time limit as the form shows it.
type limit struct {
	content.Deadline
	N, Unit string
}

type formView struct {
	FAQ      content.FAQ
	Version  int64
	Problems map[string][]content.Problem
	Checked  bool // it was saved, and these are its problems
	Note     string
	Fields   []field
	Offices  []content.Office
	Limits   []limit
	Units    []string
	Articles []cited
}

var units = []string{"d", "wd", "m", "y", "h"}

// editEntry shows the form, of a draft, an entry in use, or a new one.
func (c *Console) editEntry(w http.ResponseWriter, r *http.Request) error {
	ctx, who, id := r.Context(), web.Actor(r), r.PathValue("id")
	if err := who.Require(access.EditContent); err != nil {
		return err
	}
	v := formView{}
	if id != "" {
		d, err := c.d.Entries.Draft(ctx, who, id)
		switch given := c.d.Shelf.Entry(id); {
		case err == nil:
			v.FAQ, v.Version, v.Note = d.FAQ, d.Version, d.Note
			v.Checked, v.Problems = true, byField(c.d.Entries.Problems(d.FAQ))
		case fault.Of(err) != fault.NotFound:
			return err
		case given == nil:
			return fault.New(fault.NotFound, "no entry "+strconv.Quote(id))
		default:
			v.FAQ = *given
		}
	}
	return c.showForm(w, r, v)
}

func (c *Console) showForm(w http.ResponseWriter, r *http.Request, v formView) error {
	v.Fields, v.Offices, v.Units = c.fields(), c.d.Offices, units
	v.Articles = c.articles(v.FAQ)
	for _, d := range v.FAQ.Deadlines {
		n := strings.TrimRight(d.Within, "ymdwh")
		v.Limits = append(v.Limits, limit{d, n, strings.TrimPrefix(d.Within, n)})
	}
	for range moreDeadlines {
		v.Limits = append(v.Limits, limit{})
	}
	return c.render(w, r, "entryform", v)
}

// saveEntry keeps what the form holds, sound or not, and shows what is left to
// mend; a sound one leads on to its page.
func (c *Console) saveEntry(w http.ResponseWriter, r *http.Request) error {
	ctx, who := r.Context(), web.Actor(r)
	if err := r.ParseForm(); err != nil {
		return fault.As(fault.Invalid, err)
	}
	version, err := strconv.ParseInt(cmp.Or(r.PostFormValue("version"), "0"), 10, 64)
	if err != nil {
		return fault.As(fault.Invalid, fmt.Errorf("version of a draft: %w", err))
	}
	f, err := c.written(ctx, who, r)
	if err != nil {
		return err
	}
	sheet, problems, err := c.d.Entries.Save(ctx, who, f, version)
	switch {
	case fault.Of(err) == fault.Conflict:
		return web.Explain(err, "web.error.draft")
	case fault.Of(err) == fault.Invalid:
		return web.Explain(err, "web.error.question")
	case err != nil:
		return err
	}
	path := "/console/entries/" + sheet.FAQ.ID
	if len(problems) > 0 {
		path += "/edit"
	} else {
		path += "?done"
	}
	web.SeeOther(w, r, path)
	return nil
}

// written reads the form. What it has no field for, such as a question back,
// stays as the draft or the entry in use has it.
func (c *Console) written(ctx context.Context, who access.Actor, r *http.Request) (content.FAQ, error) {
	f := content.FAQ{ID: r.PathValue("id")}
	if f.ID != "" {
		d, err := c.d.Entries.Draft(ctx, who, f.ID)
		given := c.d.Shelf.Entry(f.ID)
		switch {
		case err == nil:
			f = d.FAQ
		case fault.Of(err) != fault.NotFound:
			return f, err
		case given == nil:
			return f, fault.New(fault.NotFound, "no entry "+strconv.Quote(f.ID))
		default:
			f = *given
		}
	}
	one := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	f.Field, f.Question, f.Conclusion, f.Explanation, f.Warning = one("field"), one("question"), one("conclusion"), one("explanation"), one("warning")
	f.Phrasings, f.Steps, f.Papers = linesOf(one("phrasings")), linesOf(one("steps")), linesOf(one("papers"))
	f.Cite, f.Sources = linesOf(one("cite")), linesOf(one("sources"))
	f.Mediation = content.Mediation{Can: one("can"), Why: one("why"), Office: one("office")}
	f.See = ordered(f.See, r.PostForm["see"])
	f.Citations, f.Deadlines, f.File = nil, nil, ""
	for i, what := range r.PostForm["d_what"] {
		d := content.Deadline{What: strings.TrimSpace(what), From: at(r.PostForm["d_from"], i), Cite: at(r.PostForm["d_cite"], i)}
		if n := at(r.PostForm["d_n"], i); n != "" {
			d.Within = n + at(r.PostForm["d_unit"], i)
		}
		if d.What != "" || d.Within != "" {
			f.Deadlines = append(f.Deadlines, d)
		}
	}
	return f, nil
}

func at(list []string, i int) string {
	if i >= len(list) {
		return ""
	}
	return strings.TrimSpace(list[i])
}

// linesOf are the lines of a box that hold something.
func linesOf(text string) []string {
	var out []string
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// ordered keeps the order that chosen things had before, new ones last.
func ordered(before, chosen []string) []string {
	chosen = slices.DeleteFunc(slices.Clone(chosen), func(s string) bool { return s == "" })
	var out []string
	for _, k := range append(slices.Clone(before), chosen...) {
		if slices.Contains(chosen, k) && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// writeFor begins a draft from needs: a new entry with their words, or a change
// of the one they belong to.
func (c *Console) writeFor(r *http.Request, join bool) (path string, err error) {
	ctx, who, ids := r.Context(), web.Actor(r), needs.ParseKey(r.PostFormValue("needs"))
	if err := errors.Join(who.Require(access.SeeNeeds), who.Require(access.EditContent)); err != nil {
		return "", err
	}
	words := linesOf(r.PostFormValue("words"))
	near := c.d.Shelf.Entry(strings.TrimSpace(r.PostFormValue("entry")))
	if len(ids) == 0 || len(words) == 0 || join && near == nil {
		return "", web.Explain(fault.New(fault.Invalid, "nothing to write about"), "web.error.join")
	}
	f, version := content.FAQ{Question: words[0], Phrasings: words[1:], Field: defaultField}, int64(0)
	if near != nil {
		f.Field = near.Field
	}
	if join {
		if f, version, err = c.joined(ctx, who, *near, words); err != nil {
			return "", err
		}
	}
	sheet, _, err := c.d.Entries.Save(ctx, who, f, version)
	if err != nil {
		return "", err
	}
	if err := c.d.Needs.Decide(ctx, who, ids, needs.Writing, sheet.FAQ.ID); err != nil {
		return "", err
	}
	return "/console/entries/" + sheet.FAQ.ID + "/edit", nil
}

// defaultField is where a new entry stands until its writer says otherwise.
const defaultField = "services"

// joined adds words to an entry's phrasings, in its draft if there is one.
func (c *Console) joined(ctx context.Context, who access.Actor, f content.FAQ, words []string) (content.FAQ, int64, error) {
	version := int64(0)
	d, err := c.d.Entries.Draft(ctx, who, f.ID)
	switch {
	case err == nil:
		f, version = d.FAQ, d.Version
	case fault.Of(err) != fault.NotFound:
		return f, 0, err
	}
	f.Phrasings = slices.Clone(f.Phrasings)
	for _, w := range words {
		if w != f.Question && !slices.Contains(f.Phrasings, w) {
			f.Phrasings = append(f.Phrasings, w)
		}
	}
	return f, version, nil
}
