package dispute

import (
	"context"
	"fmt"
	"slices"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// held are the states in which a case has a mediator who must not just go.
var held = slices.Concat(working, afterwards)

// Errors of handing over what an account holds.
var (
	// ErrUnplaced says that nobody has said to whom something goes.
	ErrUnplaced = fault.New(fault.Conflict, "nobody said to whom it goes")
	// ErrNoQueue says that a case whose mediation is over can't wait in the queue.
	ErrNoQueue = fault.New(fault.Invalid, "its mediation is over: it needs a mediator by name")
	// ErrUnfit says that somebody can't be given a case.
	ErrUnfit = fault.New(fault.Invalid, "who is to take it can't be given it")
)

// HandError says of which case handing over was refused.
type HandError struct {
	Number Number
	Err    error
}

func (e *HandError) Error() string { return "hand over: " + e.Err.Error() }
func (e *HandError) Unwrap() error { return e.Err }

// Holdings is what an account has in hand: what would be orphaned if it just went.
type Holdings struct {
	Cases   []Case // it is their mediator; [Booked] tells of an appointment
	Offered []Case // of colleagues who asked it to take them over
	Helps   []Case // it helps with them; that ends without anybody in its place
}

// Empty tells whether nothing must go to somebody else.
func (h Holdings) Empty() bool { return len(h.Cases)+len(h.Offered) == 0 }

// Queueable tells whether a case can go back into the queue.
func Queueable(c Case) bool { return c.State.allows(OpRelease) }

// Holdings lists what an account has in hand, for who manages cases.
func (s *Service) Holdings(ctx context.Context, who access.Actor, account string) (Holdings, error) {
	if err := who.Require(access.ManageCases); err != nil {
		return Holdings{}, err
	}
	return s.holdings(ctx, account)
}

func (s *Service) holdings(ctx context.Context, account string) (h Holdings, err error) {
	if h.Cases, err = s.every(ctx, Filter{Owner: account, State: held}); err != nil {
		return h, err
	}
	if h.Helps, err = s.every(ctx, Filter{Helper: account, State: inWork}); err != nil {
		return h, err
	}
	// Offers have no index of their own: an account goes once in years.
	all, err := s.every(ctx, Filter{Territory: s.reg.Territories(), State: working})
	h.Offered = slices.DeleteFunc(all, func(c Case) bool { return c.OfferedTo().ID != account })
	return h, err
}

// every is all the pages of a list.
func (s *Service) every(ctx context.Context, f Filter) ([]Case, error) {
	f.Limit = 500
	var all []Case
	for {
		page, next, err := s.store.Cases(ctx, f)
		if err != nil {
			return nil, fmt.Errorf("what an account holds: %w", err)
		}
		if all = append(all, page...); next == "" {
			return all, nil
		}
		f.After = next
	}
}

// InHand tells whether an account has cases that somebody must take over, or is
// asked to take over some, before it may go or mediate no more.
func (s *Service) InHand(ctx context.Context, account string) (bool, error) {
	h, err := s.holdings(ctx, account)
	return !h.Empty(), err
}

// Receiver is to whom something goes: an account, or for the zero Actor back,
// into the queue or to the mediator who offered it.
type Receiver = access.Actor

// HandOver gives away what an account holds, as plan says of each case that it
// has or was offered, and ends its part in those that it helps with; it returns
// how many cases went to whom, "" for back. Nothing is done unless all of it
// can be: a [HandError] names the first case that can't. What was done before a
// failure stays done, and a second call goes on with the rest.
func (s *Service) HandOver(
	ctx context.Context, who access.Actor, account, reason string, plan func(Case) (Receiver, bool),
) (went map[string]int, err error) {
	if err := required("reason", reason); err != nil {
		return nil, err
	}
	h, err := s.Holdings(ctx, who, account)
	if err != nil {
		return nil, err
	}
	to := map[CaseID]Receiver{}
	for _, c := range slices.Concat(h.Cases, h.Offered) {
		r, ok := plan(c)
		if err := receives(who, c, account, r, ok); err != nil {
			return nil, &HandError{c.Number, err}
		}
		to[c.ID] = r
	}
	went = map[string]int{}
	for _, c := range slices.Concat(h.Cases, h.Offered) {
		if err := s.handOne(ctx, who, c, account, to[c.ID], reason); err != nil {
			return went, &HandError{c.Number, err}
		}
		went[to[c.ID].ID]++
	}
	for _, c := range h.Helps {
		if _, err := s.Dismiss(ctx, who, c.ID, account, reason, Seen{}); err != nil {
			return went, &HandError{c.Number, err}
		}
	}
	return went, nil
}

// receives tells why a case can't go where it is to go.
func receives(who access.Actor, c Case, account string, r Receiver, said bool) error {
	op := handingOp(c, account, r)
	switch {
	case !said:
		return ErrUnplaced
	case standing(who, c)&moves[op].by == 0:
		return fault.As(fault.Denied, fmt.Errorf("%s may not %s it", who.ID, op))
	case r.ID == "" && c.Owner == account && !Queueable(c):
		return ErrNoQueue
	case r.ID == account:
		return ErrUnplaced
	case r.ID == "":
		return nil
	}
	if err := fit(c, r); err != nil {
		return fmt.Errorf("%w: %w", ErrUnfit, err)
	}
	return nil
}

// handingOp is by which operation a case goes from an account to a receiver.
func handingOp(c Case, account string, r Receiver) Op {
	switch {
	case r.ID == "" && c.Owner != account:
		return OpTurnDown
	case r.ID == "":
		return OpRelease
	case slices.Contains(afterwards, c.State):
		return OpPassOn
	}
	return OpReassign
}

func (s *Service) handOne(ctx context.Context, who access.Actor, c Case, account string, r Receiver, reason string) error {
	var err error
	switch handingOp(c, account, r) { //nolint:exhaustive // there are no others
	case OpTurnDown:
		_, err = s.TurnDown(ctx, who, c.ID, reason, Seen{})
	case OpRelease:
		_, err = s.Release(ctx, who, c.ID, reason, Seen{})
	case OpPassOn:
		_, err = s.PassOn(ctx, who, c.ID, r, reason, Seen{})
	default:
		_, err = s.Reassign(ctx, who, c.ID, r, reason, Seen{})
	}
	return err
}

// PassOn gives a case whose mediation is over to another mediator, who sees it
// through: what was agreed is kept, the visits, the dossier. Where it stands and
// its deadlines stay.
func (s *Service) PassOn(ctx context.Context, who access.Actor, id CaseID, to access.Actor, reason string, seen Seen) (Case, error) {
	if err := bounded("reason", reason); err != nil {
		return Case{}, err
	}
	return s.handing(ctx, who, id, OpPassOn, seen, to.ID, func(before Case) (edit, error) {
		if err := fit(before, to); err != nil {
			return edit{}, err
		}
		return edit{
			text: reason, detail: map[string]string{"to": to.ID, "from": before.Owner},
			notices: func(c Case) []Notice {
				all := []Notice{s.toOwner(c, to.ID, "notice.passed"), s.toOwner(c, before.Owner, "notice.taken")}
				if c.State.Open() {
					all = append(all, s.toReporter(c, "notice.handed"))
				}
				return all
			},
			move: func(m *Move) { m.SetOwner = &Owner{to.ID, to.Name} },
		}, nil
	})
}
