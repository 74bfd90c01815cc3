package dispute

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/access"
)

// Like is an open case that may be about the same matter as another.
type Like struct {
	Case  Case     // without personal data
	Score int      // at least likeEnough
	Why   []string // phone, name, place, category, text
}

const (
	likeEnough   = 4
	likeSure     = 6                    // the clerk is told at filing
	fewestDigits = 10                   // of a telephone number, see phones
	likeWindow   = 120 * 24 * time.Hour // how far back cases are compared by their words
	mostTraits   = 12
	mostOfTrait  = 20 // cases looked at for one trait
	mostLooked   = 3  // … while a report is filed, which waits for it
	mostNear     = 40 // cases of the same place and type whose words are compared
)

// Points that what two reports share is worth.
const (
	likePhone    = 5
	likeName     = 3
	likePlace    = 1
	likeCategory = 1
	likeText     = 3 // words nearly the same
	likeSomeText = 2
)

var (
	phones    = regexp.MustCompile(`1[3-9][0-9]{9}|0[0-9]{2,3}[- ]?[0-9]{7,8}`)
	inNumbers = strings.NewReplacer("-", "", " ", "")
	// what is said around a name
	aroundNames = strings.NewReplacer(apart("是 叫 对方 我 俺 他 她 家 一家 住 在 的 电话 手机 联系方式 邻居 老板 先生 女士 同志 大爷 大娘 大哥 大姐")...)
)

// traits are what makes a report known again: telephone numbers, and the names
// of both sides. A short name such as 老王 counts within its village alone.
func traits(r Report) []string {
	var all []string
	add := func(t string) {
		if len(all) < mostTraits && !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	for _, text := range [...]string{r.Contact.Phone, r.Other, r.What} {
		text = narrowDigits(text)
		if !mayHoldPhone(text) {
			continue
		}
		for _, p := range phones.FindAllString(text, -1) {
			add(phoneTrait(p))
		}
	}
	for _, text := range []string{r.Contact.Name, r.About, r.Other} {
		for _, n := range names(text) {
			add("name:" + n + "@" + r.Village)
		}
	}
	return all
}

// mayHoldPhone is false for a text with fewer digits than any number has: most
// of what people tell, for which the expression is slow.
func mayHoldPhone(text string) bool {
	digits := 0
	for i := range len(text) {
		if text[i] >= '0' && text[i] <= '9' {
			digits++
		}
	}
	return digits >= fewestDigits
}

func phoneTrait(number string) string {
	return "phone:" + inNumbers.Replace(number)
}

// names finds what may be names: two to four Chinese characters between others.
func names(text string) []string {
	var all []string
	for _, part := range strings.FieldsFunc(aroundNames.Replace(text), notHan) {
		if n := utf8.RuneCountInString(part); n >= 2 && n <= 4 {
			all = append(all, part)
		}
	}
	return all
}

func notHan(r rune) bool { return !unicode.Is(unicode.Han, r) }

// apart has each of the words replaced by a space.
func apart(words string) []string {
	var all []string
	for _, w := range strings.Fields(words) {
		all = append(all, w, " ")
	}
	return all
}

func narrowDigits(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= '０' && c <= '９' {
			return c - '０' + '0'
		}
		return c
	}, s)
}

// AlikeReport finds open cases that a report may be a repetition of, for who
// is about to file it. What it shows of them holds no personal data.
func (s *Service) AlikeReport(ctx context.Context, who access.Actor, r Report) ([]Like, error) {
	if err := who.Require(access.SeeQueue); err != nil {
		return nil, err
	}
	return s.alike(ctx, r, "")
}

// Alike finds open cases that a case may be the same matter as, for who may
// merge them.
func (s *Service) Alike(ctx context.Context, who access.Actor, id CaseID) ([]Like, error) {
	if err := who.Require(access.ManageCases); err != nil {
		return nil, err
	}
	c, err := s.store.Case(ctx, id, true)
	if err != nil {
		return nil, fmt.Errorf("cases like %s: %w", id, err)
	}
	if !knows(who, c) {
		return nil, ErrNotFound
	}
	r := c.Report
	r.Village = c.HappenedIn()
	return s.alike(ctx, r, id)
}

