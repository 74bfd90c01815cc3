package content

import (
	"fmt"
	"io/fs"
	"strings"
	"text/template"
)

// Texts is the catalogue of everything the desk says: key to template.
type Texts struct {
	t    *template.Template
	keys []string
}

// LoadTexts reads texts/*.yaml, each a map from key to text/template source.
// A key stands once over all files.
func LoadTexts(fsys fs.FS) (*Texts, error) {
	parts, names, err := each[map[string]string](fsys, "texts")
	if err != nil {
		return nil, err
	}
	x := &Texts{t: template.New("texts").Option("missingkey=error")}
	for i, part := range parts {
		for key, src := range part {
			if x.t.Lookup(key) != nil {
				return nil, fmt.Errorf("%s: text %q stands twice", names[i], key)
			}
			if _, err := x.t.New(key).Parse(strings.TrimRight(src, "\n")); err != nil {
				return nil, fmt.Errorf("%s: text %q: %w", names[i], key, err)
			}
			x.keys = append(x.keys, key)
		}
	}
	return x, nil
}

// Keys lists every key, in no order.
func (x *Texts) Keys() []string { return x.keys }

// Say renders the text key with data, a struct or a map[string]any. A key that
// is not in the catalogue, or a field that the text names and data lacks, is
// our own bug: Say panics, and a test renders every key.
func (x *Texts) Say(key string, data any) string {
	text, err := x.Try(key, data)
	if err != nil {
		panic(err.Error())
	}
	return text
}

// Try renders like Say where key or data come from elsewhere: a message that an
// older or newer version of the program queued.
func (x *Texts) Try(key string, data any) (string, error) {
	var b strings.Builder
	if err := x.t.ExecuteTemplate(&b, key, data); err != nil {
		return "", fmt.Errorf("text %s: %w", key, err)
	}
	return b.String(), nil
}

// Has tells whether the catalogue has a key.
func (x *Texts) Has(key string) bool { return x.t.Lookup(key) != nil }
