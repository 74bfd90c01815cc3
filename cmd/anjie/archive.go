package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/archive"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
)

func (a *app) archiveCommand() *cobra.Command {
	cmd := family(&cobra.Command{Use: "archive", Short: "Look after archived cases, in Redis and in the archive's files"})
	run := func(use, short string, do func(context.Context, *wire.Archive) error) *cobra.Command {
		return &cobra.Command{
			Use: use, Short: short, Args: known,
			RunE: func(cmd *cobra.Command, _ []string) error { return a.withArchive(cmd.Context(), do) },
		}
	}
	restore := &cobra.Command{
		Use: "restore NUMBER", Short: "Put a case from its file back into Redis", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withArchive(cmd.Context(), func(ctx context.Context, ar *wire.Archive) error { return a.restoreCase(ctx, ar, args[0]) })
		},
	}
	cmd.AddCommand(
		run("status", "Tell how many archived cases are where", a.archiveStatus),
		run("run", "Move what is due to the files now", a.archiveRun),
		run("verify", "Check every record of every file", a.archiveVerify),
		restore,
	)
	return cmd
}

func (a *app) withArchive(ctx context.Context, do func(context.Context, *wire.Archive) error) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	c, err := wire.OpenContent(s)
	if err != nil {
		return err
	}
	ar, err := wire.OpenArchive(ctx, s, c, a.logger(s))
	if err != nil {
		return err
	}
	return errors.Join(do(ctx, ar), ar.Close()) //nolint:contextcheck // closes after ctx has ended, too
}

// archiveState is the JSON of `archive status`.
type archiveState struct {
	Redis int            `json:"in_redis"`
	Due   int            `json:"due"`
	Filed int            `json:"in_files"`
	Files []archive.File `json:"files"`
}

func (a *app) archiveStatus(ctx context.Context, ar *wire.Archive) error {
	f, err := ar.Cases.ArchiveFigures(ctx, access.System)
	if err != nil {
		return err
	}
	files, err := ar.Files()
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(archiveState{f.Here, f.Due, f.Filed, files})
	}
	fmt.Fprintf(a.out, "%d archived cases in Redis, %d of them due; %d in files\n", f.Here, f.Due, f.Filed)
	for _, y := range files {
		fmt.Fprintf(a.out, "%s\t%d bytes", y.Year, y.Bytes)
		if y.Loose > 0 {
			fmt.Fprintf(a.out, "\t%d bytes set aside from runs that were cut short", y.Loose)
		}
		fmt.Fprintln(a.out)
	}
	return nil
}

func (a *app) archiveRun(ctx context.Context, ar *wire.Archive) error {
	n, err := ar.Cases.ShelveDue(ctx)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]int{"moved": n})
	}
	_, err = fmt.Fprintf(a.out, "%d cases moved to files\n", n)
	return err
}

func (a *app) archiveVerify(ctx context.Context, ar *wire.Archive) error {
	reports, err := ar.Verify(ctx)
	if err != nil {
		return err
	}
	return a.printShelves(reports)
}

func (a *app) printShelves(reports []redisdb.ShelfReport) error {
	var failed error
	for _, r := range reports {
		if len(r.Faults) > 0 {
			failed = errSaid
		}
	}
	if a.json {
		return errors.Join(a.printJSON(reports), failed)
	}
	if len(reports) == 0 {
		fmt.Fprintln(a.out, "no archive files")
	}
	for _, r := range reports {
		fmt.Fprintf(a.out, "%s\t%d records, %d cases lie there now, %d faults\n", r.Year, r.Records, r.Cases, len(r.Faults))
		for _, f := range r.Faults {
			fmt.Fprintf(a.out, "\t%s\n", f)
		}
	}
	return failed
}

func (a *app) restoreCase(ctx context.Context, ar *wire.Archive, number string) error {
	id, err := ar.Cases.Find(ctx, access.System, number)
	if err != nil {
		return err
	}
	back, err := ar.Cases.Unshelve(ctx, access.System, id)
	if errors.Is(err, dispute.ErrMove) {
		return fmt.Errorf("%s is in no archive file", number)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "%s is back in Redis, %s\n", back.Number, back.State)
	return err
}
