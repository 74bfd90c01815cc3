package dispute

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Form is one paper of a dossier, as the content describes it.
type Form struct {
	Key, Name string
	Must      bool
	Shared    bool     // both parties are given it: a withheld name stays out
	Endings   []string // of cases that have it, see [Case.Ending]; none for all
	Fields    []string // in the order of the paper
	Need      []string // fields without which it isn't complete
	Hint      string   // how to get what is missing
	// Fill works out the fields from what the desk knows; what it doesn't know
	// it leaves out.
	Fill func(File) (map[string]string, error)
}

// File is what the desk knows of a case, for its papers. All of it is personal.
type File struct {
	Case      Case
	Now       time.Time
	Category  string // as people call it
	Village   string
	Withheld  string     // what stands in the place of a withheld name
	Answers   []Answered // to the questions of its type
	District  string     // of the register
	City      string
	Agreement *Agreement // nil without one
	Past      []Wording  // agreements from before the case was reopened
	Ending    *Ending
	Judicial  *Judicial
	Visits    []Visit
	Sessions  []Session // mediation sessions held
	Events    []Event
	Doubts    []Check
	// Sheets are the fields written by hand, by the papers' keys.
	Sheets map[string]Sheet
	List   []Item // the dossier's papers, for its table of contents
}

// Sheet is what was written into a paper by hand, or that it lies in the
// dossier on paper.
type Sheet struct {
	Fields  map[string]string `json:"fields,omitempty"`
	OnPaper Day               `json:"on_paper,omitempty"` // since when the signed paper itself is in the dossier
	At      time.Time         `json:"at"`
	By      string            `json:"by"`
	Reason  string            `json:"reason,omitempty"` // of a correction
	Earlier []Sheet           `json:"earlier,omitempty"`
}

// agreementForms are the keys of the papers whose signed scans come with the
// signatures.
var agreementForms = []string{"agreement", "oral_agreement"}

var sheetsPaper = paper[map[string]Sheet]("sheets")

// Field is one field of a paper.
type Field struct {
	Name, Value string
	Hand        bool // written by hand rather than known
	Need        bool
}

// Item is one paper of a dossier with its fields.
type Item struct {
	Form
	Fields  []Field
	OnPaper Day
	There   bool     // it has begun: something of its own is in it, or it lies there on paper
	Missing []string // needed fields that are empty
	Earlier []Sheet
	Scans   []Evidence // of the paper as it was signed
}

// Complete tells whether nothing is missing.
func (i Item) Complete() bool { return i.OnPaper != "" || len(i.Missing) == 0 }

// Values are the item's fields by name.
func (i Item) Values() map[string]string {
	m := map[string]string{}
	for _, f := range i.Fields {
		m[f.Name] = f.Value
	}
	return m
}

// Dossier is the file of a case as it is put away.
type Dossier struct {
	File    File
	Items   []Item // those that the case's ending has, in the order of the file
	Score   int    // percent of the musts that are complete
	Missing []Item // musts that aren't
}

// Ending names how a case ended, as papers differ by it: written, oral, failed,
// withdrawn, declined, referred, merged, "" while it goes on.
func (c Case) Ending() string {
	if slices.Contains(early, c.State) { // taken up again: what it has is the outcome of before
		return ""
	}
	switch c.Outcome {
	case AgreedWritten:
		return "written"
	case AgreedOral:
		return "oral"
	case NotAgreed, Refused:
		return "failed"
	case Settled, TakenBack, DiedOut:
		return "withdrawn"
	}
	if slices.Contains([]State{Declined, Referred, Merged, Withdrawn}, c.State) {
		return string(c.State)
	}
	switch {
	case c.Facts["into"] != "":
		return "merged"
	case c.Facts["turned"] != "":
		return c.Facts["turned"]
	}
	return ""
}

func (f Form) belongs(ending string) bool {
	return len(f.Endings) == 0 || slices.Contains(f.Endings, ending)
}

