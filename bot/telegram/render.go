package telegram

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/anjie-desk/anjie/bot"
)

const (
	maxData  = 64 // bytes of callback_data
	maxPair  = 7  // two buttons this long or shorter share a row on a narrow screen
	maxLabel = 64 // what a button can show, and more
)

// outgoing is one message as Telegram takes it. Kept as JSON while it waits.
type outgoing struct {
	Text string  `json:"text"`
	Keys [][]key `json:"keys,omitempty"`
}

type key struct {
	Label string `json:"label"`
	Data  string `json:"data,omitempty"`
	URL   string `json:"url,omitempty"`
}

// render turns a reply into messages: its own, then those of More. The buttons
// hang on the last message of each reply.
func (c *Channel) render(r bot.Reply) []outgoing {
	var all []outgoing
	for _, text := range pack(lines(c.whole(r)), maxText) {
		all = append(all, outgoing{Text: text})
	}
	if len(all) > 0 {
		all[len(all)-1].Keys = c.keyboard(r.Choices)
	}
	for _, more := range r.More {
		all = append(all, c.render(more)...)
	}
	return all
}

// whole is the text of a reply with its help card and progress.
func (c *Channel) whole(r bot.Reply) string {
	var parts []string
	if u := r.Urgent; u != nil {
		parts = append(parts, c.texts.Say("tg.urgent", map[string]any{
			"Lead": strings.ReplaceAll(u.Lead, "**", ""), "Lines": u.Lines, "After": u.After, "Numbers": u.Numbers,
		}))
	}
	if text := strings.TrimSpace(r.Text); text != "" {
		if r.Progress != "" {
			text = c.texts.Say("tg.progress", map[string]any{"At": r.Progress}) + "\n" + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "\n\n")
}

// keyboard sets short buttons in pairs and long ones in rows of their own. A
// button that Telegram would refuse, and the whole message with it, is left
// out and logged.
func (c *Channel) keyboard(choices []bot.Choice) [][]key {
	var rows [][]key
	for _, ch := range choices {
		if len(ch.Data) > maxData || (ch.Data == "") == (ch.URL == "") || ch.Label == "" {
			c.log.Error("button left out", "label", ch.Label, "data_bytes", len(ch.Data))
			continue
		}
		k := key{Label: shorten(ch.Label), Data: ch.Data, URL: ch.URL}
		if n := len(rows); n > 0 && len(rows[n-1]) == 1 && short(rows[n-1][0]) && short(k) {
			rows[n-1] = append(rows[n-1], k)
			continue
		}
		rows = append(rows, []key{k})
	}
	return rows
}

func short(k key) bool { return utf8.RuneCountInString(k.Label) <= maxPair }

func shorten(s string) string {
	if r := []rune(s); len(r) > maxLabel {
		return string(r[:maxLabel-1]) + "…"
	}
	return s
}

// params is a message as parameters of sendMessage.
func (o outgoing) params(chat string) tgbotapi.Params {
	p := tgbotapi.Params{
		"chat_id": chat, "text": o.Text, "parse_mode": tgbotapi.ModeHTML,
		"link_preview_options": `{"is_disabled":true}`,
	}
	if len(o.Keys) == 0 {
		return p
	}
	var m tgbotapi.InlineKeyboardMarkup
	for _, row := range o.Keys {
		var buttons []tgbotapi.InlineKeyboardButton
		for _, k := range row {
			b := tgbotapi.InlineKeyboardButton{Text: k.Label}
			if k.URL != "" {
				b.URL = &k.URL
			} else {
				b.CallbackData = &k.Data
			}
			buttons = append(buttons, b)
		}
		m.InlineKeyboard = append(m.InlineKeyboard, buttons)
	}
	raw, _ := json.Marshal(m) // strings only: cannot fail
	p["reply_markup"] = string(raw)
	return p
}
