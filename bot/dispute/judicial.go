package dispute

import (
	"context"
	"regexp"
	"slices"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// What became of a joint application for judicial confirmation.
const (
	JudicialFiled     = "filed"
	JudicialConfirmed = "confirmed"
	JudicialRejected  = "rejected"
)

// Judicial is an application for judicial confirmation and its result.
type Judicial struct {
	Court  string `json:"court,omitempty"`
	Number string `json:"number,omitempty"` // of the ruling
	Filed  Day    `json:"filed,omitempty"`
	Ended  Day    `json:"ended,omitempty"`
	Result string `json:"result,omitempty"`
	Note   string `json:"note,omitempty"`
}

var judicialPaper = paper[Judicial]("judicial")

// RecordJudicial records that both parties applied to a court for confirmation
// (人民调解法 33), or what it ruled. A rejected agreement may be mediated anew
// or taken to court (民事诉讼法 206), which the reporter is told.
func (s *Service) RecordJudicial(ctx context.Context, who access.Actor, id CaseID, j Judicial, seen Seen) (Case, error) {
	if !slices.Contains([]string{JudicialFiled, JudicialConfirmed, JudicialRejected}, j.Result) {
		return Case{}, fault.New(fault.Invalid, "judicial: unknown result "+j.Result)
	}
	on := j.Filed
	if j.Result != JudicialFiled {
		on = j.Ended
	}
	if on == "" || on > DayOf(s.now()) {
		return Case{}, fault.New(fault.Invalid, "judicial: the day is missing or yet to come")
	}
	if err := bounded("judicial", j.Court+j.Number+j.Note); err != nil {
		return Case{}, err
	}
	return s.onAgreement(ctx, who, id, OpJudicial, seen, func(c Case, a *Agreement) (edit, error) {
		if a.Effect == "" || on < a.Effect {
			return edit{}, fault.New(fault.Invalid, "judicial: before the agreement was in effect")
		}
		old, err := judicialPaper.of(c)
		if err != nil {
			return edit{}, err
		}
		e := edit{text: j.Note, detail: map[string]string{"result": j.Result, "on": string(on)}}
		e.notices = func(c Case) []Notice {
			return with([]Notice{s.toReporter(c, "notice.judicial")}, map[string]string{"result": j.Result})
		}
		e.move = func(m *Move) {
			m.note(map[string]string{"judicial": j.Result, "judicial_on": string(on)})
			m.Timers = append(m.Timers, Timer{Kind: DueConfirm})
		}
		return e, judicialPaper.put(&e, j.after(old))
	})
}

// after keeps what was recorded before and isn't said anew.
func (j Judicial) after(old Judicial) Judicial {
	for _, f := range []struct{ to, from *string }{{&j.Court, &old.Court}, {&j.Number, &old.Number}} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	if j.Filed == "" {
		j.Filed = old.Filed
	}
	return j
}

// Check finds a wording for which a court would not confirm an agreement, or
// which should be put clearer first (民诉法解释 355, 358).
type Check struct {
	Key   string
	Match *regexp.Regexp // over the terms; nil for what Go looks at itself, by key
	Only  []string       // types of dispute, none for all
	Bar   bool           // the court would not take it at all
	Say   string         // in plain words, with the article
}

// The checks that look at more than the wording of terms.
const (
	CheckUndated = "undated" // something is to be done, and no day is named
	CheckSplit   = "split"   // the steps' amounts don't add up to the agreement's
)

// Doubts lists the checks that an agreement fails, those that bar it first.
func (s *Service) Doubts(a Agreement, category string) []Check {
	var all []Check
	for _, k := range s.opt.Checks {
		if (len(k.Only) == 0 || slices.Contains(k.Only, category)) && k.finds(a) {
			all = append(all, k)
		}
	}
	slices.SortStableFunc(all, func(x, y Check) int {
		switch {
		case x.Bar == y.Bar:
			return 0
		case x.Bar:
			return -1
		}
		return 1
	})
	return all
}

func (k Check) finds(a Agreement) bool {
	if k.Match != nil {
		for _, t := range slices.Concat(a.Terms, []string{a.How, a.When}) {
			if k.Match.MatchString(t) {
				return true
			}
		}
		return false
	}
	switch k.Key {
	case CheckUndated:
		return a.When == "" && (len(a.Steps) == 0 || slices.ContainsFunc(a.Steps, func(p Step) bool { return p.Due == "" }))
	case CheckSplit:
		sum := int64(0)
		for _, p := range a.Steps {
			sum += p.Amount
		}
		return sum != 0 && a.Amount != 0 && sum != a.Amount
	}
	return false
}
