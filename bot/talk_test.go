package bot_test

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
)

// The conversations under testdata/talk are scripts. A line begins with
//
//	@ telegram:1 [account]   who speaks from here on
//	> words                  what is said; > 〔label〕 presses that button
//	< words                  must stand in the answer; several by " & ", alternatives by " | "
//	! words                  must not stand in it
//	〔label〕〔label〕         buttons that the answer must have
//	% command                staff ID ROLE CHAT [VILLAGE…], deliver, restart, later 2h
//
// They check facts, not wording: entries of the content may be reworded.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/talk/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations found: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			s := &script{t: t, file: file, d: newDesk(t, bot.Options{
				ReportOn: map[string]bool{"web": true, "telegram": strings.Contains(file, "telegram_reports")}, PublicURL: "https://desk.example",
			})}
			s.run()
		})
	}
}

// TestMain fails the run when a text of the conversation was said by no test:
// it is unused, or untried. A run of chosen tests is not judged.
func TestMain(m *testing.M) {
	code := m.Run()
	if all := flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == ""; all && code == 0 {
		code = unsaid()
	}
	os.Exit(code)
}

func unsaid() (missing int) {
	w, err := world()
	if err != nil {
		return 1
	}
	for _, key := range w.texts.Keys() {
		area, _, _ := strings.Cut(key, ".")
		if _, ok := said.Load(key); !ok && slices.Contains([]string{"answer", "flow", "bot", "urgent"}, area) {
			fmt.Fprintln(os.Stderr, "no test says the text "+key)
			missing = 1
		}
	}
	return missing
}

// script plays one file.
type script struct {
	t     *testing.T
	file  string
	line  int
	d     *desk
	from  bot.Address
	who   access.Actor
	last  map[string]bot.Reply // by speaker
	text  string               // of the last answer or delivery, with its buttons
	count int
}

func (s *script) run() {
	raw, err := os.Open(s.file)
	if err != nil {
		s.t.Fatal(err)
	}
	defer raw.Close()
	s.last = map[string]bot.Reply{}
	lines := bufio.NewScanner(raw)
	for lines.Scan() {
		s.line++
		s.step(strings.TrimSpace(lines.Text()))
		if s.t.Failed() {
			s.t.Fatalf("the answer was:\n%s", s.text)
		}
	}
}

func (s *script) step(line string) {
	head, rest, _ := strings.Cut(line, " ")
	switch {
	case line == "" || head == "#":
	case head == "@":
		s.speaker(rest)
	case head == ">":
		s.say(rest)
	case head == "<":
		for part := range strings.SplitSeq(rest, " & ") {
			if !slices.ContainsFunc(strings.Split(part, " | "), func(p string) bool { return strings.Contains(s.text, strings.TrimSpace(p)) }) {
				s.t.Errorf("%s:%d: the answer lacks %q", s.file, s.line, part)
			}
		}
	case head == "!":
		if strings.Contains(s.text, rest) {
			s.t.Errorf("%s:%d: the answer holds %q", s.file, s.line, rest)
		}
	case head == "%":
		s.command(strings.Fields(rest))
	case strings.HasPrefix(line, "〔"):
		for label := range strings.SplitSeq(strings.Trim(line, "〔〕"), "〕〔") {
			if !strings.Contains(s.text, "〔"+label+"〕") {
				s.t.Errorf("%s:%d: there is no button 〔%s〕", s.file, s.line, label)
			}
		}
	default:
		s.t.Fatalf("%s:%d: unknown line %q", s.file, s.line, line)
	}
}

func (s *script) speaker(rest string) {
	address, account, _ := strings.Cut(rest, " ")
	s.from, _ = bot.ParseAddress(address)
	s.who = access.Actor{ID: address}
	if a, ok := s.d.accounts[account]; ok {
		s.who = a.Actor()
	}
}

func (s *script) say(text string) {
	s.count++
	m := bot.Message{ID: fmt.Sprint(s.count), From: s.from, Person: s.who, Text: text, At: s.d.now}
	if label, ok := strings.CutPrefix(text, "〔"); ok {
		m.Text, m.Choice = "", s.press(strings.TrimSuffix(label, "〕"))
	}
	r, err := s.d.bot.Handle(s.t.Context(), m)
	if err != nil {
		s.t.Fatalf("%s:%d: %s: %v", s.file, s.line, text, err)
	}
	s.last[s.from.String()] = r
	s.text = flat(r)
}

// press finds the button with that label in the speaker's last answer.
func (s *script) press(label string) string {
	for _, c := range choices(s.last[s.from.String()]) {
		if c.Label == label {
			if len(c.Data) > 64 {
				s.t.Errorf("%s:%d: the data of 〔%s〕 has %d bytes", s.file, s.line, label, len(c.Data))
			}
			return c.Data
		}
	}
	s.t.Fatalf("%s:%d: %s has no button 〔%s〕 in:\n%s", s.file, s.line, s.from, label, flat(s.last[s.from.String()]))
	return ""
}

func (s *script) command(words []string) {
	switch words[0] {
	case "staff":
		s.d.hire(words[1], access.Role(words[2]), words[3], words[4:]...)
	case "restart":
		s.d.restart()
	case "later":
		wait, err := time.ParseDuration(words[1])
		if err != nil {
			s.t.Fatal(err)
		}
		s.d.now = s.d.now.Add(wait)
	case "deliver":
		s.d.sent.all = nil
		s.d.courier(s.t)
		s.text = ""
		for _, m := range s.d.sent.all {
			s.last[m.to.String()] = m.reply
			s.text += "→ " + m.to.String() + "\n" + flat(m.reply) + "\n"
		}
	default:
		s.t.Fatalf("%s:%d: unknown command %q", s.file, s.line, words[0])
	}
}

func choices(r bot.Reply) []bot.Choice {
	all := slices.Clone(r.Choices)
	for _, more := range r.More {
		all = append(all, choices(more)...)
	}
	return all
}

// flat is everything that a reply shows.
func flat(r bot.Reply) string {
	var b strings.Builder
	if u := r.Urgent; u != nil {
		fmt.Fprintf(&b, "⛔ %s\n%s\n%s %v\n", u.Lead, strings.Join(u.Lines, "\n"), u.After, u.Numbers)
	}
	if r.Progress != "" {
		fmt.Fprintf(&b, "(%s) ", r.Progress)
	}
	b.WriteString(r.Text + "\n")
	for _, c := range r.Choices {
		b.WriteString("〔" + c.Label + "〕")
	}
	b.WriteString("\n")
	for _, more := range r.More {
		b.WriteString(flat(more))
	}
	return b.String()
}
