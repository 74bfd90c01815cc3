package content

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Own is what a desk wrote itself, besides the content that it was given: FAQs
// that are new or stand in place of a given one of the same id, and the ids of
// FAQs that it took down.
type Own struct {
	FAQs []FAQ
	Down []string
}

// ownFile is Own as a file: each entry says its own field.
type ownFile struct {
	Entries []ownEntry `yaml:"entries,omitempty"`
	Down    []string   `yaml:"down,omitempty"`
}

type ownEntry struct {
	Field string `yaml:"field"`
	FAQ   `yaml:",inline"`
}

// OwnFile is the file name that desk-made entries have where a file is named.
const OwnFile = "desk"

// ParseOwn reads what [Own.Encode] wrote. An unknown key is an error.
func ParseOwn(raw []byte) (Own, error) {
	var f ownFile
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil && len(bytes.TrimSpace(raw)) > 0 {
		return Own{}, fmt.Errorf("desk-made entries: %w", err)
	}
	o := Own{Down: f.Down}
	for _, e := range f.Entries {
		e.FAQ.Field = e.Field
		o.FAQs = append(o.FAQs, e.FAQ)
	}
	return o, nil
}

// Encode writes o as YAML, in the order of the ids: the same entries give the
// same bytes.
func (o Own) Encode() ([]byte, error) {
	f := ownFile{Down: slices.Sorted(slices.Values(o.Down))}
	for _, q := range o.FAQs {
		f.Entries = append(f.Entries, ownEntry{q.Field, q})
	}
	slices.SortFunc(f.Entries, func(a, b ownEntry) int { return cmp.Compare(a.ID, b.ID) })
	return encode(f)
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), enc.Close()
}

// With returns a library in which o's FAQs and gaps stand; lib stays as it is.
// An entry of o that can't stand, such as one that cites a law of which laws/
// knows no more, is left out and told of: one bad entry must not close a desk.
func (lib *Library) With(o Own) (*Library, []error) {
	out := *lib
	out.FAQs = slices.DeleteFunc(slices.Clone(lib.FAQs), func(f FAQ) bool { return slices.Contains(o.Down, f.ID) })
	var left []error
	for _, f := range o.FAQs {
		if f.File == "" {
			f.File = OwnFile
		}
		if err := f.resolve(lib.Laws, map[string]string{}); err != nil {
			left = append(left, fmt.Errorf("desk-made faq %s: %w", f.ID, err))
			continue
		}
		if i := slices.IndexFunc(out.FAQs, func(had FAQ) bool { return had.ID == f.ID }); i >= 0 {
			out.FAQs[i] = f
			continue
		}
		out.FAQs = append(out.FAQs, f)
	}
	return &out, left
}

// Resolve looks the citations of an FAQ up that was not read from a file. The
// error says what is missing, as a load would.
func (l *Laws) Resolve(f FAQ) (FAQ, error) {
	err := f.resolve(l, map[string]string{})
	return f, err
}

// Export writes, for the content folder, every FAQ file that o changes: with
// o's entries in and those taken down out. Keys are paths such as
// faq/marriage.yaml.
func (lib *Library) Export(o Own) (map[string][]byte, error) {
	home := map[string]string{}
	for _, f := range lib.FAQs {
		home[f.ID] = f.File
	}
	touched := map[string]bool{}
	for _, id := range o.Down {
		touched[home[id]] = true
	}
	placed := Own{Down: o.Down}
	for _, f := range o.FAQs {
		touched[home[f.ID]] = true
		f.File = home[f.ID]
		if given, ok := lib.faq(f.ID); !ok || given.Field != f.Field {
			f.File = path.Join("faq", f.Field+".yaml")
		}
		touched[f.File] = true
		placed.FAQs = append(placed.FAQs, f)
	}
	delete(touched, "")
	merged, left := lib.With(placed)
	if len(left) > 0 {
		return nil, left[0]
	}
	out := map[string][]byte{}
	for name := range touched {
		raw, err := merged.file(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[name] = raw
	}
	return out, nil
}

func (lib *Library) faq(id string) (FAQ, bool) {
	i := slices.IndexFunc(lib.FAQs, func(f FAQ) bool { return f.ID == id })
	if i < 0 {
		return FAQ{}, false
	}
	return lib.FAQs[i], true
}

// file writes the FAQs of one file.
func (lib *Library) file(name string) ([]byte, error) {
	var f faqFile
	for _, q := range lib.FAQs {
		if q.File == name {
			f.Field = q.Field
			f.Entries = append(f.Entries, q)
		}
	}
	return encode(f)
}
