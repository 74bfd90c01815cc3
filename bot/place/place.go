// Package place is the sub-district's register: its villages and communities,
// the grids, and the days on which its offices work. All of it is
// configuration, never code; who serves a village is said by the accounts.
package place

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Kinds of places.
const (
	KindVillage   = "village"
	KindCommunity = "community"
)

// Village is a village or community, the smallest territory of a case.
type Village struct {
	Code    string   `yaml:"code" json:"code"`                 // 12 digits of the statistics bureau, e.g. 371083001219
	Name    string   `yaml:"name" json:"name"`                 // 仇家洼村
	Kind    string   `yaml:"kind" json:"kind"`                 // village, community
	Also    []string `yaml:"also" json:"also,omitempty"`       // aliases, old names, frequent typos, estates within it
	Grids   []string `yaml:"grids" json:"grids,omitempty"`     // see [Grid]
	Phone   string   `yaml:"phone" json:"phone,omitempty"`     // of its committee; empty until the sub-district fills it in
	Retired string   `yaml:"retired" json:"retired,omitempty"` // day from which it takes no new cases, 2026-07-01
	// Word says that the bare name is an everyday word (幸福, 阳光): within a
	// sentence it names the place only with 村, 社区 or the like after it.
	Word bool `yaml:"word" json:"word,omitempty"`
	// Except lists longer strings that hold the name by chance: 东西里 holds 西里.
	Except []string `yaml:"except" json:"except,omitempty"`
}

// Centre is the territory of cases that belong to no village or whose village
// has nobody on duty.
const Centre = "centre"

// Register is the list of a sub-district's places.
type Register struct {
	Name   string // 城区街道
	City   string // 乳山市
	Code   string // 371083001
	Centre string // what the territory Centre is called
	Number Number // how cases are numbered
	// Agreement is how mediated agreements are numbered, a series of its own.
	Agreement Number
	Source    string    // where the list was taken from
	AsOf      string    // the day it was true
	Villages  []Village // in file order, retired ones included

	now   func() time.Time
	names []name // longest first
}

// Options tune a Register; the zero value is production.
type Options struct {
	Now func() time.Time // says which places are retired; nil means time.Now
}

type file struct {
	District struct {
		Name   string `yaml:"name"`
		City   string `yaml:"city"`
		Code   string `yaml:"code"`
		Centre string `yaml:"centre"`
	} `yaml:"district"`
	Number Number `yaml:"number"`
	// Agreement is 〔{year}〕人调字第 {serial} 号 with four digits if left out.
	Agreement Number    `yaml:"agreement_number"`
	Source    string    `yaml:"source"`
	AsOf      string    `yaml:"as_of"`
	Villages  []Village `yaml:"villages"`
}

// Parse reads a register. It fails on an unknown key, on a code, kind or day
// that is none, and on a code or name that stands twice.
func Parse(raw []byte, opt Options) (*Register, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	var f file
	if err := decode(raw, &f); err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	r := &Register{
		Name: f.District.Name, City: f.District.City, Code: f.District.Code, Centre: f.District.Centre,
		Number: f.Number, Agreement: f.Agreement, Source: f.Source, AsOf: f.AsOf, Villages: f.Villages, now: opt.Now,
	}
	if r.Agreement == (Number{}) {
		r.Agreement = Number{Form: "〔{year}〕人调字第 {serial} 号", Digits: 4}
	}
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	r.names = namesOf(r.Villages)
	return r, nil
}

func decode(raw []byte, into any) error {
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func (r *Register) check() error {
	if r.Name == "" || r.Centre == "" || r.Source == "" || !isDay(r.AsOf) {
		return errors.New("district.name, district.centre, source and as_of (2026-11-22) are required")
	}
	if err := errors.Join(r.Number.check(), r.Agreement.check()); err != nil {
		return err
	}
	if len(r.Villages) == 0 {
		return errors.New("no villages")
	}
	codes, names := map[string]bool{}, map[string]bool{}
	for _, v := range r.Villages {
		if err := v.check(); err != nil {
			return err
		}
		if codes[v.Code] || names[v.Name] {
			return fmt.Errorf("village %s %s: code or name stands twice", v.Code, v.Name)
		}
		codes[v.Code], names[v.Name] = true, true
	}
	return nil
}

func (v Village) check() error {
	switch {
	case len(v.Code) != codeDigits || strings.Trim(v.Code, "0123456789") != "":
		return fmt.Errorf("village %q: code %q is not of 12 digits", v.Name, v.Code)
	case v.Name == "":
		return fmt.Errorf("village %s: no name", v.Code)
	case v.Kind != KindVillage && v.Kind != KindCommunity:
		return fmt.Errorf("village %s: kind %q is neither village nor community", v.Name, v.Kind)
	case v.Retired != "" && !isDay(v.Retired):
		return fmt.Errorf("village %s: retired %q is not a day such as 2026-07-01", v.Name, v.Retired)
	case slices.Contains(v.Also, ""):
		return fmt.Errorf("village %s: an empty alias", v.Name)
	}
	return v.checkGrids()
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// Village returns the place of a code, retired or not.
func (r *Register) Village(code string) (Village, bool) {
	i := slices.IndexFunc(r.Villages, func(v Village) bool { return v.Code == code })
	if i < 0 {
		return Village{}, false
	}
	return r.Villages[i], true
}

// Open lists the places that take new cases today.
func (r *Register) Open() []Village {
	return slices.DeleteFunc(slices.Clone(r.Villages), r.retired)
}

// Takes tells whether a territory takes new cases: a place that isn't retired,
// or the centre.
func (r *Register) Takes(territory string) bool {
	v, ok := r.Village(territory)
	return territory == Centre || ok && !r.retired(v)
}

// Territories lists every territory a case can have, the centre last.
func (r *Register) Territories() []string {
	all := make([]string, 0, len(r.Villages)+1)
	for _, v := range r.Villages {
		all = append(all, v.Code)
	}
	return append(all, Centre)
}

// Label is what people call a territory; the code itself if it is unknown.
func (r *Register) Label(territory string) string {
	if territory == Centre {
		return r.Centre
	}
	if v, ok := r.Village(territory); ok {
		return v.Name
	}
	return territory
}

func (r *Register) retired(v Village) bool {
	return v.Retired != "" && v.Retired <= r.now().In(shanghai).Format(time.DateOnly)
}

// shanghai is the sub-district's time; China has one, without summer time.
var shanghai = time.FixedZone("CST", 8*60*60)
