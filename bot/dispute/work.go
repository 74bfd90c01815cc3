package dispute

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// maxText is how many characters a note, reason or summary may have.
const maxText = 4000

func required(what, text string) error {
	if text == "" {
		return fault.New(fault.Invalid, what+" is missing")
	}
	return bounded(what, text)
}

func bounded(what, text string) error {
	if n := utf8.RuneCountInString(text); n > maxText {
		return fault.As(fault.Invalid, fmt.Errorf("%s of %d characters, %d are allowed", what, n, maxText))
	}
	return nil
}

// told is the key of the notice that an operation brings to the reporter.
var told = map[Op]string{
	OpAccept: "notice.filed", OpConsult: "notice.consulting", OpMediate: "notice.mediating", OpPause: "notice.paused",
	OpResume: "notice.resumed", OpPerform: "notice.performed", OpClose: "notice.closed",
	OpReopen: "notice.reopened",
}

// Start records a mediator's step: OpContact that the parties were spoken to,
// which renews the lease; OpConsult that the other party is being asked;
// OpMediate that both are willing and know their rights (人民调解工作若干规定 30).
func (s *Service) Start(ctx context.Context, who access.Actor, id CaseID, step Op, note string, seen Seen) (Case, error) {
	if step != OpContact && step != OpConsult && step != OpMediate {
		return Case{}, fault.New(fault.Invalid, "start: "+string(step)+" is no step of work")
	}
	return s.Advance(ctx, who, id, step, note, seen)
}

// Advance does an operation that needs nothing but a note for the file:
// OpAccept, OpContact, OpConsult, OpMediate, OpPause, OpResume, OpPerform (all
// that was agreed is done), OpClose, OpArchive, OpReopen, OpNote. The note may be empty save
// for OpPause, OpReopen and OpNote.
func (s *Service) Advance(ctx context.Context, who access.Actor, id CaseID, op Op, note string, seen Seen) (Case, error) {
	switch op {
	case OpPause, OpReopen, OpNote:
		if note == "" {
			return Case{}, fault.New(fault.Invalid, string(op)+": the note is missing")
		}
	case OpAccept, OpContact, OpConsult, OpMediate, OpResume, OpPerform, OpClose, OpArchive:
	default:
		return Case{}, fault.New(fault.Invalid, string(op)+" needs more than a note")
	}
	if err := bounded("note", note); err != nil {
		return Case{}, err
	}
	switch op { //nolint:exhaustive // the others look at nothing that is sealed
	case OpPerform:
		return s.performAll(ctx, who, id, note, seen)
	case OpArchive:
		return s.archive(ctx, who, id, note, seen)
	case OpReopen:
		return s.reopen(ctx, who, id, note, seen)
	}
	return s.change(ctx, who, id, op, seen, func(before Case) (edit, error) {
		e := edit{text: note, notices: s.tell(op), move: s.touch(op, before)}
		return e, nil
	})
}

// tell notifies the reporter of an operation, and the territory when the case
// comes into its queue.
func (s *Service) tell(op Op) func(Case) []Notice {
	return func(c Case) []Notice {
		var all []Notice
		if key := told[op]; key != "" {
			all = append(all, s.toReporter(c, key))
		}
		if moves[op].to == Accepted {
			all = append(all, s.toTerritory(c, "notice.new")...)
		}
		return all
	}
}

// touch is what an operation changes beside the state.
func (s *Service) touch(op Op, before Case) func(*Move) {
	switch op { //nolint:exhaustive // the others change no more than the state
	case OpContact:
		return func(m *Move) {
			if before.State == Claimed {
				s.renew(m)
			}
		}
	case OpPause: // every clock stops: what is left of each is kept
		return func(m *Move) { m.note(stopped(before, m.Event.At)) }
	case OpResume:
		return func(m *Move) { m.Timers = resumed(m.Timers, before, m.Event.At) }
	}
	return nil
}

// Note adds a note to the file, which only staff read.
func (s *Service) Note(ctx context.Context, who access.Actor, id CaseID, text string, seen Seen) (Case, error) {
	return s.Advance(ctx, who, id, OpNote, text, seen)
}

// Close ends the work on a case that has come to an end.
func (s *Service) Close(ctx context.Context, who access.Actor, id CaseID, note string, seen Seen) (Case, error) {
	return s.Advance(ctx, who, id, OpClose, note, seen)
}

// Refer sends a case elsewhere, Decline doesn't take it: both say why, by
// which article, and where to go instead.
func (s *Service) Refer(ctx context.Context, who access.Actor, id CaseID, g Gate, seen Seen) (Case, error) {
	if g.Office == "" {
		return Case{}, fault.New(fault.Invalid, "refer: the office is missing")
	}
	return s.turnAway(ctx, who, id, OpRefer, "notice.referred", g, seen)
}

// Decline doesn't take a case, see [Service.Refer].
func (s *Service) Decline(ctx context.Context, who access.Actor, id CaseID, g Gate, seen Seen) (Case, error) {
	return s.turnAway(ctx, who, id, OpDecline, "notice.declined", g, seen)
}

func (s *Service) turnAway(ctx context.Context, who access.Actor, id CaseID, op Op, key string, g Gate, seen Seen) (Case, error) {
	if g.Reason == "" {
		return Case{}, fault.New(fault.Invalid, string(op)+": the reason is missing")
	}
	if err := errors.Join(bounded("reason", g.Reason), bounded("basis", g.Basis)); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, op, seen, func(Case) (edit, error) {
		return edit{
			detail:  g.facts(),
			notices: func(c Case) []Notice { return []Notice{s.toReporterWhy(c, key)} },
			move: func(m *Move) {
				m.note(g.facts())
				m.note(map[string]string{"turned": string(m.To)})
			},
		}, nil
	})
}