// Dossier reads a case's papers with what is filled in, which is a read of
// personal data like any other.
func (s *Service) Dossier(ctx context.Context, who access.Actor, id CaseID) (Dossier, error) {
	c, err := s.Case(ctx, who, id)
	if err != nil {
		return Dossier{}, err
	}
	if standing(who, c)&(byOwner|byManager) == 0 {
		return Dossier{}, fmt.Errorf("dossier of case %s: %w", id, fault.New(fault.Denied, "not their case"))
	}
	events, err := s.store.Events(ctx, id, true)
	if err != nil {
		return Dossier{}, fmt.Errorf("dossier of case %s: %w", id, err)
	}
	d, err := s.dossier(c, events)
	if err != nil {
		return d, fmt.Errorf("dossier of case %s: %w", id, err)
	}
	return d, nil
}

func (s *Service) dossier(c Case, events []Event) (Dossier, error) {
	f, err := s.fileOf(c, events)
	if err != nil {
		return Dossier{}, err
	}
	d := Dossier{File: f}
	for pass := range 2 { // the table of contents lists what the first pass found
		d.Items, d.Missing = nil, nil
		for _, form := range s.opt.Forms {
			if !form.belongs(c.Ending()) {
				continue
			}
			item, err := form.item(d.File)
			if err != nil {
				return d, err
			}
			d.Items = append(d.Items, item)
		}
		if pass == 0 {
			d.File.List = slices.DeleteFunc(slices.Clone(d.Items), func(i Item) bool { return !i.Must && !i.There })
		}
	}
	musts := 0
	for _, i := range d.Items {
		if !i.Must {
			continue
		}
		if musts++; !i.Complete() {
			d.Missing = append(d.Missing, i)
		}
	}
	d.Score = 100
	if musts > 0 {
		d.Score = 100 * (musts - len(d.Missing)) / musts
	}
	return d, nil
}

// fileOf gathers what the papers are filled from.
func (s *Service) fileOf(c Case, events []Event) (File, error) {
	f := File{
		Case: c, Now: s.now(), Category: s.opt.Category(c.Category), Village: s.reg.Label(c.Territory), Withheld: s.opt.Withheld, Answers: s.Answers(c), District: s.reg.Name, City: s.reg.City, Events: events,
	}
	a, err := agreementPaper.of(c)
	if err != nil {
		return f, err
	}
	if !a.Made.IsZero() {
		a.Number = c.Agreement
		for i := range a.Parties { // for the parties' own eyes
			a.Parties[i].Code = ""
		}
		f.Agreement, f.Doubts = &a, s.Doubts(a, c.Category)
	}
	end, err := endingPaper.of(c)
	if err != nil {
		return f, err
	}
	if end != (Ending{}) {
		f.Ending = &end
	}
	j, err := judicialPaper.of(c)
	if err != nil {
		return f, err
	}
	if j != (Judicial{}) {
		f.Judicial = &j
	}
	if f.Visits, err = visitsPaper.of(c); err != nil {
		return f, err
	}
	held, err := MeetingsOf(c)
	if err != nil {
		return f, err
	}
	f.Sessions = held.Held
	if f.Past, err = pastPaper.of(c); err != nil {
		return f, err
	}
	f.Sheets, err = sheetsPaper.of(c)
	return f, err
}

func (f Form) item(file File) (Item, error) {
	known, err := f.Fill(file)
	if err != nil {
		return Item{}, fmt.Errorf("paper %s: %w", f.Key, err)
	}
	sheet := file.Sheets[f.Key]
	i := Item{Form: f, OnPaper: sheet.OnPaper, There: sheet.OnPaper != "" || len(sheet.Fields) > 0, Earlier: sheet.Earlier}
	if file.Agreement != nil && slices.Contains(agreementForms, f.Key) {
		i.Scans = file.Agreement.Scans
		i.There = i.There || len(i.Scans) > 0
	}
	for _, name := range f.Fields {
		v := Field{Name: name, Value: strings.TrimSpace(known[name]), Need: slices.Contains(f.Need, name)}
		if hand := sheet.Fields[name]; hand != "" {
			v.Value, v.Hand = hand, true
		}
		if f.Shared {
			v.Value = file.discreet(v.Value)
		}
		if v.Need && v.Value == "" {
			i.Missing = append(i.Missing, name)
		}
		i.Fields = append(i.Fields, v)
	}
	if !f.Must && len(f.Need) > 0 && len(i.Missing) == 0 {
		i.There = true
	}
	return i, nil
}

