package wire

import (
	"context"
	"errors"

	"github.com/anjie-desk/anjie/bot"
)

// forget erases what is kept of a resident's web conversation: its transcript
// and its dialogue. Cases stay: they are erased by the rule for cases.
func (d *Desk) forget(ctx context.Context, session string) error {
	person := bot.Address{Channel: d.chat.Name(), Chat: session}.String()
	return errors.Join(d.transcripts.Erase(ctx, session), d.dialogs.Forget(ctx, person))
}
