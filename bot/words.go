package bot

import (
	"regexp"
	"slices"
	"strings"

	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/content"
)

// Commands, as content/forms/talk.yaml names them.
const (
	cmdReport     = "report"
	cmdProgress   = "progress"
	cmdWithdraw   = "withdraw"
	cmdSupplement = "supplement"
	cmdObject     = "object"
	cmdMark       = "mark"
	cmdCancel     = "cancel"
	cmdBack       = "back"
	cmdResume     = "resume"
	cmdHelp       = "help"
	cmdStart      = "start"
	cmdPerson     = "person"
	cmdForget     = "forget"
	cmdLaw        = "law"
	cmdColumn     = "column"
	cmdQueue      = "queue"
	cmdMine       = "mine"
	cmdNext       = "next"
	cmdQuestions  = "questions"
)

type expressions []*regexp.Regexp

type command struct {
	name  string
	group bool
	match expressions
}

func compileCommands(all []content.Command) []command {
	out := make([]command, 0, len(all))
	for _, c := range all {
		out = append(out, command{c.Name, c.Group, compileAllOf(c.Match)})
	}
	return out
}

// compileAllOf panics on what the loader should have refused.
func compileAllOf(exprs []string) expressions {
	out := make(expressions, len(exprs))
	for i, e := range exprs {
		out[i] = regexp.MustCompile(e)
	}
	return out
}

func (es expressions) match(text string) bool {
	return slices.ContainsFunc(es, func(e *regexp.Regexp) bool { return e.MatchString(text) })
}

// order is a command found in a message; rest is what stood after its words.
type order struct {
	name  string
	group bool
	rest  string
}

// command finds the command that a message gives. A question about one
// (申请调解要花钱吗) is none.
func (b *Bot) command(text string) (order, bool) {
	text = strings.TrimSpace(text)
	if slash, ok := strings.CutPrefix(text, "/"); ok {
		name, rest, _ := strings.Cut(slash, " ")
		name, _, _ = strings.Cut(name, "@")
		if o, ok := b.find(answer.Fold(name)); ok {
			o.rest = strings.TrimSpace(rest)
			return o, true
		}
	}
	return b.find(answer.Fold(text))
}

func (b *Bot) find(folded string) (order, bool) {
	for _, c := range b.commands {
		for _, e := range c.match {
			loc := e.FindStringIndex(folded)
			if loc == nil {
				continue
			}
			rest := folded[loc[1]:]
			if rest != "" && c.name == cmdReport && b.d.Answers.Asks(rest) {
				continue
			}
			return order{c.name, c.group, rest}, true
		}
	}
	return order{}, false
}
