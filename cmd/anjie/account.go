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
	var villages []string
	add := &cobra.Command{
		Use: "add NAME ROLE", Short: "Add an account; roles: " + roleNames(), Args: exactly(2, "account add NAME ROLE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.addAccount(cmd.Context(), args[0], access.Role(args[1]), villages)
		},
	}
	add.Flags().StringSliceVar(&villages, "village", nil, "code of a village that the account serves; none: the whole sub-district")
	cmd.AddCommand(
		add,
		&cobra.Command{
			Use: "list", Short: "List accounts", Args: known,
			RunE: func(cmd *cobra.Command, _ []string) error { return a.listAccounts(cmd.Context()) },
		},
		&cobra.Command{
			Use: "link ID", Short: "Print a one-time sign-in link, good for ten minutes", Args: exactly(1, "account link ID"),
			RunE: func(cmd *cobra.Command, args []string) error { return a.linkAccount(cmd.Context(), args[0]) },
		},
		&cobra.Command{
			Use: "disable ID", Short: "Let an account sign in no more", Args: exactly(1, "account disable ID"),
			RunE: func(cmd *cobra.Command, args []string) error { return a.disableAccount(cmd.Context(), args[0]) },
		},
	)
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

// accounts runs do over the accounts of the Redis that the settings name.
func (a *app) accounts(ctx context.Context, do func(access.Accounts, *wire.Content) error) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	c, err := wire.OpenContent(s)
	if err != nil {
		return err
	}
	acc, closer, err := wire.OpenAccounts(ctx, s, a.logger(s))
	if err != nil {
		return err
	}
	err = do(acc, c)
	if cerr := closer.Close(); err == nil {
		err = cerr
	}
	return err
}

func (a *app) addAccount(ctx context.Context, name string, role access.Role, villages []string) error {
	if !slices.Contains(access.Roles(), role) {
		return &usageError{fmt.Errorf("no role is called %q; the roles are %s", role, roleNames())}
	}
	return a.accounts(ctx, func(acc access.Accounts, c *wire.Content) error {
		for _, code := range villages {
			if _, ok := c.Places.Village(code); !ok {
				return fmt.Errorf("no village of the register has the code %s", code)
			}
		}
		made := access.Account{ID: access.NewID(), Name: name, Role: role, Territories: villages, Created: time.Now()}
		if err := acc.Save(ctx, made); err != nil {
			return err
		}
		if a.json {
			return a.printJSON(made)
		}
		fmt.Fprintf(a.out, "%s\n", made.ID)
		return nil
	})
}

func (a *app) listAccounts(ctx context.Context) error {
	return a.accounts(ctx, func(acc access.Accounts, _ *wire.Content) error {
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
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", x.ID, x.Role, state, x.Name, orDash(strings.Join(x.Territories, " ")))
		}
		return w.Flush()
	})
}

func (a *app) linkAccount(ctx context.Context, id string) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	return a.accounts(ctx, func(acc access.Accounts, _ *wire.Content) error {
		if _, err := acc.Account(ctx, id); err != nil {
			return err
		}
		code, err := acc.NewCode(ctx, id, wire.SignIn, linkTTL)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(a.out, s.PublicURL+wire.SignInPath(code))
		return err
	})
}

func (a *app) disableAccount(ctx context.Context, id string) error {
	return a.accounts(ctx, func(acc access.Accounts, _ *wire.Content) error {
		x, err := acc.Account(ctx, id)
		if err != nil {
			return err
		}
		x.Disabled = true
		return acc.Save(ctx, x)
	})
}
