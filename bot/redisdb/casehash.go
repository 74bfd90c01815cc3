package redisdb

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/dispute"
)

const (
	factPrefix  = "f:"
	timerPrefix = "t:"
	paperPrefix = "p:" // of a paper's seal here and of the paper among the sealed fields
)

// field is one of a case's plain fields as the hash holds it.
type field struct{ name, value string }

func byName(a, b field) int { return strings.Compare(a.name, b.name) }

// fieldsOf are a case's plain fields, by name. Empty ones are left out. The
// numbers aren't among them: the scripts that made them wrote them.
func fieldsOf(c dispute.Case) []field {
	all := make([]field, 0, 18+len(c.Facts)+len(c.Seals)+len(c.Unknown)+len(c.Timers))
	add := func(name, value string) {
		if value != "" {
			all = append(all, field{name, value})
		}
	}
	plain := [...]field{
		{"state", string(c.State)},
		{"version", whole(c.Version)},
		{"edited", whole(c.Edited)},
		{"head", c.Head},
		{"territory", c.Territory},
		{"category", c.Category},
		{"priority", whole(int64(c.Priority))},
		{"source", c.Source},
		{"reporter", c.Reporter},
		{"notify", c.Notify},
		{"owner", c.Owner},
		{"owner_name", c.OwnerName},
		{"filed", stamp(c.Filed)},
		{"changed", stamp(c.Changed)},
		{"lease", stamp(c.Lease)},
		{"outcome", string(c.Outcome)},
		{"shelf", c.Shelf},
	}
	for _, f := range plain {
		add(f.name, f.value)
	}
	if c.Amount != 0 {
		add("amount", whole(c.Amount))
	}
	for k, v := range c.Facts {
		add(factPrefix+k, v)
	}
	for k, v := range c.Seals {
		add(paperPrefix+k, v)
	}
	for k, v := range c.Unknown {
		add(k, v)
	}
	for _, t := range c.Timers {
		add(timerPrefix+string(t.Kind), timerValue(t))
	}
	slices.SortFunc(all, byName)
	return all
}

// plainFields are those that caseOf reads, and those that only scripts write.
var plainFields = []string{
	"state", "version", "edited", "head", "territory", "category", "priority", "source", "reporter", "notify", "owner", "owner_name",
	"filed", "changed", "lease", "outcome", "amount", "number", "year", "serial", "mac", "call", "shelf",
	"agreement", "agreement_year", "agreement_serial",
}

func prefixed(k string) bool {
	return strings.HasPrefix(k, factPrefix) || strings.HasPrefix(k, timerPrefix) || strings.HasPrefix(k, paperPrefix)
}

