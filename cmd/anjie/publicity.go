package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/bot/wechat"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
	"github.com/anjie-desk/anjie/content"
)

func (a *app) publicityCommand() *cobra.Command {
	cmd := family(&cobra.Command{Use: "publicity", Short: "Look at the publicity calendar and its pieces"})
	cmd.AddCommand(
		&cobra.Command{
			Use: "year [YEAR]", Short: "Print when each item's day is", Args: cobra.MaximumNArgs(1),
			RunE: func(_ *cobra.Command, args []string) error { return a.publicityYear(strings.Join(args, "")) },
		},
		&cobra.Command{
			Use: "render ITEM FORM", Short: "Print an item as text, large, spoken or wechat (HTML for pasting)",
			Args: exactly(2, "publicity render ITEM text|large|spoken|wechat"),
			RunE: func(_ *cobra.Command, args []string) error { return a.render(args[0], args[1]) },
		},
	)
	return cmd
}

func (a *app) publicityYear(arg string) error {
	year := time.Now().Year()
	if arg != "" {
		n, err := strconv.Atoi(arg)
		if err != nil {
			return &usageError{fmt.Errorf("%q is no year", arg)}
		}
		year = n
	}
	c, err := a.content()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, it := range c.Library.Items {
		day, err := publicity.Day(it.Day, year, it.Month, time.FixedZone("UTC+8", 8*60*60))
		if err != nil {
			return fmt.Errorf("item %s: %w", it.ID, err)
		}
		if a.json {
			if err := a.printJSON(map[string]any{"item": it.ID, "day": day.Format(time.DateOnly), "kind": it.Kind, "title": it.Title}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", day.Format(time.DateOnly), it.ID, it.Kind, it.Title)
	}
	return w.Flush()
}

func (a *app) content() (*wire.Content, error) {
	s, err := a.settings()
	if err != nil {
		return nil, err
	}
	return wire.OpenContent(s)
}

func (a *app) render(id, form string) error {
	c, err := a.content()
	if err != nil {
		return err
	}
	for _, it := range c.Library.Items {
		if it.ID == id {
			return a.renderItem(it, form, c.Texts)
		}
	}
	return fmt.Errorf("no item is called %q; 'anjie publicity year' lists them", id)
}

func (a *app) renderItem(it content.Item, form string, texts *content.Texts) error {
	switch form {
	case "spoken":
		fmt.Fprintln(a.out, publicity.Spoken(it))
	case "wechat":
		page, err := wechat.Page(it, texts)
		if err != nil {
			return err
		}
		_, err = a.out.Write(page)
		return err
	case "text":
		fmt.Fprintf(a.out, "%s\n\n%s\n", it.Title, it.Body)
	case "large":
		fmt.Fprintf(a.out, "%s\n\n%s\n", it.Title, it.Large)
	default:
		return &usageError{fmt.Errorf("%q is no form; the forms are text, large, spoken, wechat", form)}
	}
	return nil
}
