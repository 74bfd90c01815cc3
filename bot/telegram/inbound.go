package telegram

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// incoming is an update as far as this channel cares about it.
type incoming struct {
	chat     string
	sender   string // of a group message: the person's id
	group    bool
	text     string
	command  string // "report" of "/report@desk_bot rest", whose rest is text
	choice   string
	callback string // id of the button press, to be answered
	files    []bot.File
	at       time.Time
}

// read understands an update; false for one that is none of our business: an
// edit, a channel post, a bot's own words, a group's talk among itself.
func (c *Channel) read(raw []byte) (incoming, bool) {
	var u tgbotapi.Update
	if err := json.Unmarshal(raw, &u); err != nil {
		return incoming{}, false
	}
	switch {
	case u.CallbackQuery != nil:
		return readPress(u.CallbackQuery)
	case u.Message != nil:
		return c.readMessage(u.Message)
	}
	return incoming{}, false
}

func readPress(q *tgbotapi.CallbackQuery) (incoming, bool) {
	if q.Message == nil || q.Message.Chat == nil || q.From == nil {
		return incoming{}, false
	}
	return incoming{
		chat: id(q.Message.Chat.ID), sender: id(q.From.ID), group: !q.Message.Chat.IsPrivate(),
		choice: q.Data, callback: q.ID, at: time.Time{},
	}, true
}

func (c *Channel) readMessage(m *tgbotapi.Message) (incoming, bool) {
	if m.Chat == nil || m.From == nil || m.From.IsBot {
		return incoming{}, false
	}
	in := incoming{
		chat: id(m.Chat.ID), sender: id(m.From.ID), group: !m.Chat.IsPrivate(),
		text: m.Text + m.Caption, files: files(m), at: m.Time(), // a message has one of the two
	}
	var to string
	in.command, to, in.text = command(m, in.text)
	if !in.group {
		return in, true
	}
	return c.addressed(m, in, to)
}

// addressed tells whether a group's message is meant for us: a command, a
// mention or a reply to one of our messages.
func (c *Channel) addressed(m *tgbotapi.Message, in incoming, to string) (incoming, bool) {
	name := c.username()
	if to != "" && !strings.EqualFold(to, name) {
		return incoming{}, false
	}
	if at := strings.Index(strings.ToLower(in.text), "@"+strings.ToLower(name)); name != "" && at >= 0 {
		in.text = strings.TrimSpace(in.text[:at] + in.text[at+1+len(name):])
		return in, true
	}
	reply := m.ReplyToMessage
	return in, in.command != "" || reply != nil && reply.From != nil && reply.From.UserName == name && name != ""
}

// command parts "/report@desk_bot rest". Telegram marks a command as an entity
// whose length is in UTF-16 units; a name holds ASCII only.
func command(m *tgbotapi.Message, text string) (name, to, rest string) {
	if len(m.Entities) == 0 || !m.Entities[0].IsCommand() || m.Entities[0].Offset != 0 {
		return "", "", text
	}
	u := utf16.Encode([]rune(text))
	n := m.Entities[0].Length
	if n < 1 || n > len(u) {
		return "", "", text
	}
	name, to, _ = strings.Cut(string(utf16.Decode(u[1:n])), "@")
	return strings.ToLower(name), to, strings.TrimSpace(string(utf16.Decode(u[n:])))
}

// files lists what is attached, by Telegram's handles.
func files(m *tgbotapi.Message) []bot.File {
	var all []bot.File
	if n := len(m.Photo); n > 0 { // the same photo in sizes, the last the largest
		p := m.Photo[n-1]
		all = append(all, bot.File{Name: "photo.jpg", Type: "image/jpeg", Ref: p.FileID, Size: int64(p.FileSize)})
	}
	if v := m.Voice; v != nil {
		all = append(all, bot.File{Name: "voice.ogg", Type: v.MimeType, Ref: v.FileID, Size: int64(v.FileSize)})
	}
	if a := m.Audio; a != nil {
		all = append(all, bot.File{Name: a.FileName, Type: a.MimeType, Ref: a.FileID, Size: int64(a.FileSize)})
	}
	if v := m.Video; v != nil {
		all = append(all, bot.File{Name: v.FileName, Type: v.MimeType, Ref: v.FileID, Size: int64(v.FileSize)})
	}
	if d := m.Document; d != nil {
		all = append(all, bot.File{Name: d.FileName, Type: d.MimeType, Ref: d.FileID, Size: int64(d.FileSize)})
	}
	return all
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

// message is what the conversation gets. A command is said as a resident would
// say it.
func (c *Channel) message(ctx context.Context, r bot.Received, in incoming) (bot.Message, error) {
	who, err := c.person(ctx, in)
	if err != nil {
		return bot.Message{}, err
	}
	at := in.at
	if at.IsZero() {
		at = r.At
	}
	var not missed
	if in.files, not, err = c.fetch(ctx, in.chat, in.files); err != nil {
		return bot.Message{}, err
	}
	return bot.Message{
		ID: r.ID, From: bot.Address{Channel: Name, Chat: in.chat}, Person: who,
		Text: c.spoken(in), Choice: in.choice, Files: in.files, Lost: not.lost, Crowded: not.crowded, Group: in.group, At: at,
	}, nil
}

// spoken turns a command into words.
func (c *Channel) spoken(in incoming) string {
	if in.command == "" {
		return in.text
	}
	said := in.command
	if known(in.command) {
		said = c.texts.Say("tg.say."+in.command, nil)
	}
	if in.text == "" || in.command == "start" {
		return said
	}
	if in.command == "ask" {
		return in.text
	}
	return said + " " + in.text
}

// person is who writes. In a group nobody acts as staff: others would read the
// answer, and a group's chat proves nothing about who is behind it.
func (c *Channel) person(ctx context.Context, in incoming) (access.Actor, error) {
	if in.group {
		return access.Actor{ID: Name + ":" + in.sender}, nil
	}
	resident := access.Actor{ID: Name + ":" + in.chat}
	acc, err := c.accounts.ByTelegram(ctx, in.chat)
	if fault.Of(err) == fault.NotFound || err == nil && acc.Disabled {
		return resident, nil
	}
	if err != nil {
		return access.Actor{}, err
	}
	return acc.ActorOn(access.Day(c.opt.Now())), nil
}
