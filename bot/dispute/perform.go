package dispute

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Step is one thing to be done under an agreement, by whom and by when.
type Step struct {
	By     string `json:"by,omitempty"` // role of who does it
	What   string `json:"what"`
	Amount int64  `json:"amount,omitempty"` // in fen
	Due    Day    `json:"due,omitempty"`
	Done   Day    `json:"done,omitempty"`
	Proof  string `json:"proof,omitempty"` // receipt, transfer, who saw it
	Said   []Said `json:"said,omitempty"`  // what the parties told of it
	Urged  []Day  `json:"urged,omitempty"` // when the mediator urged its performance (人民调解法 31)
}

// Said is what a party told of a step.
type Said struct {
	On    Day    `json:"on"`
	Role  string `json:"role"`
	What  string `json:"what"` // done, received, not, trouble
	Words string `json:"words,omitempty"`
}

// What a party may tell of a step.
const (
	SaidDone     = "done"     // I have done it
	SaidReceived = "received" // I have got it
	SaidNot      = "not"      // I haven't got it
	SaidTrouble  = "trouble"  // I can't manage it in time
)

// Late tells whether a step is undone after its day.
func (p Step) Late(today Day) bool { return p.Done == "" && p.Due != "" && p.Due < today }

func checkSteps(steps []Step) error {
	for _, p := range steps {
		if p.What == "" || p.Amount < 0 {
			return fault.New(fault.Invalid, "agreement: a step without words or of a negative amount")
		}
		if err := bounded("step", p.What); err != nil {
			return err
		}
		if _, err := ReadDay(string(p.Due)); err != nil {
			return err
		}
	}
	return nil
}

// mergeSteps keeps what was recorded of steps that stand unchanged.
func mergeSteps(old, fresh []Step) []Step {
	out := slices.Clone(fresh)
	for i := range out {
		for _, o := range old {
			if o.By == out[i].By && o.What == out[i].What && o.Due == out[i].Due && o.Amount == out[i].Amount {
				out[i] = o
			}
		}
	}
	return out
}

// Instalments splits an amount into n equal parts, the first due on a day and
// the rest every so many months; what doesn't divide goes to the last.
func Instalments(by, what string, fen int64, n int, first Day, months int) []Step {
	var all []Step
	for i := range n {
		part := fen / int64(n)
		if i == n-1 {
			part = fen - part*int64(n-1)
		}
		all = append(all, Step{By: by, What: what, Amount: part, Due: first.Months(i * months)})
	}
	return all
}

func (a Agreement) done() (n int) {
	for _, p := range a.Steps {
		if p.Done != "" {
			n++
		}
	}
	return n
}

func (a Agreement) allDone() bool { return len(a.Steps) > 0 && a.done() == len(a.Steps) }

// lastDue is the day by which all must be done, "" if none is named.
func (a Agreement) lastDue() Day {
	var last Day
	for _, p := range a.Steps {
		last = max(last, p.Due)
	}
	return last
}

