package dispute

import (
	"context"
	"slices"
	"strconv"

	"github.com/anjie-desk/anjie/bot/access"
)

// remindLater tells people of what comes after the mediation: what was agreed
// falls due, the days for a court's confirmation run out, somebody should ask
// how it went, the dossier is to be put away.
func (s *Service) remindLater(ctx context.Context, t DueTimer) error {
	_, err := s.amend(ctx, access.System, t.Case, OpRemind, Seen{}, func(c Case) (edit, error) {
		a, err := agreementPaper.of(c)
		if err != nil {
			return edit{}, err
		}
		people, err := PeopleOf(c)
		if err != nil {
			return edit{}, err
		}
		level := strconv.Itoa(t.N + 1)
		facts := map[string]string{}
		if t.Kind == DueLate {
			facts["late"] = "1"
		}
		return edit{
			detail: map[string]string{"deadline": string(t.Kind), "level": level},
			notices: func(after Case) []Notice {
				return with(s.laterNotices(t, after, a, people), map[string]string{"level": level, "state": string(c.State)})
			},
			move: func(m *Move) {
				m.Fired = &t.Timer
				m.note(facts)
				m.Timers = append(m.Timers, s.laterAgain(t, c, a, m)...)
			},
		}, nil
	})
	return err
}

// mostVisitReminders is how often a mediator is reminded of a visit.
const mostVisitReminders = 3

// laterAgain is when such a reminder comes round again.
func (s *Service) laterAgain(t DueTimer, c Case, a Agreement, m *Move) []Timer {
	now, d := m.Event.At, s.opt.Deadlines
	again := []Timer{{Kind: t.Kind, At: s.cal.after(now, d.Overdue), N: t.N + 1}}
	switch t.Kind { //nolint:exhaustive // the rest come round every few working days
	case DueSoon:
		again[0] = Timer{Kind: DueSoon, At: a.earliest(-d.Soon, now)}
	case DueStep:
		again[0] = Timer{Kind: DueStep, At: a.earliest(0, now)}
	case DueConfirm:
		if t.N+1 >= len(confirmBefore) {
			return nil
		}
		again[0].At = Day(c.Facts["confirm_by"]).at(-confirmBefore[t.N+1])
	case DueVisit, DueVisit30:
		if t.N+1 >= mostVisitReminders {
			return nil
		}
	}
	if again[0].At.IsZero() {
		return nil
	}
	return again
}

// laterNotices says whom such a reminder is told to.
func (s *Service) laterNotices(t DueTimer, c Case, a Agreement, people People) []Notice {
	switch t.Kind { //nolint:exhaustive // only these come here
	case DueSoon, DueStep:
		return s.stepNotices(t, c, a, people)
	case DueLate:
		all := []Notice{s.toOwner(c, c.Owner, "notice.late.staff")}
		if t.N == 0 {
			return append(all, s.toParties(c, "notice.late")...)
		}
		all = append(all, s.toRole(c, access.Clerk, "notice.late.staff"))
		if t.N == 1 { // urged in vain: what the law offers
			all = append(all, s.toParties(c, "notice.remedies")...)
		}
		return all
	case DueConfirm:
		last := Day(c.Facts["confirm_by"])
		if last < DayOf(c.Changed) { // the desk was away: too late to say so
			return nil
		}
		by := last.words("by")
		return with(append(s.toParties(c, "notice.confirm.by"), s.toOwner(c, c.Owner, "notice.confirm.by.staff")), by)
	case DueVisit, DueVisit30:
		all := []Notice{s.toOwner(c, c.Owner, "notice.visit")}
		if t.N == 0 {
			all = append(append(all, s.toReporter(c, "notice.score")), s.toSeats(c, "notice.seat.score")...)
		}
		return all
	case DueAnswer:
		return []Notice{s.toRole(c, access.Clerk, "notice.dissatisfied"), s.toRole(c, access.Director, "notice.dissatisfied")}
	case DueArchive:
		return []Notice{s.toOwner(c, c.Owner, "notice.archive"), s.toRole(c, access.Clerk, "notice.archive")}
	}
	return nil
}

// stepNotices reminds both sides, as far as the desk reaches them, of the step
// that is due next: first who does it. What it is stays in the file.
func (s *Service) stepNotices(t DueTimer, c Case, a Agreement, people People) []Notice {
	today := DayOf(t.At)
	for i, p := range a.Steps {
		if p.Done != "" || p.Due == "" || p.Due < today {
			continue
		}
		if t.Kind == DueSoon && p.Due != today.Plus(s.opt.Deadlines.Soon) || t.Kind == DueStep && p.Due != today {
			continue
		}
		data := p.Due.words("by")
		data["step"] = strconv.Itoa(i + 1)
		return with(s.owedFirst(c, []string{p.By}, people, stepKeys[t.Kind]), data)
	}
	return nil
}

// stepKeys are the texts of reminders of a step: to the reporter, to other parties.
var stepKeys = map[TimerKind][2]string{
	DueSoon: {"notice.step.soon", "notice.seat.step.soon"},
	DueStep: {"notice.step.today", "notice.seat.step.today"},
}

// owedFirst are the notices to all parties about what the roles in by have to
// do, to these first; mine tells each whether it is theirs.
func (s *Service) owedFirst(c Case, by []string, people People, keys [2]string) []Notice {
	var owe, wait []Notice
	add := func(role string, n Notice) {
		n.Data["mine"] = ""
		if slices.Contains(by, role) {
			n.Data["mine"] = "1"
			owe = append(owe, n)
		} else {
			wait = append(wait, n)
		}
	}
	add(RoleReporter, s.toReporter(c, keys[0]))
	for _, o := range people.Present() {
		add(o.role(), s.toOther(c, o.N, keys[1]))
	}
	return append(owe, wait...)
}
