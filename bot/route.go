package bot

import (
	"context"
	"strings"

	"github.com/anjie-desk/anjie/bot/answer"
)

// route decides what a message is: a button, an emergency, an answer to the
// open dialogue, a command, a follow-up, or a question.
func (b *Bot) route(ctx context.Context, t *turn) (Reply, error) {
	if t.m.Choice == "" && t.s.draft() == nil {
		if data, ok := typedChoice(t.s, t.m.Text); ok {
			t.m.Choice = data
		}
	}
	if t.m.Choice != "" {
		return b.pressed(ctx, t)
	}
	text := strings.TrimSpace(t.m.Text)
	o, isCommand := b.command(text)
	if !isCommand && text != "" {
		if m, ok := b.d.Triage.Match(text); ok {
			return b.alarm(ctx, t, m)
		}
	}
	return b.calm(ctx, t, o, isCommand)
}

// alarm answers urgent words by a help card; those of a grid worker's report
// are filed all the same.
func (b *Bot) alarm(ctx context.Context, t *turn, m Match) (Reply, error) {
	d, report := b.gridReport(t, t.m.Text)
	report = report && t.s.draft() == nil && !t.m.Group
	r, err := b.emergency(ctx, t, m)
	if err != nil || !report {
		return r, err
	}
	form, err := b.beginGrid(ctx, t, d)
	r.Choices, r.More = nil, append(r.More, form)
	return r, err
}

// calm routes a message in which there is no emergency, or only a question
// about one.
func (b *Bot) calm(ctx context.Context, t *turn, o order, isCommand bool) (Reply, error) {
	switch {
	case t.m.Group:
		return b.inGroup(ctx, t, o, isCommand)
	case t.s.draft() != nil:
		return b.inDialog(ctx, t, o, isCommand)
	case isCommand:
		return b.obey(ctx, t, o)
	case strings.TrimSpace(t.m.Text) == "":
		return b.wordless(t), nil
	}
	if r, ok, err := b.clarified(ctx, t); ok || err != nil {
		return r, err
	}
	if r, ok, err := b.followUp(ctx, t, b.d.Answers.FollowUps(t.m.Text)); ok || err != nil {
		return r, err
	}
	if d, ok := b.gridReport(t, t.m.Text); ok {
		return b.beginGrid(ctx, t, d)
	}
	return b.question(ctx, t, t.m.Text)
}

// wordless answers a message without words: files that nothing waits for.
func (b *Bot) wordless(t *turn) Reply {
	key := "bot.empty"
	for _, f := range t.m.Files {
		key, t.unwanted = "bot.files", append(t.unwanted, f.Ref)
	}
	return b.say(key, nil, b.doors(t)...)
}

// inGroup answers what may be answered before everybody.
func (b *Bot) inGroup(ctx context.Context, t *turn, o order, isCommand bool) (Reply, error) {
	switch {
	case isCommand && o.group:
		return b.obey(ctx, t, o)
	case isCommand:
		return b.say("bot.private", nil, b.link("bot.choice.page", "")...), nil
	}
	r, err := b.question(ctx, t, t.m.Text)
	return buttonless(r), err
}

// buttonless takes away the buttons, which belong to one person.
func buttonless(r Reply) Reply {
	r.Choices = nil
	for i := range r.More {
		r.More[i] = buttonless(r.More[i])
	}
	return r
}

// obey does what a command says.
func (b *Bot) obey(ctx context.Context, t *turn, o order) (Reply, error) {
	t.kind = "command"
	switch o.name {
	case cmdStart:
		return b.start(t), nil
	case cmdHelp, cmdLaw:
		return b.help(t, o.name), nil
	case cmdColumn:
		return b.column(ctx, t)
	case cmdReport:
		return b.report(ctx, t, b.wanted(t, o))
	case cmdProgress:
		return b.progress(ctx, t, t.m.Text)
	case cmdWithdraw, cmdSupplement:
		return b.chooseCase(ctx, t, o.name)
	case cmdObject, cmdMark:
		return b.choosePast(ctx, t, o.name)
	case cmdPerson:
		return b.handOver(ctx, t, Draft{})
	case cmdMyData, cmdErase, cmdAskErase, cmdOwnersWay:
		return b.ownData(ctx, t, o.name)
	case cmdForget:
		return b.forget(ctx, t)
	case cmdQueue, cmdMine, cmdQuestions:
		return b.staff(ctx, t, o.name)
	case cmdNext:
		return b.nextCase(ctx, t)
	case cmdResume:
		return b.goOn(ctx, t)
	}
	return b.say("bot.nothing_open", nil, b.doors(t)...), nil // cancel, back: there is nothing to go back to
}

// seed is what a report command told already: 我要反映纠纷，邻居占了我家的地.
func seed(text string, o order) string {
	if len([]rune(o.rest)) < 4 {
		return ""
	}
	for i := range text {
		if answer.Fold(text[i:]) == o.rest {
			return strings.TrimLeft(text[i:], " ，,。：:、")
		}
	}
	return ""
}

// wanted is the report that a message asks for. Who types what the button under
// an answer says means that answer.
func (b *Bot) wanted(t *turn, o order) Draft {
	g, ok := t.s.last()
	typed := answer.Fold(t.m.Text) == answer.Fold(b.d.Texts.Say("answer.choice.mediate", nil))
	if ok && typed && g.FAQ != "" && b.opt.Now().Sub(g.At) <= followUpWithin {
		return b.draftOf(g)
	}
	return Draft{Seed: seed(t.m.Text, o)}
}

// pressed does what a button says.
func (b *Bot) pressed(ctx context.Context, t *turn) (Reply, error) {
	verb, arg, _ := strings.Cut(t.m.Choice, ":")
	if t.m.Group && verb != doEntry {
		return b.say("bot.private", nil, b.link("bot.choice.page", "")...), nil
	}
	switch verb {
	case doCommand:
		r, err := b.obey(ctx, t, order{name: arg})
		return b.andResume(t, r, arg), err
	case doEntry:
		r, ok, err := b.entry(ctx, t, arg)
		if err != nil {
			return Reply{}, err
		}
		if !ok {
			return b.stale(t), nil
		}
		return b.andResume(t, r, ""), nil
	case doGiven:
		return b.aboutGiven(ctx, t, arg)
	case doUrgent:
		return b.urgentPressed(ctx, t, arg)
	case doDialog:
		return b.dialogPressed(ctx, t, arg)
	case doHandle:
		return b.handlePressed(ctx, t, arg)
	case doNothing:
		return b.say("bot.fine", nil), nil
	}
	return b.stale(t), nil
}

// stale answers a button whose time is over.
func (b *Bot) stale(t *turn) Reply {
	if t.s.draft() != nil {
		return b.resume(t)
	}
	return b.say("bot.stale", nil, b.doors(t)...)
}