// earliest is the first of the undone steps' mornings, off by days from their
// due days, that lies after a moment; zero if there is none.
func (a Agreement) earliest(off int, after time.Time) time.Time {
	var first time.Time
	for _, p := range a.Steps {
		at := p.Due.at(off)
		if p.Done == "" && p.Due != "" && at.After(after) && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// stepTimers sets the reminders of the steps still undone, and cancels those
// that have nothing left to remind of. What is overdue already stays so.
func (s *Service) stepTimers(c Case, a Agreement, now time.Time) []Timer {
	set := []Timer{{Kind: DueSoon, At: a.earliest(-s.opt.Deadlines.Soon, now)}, {Kind: DueStep, At: a.earliest(0, now)}}
	late := Timer{Kind: DueLate, At: a.earliest(1, now)}
	if slices.ContainsFunc(a.Steps, func(p Step) bool { return p.Late(DayOf(now)) }) {
		late.At = now
		if t, runs := timer(c.Timers, DueLate); runs {
			late = t
		}
	}
	return append(set, late)
}

// effectFacts are the days that run from the agreement's effect.
func (s *Service) effectFacts(a Agreement, facts map[string]string) {
	facts["effect_on"] = string(a.Effect)
	facts["confirm_by"] = string(a.Effect.Plus(s.opt.Deadlines.Confirm))
}

// The days before its end on which the term for confirmation is called to mind.
var confirmBefore = []int{10, 3}

// effectTimers are the deadlines that an agreement in effect brings. They join
// what the move cancels.
func (s *Service) effectTimers(a Agreement, m *Move) []Timer {
	now, d := m.Event.At, s.opt.Deadlines
	set := s.stepTimers(Case{}, a, now)
	for n, days := range confirmBefore {
		if at := a.Effect.at(d.Confirm - days); at.After(now) {
			set = append(set, Timer{Kind: DueConfirm, At: at, N: n})
			break
		}
	}
	if due := a.lastDue(); due != "" {
		set = append(set, Timer{Kind: DueVisit, At: later(due.at(d.Visit), now)})
	}
	set = append(set, Timer{Kind: DueVisit30, At: later(DayOf(a.Made).at(d.Visit30), now)})
	return over(m.Timers, set)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// over is the list of timers set with some set anew.
func over(timers, anew []Timer) []Timer {
	out := slices.DeleteFunc(slices.Clone(timers), func(t Timer) bool { _, is := timer(anew, t.Kind); return is })
	return append(out, anew...)
}

// kept are the deadlines that outlive a move to a state in which no work of
// mediation is due any more.
func kept(c Case, to State) []Timer {
	keep := map[State][]TimerKind{
		Performing: {DueConfirm, DueVisit, DueVisit30, DueAnswer},
		Performed:  {DueConfirm, DueVisit, DueVisit30, DueAnswer},
		Closed:     {DueConfirm, DueVisit, DueVisit30, DueAnswer},
		Failed:     {DueAnswer},
		Withdrawn:  {DueAnswer},
	}[to]
	var all []Timer
	for _, t := range c.Timers {
		if slices.Contains(keep, t.Kind) {
			all = append(all, t)
		}
	}
	return all
}

// Fulfil records that a step, counted from 0, was done on a day, with what
// proves it. With the last one the agreement is performed.
func (s *Service) Fulfil(ctx context.Context, who access.Actor, id CaseID, step int, on Day, proof string, seen Seen) (Case, error) {
	if err := bounded("proof", proof); err != nil {
		return Case{}, err
	}
	c, err := s.onAgreement(ctx, who, id, OpFulfil, seen, func(c Case, a *Agreement) (edit, error) {
		p, err := a.step(step)
		if err != nil {
			return edit{}, err
		}
		if on == "" || on > DayOf(s.now()) {
			return edit{}, fault.New(fault.Invalid, "fulfil: the day is missing or yet to come")
		}
		p.Done, p.Proof = on, proof
		e := s.stepped(c, *a)
		e.text, e.detail = proof, map[string]string{"step": strconv.Itoa(step + 1), "on": string(on)}
		return e, nil
	})
	return s.atOnce(ctx, who, c, err)
}

func (a *Agreement) step(i int) (*Step, error) {
	if i < 0 || i >= len(a.Steps) {
		return nil, fault.New(fault.Invalid, "no such step")
	}
	return &a.Steps[i], nil
}

// stepped is what follows of a change to the steps.
func (s *Service) stepped(c Case, a Agreement) edit {
	facts := map[string]string{"steps_done": strconv.Itoa(a.done())}
	return edit{move: func(m *Move) {
		m.note(facts)
		m.Timers = append(m.Timers, s.stepTimers(c, a, m.Event.At)...)
		if a.allDone() {
			m.Timers = append(m.Timers, Timer{Kind: DueNext, At: m.Event.At})
		}
	}}
}

// Tell takes what a party says of a step: that it has done it, has or hasn't
// got it, or can't manage. A step that is owed to the party is done when the
// party has got it; anything else is for the mediator to look into.
func (s *Service) Tell(ctx context.Context, who access.Actor, id CaseID, step int, what, words string, seen Seen) (Case, error) {
	if !slices.Contains([]string{SaidDone, SaidReceived, SaidNot, SaidTrouble}, what) {
		return Case{}, fault.New(fault.Invalid, "tell: unknown word "+what)
	}
	if err := bounded("words", words); err != nil {
		return Case{}, err
	}
	c, err := s.onAgreement(ctx, who, id, OpTell, seen, func(c Case, a *Agreement) (edit, error) {
		p, err := a.step(step)
		if err != nil {
			return edit{}, err
		}
		role, today := roleIn(who, c), DayOf(s.now())
		p.Said = append(p.Said, Said{On: today, Role: role, What: what, Words: words})
		if len(p.Said) > 30 {
			return edit{}, fault.New(fault.Invalid, "tell: too often")
		}
		if what == SaidReceived && p.By != role && p.Done == "" {
			p.Done = today
		}
		e := s.stepped(c, *a)
		e.text, e.detail = words, map[string]string{"step": strconv.Itoa(step + 1), "said": what, "role": role}
		e.notices = func(c Case) []Notice {
			return with([]Notice{s.toOwner(c, c.Owner, "notice.told")}, map[string]string{"said": what, "step": strconv.Itoa(step + 1)})
		}
		return e, nil
	})
	return s.atOnce(ctx, who, c, err)
}

// Urge records that the mediator urged a party to perform (人民调解法 31), and
// tells both sides so, first the one that is late.
func (s *Service) Urge(ctx context.Context, who access.Actor, id CaseID, note string, seen Seen) (Case, error) {
	if err := required("note", note); err != nil {
		return Case{}, err
	}
	return s.onAgreement(ctx, who, id, OpUrge, seen, func(c Case, a *Agreement) (edit, error) {
		today := DayOf(s.now())
		var late []string
		for i := range a.Steps {
			if p := &a.Steps[i]; p.Late(today) {
				p.Urged, late = append(p.Urged, today), append(late, p.By)
			}
		}
		people, err := PeopleOf(c)
		return edit{text: note, notices: func(c Case) []Notice {
			return s.owedFirst(c, late, people, [2]string{"notice.urged", "notice.seat.urged"})
		}}, err
	})
}

// performed is what comes with a performed agreement: the visit some days later.
func (s *Service) performed() edit {
	return edit{
		notices: s.tell(OpPerform),
		move: func(m *Move) {
			m.note(map[string]string{"performed_on": string(DayOf(m.Event.At))})
			visit := Timer{Kind: DueVisit, At: DayOf(m.Event.At).at(s.opt.Deadlines.Visit)}
			m.Timers = over(m.Timers, []Timer{visit})
		},
	}
}

// performAll marks the steps left as done, for who records the whole at once.
func (s *Service) performAll(ctx context.Context, who access.Actor, id CaseID, note string, seen Seen) (Case, error) {
	return s.amend(ctx, who, id, OpPerform, seen, func(c Case) (edit, error) {
		a, err := agreementPaper.of(c)
		if err != nil {
			return edit{}, err
		}
		e, today := s.performed(), DayOf(s.now())
		e.text = note
		for i := range a.Steps {
			if a.Steps[i].Done == "" {
				a.Steps[i].Done = today
			}
		}
		then := e.move
		e.move = func(m *Move) { then(m); m.Facts["steps_done"] = strconv.Itoa(len(a.Steps)) }
		if a.Made.IsZero() {
			return e, nil
		}
		return e, agreementPaper.put(&e, a)
	})
}
