package wire

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/bot/request"
	"github.com/anjie-desk/anjie/content"
)

// openRequests opens what people ask of their own data.
func (d *Desk) openRequests() error {
	kept, err := d.store.Requests()
	if err != nil {
		return err
	}
	raw, err := content.Holidays(d.Content.FS)
	if err != nil {
		return fmt.Errorf("content: %w", err)
	}
	holidays, err := place.ParseHolidays(raw)
	if err != nil {
		return fmt.Errorf("content: %w", err)
	}
	d.requests = request.NewService(kept, d.Cases, request.Options{
		Days: d.Settings.RequestDays, Holidays: holidays, Now: d.opt.Now, Forget: d.forgetPerson, Destroyed: d.rewriteLogs,
	})
	return nil
}

// forgetPerson erases the conversation of a person, on whichever channel, and
// the questions that they passed on and that still wait.
func (d *Desk) forgetPerson(ctx context.Context, person string) error {
	channel, chat, _ := strings.Cut(person, ":")
	errs := []error{d.dialogs.Forget(ctx, person), d.handovers.Forget(ctx, person)}
	if channel == d.chat.Name() {
		errs = append(errs, d.transcripts.Erase(ctx, chat))
	}
	return errors.Join(errs...)
}

// rewriteLogs has Redis forget the salts that its log still holds. A Redis that
// forbids it is the operator's to rewrite: the keys are gone all the same.
func (d *Desk) rewriteLogs(ctx context.Context) error {
	if d.store.trial != nil {
		return nil // its snapshot is written anew each time
	}
	if err := d.store.Rewrite(ctx); err != nil {
		d.opt.Log.WarnContext(ctx, "redis's log was not rewritten: run BGREWRITEAOF", "err", err)
	}
	return nil
}
