package dispute

import "github.com/anjie-desk/anjie/bot/fault"

// Errors of this package, beside those of kind Invalid and Denied.
var (
	// ErrNotFound also stands for a case that this person may not know of.
	ErrNotFound = fault.New(fault.NotFound, "no such case")
	// ErrMove says that the case's state doesn't allow the move.
	ErrMove = fault.New(fault.Conflict, "the case is in another state")
	// ErrStale says that the case has changed since the actor saw it.
	ErrStale = fault.New(fault.Conflict, "the case has changed meanwhile")
	// ErrClaimed says that another mediator has the case.
	ErrClaimed = fault.New(fault.Conflict, "another mediator has the case")
	// ErrOwner says that the case has another owner than the move requires.
	ErrOwner = fault.New(fault.Conflict, "the case has another owner")
	// ErrGone says that a timer was cancelled or moved before it was handled.
	ErrGone = fault.New(fault.Conflict, "the timer is no longer set")
	// ErrUnwritten says that the case has no agreement on file.
	ErrUnwritten = fault.New(fault.Conflict, "no agreement is on file")
	// ErrCode says that a party typed another code than the one shown with the
	// agreement as it now reads.
	ErrCode = fault.New(fault.Invalid, "not the code of this agreement")
	// ErrIncomplete says that a must of the dossier is missing; see [Service.Dossier].
	ErrIncomplete = fault.New(fault.Conflict, "the dossier is incomplete")
	// ErrUntold says that a party must still be told something by telephone.
	ErrUntold = fault.New(fault.Conflict, "a party has not been told")
	// ErrUnanswered says that a party's dissatisfaction waits for an answer.
	ErrUnanswered = fault.New(fault.Conflict, "a party's dissatisfaction is not answered")
	// ErrTooMany says that a resident has as many open cases as one may have.
	ErrTooMany = fault.New(fault.Conflict, "too many open cases")
)

// More errors: of who works on a case, and by when.
var (
	// ErrNoneWaits says that no case waits for this mediator.
	ErrNoneWaits = fault.New(fault.NotFound, "no case waits")
	// ErrRecused says that a party doesn't want this mediator.
	ErrRecused = fault.New(fault.Denied, "a party refused this mediator")
	// ErrConsent says that both parties must agree.
	ErrConsent = fault.New(fault.Invalid, "both parties must agree")
	// ErrDay says that a day doesn't fit.
	ErrDay = fault.New(fault.Invalid, "the day doesn't fit")
)
