package bot

import (
	"strconv"
	"strings"
)

// Choice data is "verb:argument", so that a channel may pass it through
// unread. What it opens is judged anew when it is pressed.
const (
	doCommand = "c" // a command by name
	doEntry   = "q" // an entry of the content by id
	doGiven   = "a" // something about an answer given: "<number>:<what>"
	doUrgent  = "u" // a button of a help card: "<kind>:<index>"
	doDialog  = "d" // an option of the open dialogue: "<sequence>:<index>"
	doHandle  = "h" // an action on a case, by its handle
	doNothing = "n" // no thanks
)

// What may be done with an answer given.
const (
	givenSource  = "src"
	givenUseful  = "yes"
	givenUseless = "no"
	givenReport  = "med"
	givenPerson  = "man"
)

func data(verb string, parts ...string) string { return verb + ":" + strings.Join(parts, ":") }

func givenData(n int, what string) string { return data(doGiven, strconv.Itoa(n), what) }

// cutNumber splits "12:rest".
func cutNumber(arg string) (n int, rest string, ok bool) {
	head, rest, _ := strings.Cut(arg, ":")
	n, err := strconv.Atoi(head)
	return n, rest, err == nil
}

// typedChoice finds the button that a typed number or label means, where
// nothing else is open.
func typedChoice(s *Session, text string) (string, bool) {
	text = strings.Trim(strings.TrimSpace(text), "〔〕[]【】。.")
	if text == "" {
		return "", false
	}
	for _, c := range s.Choices {
		if c.Data != "" && c.Label == text {
			return c.Data, true
		}
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > len(s.Choices) || s.Choices[n-1].Data == "" {
		return "", false
	}
	return s.Choices[n-1].Data, true
}
