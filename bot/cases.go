package bot

import (
	"context"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
)

// Cases is what the conversation asks of the case service, which judges who
// may; *dispute.Service is one.
type Cases interface {
	File(ctx context.Context, who access.Actor, f dispute.Filing) (dispute.Case, error)
	Claim(ctx context.Context, who access.Actor, id dispute.CaseID, seen dispute.Seen) (dispute.Case, error)
	Release(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	Advance(ctx context.Context, who access.Actor, id dispute.CaseID, op dispute.Op, note string, seen dispute.Seen) (dispute.Case, error)
	RecordOutcome(ctx context.Context, who access.Actor, id dispute.CaseID, r dispute.Result, seen dispute.Seen) (dispute.Case, error)
	Withdraw(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	Supplement(ctx context.Context, who access.Actor, id dispute.CaseID, text string, files []dispute.Evidence, seen dispute.Seen) (dispute.Case, error)
	Consent(ctx context.Context, who access.Actor, id dispute.CaseID) (dispute.Consent, error)
	Confirm(ctx context.Context, who access.Actor, id dispute.CaseID, code string, seen dispute.Seen) (dispute.Case, error)
	Sign(ctx context.Context, who access.Actor, id dispute.CaseID, g dispute.Signing, seen dispute.Seen) (dispute.Case, error)
	Tell(ctx context.Context, who access.Actor, id dispute.CaseID, step int, what, words string, seen dispute.Seen) (dispute.Case, error)
	Urge(ctx context.Context, who access.Actor, id dispute.CaseID, note string, seen dispute.Seen) (dispute.Case, error)
	Score(ctx context.Context, who access.Actor, id dispute.CaseID, score int, words string, seen dispute.Seen) (dispute.Case, error)
	RecordVisit(ctx context.Context, who access.Actor, id dispute.CaseID, v dispute.Visit, seen dispute.Seen) (dispute.Case, error)
	Progress(ctx context.Context, who access.Actor, number, code string) (dispute.Progress, error)
	MyReports(ctx context.Context, who access.Actor) ([]dispute.Progress, error)
	Queue(ctx context.Context, who access.Actor, limit int) ([]dispute.Case, error)
	Mine(ctx context.Context, who access.Actor) ([]dispute.Case, error)
	Brief(ctx context.Context, who access.Actor, id dispute.CaseID) (dispute.Case, error)
	Case(ctx context.Context, who access.Actor, id dispute.CaseID) (dispute.Case, error)
	Answers(c dispute.Case) []dispute.Answered
	Unasked(c dispute.Case) []dispute.Answered
	AlikeReport(ctx context.Context, who access.Actor, r dispute.Report) ([]dispute.Like, error)
	Told(ctx context.Context, id dispute.CaseID, seq int64, to string) (string, error)
	Next(ctx context.Context, who access.Actor, seen dispute.Seen) (dispute.Case, error)
	Offer(ctx context.Context, who access.Actor, id dispute.CaseID, to access.Actor, reason string, seen dispute.Seen) (dispute.Case, error)
	Take(ctx context.Context, who access.Actor, id dispute.CaseID, seen dispute.Seen) (dispute.Case, error)
	Extend(ctx context.Context, who access.Actor, id dispute.CaseID, x dispute.Extension, seen dispute.Seen) (dispute.Case, error)
	Alike(ctx context.Context, who access.Actor, id dispute.CaseID) ([]dispute.Like, error)
	Find(ctx context.Context, who access.Actor, number string) (dispute.CaseID, error)
	Merge(ctx context.Context, who access.Actor, id, into dispute.CaseID, seen dispute.Seen) (dispute.Case, error)
	InviteParty(ctx context.Context, who access.Actor, id dispute.CaseID, in dispute.Invitation, seen dispute.Seen) (dispute.Case, string, error)
	TurnBack(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	TurnDown(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	Invite(ctx context.Context, who access.Actor, id dispute.CaseID, helper access.Actor, why string, seen dispute.Seen) (dispute.Case, error)
	Object(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	Message(ctx context.Context, who access.Actor, id dispute.CaseID, text string, seen dispute.Seen) (dispute.Case, error)
	Appointments(ctx context.Context, who access.Actor, id dispute.CaseID) (dispute.Appointments, error)
	PickTimes(ctx context.Context, who access.Actor, id dispute.CaseID, side string, slots []string, seen dispute.Seen) (dispute.Case, error)
	PutOffMeeting(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	ConfirmPresence(ctx context.Context, who access.Actor, id dispute.CaseID, as dispute.Identity, seen dispute.Seen) (dispute.Case, error)
	Acknowledge(ctx context.Context, who access.Actor, id dispute.CaseID, seen dispute.Seen) (dispute.Case, error)
	Telephoned(ctx context.Context, who access.Actor, id dispute.CaseID, marks []string, words string, seen dispute.Seen) (dispute.Case, error)
}

var _ Cases = (*dispute.Service)(nil)
