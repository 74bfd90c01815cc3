package dispute

import (
	"context"
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
		level := strconv.Itoa(t.N + 1)
		facts := map[string]string{}
		if t.Kind == DueLate {
			facts["late"] = "1"
		}
		return edit{
			detail: map[string]string{"deadline": string(t.Kind), "level": level},
			notices: func(after Case) []Notice {
				return with(s.laterNotices(t, after, a), map[string]string{"level": level, "state": string(c.State)})
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
func (s *Service) laterNotices(t DueTimer, c Case, a Agreement) []Notice {
	switch t.Kind { //nolint:exhaustive // only these come here
	case DueSoon, DueStep:
		return s.stepNotices(t, c, a)
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
			all = append(all, s.toReporter(c, "notice.score"))
		}
		return all
	case DueAnswer:
		return []Notice{s.toRole(c, access.Clerk, "notice.dissatisfied"), s.toRole(c, access.Director, "notice.dissatisfied")}
	case DueArchive:
		return []Notice{s.toOwner(c, c.Owner, "notice.archive"), s.toRole(c, access.Clerk, "notice.archive")}
	}
	return nil
}

// stepNotices reminds the reporter of the step that is due next, as the one who
// does it or the one it is owed to. What it is stays in the file.
func (s *Service) stepNotices(t DueTimer, c Case, a Agreement) []Notice {
	today := DayOf(t.At)
	for i, p := range a.Steps {
		if p.Done != "" || p.Due == "" || p.Due < today {
			continue
		}
		if t.Kind == DueSoon && p.Due != today.Plus(s.opt.Deadlines.Soon) || t.Kind == DueStep && p.Due != today {
			continue
		}
		mine := ""
		if p.By == RoleReporter {
			mine = "1"
		}
		data := p.Due.words("by")
		data["step"], data["mine"] = strconv.Itoa(i+1), mine
		key := "notice.step.soon"
		if t.Kind == DueStep {
			key = "notice.step.today"
		}
		return with([]Notice{s.toReporter(c, key)}, data)
	}
	return nil
}
