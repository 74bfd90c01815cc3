package bot

import (
	"regexp"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/content"
)

// Papers gives the case service what the content says of the time after the
// mediation: where else to go, what to look for in an agreement, the papers of a
// dossier, and the labels of what was asked for a type.
func Papers(d *content.Dossier, s *content.Settling, in *content.Intake, opt *dispute.Options) {
	opt.Labels = func(extra map[string]string) []dispute.Answered {
		var out []dispute.Answered
		for _, l := range in.Labelled(extra) {
			out = append(out, dispute.Answered(l))
		}
		return out
	}
	opt.Unasked = func(category string, extra map[string]string) []dispute.Answered {
		var out []dispute.Answered
		for _, l := range in.Unasked(category, extra) {
			out = append(out, dispute.Answered(l))
		}
		return out
	}
	opt.Routes = func(category string) dispute.Route {
		r := s.Route(category)
		return dispute.Route{Ways: r.Ways, Limit: r.Limit}
	}
	for _, c := range s.Checks {
		k := dispute.Check{Key: c.Key, Only: c.Only, Bar: c.Bar, Say: c.Say}
		if c.Match != "" {
			k.Match = regexp.MustCompile(c.Match) // tried when it was loaded
		}
		opt.Checks = append(opt.Checks, k)
	}
	opt.Withheld = d.Withheld
	for _, doc := range d.Documents {
		opt.Forms = append(opt.Forms, dispute.Form{
			Key: doc.Key, Name: doc.Name, Must: doc.Need == "must", Shared: doc.Shared, Endings: doc.Endings, Fields: doc.Fields, Need: doc.Fill, Hint: doc.Hint,
			Fill: func(f dispute.File) (map[string]string, error) { return d.Fill(doc, f) },
		})
	}
}
