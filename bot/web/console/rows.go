package console

import (
	"time"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// soon is how long before its time a deadline is marked.
const soon = 24 * time.Hour

// row is a case as lists show it.
type row struct {
	dispute.Case
	Village string
	Type    string
	Path    string
	Days    int // since it was filed
	Late    bool
	Soon    bool
}

func (c *Console) row(ca dispute.Case) row {
	now := c.opt.Now()
	return row{
		Case: ca, Village: c.d.Register.Label(ca.Territory), Type: c.typeName(ca.Category),
		Path: "/console/cases/" + string(ca.ID), Days: c.daysSince(ca.Filed),
		Late: !ca.Due.IsZero() && ca.Due.Before(now),
		Soon: !ca.Due.IsZero() && !ca.Due.Before(now) && ca.Due.Before(now.Add(soon)),
	}
}

func (c *Console) rows(cases []dispute.Case) []row {
	out := make([]row, len(cases))
	for i, ca := range cases {
		out[i] = c.row(ca)
	}
	return out
}

// daysSince counts midnights.
func (c *Console) daysSince(t time.Time) int {
	return int(c.midnight(c.opt.Now()).Sub(c.midnight(t)).Hours() / 24)
}

func (c *Console) midnight(t time.Time) time.Time {
	y, m, d := t.In(c.opt.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, c.opt.Zone)
}

func (c *Console) typeName(key string) string {
	if t, ok := c.types[key]; ok {
		return t.Name
	}
	return key
}
