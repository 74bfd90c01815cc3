package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
)

// leaving says where everything goes that an account holds when it is shut.
type leaving struct {
	to      string // account or its name, "" for nobody
	release bool   // what can wait in the queue goes there
	reason  string
}

func (a *app) accountDisableCommand() *cobra.Command {
	var l leaving
	cmd := &cobra.Command{
		Use: "disable ID", Short: "Let an account sign in no more, once what it holds has somewhere to go",
		Args: exactly(1, "account disable ID [--hand-over-to ID|NAME] [--release]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.staff(cmd.Context(), func(s *wire.Staff) error { return a.disableAccount(cmd.Context(), s, args[0], l) })
		},
	}
	cmd.Flags().StringVar(&l.to, "hand-over-to", "", "account, or its name, that takes over the cases in hand")
	cmd.Flags().BoolVar(&l.release, "release", false, "put what is still to be mediated back into the queue")
	cmd.Flags().StringVar(&l.reason, "reason", "", "why, as whoever takes the cases over reads it")
	return cmd
}

func (a *app) disableAccount(ctx context.Context, s *wire.Staff, id string, l leaving) error {
	acc, err := s.Accounts.Account(ctx, id)
	if err != nil {
		return err
	}
	h, err := s.Cases.Holdings(ctx, operator, id)
	if err != nil {
		return err
	}
	if !h.Empty() && l.to == "" && !l.release {
		return a.refuse(s.Content, "cli.account.held", heldWords(s.Content, acc, h))
	}
	if !h.Empty() || len(h.Helps) > 0 {
		if err := a.handOver(ctx, s, acc, l); err != nil {
			return err
		}
	}
	return s.Shut(ctx, operator, id, true)
}

// refuse says in Chinese why nothing was done.
func (a *app) refuse(c *wire.Content, key string, data any) error {
	fmt.Fprintln(a.err, c.Texts.Say(key, data))
	return errSaid
}

// handOver gives away what an account holds. What colleagues offered it goes
// back to them: it is still theirs.
func (a *app) handOver(ctx context.Context, s *wire.Staff, acc access.Account, l leaving) error {
	var receiver access.Actor
	if l.to != "" {
		to, err := a.receiver(ctx, s, l.to)
		if err != nil {
			return err
		}
		receiver = to.Actor()
	}
	if l.reason == "" {
		l.reason = s.Content.Texts.Say("cli.account.reason", nil)
	}
	went, err := s.Cases.HandOver(ctx, operator, acc.ID, l.reason, func(c dispute.Case) (dispute.Receiver, bool) {
		if c.Owner != acc.ID || l.release && dispute.Queueable(c) {
			return dispute.Receiver{}, true
		}
		return receiver, l.to != ""
	})
	if noted := s.Handed(ctx, operator, acc.ID, went); noted != nil {
		return errors.Join(err, noted)
	}
	var of *dispute.HandError
	if errors.As(err, &of) {
		key := "cli.account.stuck"
		switch {
		case errors.Is(err, dispute.ErrUnplaced):
			key = "cli.account.unplaced"
		case errors.Is(err, dispute.ErrUnfit):
			key = "cli.account.unfit"
		}
		return a.refuse(s.Content, key, map[string]string{"Number": string(of.Number), "Name": receiver.Name, "Why": err.Error()})
	}
	return err
}

// receiver is the account that a name or an id means.
func (a *app) receiver(ctx context.Context, s *wire.Staff, name string) (access.Account, error) {
	all, err := s.Accounts.List(ctx)
	if err != nil {
		return access.Account{}, err
	}
	found := slices.DeleteFunc(all, func(x access.Account) bool { return x.Disabled || x.ID != name && x.Name != name })
	if len(found) != 1 {
		return access.Account{}, a.refuse(s.Content, "cli.account.nobody", map[string]any{"Name": name, "N": len(found)})
	}
	return found[0], nil
}

// heldWords is what the terminal says of what an account holds.
func heldWords(c *wire.Content, acc access.Account, h dispute.Holdings) map[string]any {
	var list []string
	meetings, settled := 0, 0
	for _, ca := range slices.Concat(h.Cases, h.Offered) {
		list = append(list, string(ca.Number)+" "+c.Texts.Say("web.state."+ca.Stands(), nil))
		if ca.Owner != acc.ID {
			continue
		}
		if _, booked := dispute.Booked(ca); booked {
			meetings++
		}
		if !dispute.Queueable(ca) {
			settled++
		}
	}
	return map[string]any{
		"Name": acc.Name, "Cases": len(h.Cases), "Offered": len(h.Offered), "Meetings": meetings, "Settled": settled, "List": list,
	}
}
