package bot_test

import (
	"strings"
	"testing"
	"text/template"

	"github.com/anjie-desk/anjie/content"
)

func TestEveryPaperRendersWithItsFields(t *testing.T) {
	docs, err := content.Documents(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	must := 0
	for _, d := range docs {
		data := map[string]string{}
		for _, f := range d.Fields {
			data[f] = "〔" + f + "〕"
		}
		tmpl, err := template.New(d.Key).Option("missingkey=error").Parse(d.Body)
		if err != nil {
			t.Errorf("%s: %v", d.Key, err)
			continue
		}
		var b strings.Builder
		if err := tmpl.Execute(&b, data); err != nil {
			t.Errorf("%s: %v", d.Key, err)
		}
		for _, f := range d.Fields {
			if !strings.Contains(b.String(), data[f]) {
				t.Errorf("%s: field %s is never printed", d.Key, f)
			}
		}
		if d.Need == "must" {
			must++
		}
	}
	if len(docs) < 16 || must < 6 {
		t.Errorf("%d papers, %d of them a must: fewer than the dossier asks for", len(docs), must)
	}
}
