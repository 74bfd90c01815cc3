package tgtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// tags is the HTML that our messages may use.
var tags = []string{"b", "i", "u", "s", "code", "pre", "blockquote"}

var (
	commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	errCommand  = errors.New("BOT_COMMAND_INVALID")
	markup      = regexp.MustCompile(`<(/?)([a-z]+)>|[<>&]`)
	entity      = regexp.MustCompile(`^&(lt|gt|amp|quot);`)
)

// visible takes the markup off a message as Telegram does, and refuses what it
// would: an unknown tag, one that is not closed, a bare < > or &.
func visible(text string) (string, error) {
	var open []string
	for _, at := range markup.FindAllStringSubmatchIndex(text, -1) {
		whole := text[at[0]:at[1]]
		if len(whole) == 1 {
			if whole == "&" && entity.MatchString(text[at[0]:]) {
				continue
			}
			return "", fmt.Errorf("unescaped %q at byte offset %d", whole, at[0])
		}
		name := text[at[4]:at[5]]
		switch {
		case !slices.Contains(tags, name):
			return "", fmt.Errorf("unsupported start tag %q at byte offset %d", name, at[0])
		case at[2] == at[3]:
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			return "", fmt.Errorf("unmatched end tag at byte offset %d", at[0])
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return "", fmt.Errorf("can't find end tag corresponding to start tag %q", open[len(open)-1])
	}
	plain := regexp.MustCompile(`</?[a-z]+>`).ReplaceAllString(text, "")
	return strings.TrimSpace(html.UnescapeString(plain)), nil
}

// Plain is a message's text without markup.
func (m Message) Plain() string {
	text, err := visible(m.Text)
	if err != nil {
		return "(" + err.Error() + ")"
	}
	return text
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// keyboard reads reply_markup within Telegram's limits.
func keyboard(raw string) ([]Button, error) {
	if raw == "" {
		return nil, nil
	}
	var m struct {
		Rows [][]Button `json:"inline_keyboard"`
	}
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		return nil, errors.New("can't parse reply keyboard markup JSON object")
	}
	var all []Button
	for _, row := range m.Rows {
		for _, b := range row {
			switch {
			case b.Text == "":
				return nil, errors.New("text buttons are unallowed in the inline keyboard")
			case len(b.Data) > 64 || b.Data == "" && b.URL == "":
				return nil, errors.New("BUTTON_DATA_INVALID")
			}
			all = append(all, b)
		}
	}
	if len(m.Rows) > 100 || len(all) > 100 {
		return nil, errors.New("too many buttons")
	}
	return all, nil
}