// alike compares a report with those that share a trait and with the newest of
// its place and type.
func (s *Service) alike(ctx context.Context, r Report, not CaseID) ([]Like, error) {
	ids, err := s.candidates(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("cases like a report: %w", err)
	}
	return s.likest(ctx, r, slices.DeleteFunc(ids, func(id CaseID) bool { return id == not }))
}

// likest are the open ones among some cases that are like a report.
func (s *Service) likest(ctx context.Context, r Report, ids []CaseID) ([]Like, error) {
	cases, err := s.store.Whole(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("cases like a report: %w", err)
	}
	mine := traits(r)
	var all []Like
	for _, c := range cases {
		if l := compare(r, mine, c); l.Score >= likeEnough && c.State.Open() {
			all = append(all, l)
		}
	}
	slices.SortStableFunc(all, func(a, b Like) int { return cmp.Compare(b.Score, a.Score) })
	return all[:min(len(all), 5)], nil
}

func (s *Service) candidates(ctx context.Context, r Report) ([]CaseID, error) {
	ids, err := s.store.Alike(ctx, traits(r), mostOfTrait)
	if err != nil {
		return nil, err
	}
	near, _, err := s.store.Cases(ctx, Filter{
		Territory: []string{r.Village}, State: open, Category: r.Category, Since: s.now().Add(-likeWindow), Limit: mostNear,
	})
	for _, c := range near {
		if !slices.Contains(ids, c.ID) {
			ids = append(ids, c.ID)
		}
	}
	return ids, err
}

// compare weighs what two reports have in common.
func compare(r Report, mine []string, c Case) Like {
	theirs := c.Report
	theirs.Village = c.HappenedIn()
	l := Like{Case: plain(c)}
	give := func(points int, why string) {
		l.Score += points
		l.Why = append(l.Why, why)
	}
	shared := map[string]bool{}
	for _, t := range traits(theirs) {
		if slices.Contains(mine, t) {
			kind, _, _ := strings.Cut(t, ":")
			shared[kind] = true
		}
	}
	if shared["phone"] {
		give(likePhone, "phone")
	}
	if shared["name"] {
		give(likeName, "name")
	}
	if r.Village == theirs.Village {
		give(likePlace, "place")
	}
	if r.Category == theirs.Category {
		give(likeCategory, "category")
	}
	switch same := likeness(r.What, theirs.What); {
	case same >= 0.6:
		give(likeText, "text")
	case same >= 0.3:
		give(likeSomeText, "text")
	}
	return l
}

// likeness is how many pairs of neighbouring characters two texts share, 0..1.
func likeness(a, b string) float64 {
	x, y := pairs(a), pairs(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	both := 0
	for p := range x {
		if y[p] {
			both++
		}
	}
	return 2 * float64(both) / float64(len(x)+len(y))
}

func pairs(text string) map[[2]rune]bool {
	all := map[[2]rune]bool{}
	var last rune
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			last = 0
			continue
		}
		if last != 0 {
			all[[2]rune{last, r}] = true
		}
		last = r
	}
	return all
}

// alikeNotice tells the clerks of an open case that a new one surely repeats.
// Filing never fails for it.
func (s *Service) alikeNotice(ctx context.Context, c Case, ids []CaseID) []Notice {
	found, err := s.likest(ctx, c.Report, ids)
	if err != nil {
		s.opt.Log.WarnContext(ctx, "duplicates not looked for", "case", c.ID, "err", err)
		return nil
	}
	found = slices.DeleteFunc(found, func(l Like) bool {
		return l.Score < likeSure || !slices.Contains(l.Why, "category") && !slices.Contains(l.Why, "text")
	})
	if len(found) == 0 {
		return nil // the same people may well have two matters
	}
	return with([]Notice{s.toRole(c, access.Clerk, "notice.alike")}, map[string]string{"into_number": string(found[0].Case.Number)})
}
