package needs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Options tune a Service; the zero value is production.
type Options struct {
	Buffer int              // questions that may wait to be kept; 0 means 256, what comes beyond is not recorded
	Zone   *time.Location   // of weeks; nil means UTC+8
	Now    func() time.Time // nil means time.Now
	Log    *slog.Logger     // nil means slog.Default()
	// Observe is told what became of each question recorded: kept, lost (too
	// many at once) or failed. Nil: nobody is.
	Observe func(kind Kind, outcome string)
}

// Service records needs and shows them. It is safe for concurrent use.
type Service struct {
	store Store
	strip *Stripper
	find  Finder
	like  *likeness
	opt   Options
	queue chan Asked
}

// NewService returns a Service. Its likeness of questions is weighed by how
// common pairs of letters are in samples, such as the phrasings of entries.
// What is recorded is kept while [Service.Run] runs.
func NewService(store Store, strip *Stripper, find Finder, samples []string, opt Options) *Service {
	if opt.Buffer == 0 {
		opt.Buffer = 256
	}
	if opt.Zone == nil {
		opt.Zone = time.FixedZone("UTC+8", 8*60*60)
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	if opt.Observe == nil {
		opt.Observe = func(Kind, string) {}
	}
	return &Service{store: store, strip: strip, find: find, like: newLikeness(samples), opt: opt, queue: make(chan Asked, opt.Buffer)}
}

// Record takes a question without waiting: it is kept later, or not at all if
// too many come at once.
func (s *Service) Record(a Asked) {
	select {
	case s.queue <- a:
	default:
		s.opt.Observe(a.Kind, "lost")
	}
}

// last is how long the questions that still wait may take when Run ends.
const last = 3 * time.Second

// Run keeps what is recorded until ctx ends, and what waits then.
func (s *Service) Run(ctx context.Context) error {
	for {
		select {
		case a := <-s.queue:
			s.keep(ctx, a)
		case <-ctx.Done():
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), last)
			defer cancel()
			for {
				select {
				case a := <-s.queue:
					s.keep(ctx, a)
				default:
					return nil
				}
			}
		}
	}
}

func (s *Service) keep(ctx context.Context, a Asked) {
	if a.Kind.need() {
		a.Text = shorten(s.strip.Strip(strings.TrimSpace(a.Text)))
		if letters(marks.ReplaceAllString(a.Text, "")) < fewestLetters {
			return
		}
	} else {
		a.Text, a.Entry = "", "" // only counted
	}
	now := s.opt.Now()
	err := s.store.Note(ctx, Noted{Asked: a, Key: key(a.Text), At: now, Week: s.week(now)})
	if err != nil {
		s.opt.Log.WarnContext(ctx, "a question was not put on the list of needs", "kind", a.Kind, "err", err)
		s.opt.Observe(a.Kind, "failed")
		return
	}
	s.opt.Observe(a.Kind, "kept")
}

func (s *Service) week(t time.Time) string { return Week(t.In(s.opt.Zone)) }

// fewestLetters make a question; mostLetters are kept of one: more is a story,
// and stories tell who tells them.
const (
	fewestLetters = 3
	mostLetters   = 80
)

// shorten keeps the sentences that ask, then those before them, while there is
// room, in the order told.
func shorten(text string) string {
	if utf8.RuneCountInString(text) <= mostLetters {
		return text
	}
	parts := sentences(text)
	kept, room := make([]bool, len(parts)), mostLetters
	take := func(i int) {
		if n := utf8.RuneCountInString(parts[i]); !kept[i] && n <= room {
			kept[i], room = true, room-n
		}
	}
	for i, p := range parts {
		if strings.ContainsAny(p, "？?") {
			take(i)
		}
	}
	for i := len(parts) - 1; i >= 0; i-- {
		take(i)
	}
	var b strings.Builder
	for i, p := range parts {
		if kept[i] {
			b.WriteString(p)
		}
	}
	if b.Len() == 0 {
		return string([]rune(text)[:mostLetters])
	}
	return b.String()
}

// sentences cuts after marks, which stay.
func sentences(text string) []string {
	var out []string
	from := 0
	for i, r := range text {
		if strings.ContainsRune("。！？；!?;，,\n", r) {
			out = append(out, text[from:i+utf8.RuneLen(r)])
			from = i + utf8.RuneLen(r)
		}
	}
	return append(out, text[from:])
}

// marks are what stands in place of personal data.
var marks = regexp.MustCompile(`〔[^〕]*〕`)

func letters(text string) (n int) {
	for _, r := range text {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// key is the same for questions of the same letters and digits.
func key(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// Decide notes what is to be done about needs: [Dropped], [Open] again, or
// [Writing] with the entry that is written for them.
func (s *Service) Decide(ctx context.Context, who access.Actor, ids []string, state State, entry string) error {
	if err := errors.Join(who.Require(access.SeeNeeds), who.Require(access.EditContent)); err != nil {
		return err
	}
	if state == Live || (state == Writing) != (entry != "") || len(ids) == 0 {
		return fault.New(fault.Invalid, "decide about needs: no such decision")
	}
	if err := s.store.Decide(ctx, ids, Decision{State: state, By: who.ID, To: entry, At: s.opt.Now()}); err != nil {
		return fmt.Errorf("decide about needs: %w", err)
	}
	return nil
}

// Settle notes that an entry went live, or, if it was given up, that the needs
// for which it was written wait again.
func (s *Service) Settle(ctx context.Context, by, entry string, live bool) error {
	all, err := s.store.Needs(ctx)
	if err != nil {
		return fmt.Errorf("settle needs of %s: %w", entry, err)
	}
	var ids []string
	for _, n := range all {
		if n.State == Writing && n.To == entry {
			ids = append(ids, n.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	d := Decision{State: Open, By: by, At: s.opt.Now()}
	if live {
		d.State, d.To = Live, entry
	}
	if err := s.store.Decide(ctx, ids, d); err != nil {
		return fmt.Errorf("settle needs of %s: %w", entry, err)
	}
	return nil
}
