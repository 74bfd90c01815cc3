package dispute

import (
	"context"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Invite has another mediator or an adviser help with a case (联合调解): they
// read it, note and are named in its papers, but don't close it.
func (s *Service) Invite(ctx context.Context, who access.Actor, id CaseID, helper access.Actor, why string, seen Seen) (Case, error) {
	if !helper.May(access.HelpCase) {
		return Case{}, fault.New(fault.Invalid, "invite: "+helper.ID+" neither mediates nor advises")
	}
	if err := bounded("reason", why); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpInvite, seen, func(before Case) (edit, error) {
		switch {
		case before.Owner == helper.ID || before.Reporter == helper.ID || before.Facts[factHelper+helper.ID] != "":
			return edit{}, fault.New(fault.Invalid, "invite: has to do with the case already")
		case before.Recused(helper.ID):
			return edit{}, fault.As(fault.Invalid, ErrRecused)
		}
		return edit{
			text: why, detail: map[string]string{"helper": helper.ID},
			notices: func(c Case) []Notice { return []Notice{s.toOwner(c, helper.ID, "notice.invited")} },
			move: func(m *Move) {
				m.Joins = helper.ID
				m.note(map[string]string{factHelper + helper.ID: helper.Name})
			},
		}, nil
	})
}

// InviteOffice has an organisation of the register take part. It has no
// account: its mediator speaks with it and notes what it says.
func (s *Service) InviteOffice(ctx context.Context, who access.Actor, id CaseID, office Person, why string, seen Seen) (Case, error) {
	if office.ID == "" || office.Name == "" {
		return Case{}, fault.New(fault.Invalid, "invite: the organisation is missing")
	}
	if err := bounded("reason", why); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpInvite, seen, func(Case) (edit, error) {
		return edit{
			text: why, detail: map[string]string{"office": office.ID},
			move: func(m *Move) { m.note(map[string]string{factOrgan + office.ID: office.Name}) },
		}, nil
	})
}

// Dismiss ends somebody's or an organisation's part in a case; a helper may
// end their own.
func (s *Service) Dismiss(ctx context.Context, who access.Actor, id CaseID, helper string, why string, seen Seen) (Case, error) {
	if err := bounded("reason", why); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpLeave, seen, func(before Case) (edit, error) {
		switch {
		case standing(who, before)&(byOwner|byManager) == 0 && helper != who.ID:
			return edit{}, fault.New(fault.Denied, "helpers end their own part only")
		case before.Facts[factHelper+helper] != "":
			return edit{
				text: why, detail: map[string]string{"helper": helper},
				notices: func(c Case) []Notice { return []Notice{s.toOwner(c, before.Owner, "notice.left")} },
				move: func(m *Move) {
					m.Leaves = helper
					m.note(map[string]string{factHelper + helper: ""})
				},
			}, nil
		case before.Facts[factOrgan+helper] != "":
			return edit{
				text: why, detail: map[string]string{"office": helper},
				move: func(m *Move) { m.note(map[string]string{factOrgan + helper: ""}) },
			}, nil
		}
		return edit{}, fault.New(fault.Invalid, "leave: has no part in the case")
	})
}

// Helping lists the open cases that somebody helps with.
func (s *Service) Helping(ctx context.Context, who access.Actor) ([]Case, error) {
	if err := who.Require(access.HelpCase); err != nil {
		return nil, err
	}
	cases, _, err := s.store.Cases(ctx, Filter{Helper: who.ID, State: unfinished, Limit: 200})
	return cases, err
}
