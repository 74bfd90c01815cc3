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
	"github.com/anjie-desk/anjie/bot/entry"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
)

// Entries edits the FAQs; *entry.Service is one.
type Entries interface {
	Save(ctx context.Context, who access.Actor, f content.FAQ, version int64) (entry.Sheet, []content.Problem, error)
	Submit(ctx context.Context, who access.Actor, id string, version int64) error
	Return(ctx context.Context, who access.Actor, id, note string, version int64) error
	Approve(ctx context.Context, who access.Actor, id string, version int64) error
	Down(ctx context.Context, who access.Actor, f content.FAQ, note string) error
	Revert(ctx context.Context, who access.Actor, id string) error
	Drop(ctx context.Context, who access.Actor, id string, version int64) error
	Drafts(ctx context.Context, who access.Actor) ([]entry.Sheet, error)
	Draft(ctx context.Context, who access.Actor, id string) (entry.Sheet, error)
	Editions(ctx context.Context, who access.Actor) ([]entry.Edition, error)
	History(ctx context.Context, who access.Actor, id string) ([]entry.Edition, error)
	Problems(f content.FAQ) []content.Problem
}

// Shelf is the entries in use and the articles that they cite; *answer.Service
// is one.
type Shelf interface {
	Entry(id string) *content.FAQ
	Entries() []content.FAQ
	Article(c knowledge.Citation) (knowledge.Document, bool)
	Nearest(ctx context.Context, text string) (*content.FAQ, error)
}

var _ Entries = (*entry.Service)(nil)

// field is a field of the content with how many entries it has.
type field struct {
	Key  string
	Have int
}

// rated is an entry with what residents thought of it.
type rated struct {
	FAQ             content.FAQ
	Useful, Useless int
}

type entriesView struct {
	Drafts   []entry.Sheet
	Flags    []entry.Flag
	Editions []entry.Edition
	Rated    []rated // called useless most often
	Fields   []field
	Field    string
	Asked    string        // looked for
	Found    []content.FAQ // of the field, or nearest to what was looked for
	Me       string
	Done     bool
}

const (
	mostRated = 20
	mostFlags = 100
)

// entries lists what is being written, what wants to be read again, and the
// entries in use.
func (c *Console) entries(w http.ResponseWriter, r *http.Request) error {
	ctx, who, q := r.Context(), web.Actor(r), r.URL.Query()
	v := entriesView{Field: q.Get("field"), Asked: strings.TrimSpace(q.Get("q")), Me: who.ID, Done: q.Has("done")}
	var err error
	if v.Drafts, err = c.d.Entries.Drafts(ctx, who); err != nil {
		return err
	}
	if v.Editions, err = c.d.Entries.Editions(ctx, who); err != nil {
		return err
	}
	if v.Flags, err = c.d.Flags(ctx); err != nil {
		return fmt.Errorf("entries to be read again: %w", err)
	}
	v.Flags = v.Flags[:min(len(v.Flags), mostFlags)]
	if v.Rated, err = c.rated(ctx); err != nil {
		return err
	}
	v.Fields = c.fields()
	if v.Found, err = c.look(ctx, v.Field, v.Asked); err != nil {
		return err
	}
	return c.render(w, r, "entries", v)
}

// fields lists those of the entries in use.
func (c *Console) fields() []field {
	var out []field
	for _, f := range c.d.Shelf.Entries() {
		i := slices.IndexFunc(out, func(x field) bool { return x.Key == f.Field })
		if i < 0 {
			out, i = append(out, field{Key: f.Field}), len(out)
		}
		out[i].Have++
	}
	return out
}

// look lists the entries of a field, or those that hold or lie near words.
func (c *Console) look(ctx context.Context, of, asked string) ([]content.FAQ, error) {
	if of == "" && asked == "" {
		return nil, nil
	}
	var out []content.FAQ
	if asked != "" {
		near, err := c.d.Shelf.Nearest(ctx, asked)
		if err != nil {
			return nil, err
		}
		if near != nil {
			out = append(out, *near)
		}
	}
	for _, f := range c.d.Shelf.Entries() {
		holds := asked != "" && (f.ID == asked || strings.Contains(f.Question, asked) || slices.ContainsFunc(f.Phrasings, func(p string) bool { return strings.Contains(p, asked) }))
		if (of != "" && f.Field == of && asked == "" || holds) && !slices.ContainsFunc(out, func(had content.FAQ) bool { return had.ID == f.ID }) {
			out = append(out, f)
		}
	}
	return out, nil
}

// rated lists the entries called useless most often.
func (c *Console) rated(ctx context.Context) ([]rated, error) {
	counts, err := c.d.Opinions(ctx)
	if err != nil {
		return nil, fmt.Errorf("opinions of entries: %w", err)
	}
	var out []rated
	for key, n := range counts {
		if id, ok := strings.CutSuffix(key, ":no"); ok && n > 0 {
			if f := c.d.Shelf.Entry(id); f != nil {
				out = append(out, rated{*f, counts[id+":yes"], n})
			}
		}
	}
	slices.SortFunc(out, func(a, b rated) int {
		return cmp.Or(cmp.Compare(b.Useless, a.Useless), cmp.Compare(a.FAQ.ID, b.FAQ.ID))
	})
	return out[:min(len(out), mostRated)], nil
}

// cited is an article as an entry cites it, with its words where held.
type cited struct {
	content.Citation
	Ref  string
	Text string
	Held bool
	Note string
}

