package dispute

import (
	"context"

	"github.com/anjie-desk/anjie/bot/access"
)

// Object records that a party doesn't want the mediator (人民调解法 23: parties
// choose or accept who mediates), with the reason. The case goes on until a
// clerk has decided by [Service.Replace] or [Service.Keep].
func (s *Service) Object(ctx context.Context, who access.Actor, id CaseID, reason string, seen Seen) (Case, error) {
	if err := required("reason", reason); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpObject, seen, func(before Case) (edit, error) {
		return edit{
			text: reason, detail: map[string]string{"mediator": before.Owner},
			notices: func(c Case) []Notice {
				all := []Notice{s.toRole(c, access.Clerk, "notice.objected")}
				if partyNo(who, c) == 0 { // the other party sees it on their page
					all = append(all, s.toReporter(c, "notice.objecting"))
				}
				return all
			},
			move: func(m *Move) {
				m.note(map[string]string{factObjected: before.Owner})
				m.Timers = append(m.Timers, Timer{Kind: DueObject, At: s.cal.after(m.Event.At, s.opt.Deadlines.Object)})
			},
		}, nil
	})
}

// Replace grants an objection: the case goes back to its old place in the
// queue, and its mediator may not have it again.
func (s *Service) Replace(ctx context.Context, who access.Actor, id CaseID, reason string, seen Seen) (Case, error) {
	if err := bounded("reason", reason); err != nil {
		return Case{}, err
	}
	return s.handing(ctx, who, id, OpReplace, seen, "", func(before Case) (edit, error) {
		name := before.OwnerName
		if name == "" {
			name = before.Owner
		}
		return edit{
			text: reason, detail: map[string]string{"mediator": before.Owner},
			notices: s.backInQueue(before, "notice.replaced"),
			move:    func(m *Move) { m.note(map[string]string{factRecused + before.Owner: name}) },
		}, nil
	})
}

// Keep turns an objection down, with the reason, which the reporter is told.
func (s *Service) Keep(ctx context.Context, who access.Actor, id CaseID, reason string, seen Seen) (Case, error) {
	if err := required("reason", reason); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpKeep, seen, func(before Case) (edit, error) {
		return edit{
			text: reason, detail: map[string]string{"mediator": before.Owner},
			notices: func(c Case) []Notice { return []Notice{s.toReporter(c, "notice.kept")} },
			move: func(m *Move) {
				m.note(map[string]string{factObjected: ""})
				m.Timers = append(m.Timers, Timer{Kind: DueObject})
			},
		}, nil
	})
}