// Enclose writes fields of a paper by hand, or records that the signed paper is
// in the dossier since a day; fields that it doesn't name stay. Once the case is
// closed it is a correction, for which the reason is required. What stood there
// before stays on file.
func (s *Service) Enclose(ctx context.Context, who access.Actor, id CaseID, key string, fields map[string]string, onPaper Day, reason string, seen Seen) (Case, error) {
	form := slices.IndexFunc(s.opt.Forms, func(f Form) bool { return f.Key == key })
	if form < 0 {
		return Case{}, fault.New(fault.Invalid, "enclose: no such paper")
	}
	for name, v := range fields {
		if !slices.Contains(s.opt.Forms[form].Fields, name) {
			return Case{}, fault.New(fault.Invalid, "enclose: no such field")
		}
		if err := bounded(key, v); err != nil {
			return Case{}, err
		}
	}
	if err := bounded("reason", reason); err != nil {
		return Case{}, err
	}
	if onPaper > DayOf(s.now()) || onPaper == "" && len(fields) == 0 {
		return Case{}, fault.New(fault.Invalid, "enclose: nothing, or a day yet to come")
	}
	return s.amend(ctx, who, id, OpEnclose, seen, func(c Case) (edit, error) {
		if c.State.Finished() && reason == "" {
			return edit{}, fault.New(fault.Invalid, "enclose: the reason is missing")
		}
		sheets, err := sheetsPaper.of(c)
		if err != nil {
			return edit{}, err
		}
		if sheets == nil {
			sheets = map[string]Sheet{}
		}
		sheets[key] = sheets[key].next(fields, onPaper, Sheet{At: s.now(), By: who.ID, Reason: reason})
		e := edit{text: reason, detail: map[string]string{"paper": key}}
		return e, sheetsPaper.put(&e, sheets)
	})
}

// next is the sheet after a change; the one before goes among the earlier.
func (old Sheet) next(fields map[string]string, onPaper Day, with Sheet) Sheet {
	with.Fields, with.OnPaper, with.Earlier = maps.Clone(old.Fields), old.OnPaper, old.Earlier
	if with.Fields == nil {
		with.Fields = map[string]string{}
	}
	maps.Copy(with.Fields, fields)
	maps.DeleteFunc(with.Fields, func(_, v string) bool { return v == "" })
	if onPaper != "" {
		with.OnPaper = onPaper
	}
	if !old.At.IsZero() {
		was := old
		was.Earlier = nil
		with.Earlier = append(slices.Clone(with.Earlier), was)
	}
	return with
}

// archive puts a case away once its dossier is complete and nobody waits for an
// answer.
func (s *Service) archive(ctx context.Context, who access.Actor, id CaseID, note string, seen Seen) (Case, error) {
	events, err := s.store.Events(ctx, id, true)
	if err != nil {
		return Case{}, fmt.Errorf("archive case %s: %w", id, err)
	}
	return s.amend(ctx, who, id, OpArchive, seen, func(c Case) (edit, error) {
		if c.State != Closed || standing(who, c)&moves[OpArchive].by == 0 {
			return edit{}, nil // judge says so
		}
		d, err := s.dossier(c, events)
		switch {
		case err != nil:
			return edit{}, err
		case len(d.Missing) > 0:
			return edit{}, fmt.Errorf("%w: %d papers", ErrIncomplete, len(d.Missing))
		case c.Facts["review"] == "open":
			return edit{}, ErrUnanswered
		case c.HasUntold():
			return edit{}, ErrUntold
		}
		return edit{text: note, detail: map[string]string{"papers": strconv.Itoa(len(d.Items))}}, nil
	})
}
