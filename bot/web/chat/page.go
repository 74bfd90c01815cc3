package chat

import (
	"context"
	"crypto/rand"
	"embed"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

//go:embed pages/*.html
var files embed.FS

const (
	maxText   = 2000 // characters of one message
	maxChoice = 64   // bytes, as bot.Choice promises
	maxLabel  = 200  // characters
	maxToken  = 100  // bytes
)

// Routes adds the residents' pages.
func (c *Chat) Routes(s *web.Server) {
	c.shell, c.pages = s, s.Pages(files)
	s.Page("GET /{$}", c.first)
	s.Page("POST /say", c.say)
	s.Page("GET /events", c.events)
	if c.d.Files != nil {
		s.Upload("POST /attach", c.attach)
	}
}

type chatView struct {
	Lines    []shown
	Last     string // id of the last line, from where the stream goes on
	Examples []string
	Draft    string // what a link from elsewhere put into the box
	Nonce    string
	MaxText  int
	Attach   bool // files can be attached
}

// first shows the conversation so far, or how to begin one.
func (c *Chat) first(w http.ResponseWriter, r *http.Request) error {
	lines, err := c.since(r.Context(), web.SessionID(r), "")
	if err != nil {
		return err
	}
	v := chatView{Nonce: rand.Text(), Last: lastID(lines, ""), MaxText: maxText, Draft: draft(r), Attach: c.d.Files != nil}
	v.Lines = show(lines, v.Nonce)
	if len(lines) == 0 {
		v.Examples = c.examples()
	}
	return c.shell.Render(w, r, c.pages, "chat", v)
}

func draft(r *http.Request) string {
	text := r.URL.Query().Get("q")
	if utf8.RuneCountInString(text) > maxLabel || !utf8.ValidString(text) {
		return ""
	}
	return text
}

// examples are six questions of this season.
func (c *Chat) examples() []string {
	season := [4]string{"winter", "spring", "summer", "autumn"}[int(c.opt.Now().Month())%12/3]
	return strings.Split(c.d.Texts.Say("web.chat.examples."+season, nil), "\n")
}

// said is what came with a form.
type said struct {
	text, choice, label, token string
	files                      []bot.File
	who                        access.Actor // a grid worker who is signed in; the zero Actor is a resident
}

// say takes a message or a pressed button. A browser without scripts is sent
// back to the page; the page's script gets the new lines.
func (c *Chat) say(w http.ResponseWriter, r *http.Request) error {
	in, err := read(r)
	if err != nil {
		return err
	}
	return c.answer(w, r, in)
}

// answer has the desk answer what was said, and shows the page or its new lines.
func (c *Chat) answer(w http.ResponseWriter, r *http.Request, in said) error {
	if who, ok := c.shell.Signed(r); ok && who.Role == access.GridWorker {
		in.who = who // they report for others here; other staff have the console
	}
	session := web.SessionID(r)
	id, err := c.exchange(r.Context(), session, in)
	if err != nil {
		return err
	}
	if !web.Fetched(r) {
		web.SeeOther(w, r, "/#line-"+id)
		return nil
	}
	lines, err := c.since(r.Context(), session, cursor(r.PostFormValue("after")))
	if err != nil {
		return err
	}
	if id != "" && !slices.ContainsFunc(lines, func(l line) bool { return l.ID == id }) {
		w.Header().Set("X-Anjie-Again", "1") // forgotten meanwhile: the page shows what is no more
	}
	return c.shell.Render(w, r, c.pages, "lines_fragment", show(lines, rand.Text()))
}

func read(r *http.Request) (said, error) {
	in := said{
		text: strings.TrimSpace(r.PostFormValue("text")), choice: r.PostFormValue("choice"),
		label: r.PostFormValue("label"), token: r.PostFormValue("mid"),
	}
	in.text = strings.ToValidUTF8(in.text, "")
	switch {
	case in.text == "" && in.choice == "":
		return in, web.Explain(fault.New(fault.Invalid, "nothing said"), "web.error.empty")
	case utf8.RuneCountInString(in.text) > maxText:
		return in, web.Explain(fault.New(fault.Invalid, "message too long"), "web.error.long")
	case len(in.choice) > maxChoice, utf8.RuneCountInString(in.label) > maxLabel, !utf8.ValidString(in.label):
		return in, fault.New(fault.Invalid, "no such choice")
	case len(in.token) > maxToken:
		in.token = ""
	}
	return in, nil
}

// shown is what the transcript notes as the resident's words.
func (in said) shown() string {
	if in.text != "" {
		return in.text
	}
	if in.label != "" {
		return in.label
	}
	if len(in.files) > 0 {
		names := make([]string, len(in.files))
		for i, f := range in.files {
			names[i] = f.Name
		}
		return strings.Join(names, "\n")
	}
	return in.choice
}

// exchange notes what was said, asks the desk, and notes what it answers. Once
// noted it is answered even if the browser goes away, and answered once even
// if the form comes twice. It returns the id of the resident's line, "" for a
// repeat.
func (c *Chat) exchange(ctx context.Context, session string, in said) (string, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.opt.Answer)
	defer cancel()
	id, fresh, err := c.appendOnce(ctx, session, in.token, line{At: c.opt.Now(), Said: in.shown()})
	if err != nil {
		return "", err
	}
	if !fresh { // the conversation has the files that came the first time
		return "", c.drop(ctx, in.files)
	}
	defer c.turns.take(session)()
	reply, err := c.d.Bot.Handle(ctx, message(session, id, in, c.opt.Now()))
	if err != nil {
		c.opt.Log.ErrorContext(ctx, "message went unanswered", "session", session, "line", id, "err", err)
		reply = bot.Reply{Text: c.d.Texts.Say("web.chat.trouble", nil)}
	}
	cards := cardsOf(reply)
	if len(cards) == 0 {
		return id, nil
	}
	return id, c.append(ctx, session, line{At: c.opt.Now(), Cards: cards})
}

func message(session, id string, in said, at time.Time) bot.Message {
	from, who := bot.Address{Channel: channel, Chat: session}, in.who
	if who.ID == "" {
		who = access.Actor{ID: from.String(), Role: access.Resident}
	}
	return bot.Message{ID: session + ":" + id, From: from, Text: in.text, Choice: in.choice, Files: in.files, At: at, Person: who}
}
