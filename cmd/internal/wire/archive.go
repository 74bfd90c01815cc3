package wire

import (
	"context"
	"errors"
	"log/slog"

	"github.com/anjie-desk/anjie/bot/archive"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/cmd/internal/config"
)

// Archive is what the command line does with the archive: the cases, and the
// files in which some of them lie.
type Archive struct {
	Cases  *dispute.Service
	folder *archive.Folder
	kept   *redisdb.Cases
	store  *store
}

// OpenArchive opens the cases and their archive for the command line.
func OpenArchive(ctx context.Context, s config.Settings, c *Content, log *slog.Logger) (*Archive, error) {
	st, err := openStore(ctx, s, Options{Log: log})
	if err != nil {
		return nil, err
	}
	a := &Archive{folder: archive.Open(s.Archive.Folder), store: st}
	a.kept = st.Cases().WithShelf(a.folder)
	if a.Cases, err = cases(st, s, nil, c, Options{Log: log, Now: st.Now}); err != nil {
		return nil, errors.Join(err, st.Close()) //nolint:contextcheck // closes after ctx has ended, too
	}
	return a, nil
}

// Files lists the yearly files as they lie on the disk.
func (a *Archive) Files() ([]archive.File, error) { return a.folder.Files() }

// Verify goes through every file, see [redisdb.Cases.VerifyShelf].
func (a *Archive) Verify(ctx context.Context) ([]redisdb.ShelfReport, error) {
	return a.kept.VerifyShelf(ctx)
}

// Close closes the Redis behind it.
func (a *Archive) Close() error { return a.store.Close() }
