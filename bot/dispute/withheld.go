package dispute

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A reporter may ask that the other party not learn who reported. Until the
// reporter stands to an agreement, which bears the name, it is kept from the
// other party's page, invitation and messages, and from the papers for both.

// What the person says to it for whom somebody else reports.
const (
	AgreedYes    = "yes"     // knows of it and agrees
	AgreedNotYet = "not_yet" // hasn't been asked
	AgreedUnable = "unable"  // can't speak for themself: too young, ill
)

// Agreements lists them in the order to offer them.
var Agreements = []string{AgreedYes, AgreedNotYet, AgreedUnable}

// Party is the name of whose dispute it is: the reporter's own, unless they
// report for somebody else.
func (r Report) Party() string {
	if r.About != "" {
		return r.About
	}
	return r.Contact.Name
}

// NameForOther is the name of whose dispute it is as the other party may learn
// it, "" if it is withheld.
func (r Report) NameForOther() string {
	if r.Contact.Withheld {
		return ""
	}
	return r.Party()
}

// hidden are the names that the other party may not learn, and the number, which
// tells them as well. One character alone is no name: it would be found in any
// text.
func (r Report) hidden() []string {
	if !r.Contact.Withheld {
		return nil
	}
	return slices.DeleteFunc([]string{r.Contact.Name, r.About, r.Contact.Phone}, func(name string) bool { return utf8.RuneCountInString(name) < 2 })
}

// betrays tells whether a text for the other party holds a withheld name.
func (r Report) betrays(text string) bool {
	return slices.ContainsFunc(r.hidden(), func(name string) bool { return strings.Contains(text, name) })
}

// discreet puts instead in the place of withheld names.
func (r Report) discreet(text, instead string) string {
	for _, name := range r.hidden() {
		text = strings.ReplaceAll(text, name, instead)
	}
	return text
}

// discreet is the agreement as the other party may read it.
func (a Agreement) discreet(r Report, instead string) Agreement {
	if len(r.hidden()) == 0 || a.stoodTo(RoleReporter) {
		return a
	}
	a.Terms, a.Parties, a.Steps = slices.Clone(a.Terms), slices.Clone(a.Parties), slices.Clone(a.Steps)
	for _, text := range []*string{&a.Open, &a.Facts, &a.Disputed, &a.How, &a.Where, &a.When} {
		*text = r.discreet(*text, instead)
	}
	for i := range a.Terms {
		a.Terms[i] = r.discreet(a.Terms[i], instead)
	}
	for i := range a.Steps {
		a.Steps[i].What = r.discreet(a.Steps[i].What, instead)
	}
	for i := range a.Parties {
		if a.Parties[i].Role == RoleReporter {
			a.Parties[i].Name = instead
		}
	}
	return a
}

// stoodTo tells whether a party has confirmed or signed.
func (a Agreement) stoodTo(role string) bool {
	return slices.ContainsFunc(a.Parties, func(p Signatory) bool { return p.Role == role && p.Mark.Made() })
}

// discreet is a value of a paper that both parties are given.
func (f File) discreet(text string) string {
	if f.Agreement != nil && f.Agreement.stoodTo(RoleReporter) {
		return text
	}
	return f.Case.Report.discreet(text, f.Withheld)
}