type entryView struct {
	FAQ      content.FAQ // the draft's if there is one
	Sheet    *entry.Sheet
	Given    *content.FAQ // in use now
	Down     bool
	Own      bool // the desk's own edition is in use, or took the given one down
	Articles []cited
	Problems map[string][]content.Problem // by field
	Sound    bool
	History  []entry.Edition
	Offices  map[string]string
	Mine     bool // who looks wrote on the draft
	Useful   int
	Useless  int
	Done     bool
}

// showEntry shows an entry, and its draft if there is one, beside the articles.
func (c *Console) showEntry(w http.ResponseWriter, r *http.Request) error {
	ctx, who, id := r.Context(), web.Actor(r), r.PathValue("id")
	v := entryView{Given: c.d.Shelf.Entry(id), Offices: c.officeNames(), Done: r.URL.Query().Has("done")}
	d, err := c.d.Entries.Draft(ctx, who, id)
	if err != nil && fault.Of(err) != fault.NotFound {
		return err
	}
	if v.History, err = c.history(ctx, who, id); err != nil {
		return err
	}
	v.Own = len(v.History) > 0 && !v.History[0].Reverted
	v.Down = v.Own && v.History[0].Down
	switch {
	case d.FAQ.ID != "":
		v.Sheet, v.FAQ, v.Mine = &d, d.FAQ, slices.Contains(d.Wrote, who.ID)
		problems := c.d.Entries.Problems(d.FAQ)
		v.Problems, v.Sound = byField(problems), len(problems) == 0
	case v.Own: // even if it is in use only in a moment
		v.FAQ = v.History[0].FAQ
	case v.Given != nil:
		v.FAQ = *v.Given
	default:
		return fault.New(fault.NotFound, "no entry "+strconv.Quote(id))
	}
	v.Articles = c.articles(v.FAQ)
	counts, err := c.d.Opinions(ctx)
	if err != nil {
		return err
	}
	v.Useful, v.Useless = counts[id+":yes"], counts[id+":no"]
	return c.render(w, r, "entry", v)
}

func (c *Console) history(ctx context.Context, who access.Actor, id string) ([]entry.Edition, error) {
	list, err := c.d.Entries.History(ctx, who, id)
	if err != nil {
		return nil, fmt.Errorf("history of entry %s: %w", id, err)
	}
	return list, nil
}

func byField(list []content.Problem) map[string][]content.Problem {
	out := map[string][]content.Problem{}
	for _, p := range list {
		out[p.Field] = append(out[p.Field], p)
	}
	return out
}

// articles are the texts of what an entry and its deadlines cite.
func (c *Console) articles(f content.FAQ) []cited {
	refs := slices.Clone(f.Cite)
	for _, d := range f.Deadlines {
		if d.Cite != "" && !slices.Contains(refs, d.Cite) {
			refs = append(refs, d.Cite)
		}
	}
	out := make([]cited, 0, len(refs))
	for _, ref := range refs {
		x, err := c.d.Laws.Cite(ref)
		a := cited{Citation: x, Ref: ref}
		if err == nil {
			var doc knowledge.Document
			if doc, a.Held = c.d.Shelf.Article(knowledge.Citation{Law: x.Law, Short: x.Short, Article: x.Article, Version: x.Version}); a.Held {
				a.Text = doc.Text
			}
			if len(doc.Citations) > 0 {
				a.Note = doc.Citations[0].Note
			}
		}
		out = append(out, a)
	}
	return out
}

func (c *Console) officeNames() map[string]string {
	out := map[string]string{}
	for _, o := range c.d.Offices {
		out[o.Key] = o.Name
	}
	return out
}

// changeEntry does what a button under an entry says.
func (c *Console) changeEntry(w http.ResponseWriter, r *http.Request) error {
	ctx, who, id, note := r.Context(), web.Actor(r), r.PathValue("id"), strings.TrimSpace(r.PostFormValue("note"))
	version, err := strconv.ParseInt(cmp.Or(r.PostFormValue("version"), "0"), 10, 64)
	if err != nil {
		return fault.As(fault.Invalid, fmt.Errorf("version of draft %s: %w", id, err))
	}
	to := "/console/entries/" + id + "?done"
	switch r.PathValue("act") {
	case "submit":
		err = c.d.Entries.Submit(ctx, who, id, version)
	case "return":
		err = c.d.Entries.Return(ctx, who, id, note, version)
	case "approve":
		err = c.d.Entries.Approve(ctx, who, id, version)
	case "drop":
		to = "/console/entries?done"
		err = c.d.Entries.Drop(ctx, who, id, version)
	case "down":
		f := c.d.Shelf.Entry(id)
		if f == nil {
			return fault.New(fault.NotFound, "no entry "+strconv.Quote(id))
		}
		err = c.d.Entries.Down(ctx, who, *f, note)
	case "revert":
		to = "/console/entries?done"
		err = c.d.Entries.Revert(ctx, who, id)
	default:
		err = errNoSuchAct
	}
	switch {
	case errors.Is(err, entry.ErrOwn):
		return web.Explain(err, "web.error.own_draft")
	case errors.Is(err, entry.ErrUnsound):
		return web.Explain(err, "web.error.unsound")
	case fault.Of(err) == fault.Conflict:
		return web.Explain(err, "web.error.draft")
	case err != nil:
		return err
	}
	web.SeeOther(w, r, to)
	return nil
}
