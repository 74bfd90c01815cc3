package console

import (
	"net/http"
	"slices"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/web"
	"github.com/anjie-desk/anjie/content"
)

// Statutes tells what the desk holds of laws.
type Statutes interface {
	// Holdings is what a keeper of the statutes should look at; ok is false
	// while none are imported.
	Holdings() (h Holdings, ok bool)
	// Law finds a law by its title or a name that people use.
	Law(name string) (HeldLaw, bool)
	// Changes lists the articles that differ between two versions of a law, in
	// the order of the later one. The error is of kind Invalid if one isn't held.
	Changes(title, from, to string) ([]LawChange, error)
}

// Holdings sums up the statutes held.
type Holdings struct {
	Laws, Versions, Articles int    // articles of what is in force
	Newest                   string // version, YYYY-MM-DD
	Parts                    []LawPart
	Several                  []HeldLaw // of which more than one version is held
}

// LawPart is what is stale, missing, coming, repealed or doubtful.
type LawPart struct {
	Kind string
	Laws []LawGap
}

// LawGap is a law of a [LawPart]; days are YYYY-MM-DD, "" where not known.
type LawGap struct{ Title, Held, Known, Since, By string }

// HeldLaw is a law with its versions, the oldest first.
type HeldLaw struct {
	Title, Short string
	Versions     []LawVersion
}

// newest are the two newest versions, "" where only one is held.
func (l HeldLaw) newest() (from, to string) {
	n := len(l.Versions)
	if n < 2 {
		return "", ""
	}
	return l.Versions[n-2].Day, l.Versions[n-1].Day
}

// LawVersion is a version; days are YYYY-MM-DD, "" where not known.
type LawVersion struct {
	Day, Effective, Repealed string
	Articles                 int
}

// LawChange is an article that differs. Kind is added, removed, changed or
// renumbered.
type LawChange struct {
	Kind, Old, New, Before, Text string
}

type lawsView struct {
	Held  bool
	H     Holdings
	Asked string
	Law   *HeldLaw
	From  string // the newest two versions of Law
	To    string
}

// laws says which statutes are stale or missing, and what is held of one.
func (c *Console) laws(w http.ResponseWriter, r *http.Request) error {
	if err := web.Actor(r).Require(access.EditContent); err != nil {
		return err
	}
	v := lawsView{Asked: strings.TrimSpace(r.URL.Query().Get("law"))}
	if v.H, v.Held = c.d.Statutes.Holdings(); v.Held && v.Asked != "" {
		if law, ok := c.d.Statutes.Law(v.Asked); ok {
			v.Law = &law
			v.From, v.To = law.newest()
		}
	}
	return c.render(w, r, "laws", v)
}

type changesView struct {
	Law      HeldLaw
	From, To string
	Changes  []quotedChange
}

// quotedChange is a change with the entries that cite what changed.
type quotedChange struct {
	LawChange
	Quoted []content.FAQ
}

// lawChanges shows article by article what changed between two versions, by
// default the newest two.
func (c *Console) lawChanges(w http.ResponseWriter, r *http.Request) error {
	if err := web.Actor(r).Require(access.EditContent); err != nil {
		return err
	}
	q := r.URL.Query()
	law, ok := c.d.Statutes.Law(q.Get("law"))
	if n := len(law.Versions); !ok || n < 2 {
		web.SeeOther(w, r, "/console/laws?"+q.Encode())
		return nil
	}
	v := changesView{Law: law, From: q.Get("from"), To: q.Get("to")}
	if v.From == "" || v.To == "" {
		v.From, v.To = law.newest()
	}
	if v.To < v.From {
		v.From, v.To = v.To, v.From
	}
	changes, err := c.d.Statutes.Changes(law.Title, v.From, v.To)
	if err != nil {
		return err
	}
	quoted := c.quoting(law.Short, v.From)
	for _, ch := range changes {
		v.Changes = append(v.Changes, quotedChange{ch, quoted[ch.Old]})
	}
	return c.render(w, r, "lawchanges", v)
}

// quoting lists the entries that cite a version of a law, by article.
func (c *Console) quoting(short, version string) map[string][]content.FAQ {
	out := map[string][]content.FAQ{}
	for _, f := range c.d.Shelf.Entries() {
		for _, cite := range f.Citations {
			had := slices.ContainsFunc(out[cite.Article], func(g content.FAQ) bool { return g.ID == f.ID })
			if cite.Short == short && cite.Version == version && !had {
				out[cite.Article] = append(out[cite.Article], f)
			}
		}
	}
	return out
}
