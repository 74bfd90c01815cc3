package statute_test

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/knowledge/statute"
)

// sound checks what must hold of any text, however hostile the bytes.
func sound(t *testing.T, x *statute.Text, err error) {
	t.Helper()
	if err != nil {
		return
	}
	last := statute.Number{}
	for _, a := range x.Articles {
		n, ok := statute.ParseNumber(a.No)
		if !ok || !last.Less(n) {
			t.Fatalf("article %q after %s", a.No, last)
		}
		if !utf8.ValidString(a.Text) || !utf8.ValidString(a.Heading) {
			t.Fatalf("article %s is no UTF-8", a.No)
		}
		last = n
	}
}

func FuzzMarkdown(f *testing.F) {
	files, err := filepath.Glob("testdata/fair/*.md")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte("# 甲\n\n附：\n\n甲\n第一条 一。 第二条 二。\n## 第九千九百九十九条 三\n| a |\n[[x|"))
	f.Add([]byte("---\ntitle: \"\n---\n第条\n第零条\n第一条之\n一、\n1."))
	f.Fuzz(func(t *testing.T, raw []byte) {
		x, err := statute.Parse("甲法(2020-01-01).md", raw)
		sound(t, x, err)
		y, err := statute.Parse("甲法_20200101.txt", raw)
		sound(t, y, err)
	})
}

func FuzzDocx(f *testing.F) {
	f.Add(docx(f, paras("甲法", "（2020年1月1日通过）", "第一条 一。")))
	f.Add(docx(f, `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>一</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tbl></w:p>`))
	f.Add(docx(f, `<w:t><w:t/></w:t>`))
	f.Add(packed(f, "word/document.xml", "<a>&b;</a>"))
	f.Add(packed(f, "word/numbering.xml", `<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="9999"/><w:numFmt w:val="chinese"/><w:lvlText w:val="第%1条%1%2"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>`,
		"word/document.xml", `<w:p><w:numId w:val="1"/><w:ilvl w:val="0"/><w:t>一</w:t></w:p><w:p><w:numId w:val="1"/><w:ilvl w:val="8"/><w:t>一</w:t></w:p>`))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		x, err := statute.Parse("甲法.docx", raw)
		sound(t, x, err)
	})
}

// FuzzDocxBody fuzzes the XML alone: mutating a zip seldom gets that far.
func FuzzDocxBody(f *testing.F) {
	f.Add(paras("甲法", "第一条 一。"))
	f.Add(`<w:p><w:r><w:tab/><w:br/><w:t>一</w:t></w:r></w:p><w:del>`)
	f.Fuzz(func(t *testing.T, body string) {
		x, err := statute.Parse("甲法.docx", docx(t, body))
		sound(t, x, err)
	})
}

func FuzzRefs(f *testing.F) {
	for _, s := range []string{"民法典1062条", "《劳动合同法》38、39和40到42条第二款第三项", "刑法120-1", "《没有法", "第条之", "民法典第第第条", "中华人民共和国", "中华人民共和国民法典第１０条～"} {
		f.Add(s)
	}
	names := named(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range statute.ParseRefs(text, names) {
			if r.Start < 0 || r.End > len(text) || r.Start >= r.End || r.Name == "" {
				t.Fatalf("%q: reference %+v lies outside the text", text, r)
			}
			for _, a := range r.Articles {
				if _, ok := statute.ParseNumber(a.No); !ok {
					t.Fatalf("%q: article %q is no number", text, a.No)
				}
			}
		}
	})
}
