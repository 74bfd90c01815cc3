package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/archive"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/content"
)

// cases makes the service of disputes over st.
func cases(st *store, s config.Settings, files dispute.Files, c *Content, opt Options) (*dispute.Service, error) {
	raw, err := content.Holidays(c.FS)
	if err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	holidays, err := place.ParseHolidays(raw)
	if err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	kept := st.Cases().WithShelf(archive.Open(s.Archive.Folder))
	o := dispute.Options{
		Archive: kept, Deadlines: dispute.Deadlines{Shelve: s.Archive.Days},
		Holidays: holidays, Category: c.categoryName, Files: files, Now: opt.Now, Log: opt.Log,
		Duty: access.NewRoster(st.Accounts(), opt.Now),
	}
	bot.Papers(c.Dossier, c.Settling, c.Intake, &o)
	return dispute.NewService(kept, c.Places, o), nil
}

// OpenCases opens the cases alone, for the command line; closer closes the
// Redis behind them. In the trial this fails while a desk is running.
func OpenCases(ctx context.Context, s config.Settings, c *Content, log *slog.Logger) (*dispute.Service, io.Closer, error) {
	st, err := openStore(ctx, s, Options{Log: log})
	if err != nil {
		return nil, nil, err
	}
	svc, err := cases(st, s, nil, c, Options{Log: log, Now: st.Now})
	if err != nil {
		return nil, nil, errors.Join(err, st.Close()) //nolint:contextcheck // closes after ctx has ended, too
	}
	return svc, st, nil
}
