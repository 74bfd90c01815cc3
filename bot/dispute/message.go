package dispute

import (
	"context"
	"fmt"
	"slices"

	"github.com/anjie-desk/anjie/bot/access"
)

// Message says something to the reporter over the channel they reported by. It
// stands in the file like a note; unlike a note, the reporter reads it.
func (s *Service) Message(ctx context.Context, who access.Actor, id CaseID, text string, seen Seen) (Case, error) {
	if err := required("message", text); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpMessage, seen, func(Case) (edit, error) {
		return edit{text: text, notices: func(c Case) []Notice { return []Notice{s.toReporter(c, "notice.message")} }}, nil
	})
}

// toldKinds are the events whose words are for the reporter.
var toldKinds = []string{moves[OpMessage].done, moves[OpKeep].done}

// Told is the text of a message of a case, by its number in the audit trail,
// for the address to which it was sent: the outbox holds nothing personal, so
// the words are fetched when they are delivered.
func (s *Service) Told(ctx context.Context, id CaseID, seq int64, to string) (string, error) {
	c, err := s.store.Case(ctx, id, false)
	if err != nil {
		return "", fmt.Errorf("message %d of case %s: %w", seq, id, err)
	}
	if to == "" || to != c.Notify && !slices.ContainsFunc(c.MergedFrom(), func(p Person) bool { return c.Facts[factNotify+p.ID] == to }) {
		return "", fmt.Errorf("message %d of case %s: %w", seq, id, ErrNotFound)
	}
	events, err := s.store.Events(ctx, id, true)
	if err != nil {
		return "", fmt.Errorf("message %d of case %s: %w", seq, id, err)
	}
	for _, e := range events {
		if e.Seq == seq && slices.Contains(toldKinds, e.Kind) {
			return e.Text, nil
		}
	}
	return "", fmt.Errorf("message %d of case %s: %w", seq, id, ErrNotFound)
}
