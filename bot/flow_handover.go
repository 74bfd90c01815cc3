package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dialog"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
)

// minorKind is the help card of a child who asks for itself: no number is
// asked of it (个人信息保护法 31, 未成年人保护法 72).
const minorKind = "minor"

// handOver begins passing a question to a person of the staff.
func (b *Bot) handOver(_ context.Context, t *turn, d Draft) (Reply, error) {
	if t.m.Group {
		return b.say("bot.private", nil, b.link("bot.choice.page", "")...), nil
	}
	if d.Seed == "" {
		if g, ok := t.s.last(); ok && b.opt.Now().Sub(g.At) < time.Hour {
			d.Seed = g.Question
		}
	}
	d.Form = flowHandover
	if open := t.s.draft(); open != nil && open.Form == flowHandover {
		t.s.pop()
	}
	return b.begin(t, d), nil
}

func (b *Bot) handoverForm(d *Draft) dialog.Form {
	f := b.formOf(flowHandover, b.d.Talk.Forms[flowHandover], false)
	if d.Ref == minorKind {
		f.Steps = slices.DeleteFunc(f.Steps, func(s dialog.Step) bool { return s.Kind == dialog.Phone })
	}
	for i := range f.Steps {
		if f.Steps[i].Kind == dialog.Text {
			f.Steps[i].Propose = proposed(d.Seed)
			break
		}
	}
	return f
}

// openHandover keeps the question and tells those who answer such.
func (b *Bot) openHandover(ctx context.Context, t *turn, d Draft) (Reply, error) {
	a := d.State.Answers
	h := Handover{ID: d.Token, From: t.m.From, Question: a.Of("question"), Phone: a.Of("phone"), Urgent: d.Ref, Asked: b.opt.Now()}
	told := []dispute.Notice{askedNotice(access.Adviser, h.ID)}
	if h.Urgent != "" {
		told = append(told, askedNotice(access.Clerk, h.ID))
	}
	if err := b.d.Handovers.Open(ctx, h, told...); err != nil {
		return Reply{}, fmt.Errorf("hand a question over: %w", err)
	}
	return b.say("flow.handover.done", map[string]any{"Urgent": h.Urgent != "", "Phone": h.Phone != ""}), nil
}

func askedNotice(to access.Role, id string) dispute.Notice {
	return dispute.Notice{To: toRole + ":" + string(to), Key: "flow.notice.asked", Data: map[string]string{"handover": id}}
}

// Waiting lists questions passed on that nobody has answered, oldest first. The
// error is of kind fault.Denied for who may not answer them.
func (b *Bot) Waiting(ctx context.Context, who access.Actor, limit int) ([]Handover, error) {
	if err := who.Require(access.AnswerQuestions); err != nil {
		return nil, err
	}
	return b.d.Handovers.Waiting(ctx, limit)
}

// Reply answers a question passed on; the resident gets it where it was asked.
// The error is of kind fault.Conflict if somebody answered before.
func (b *Bot) Reply(ctx context.Context, who access.Actor, id, text string) error {
	if err := who.Require(access.AnswerQuestions); err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" {
		return fault.New(fault.Invalid, "answer hand-over: no text")
	}
	h, err := b.d.Handovers.Handover(ctx, id)
	if err != nil {
		return fmt.Errorf("answer hand-over %s: %w", id, err)
	}
	h.By, h.Reply, h.Answered = who.ID, text, b.opt.Now()
	err = b.d.Handovers.Answer(ctx, h, dispute.Notice{To: h.From.String(), Key: "flow.notice.answered", Data: map[string]string{"handover": id}})
	if err != nil {
		return fmt.Errorf("answer hand-over %s: %w", id, err)
	}
	return nil
}

func (b *Bot) replyHandover(ctx context.Context, t *turn, d Draft) (Reply, error) {
	err := b.Reply(ctx, t.who, d.Ref, d.State.Answers.Of("text"))
	if fault.Of(err) == fault.Conflict {
		return b.say("flow.reply.late", nil), nil
	}
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.reply.sent", nil), nil
}
