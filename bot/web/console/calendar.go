package console

import (
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/bot/web"
	"github.com/anjie-desk/anjie/content"
)

// slot is an item in its year as the calendar shows it.
type slot struct {
	publicity.Slot
	Item content.Item
	Path string
}

// month is one of the year with how far it is.
type month struct {
	Number  int
	Now     bool
	Ready   int // approved or out
	Planned int // these, and what waits for an editor
	Slots   []slot
}

// Missing is how many pieces wait for an editor.
func (m month) Missing() int { return m.Planned - m.Ready }

type yearView struct {
	Year          int
	Before, After int
	ThisYear      bool
	Months        []month
}

func (c *Console) year(w http.ResponseWriter, r *http.Request) error {
	if err := web.Actor(r).Require(access.EditItems); err != nil {
		return err
	}
	now := c.opt.Now().In(c.opt.Zone)
	year, err := strconv.Atoi(r.URL.Query().Get("year"))
	if err != nil || year < 2000 || year > 2199 {
		year = now.Year()
	}
	slots, err := c.d.Publicity.Year(r.Context(), year)
	if err != nil {
		return fmt.Errorf("calendar of %d: %w", year, err)
	}
	v := yearView{Year: year, Before: year - 1, After: year + 1, ThisYear: year == now.Year(), Months: make([]month, 12)}
	for i := range v.Months {
		v.Months[i] = month{Number: i + 1, Now: year == now.Year() && time.Month(i+1) == now.Month()}
	}
	for _, sl := range slots {
		if err := c.place(&v, sl); err != nil {
			return err
		}
	}
	return c.render(w, r, "year", v)
}

func (c *Console) place(v *yearView, sl publicity.Slot) error {
	it, err := c.d.Publicity.Item(sl.Item)
	if err != nil {
		return fmt.Errorf("slot %s: %w", sl.ID, err)
	}
	m := &v.Months[sl.Due.In(c.opt.Zone).Month()-1]
	m.Slots = append(m.Slots, slot{sl, it, "/console/publicity/" + sl.ID})
	switch sl.Status {
	case publicity.Approved, publicity.Published, publicity.Partial:
		m.Ready++
		m.Planned++
	case publicity.Planned:
		m.Planned++
	case publicity.Skipped, publicity.Stale:
	}
	return nil
}

type itemView struct {
	slot
	Releases []publicity.Release
	Body     template.HTML
	Plain    string
	Laws     string
	Official bool
	Hours    []int
	Done     bool
	Does     map[string]bool
}

func slotID(r *http.Request) string { return r.PathValue("year") + "/" + r.PathValue("item") }

func (c *Console) showItem(w http.ResponseWriter, r *http.Request) error {
	if err := web.Actor(r).Require(access.EditItems); err != nil {
		return err
	}
	sl, releases, err := c.d.Publicity.Slot(r.Context(), slotID(r))
	if err != nil {
		return err
	}
	it, err := c.d.Publicity.Item(sl.Item)
	if err != nil {
		return err
	}
	piece := publicity.Compose(it, c.d.Texts)
	sl.Due = sl.Due.In(c.opt.Zone)
	return c.render(w, r, "item", itemView{
		slot: slot{sl, it, "/console/publicity/" + sl.ID}, Releases: releases,
		Body: publicity.HTML(piece.Blocks, nil), Plain: plain(piece), Laws: publicity.Laws(it.Citations, c.d.Texts),
		Official: c.d.Official != nil, Hours: hours(), Done: r.URL.Query().Has("done"), Does: doableTo(sl.Status),
	})
}

// doableTo says which moves a slot's status leaves open.
func doableTo(s publicity.Status) map[string]bool {
	return map[string]bool{
		"approve":   s == publicity.Planned || s == publicity.Skipped,
		"unapprove": s == publicity.Approved || s == publicity.Skipped,
		"schedule":  s == publicity.Planned || s == publicity.Approved || s == publicity.Stale,
		"skip":      s == publicity.Planned || s == publicity.Approved || s == publicity.Stale,
	}
}

// hours are those at which people may be written to.
func hours() []int {
	var all []int
	for h := 7; h <= 21; h++ {
		all = append(all, h)
	}
	return all
}

// plain is a piece as a message without marks, the way a chat shows it.
func plain(p publicity.Piece) string {
	var b strings.Builder
	b.WriteString(p.Title + "\n")
	for _, block := range p.Blocks {
		b.WriteByte('\n')
		for i, line := range block.Lines {
			switch block.Kind {
			case publicity.Bullets:
				b.WriteString("• ")
			case publicity.Numbers:
				b.WriteString(strconv.Itoa(i+1) + ". ")
			case publicity.Paragraph, publicity.Heading, publicity.Quote:
			}
			for _, s := range line {
				b.WriteString(s.Text)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// official is the page to paste into the official account's editor.
func (c *Console) official(w http.ResponseWriter, r *http.Request) error {
	if err := web.Actor(r).Require(access.EditItems); err != nil {
		return err
	}
	it, err := c.d.Publicity.Item(r.PathValue("item"))
	if err != nil {
		return err
	}
	if c.d.Official == nil {
		return fault.New(fault.NotFound, "no official account")
	}
	page, err := c.d.Official(it)
	if err != nil {
		return web.Explain(fmt.Errorf("page of item %s: %w", it.ID, err), "web.error.official")
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="official-account.html"`)
	_, _ = w.Write(page)
	return nil
}

// review does what an editor decided about a slot.
func (c *Console) review(w http.ResponseWriter, r *http.Request) error {
	ctx, who, id := r.Context(), web.Actor(r), slotID(r)
	var err error
	switch r.PathValue("act") {
	case "approve":
		_, err = c.d.Publicity.Approve(ctx, who, id)
	case "unapprove":
		_, err = c.d.Publicity.Unapprove(ctx, who, id)
	case "skip":
		_, err = c.d.Publicity.Skip(ctx, who, id)
	case "schedule":
		err = c.schedule(r, who, id)
	case "settle":
		err = c.d.Publicity.Settle(ctx, who, id, r.PostFormValue("outlet"), strings.TrimSpace(r.PostFormValue("ref")))
	default:
		err = errNoSuchAct
	}
	if err != nil {
		return err
	}
	web.SeeOther(w, r, "/console/publicity/"+id+"?done")
	return nil
}

func (c *Console) schedule(r *http.Request, who access.Actor, id string) error {
	at, err := time.ParseInLocation("2006-01-02 15", r.PostFormValue("day")+" "+r.PostFormValue("hour"), c.opt.Zone)
	if err != nil {
		return web.Explain(fault.As(fault.Invalid, fmt.Errorf("day of slot %s: %w", id, err)), "web.error.day")
	}
	_, err = c.d.Publicity.Schedule(r.Context(), who, id, at)
	if fault.Of(err) == fault.Invalid {
		return web.Explain(err, "web.error.day")
	}
	return err
}
