package content

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"text/template"
	"time"
)

// blank is what an empty field prints: a line to write on.
const blank = "＿＿＿＿＿＿"

// paperFuncs are what the papers' templates may call.
var paperFuncs = template.FuncMap{
	"date": func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(time.FixedZone("CST", 8*60*60)).Format("2006年1月2日")
	},
	"inc":  func(i int) int { return i + 1 },
	"yuan": yuan,
	"page": func(key string) string { return "{page:" + key + "}" },
}

func yuan(fen int64) string {
	if fen%100 == 0 {
		return fmt.Sprintf("%d元", fen/100)
	}
	return fmt.Sprintf("%d.%02d元", fen/100, fen%100)
}

// Dossier is the papers of a case's file and how their fields are filled in.
type Dossier struct {
	Documents []Document
	Withheld  string                        // stands in the place of a name that the other party may not learn
	values    map[string]*template.Template // by "<document>/<field>", or the field alone
}

// LoadDossier reads forms/documents*.yaml whole: papers, and the templates by
// which their fields are filled from what the desk knows.
func LoadDossier(fsys fs.FS) (*Dossier, error) {
	docs, err := Documents(fsys)
	if err != nil {
		return nil, err
	}
	var common documentsFile
	if err := decode(fsys, "forms/documents.yaml", &common); err != nil {
		return nil, err
	}
	d := &Dossier{Documents: docs, Withheld: common.Withheld, values: map[string]*template.Template{}}
	add := func(prefix string, values map[string]string) error {
		for field, src := range values {
			t, err := template.New(prefix + field).Funcs(paperFuncs).Parse(src)
			if err != nil {
				return fmt.Errorf("forms/documents: value of %s%s: %w", prefix, field, err)
			}
			d.values[prefix+field] = t
		}
		return nil
	}
	if err := add("", common.Values); err != nil {
		return nil, err
	}
	for _, doc := range docs {
		if err := add(doc.Key+"/", doc.Values); err != nil {
			return nil, err
		}
		for _, need := range doc.Fill {
			if !slices.Contains(doc.Fields, need) {
				return nil, fmt.Errorf("forms/documents: %s needs the field %s, which it hasn't", doc.Key, need)
			}
		}
		if _, err := template.New(doc.Key).Parse(doc.Body); err != nil {
			return nil, fmt.Errorf("forms/documents: %s: %w", doc.Key, err)
		}
		for line := range strings.Lines(doc.Body) {
			if field, _, ok := onlyWith(line); ok && !slices.Contains(doc.Fields, field) {
				return nil, fmt.Errorf("forms/documents: %s has a line for the field %s, which it hasn't", doc.Key, field)
			}
		}
	}
	return d, nil
}

// Fill works out a paper's fields from what the desk knows of a case; a field
// that nothing is known of is left out.
func (d *Dossier) Fill(doc Document, file any) (map[string]string, error) {
	out := map[string]string{}
	for _, field := range doc.Fields {
		t := d.values[doc.Key+"/"+field]
		if t == nil {
			t = d.values[field]
		}
		if t == nil {
			continue
		}
		var b strings.Builder
		if err := t.Execute(&b, file); err != nil {
			return nil, fmt.Errorf("%s of %s: %w", field, doc.Key, err)
		}
		if s := strings.TrimSpace(b.String()); s != "" {
			out[field] = s
		}
	}
	return out, nil
}

// Render prints a paper's text: the first line is its title, lines of cells
// between bars are rows of a table. What people wrote can't make a table of its
// own; only the fields that are lists by nature may.
func (doc Document) Render(values map[string]string) (string, error) {
	var b strings.Builder
	for line := range strings.Lines(doc.Body) {
		if field, rest, ok := onlyWith(line); ok {
			if strings.TrimSpace(values[field]) == "" {
				continue
			}
			line = rest
		}
		t, err := template.New(doc.Key).Option("missingkey=error").Parse(line)
		if err != nil {
			return "", fmt.Errorf("paper %s: %w", doc.Key, err)
		}
		if err := t.Execute(&b, doc.printed(values, strings.HasPrefix(line, "|"))); err != nil {
			return "", fmt.Errorf("paper %s: %w", doc.Key, err)
		}
	}
	return b.String(), nil
}

// onlyWith parts a line of a body that is left out where a field is empty, as
// ?field?line: in what people sign nothing stands open that could be filled in
// afterwards.
func onlyWith(line string) (field, rest string, ok bool) {
	rest, ok = strings.CutPrefix(line, "?")
	if !ok {
		return "", line, false
	}
	return strings.Cut(rest, "?")
}

// printed are the fields as they go into a line; within a cell a new line is a
// vertical tab, since the row ends with the line.
func (doc Document) printed(values map[string]string, cell bool) map[string]string {
	data := map[string]string{}
	for _, f := range doc.Fields {
		v := strings.TrimSpace(values[f])
		if !slices.Contains(doc.Lists, f) {
			v = strings.ReplaceAll(v, "|", "｜")
		}
		if cell {
			v = strings.ReplaceAll(v, "\n", "\v")
		}
		if v == "" {
			v = blank
		}
		data[f] = v
	}
	return data
}
