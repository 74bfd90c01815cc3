package telegram

import (
	"strings"
	"unicode/utf16"

	"github.com/anjie-desk/anjie/bot/publicity"
)

// maxText is Telegram's limit of a message. It counts UTF-16 units after
// taking the markup out; we count with the markup, and so stay below.
const maxText = 4096

// escape is the one way by which text gets into a message.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace

// line is one line of a message.
type line []publicity.Span

func (l line) html() string {
	var b strings.Builder
	for _, s := range l {
		if s.Bold {
			b.WriteString("<b>" + escape(s.Text) + "</b>")
		} else {
			b.WriteString(escape(s.Text))
		}
	}
	return b.String()
}

// lines parts a text with **bold** marks into lines.
func lines(text string) []line {
	var all []line
	for l := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		all = append(all, publicity.Spans(l))
	}
	return all
}

// pack puts lines into messages of at most limit units, breaking between
// lines where it can, else after a sentence, else anywhere between letters.
func pack(all []line, limit int) []string {
	var messages []string
	current := ""
	for len(all) > 0 {
		next := all[0].html()
		if current != "" {
			next = current + "\n" + next
		}
		switch {
		case units(next) <= limit:
			current, all = next, all[1:]
		case strings.TrimSpace(current) != "":
			messages, current = append(messages, strings.TrimSpace(current)), ""
		default:
			head, tail := split(all[0], limit)
			messages, current = append(messages, head.html()), ""
			all = append([]line{tail}, all[1:]...)
		}
	}
	if s := strings.TrimSpace(current); s != "" {
		messages = append(messages, s)
	}
	return messages
}

// split cuts a line so that its head fits into limit.
func split(l line, limit int) (head, tail line) {
	room := limit
	for i, s := range l {
		n := units(line{s}.html())
		if n <= room {
			room -= n
			head = append(head, s)
			continue
		}
		cut := fit(s, room)
		if cut == 0 && len(head) == 0 {
			cut = len(s.Text) // cannot happen with limits above a letter's markup
		}
		if cut > 0 {
			head = append(head, publicity.Span{Text: s.Text[:cut], Bold: s.Bold})
		}
		if cut < len(s.Text) {
			tail = append(tail, publicity.Span{Text: s.Text[cut:], Bold: s.Bold})
		}
		return head, append(tail, l[i+1:]...)
	}
	return head, nil
}

// fit is the longest prefix of s, in bytes, whose markup fits into room; one
// that ends a sentence, if that isn't shorter than half.
func fit(s publicity.Span, room int) int {
	used := units(line{{Bold: s.Bold}}.html())
	longest, sentence := 0, 0
	for i, r := range s.Text {
		used += units(escape(string(r)))
		if used > room {
			break
		}
		longest = i + len(string(r))
		if strings.ContainsRune("。！？；…!?;\n", r) {
			sentence = longest
		}
	}
	if sentence > longest/2 {
		return sentence
	}
	return longest
}

// units counts UTF-16 code units, as Telegram does.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}
