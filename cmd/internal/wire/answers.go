package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
)

// OpenAnswers opens what a question needs and no more: no Redis, no channels.
// The Bot is for AskOnce; closer closes its knowledge. It answers as it would
// have on the day asOf, by the law of that day; zero means today. Without
// statutes it learns from the content first, unless quick.
func OpenAnswers(ctx context.Context, s config.Settings, asOf time.Time, quick bool, p Progress) (*bot.Bot, io.Closer, error) {
	c, err := OpenContent(s)
	if err != nil {
		return nil, nil, err
	}
	k, err := OpenKnowledge(ctx, s, c, p)
	if err != nil {
		return nil, nil, err
	}
	if !quick {
		if err := k.Learn(ctx, s, p); err != nil {
			return nil, nil, errors.Join(err, k.Close())
		}
	}
	talk, err := content.LoadTalk(c.FS)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("content: %w", err), k.Close())
	}
	now, search := time.Now, knowledge.Searcher(k.Index)
	if !asOf.IsZero() {
		now, search = func() time.Time { return asOf }, k.Index.AsOf(asOf)
	}
	b := bot.New(bot.Deps{
		Texts: c.Texts, Library: c.Library, Talk: talk, Triage: bot.NewTriage(c.Library.Triage, c.Library.FAQs...),
		Answers: answers(c, talk, search, now),
		Intake:  c.Intake, Register: c.Places,
	}, bot.Options{PublicURL: s.PublicURL, Now: now})
	return b, k, nil
}

// Answers answers from what k holds, without a conversation around it.
func Answers(c *Content, k *Knowledge) (*answer.Service, error) {
	talk, err := content.LoadTalk(c.FS)
	if err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	return answers(c, talk, k.Index, time.Now), nil
}

func answers(c *Content, talk *content.Talk, search knowledge.Searcher, now func() time.Time) *answer.Service {
	return answer.NewService(search, c.Library, talk, answer.Options{Now: now})
}

// Classifier sorts messages by type, village, gate and urgency.
func Classifier(c *Content) *bot.Classifier {
	return bot.NewClassifier(c.Intake, c.Places, bot.ClassifierOptions{
		Triage: bot.NewTriage(c.Library.Triage, c.Library.FAQs...), FAQs: c.Library.FAQs, Terms: c.Library.Lexicon,
	})
}
