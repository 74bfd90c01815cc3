package wire

import (
	"fmt"

	"github.com/anjie-desk/anjie/bot/needs"
	"github.com/anjie-desk/anjie/content"
)

// openNeeds opens the list of what residents asked in vain.
func (d *Desk) openNeeds() (*needs.Service, error) {
	kept, err := d.store.Needs()
	if err != nil {
		return nil, err
	}
	private, err := content.LoadPrivate(d.Content.FS)
	if err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	var villages, samples []string
	for _, v := range d.Content.Places.Villages {
		if villages = append(villages, v.Name); !v.Word {
			villages = append(villages, v.Also...)
		}
	}
	for _, f := range d.Content.Library.FAQs {
		samples = append(append(samples, f.Question), f.Phrasings...)
	}
	return needs.NewService(kept, needs.NewStripper(private, villages), d.answers, samples, needs.Options{
		Now: d.opt.Now, Log: d.opt.Log,
		Observe: func(k needs.Kind, outcome string) { d.metrics.Need(string(k), outcome) },
	}), nil
}
