package statute

import (
	"fmt"
	"strings"
	"time"
)

// ArticleRef points to one article.
type ArticleRef struct {
	Law     string    // any name that [Set.Find] knows
	Version string    // YYYY-MM-DD; "" means the one in force on AsOf
	Article string    // "1062", "120-1"
	AsOf    time.Time // with Version "": zero means the newest version held
}

// MissingError says which part of a reference the set doesn't hold.
type MissingError struct {
	Law      string   // full title, or the name asked for when no law has it
	Version  string   // the version asked for or chosen
	Article  string   // the number asked for, "" when law or version is what is missing
	Versions []string // days of the versions held, when the version is missing
	Count    int      // articles that the version has
	Last     string   // its highest number
}

func (e *MissingError) Error() string {
	switch {
	case e.Article != "" && e.Version != "":
		return fmt.Sprintf("%s (%s) has no article %s: it has %d articles, the last is %s", e.Law, e.Version, e.Article, e.Count, e.Last)
	case len(e.Versions) > 0:
		return fmt.Sprintf("%s has no version %s: held are %s", e.Law, e.Version, strings.Join(e.Versions, ", "))
	}
	return fmt.Sprintf("no law called %s is held", e.Law)
}

// Resolve looks an article up. The error is a [*MissingError] when law,
// version or article is not held.
func (s *Set) Resolve(ref ArticleRef) (Article, *Version, error) {
	v, err := s.Choose(ref.Law, ref.Version, ref.AsOf)
	if err != nil {
		return Article{}, nil, err
	}
	a, ok, err := v.Article(ref.Article)
	if err != nil {
		return Article{}, v, err
	}
	if !ok {
		return Article{}, v, &MissingError{Law: v.law.Title, Version: v.Day, Article: ref.Article, Count: v.count, Last: v.Last()}
	}
	return a, v, nil
}

// Choose returns the version of a law named by its day, or, with day "", the
// one in force on asOf; zero asOf means the newest version held.
func (s *Set) Choose(law, day string, asOf time.Time) (*Version, error) {
	l, ok := s.Find(law)
	if !ok {
		return nil, &MissingError{Law: law}
	}
	if day == "" {
		if asOf.IsZero() {
			return l.Versions[len(l.Versions)-1], nil
		}
		if v, ok := l.On(asOf); ok {
			return v, nil
		}
		return nil, &MissingError{Law: l.Title, Version: "on " + asOf.Format(time.DateOnly), Versions: l.days()}
	}
	for i := len(l.Versions) - 1; i >= 0; i-- {
		if l.Versions[i].known(day) {
			return l.Versions[i], nil
		}
	}
	return nil, &MissingError{Law: l.Title, Version: day, Versions: l.days()}
}

func (l *Law) days() []string {
	out := make([]string, len(l.Versions))
	for i, v := range l.Versions {
		out[i] = v.Day
	}
	return out
}

// Verify says whether the set holds the article of that version: nil, or a
// [*MissingError] that names what is wrong.
func (s *Set) Verify(title, version, article string) error {
	_, _, err := s.Resolve(ArticleRef{Law: title, Version: version, Article: article})
	return err
}
