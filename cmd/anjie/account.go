package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
)

// linkTTL is how long a sign-in link works.
const linkTTL = 10 * time.Minute

func (a *app) accountCommand() *cobra.Command {
	cmd := family(&cobra.Command{Use: "account", Short: "Staff accounts and sign-in links"})
	cmd.AddCommand(
		a.accountAddCommand(),
		a.accountSetCommand(),
		&cobra.Command{
			Use: "list", Short: "List accounts", Args: known,
			RunE: func(cmd *cobra.Command, _ []string) error { return a.listAccounts(cmd.Context()) },
		},
		&cobra.Command{
			Use: "trail [ID]", Short: "Show who changed what of the accounts, newest first", Args: cobra.MaximumNArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return a.accountTrail(cmd.Context(), strings.Join(args, ""))
			},
		},
		&cobra.Command{
			Use: "link ID", Short: "Print a one-time sign-in link, good for ten minutes", Args: exactly(1, "account link ID"),
			RunE: func(cmd *cobra.Command, args []string) error { return a.linkAccount(cmd.Context(), args[0]) },
		},
		a.accountDisableCommand(),
		&cobra.Command{
			Use: "enable ID", Short: "Let an account sign in again", Args: exactly(1, "account enable ID"),
			RunE: func(cmd *cobra.Command, args []string) error {
				return a.staffing(cmd.Context(), func(s *access.Staffing, _ access.Accounts) error {
					return s.Shut(cmd.Context(), operator, args[0], false)
				})
			},
		},
	)
	return cmd
}

func (a *app) accountAddCommand() *cobra.Command {
	var p access.Post
	cmd := &cobra.Command{
		Use: "add NAME ROLE", Short: "Add an account; roles: " + roleNames(), Args: exactly(2, "account add NAME ROLE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			p.Name, p.Role = args[0], access.Role(args[1])
			return a.addAccount(cmd.Context(), p)
		},
	}
	cmd.Flags().StringSliceVar(&p.Territories, "village", nil, "code of a village that the account serves; none: the whole sub-district")
	cmd.Flags().StringSliceVar(&p.Grids, "grid", nil, "grid that is theirs, as CODE/NAME")
	return cmd
}

func (a *app) accountSetCommand() *cobra.Command {
	var p access.Post
	var role string
	cmd := &cobra.Command{
		Use: "set ID", Short: "Change name, role, villages or grids of an account; what isn't named stays", Args: exactly(1, "account set ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			p.Role = access.Role(role)
			return a.setAccount(cmd.Context(), args[0], p, cmd.Flags().Changed)
		},
	}
	cmd.Flags().StringVar(&p.Name, "name", "", "the name")
	cmd.Flags().StringVar(&role, "role", "", "the role: "+roleNames())
	cmd.Flags().StringSliceVar(&p.Territories, "village", nil, "codes of all its villages; '' for the whole sub-district")
	cmd.Flags().StringSliceVar(&p.Grids, "grid", nil, "all its grids, as CODE/NAME; '' for none")
	return cmd
}

func roleNames() string {
	names := make([]string, 0, len(access.Roles()))
	for _, r := range access.Roles() {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// exactly is cobra's ExactArgs with a message that shows the call.
func exactly(n int, call string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return &usageError{fmt.Errorf("the call is: anjie %s", call)}
		}
		return nil
	}
}

// operator is who acts over the command line: whoever has the machine may do all.
var operator = access.Actor{ID: "cli", Role: access.Director}

// staffing runs do over the accounts of the Redis that the settings name.
func (a *app) staffing(ctx context.Context, do func(*access.Staffing, access.Accounts) error) error {
	return a.staff(ctx, func(s *wire.Staff) error { return do(s.Staffing, s.Accounts) })
}

func (a *app) staff(ctx context.Context, do func(*wire.Staff) error) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	c, err := wire.OpenContent(s)
	if err != nil {
		return err
	}
	staff, err := wire.OpenStaffing(ctx, s, c, a.logger(s))
	if err != nil {
		return err
	}
	err = do(staff)
	if cerr := staff.Close(); err == nil {
		err = cerr
	}
	return err
}

func knownRole(role access.Role) error {
	if slices.Contains(access.Roles(), role) {
		return nil
	}
	return &usageError{fmt.Errorf("no role is called %q; the roles are %s", role, roleNames())}
}

func (a *app) addAccount(ctx context.Context, p access.Post) error {
	if err := knownRole(p.Role); err != nil {
		return err
	}
	return a.staffing(ctx, func(s *access.Staffing, _ access.Accounts) error {
		made, err := s.Make(ctx, operator, p)
		if err != nil {
			return err
		}
		if a.json {
			return a.printJSON(made)
		}
		_, err = fmt.Fprintf(a.out, "%s\n", made.ID)
		return err
	})
}

// setAccount changes what was named on the command line.
func (a *app) setAccount(ctx context.Context, id string, p access.Post, named func(flag string) bool) error {
	if named("role") {
		if err := knownRole(p.Role); err != nil {
			return err
		}
	}
	return a.staffing(ctx, func(s *access.Staffing, acc access.Accounts) error {
		had, err := acc.Account(ctx, id)
		if err != nil {
			return err
		}
		post := access.PostOf(had)
		if named("name") {
			post.Name = p.Name
		}
		if named("role") {
			post.Role = p.Role
		}
		if named("village") {
			post.Territories = p.Territories
		}
		if named("grid") {
			post.Grids = p.Grids
		}
		set, err := s.Set(ctx, operator, id, post)
		if err != nil || !a.json {
			return err
		}
		return a.printJSON(set)
	})
}

func (a *app) accountTrail(ctx context.Context, id string) error {
	return a.staffing(ctx, func(s *access.Staffing, _ access.Accounts) error {
		const most = 500
		trail, err := s.Trail(ctx, operator, id, most)
		if err != nil {
			return err
		}
		if a.json {
			return a.printJSON(trail)
		}
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
		for _, e := range trail {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", e.At.Format(time.RFC3339), e.By, e.Account, e.What, orDash(e.From), orDash(e.To))
		}
		return w.Flush()
	})
}

func (a *app) listAccounts(ctx context.Context) error {
	return a.staffing(ctx, func(_ *access.Staffing, acc access.Accounts) error {
		list, err := acc.List(ctx)
		if err != nil {
			return err
		}
		if a.json {
			return a.printJSON(list)
		}
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
		for _, x := range list {
			state := "active"
			if x.Disabled {
				state = "disabled"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", x.ID, x.Role, state, x.Name, orDash(strings.Join(x.Territories, " ")), orDash(strings.Join(x.Grids, " ")))
		}
		return w.Flush()
	})
}

func (a *app) linkAccount(ctx context.Context, id string) error {
	conf, err := a.settings()
	if err != nil {
		return err
	}
	return a.staffing(ctx, func(s *access.Staffing, _ access.Accounts) error {
		code, err := s.Code(ctx, operator, id, wire.SignIn, access.EntryLink, linkTTL)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(a.out, conf.PublicURL+wire.SignInPath(code))
		return err
	})
}