// caseOf is the case that the hash's fields describe.
func caseOf(id dispute.CaseID, f map[string]string) (dispute.Case, error) {
	p := parser{f: f}
	c := dispute.Case{
		ID: id, Number: dispute.Number(f["number"]), State: dispute.State(f["state"]), Version: p.whole("version"), Edited: p.whole("edited"),
		Head: f["head"], Territory: f["territory"], Category: f["category"], Priority: dispute.Priority(p.whole("priority")),
		Source: f["source"], Reporter: f["reporter"], Notify: f["notify"], Owner: f["owner"], OwnerName: f["owner_name"],
		Filed: p.time("filed"), Changed: p.time("changed"), Lease: p.time("lease"), Outcome: dispute.Outcome(f["outcome"]), Amount: p.whole("amount"),
		Agreement: dispute.Number(f["agreement"]),
		Shelf:     f["shelf"],
	}
	for k, v := range f {
		if kind, ok := strings.CutPrefix(k, timerPrefix); ok {
			c.Timers = append(c.Timers, p.timer(dispute.TimerKind(kind), v))
		}
		if fact, ok := strings.CutPrefix(k, factPrefix); ok {
			put(&c.Facts, fact, v)
		}
		if paper, ok := strings.CutPrefix(k, paperPrefix); ok {
			put(&c.Seals, paper, v)
		}
		if !slices.Contains(plainFields, k) && !prefixed(k) {
			put(&c.Unknown, k, v)
		}
	}
	slices.SortFunc(c.Timers, func(a, b dispute.Timer) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
	c.Due = dispute.NextDue(c.Timers)
	if p.err != nil {
		return c, fmt.Errorf("case %s: %w", id, p.err)
	}
	return c, nil
}

func put(m *map[string]string, k, v string) {
	if *m == nil {
		*m = map[string]string{}
	}
	(*m)[k] = v
}

// parser reads fields and keeps the first error.
type parser struct {
	f   map[string]string
	err error
}

func (p *parser) whole(field string) int64 {
	if p.f[field] == "" {
		return 0
	}
	return p.number(field, p.f[field])
}

func (p *parser) number(field, text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil && p.err == nil {
		p.err = fmt.Errorf("field %s: %w", field, err)
	}
	return n
}

func (p *parser) time(field string) time.Time {
	ms := p.whole(field)
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func (p *parser) timer(kind dispute.TimerKind, text string) dispute.Timer {
	at, n, _ := strings.Cut(text, ":")
	return dispute.Timer{
		Kind: kind, At: time.UnixMilli(p.number(timerPrefix+string(kind), at)).UTC(), N: int(p.number(timerPrefix+string(kind), n)),
	}
}

func timerValue(t dispute.Timer) string { return stamp(t.At) + ":" + strconv.Itoa(t.N) }

func timerMember(id dispute.CaseID, kind dispute.TimerKind) string {
	return string(id) + ":" + string(kind)
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return whole(t.UnixMilli())
}

// queueScore orders a queue by priority, then by filing time. It stays below
// 2^53, so that a float holds it exactly.
func queueScore(c dispute.Case) string { return whole(int64(c.Priority)*1e13 + c.Filed.UnixMilli()) }

// The sealed fields of a case.
const (
	saltField    = "salt"
	reportField  = "report"
	contactField = "contact"
	summaryField = "summary"
)

// sealReport seals what a resident told. What the plain fields say already
// isn't kept twice.
func sealReport(s sealer, salt string, r dispute.Report) ([]string, error) {
	contact, err := json.Marshal(r.Contact)
	if err != nil {
		return nil, err
	}
	r.Contact, r.Village, r.Category, r.Source, r.Urgency = dispute.Contact{}, "", "", "", 0
	report, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return []string{
		saltField, salt, reportField, s.sealBytes(reportField, report), contactField, s.sealBytes(contactField, contact),
	}, nil
}

// unseal fills in a case's personal data.
func unseal(s sealer, c *dispute.Case, sealed map[string]string) error {
	if err := unsealInto(s, reportField, sealed[reportField], &c.Report); err != nil {
		return err
	}
	if err := unsealInto(s, contactField, sealed[contactField], &c.Report.Contact); err != nil {
		return err
	}
	summary, err := s.open(summaryField, sealed[summaryField])
	c.Summary = summary
	c.Report.Village, c.Report.Category, c.Report.Source, c.Report.Urgency = c.Territory, c.Category, c.Source, c.Priority
	return errors.Join(err, unsealPapers(s, c, sealed))
}

// unsealPapers opens the papers, each the one that the case's own seal names:
// an older one put back is as wrong as a changed one.
func unsealPapers(s sealer, c *dispute.Case, sealed map[string]string) error {
	for name, seal := range c.Seals {
		raw := sealed[paperPrefix+name]
		if paperSeal(raw) != seal {
			return fmt.Errorf("paper %s of %s: not the one that was written", name, c.ID)
		}
		text, err := s.open(paperPrefix+name, raw)
		if err != nil {
			return err
		}
		put(&c.Papers, name, text)
	}
	return nil
}

// paperSeal is what the case's plain fields, and so its keyed hash, keep of a
// sealed paper.
func paperSeal(sealed string) string {
	sum := sha256.Sum256([]byte(sealed))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

func unsealInto(s sealer, field, sealed string, into any) error {
	plain, err := s.open(field, sealed)
	if err != nil || plain == "" {
		return err
	}
	if err := json.Unmarshal([]byte(plain), into); err != nil {
		return fmt.Errorf("sealed field %s: %w", field, err)
	}
	return nil
}
