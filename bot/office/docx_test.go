package office_test

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot/office"
	"github.com/anjie-desk/anjie/content"
)

// printed is what an office program prints of papers, page by page.
func printed(t *testing.T, papers []office.Paper) string {
	t.Helper()
	soffice, err := exec.LookPath("soffice")
	if err == nil {
		_, err = exec.LookPath("pdftotext")
	}
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("LibreOffice or pdftotext is missing: %v", err)
		}
		t.Skip("no LibreOffice here")
	}
	dir := os.Getenv("PAPERS_DIR") // for whoever wants to look at them
	if dir == "" {
		dir = t.TempDir()
	}
	file := filepath.Join(dir, "papers.docx")
	var b bytes.Buffer
	if err := office.Docx(&b, papers, office.Options{Foot: "第 {page} 页 共 {pages} 页"}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	profile := "-env:UserInstallation=file://" + t.TempDir()
	if out, err := exec.CommandContext(t.Context(), soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", dir, file).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v: %s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", filepath.Join(dir, "papers.pdf"), "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestEveryPaperOpensInAnOfficeProgram prints all papers of the dossier, once
// filled in and once empty, and reads them back.
func TestEveryPaperOpensInAnOfficeProgram(t *testing.T) {
	dossier, err := content.LoadDossier(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	var papers []office.Paper
	for _, doc := range dossier.Documents {
		values := map[string]string{}
		for i, f := range doc.Fields {
			values[f] = "填" + string(rune('甲'+i)) + f
		}
		for _, f := range doc.Lists {
			values[f] = "| 1 | " + doc.Name + " | {page:" + doc.Key + "} |  |\n| 2 | 第二行 | 9 |  |"
		}
		text, err := doc.Render(values)
		if err != nil {
			t.Fatal(err)
		}
		papers = append(papers, office.Paper{Key: doc.Key, Text: text})
	}
	pages := strings.Split(strings.TrimRight(printed(t, papers), "\f"), "\f")
	if len(pages) < len(papers) {
		t.Fatalf("%d papers on %d pages", len(papers), len(pages))
	}
	whole := squeeze(strings.Join(pages, ""))
	for _, doc := range dossier.Documents {
		for i, f := range doc.Fields {
			if want := "填" + string(rune('甲'+i)) + f; len(doc.Lists) == 0 && !strings.Contains(whole, want) && !inOrder(whole, want) {
				t.Errorf("%s: the field %s is not printed", doc.Key, f)
			}
		}
	}
	if last := squeeze(pages[len(pages)-1]); !strings.Contains(last, "第"+itoa(len(pages))+"页共"+itoa(len(pages))+"页") {
		t.Errorf("the last page is numbered otherwise: %s", last)
	}
	for i, p := range papers {
		name, _, _ := strings.Cut(strings.TrimSpace(p.Text), "\n")
		name, _, _ = strings.Cut(name, "　")
		if !strings.Contains(whole, squeeze(name)) {
			t.Errorf("paper %d, %s, has no title", i, name)
		}
	}
}

// TestNobodySignsAPageThatSaysNothing: however long an agreement is, its
// signatures stand on a page with some of its text.
func TestNobodySignsAPageThatSaysNothing(t *testing.T) {
	var papers []office.Paper
	for n := 14; n < 40; n++ {
		papers = append(papers, office.Paper{Key: "a" + itoa(n), Text: "协议\n" + strings.Repeat("一条说定了的事。\n", n) + "最后一条。\n\n甲方（签名、盖章、按指印）：\n乙方（签名、盖章、按指印）：\n调解员（签名）：某\n某委员会（印章）\n2026年11月29日"})
	}
	signed := 0
	for i, page := range strings.Split(printed(t, papers), "\f") {
		if page = squeeze(page); strings.Contains(page, "甲方（签名") || strings.Contains(page, "（印章）") {
			signed++
			if !strings.Contains(page, "最后一条") {
				t.Errorf("page %d is signed and says nothing: %s", i+1, page)
			}
		}
	}
	if signed != len(papers) {
		t.Errorf("%d pages with signatures of %d agreements", signed, len(papers))
	}
}

// TestALineToWriteOnStandsAtTheLeft: only a day is written at the right.
func TestALineToWriteOnStandsAtTheLeft(t *testing.T) {
	var b bytes.Buffer
	if err := office.Docx(&b, []office.Paper{{Key: "k", Text: "记录\n各方怎么说：\n＿＿＿＿＿＿\n甲方（签名）：\n＿＿＿＿＿＿"}}, office.Options{}); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := fs.ReadFile(z, "word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(doc), `<w:jc w:val="right"/>`); n != 1 || strings.LastIndex(string(doc), `<w:jc w:val="right"/>`) < strings.Index(string(doc), "甲方（签名）") {
		t.Errorf("%d lines stand at the right: %s", n, doc)
	}
}

func TestTheContentsNameThePages(t *testing.T) {
	text := printed(t, []office.Paper{
		{Key: "cover", Text: "封面"},
		{Key: "contents", Text: "目录\n| 1 | 记录 | {page:record} |\n| 2 | 协议 | {page:agreement} |"},
		{Key: "agreement", Text: "协议\n" + strings.Repeat("一条。\n", 40)},
		{Key: "record", Text: "记录\n<b>&\x00甲</b>"},
	})
	got := squeeze(text)
	for _, want := range []string{"1记录5", "2协议3", "<b>&甲</b>", "第5页共5页"} {
		if !strings.Contains(got, want) {
			t.Errorf("the print lacks %q: %s", want, got)
		}
	}
}

func TestAnEmptyPaperHasRoomToWriteAndNoTableOfPeoplesMaking(t *testing.T) {
	doc := content.Document{Key: "x", Fields: []string{"甲", "乙"}, Body: "题目\n{{.甲}}\n| 乙 | {{.乙}} |\n?乙?乙签名：\n"}
	text, err := doc.Render(map[string]string{"甲": "| 假 | 表 |", "乙": "一\n二"})
	if err != nil || strings.Contains(text, "| 假") || !strings.Contains(text, "| 乙 | 一\v二 |") || !strings.HasSuffix(text, "\n乙签名：\n") {
		t.Errorf("%q, %v", text, err)
	}
	if text, err = doc.Render(nil); err != nil || !strings.Contains(text, "＿＿") || strings.Contains(text, "乙签名") {
		t.Errorf("%q, %v", text, err)
	}
}

// inOrder tells whether a cell's text is there though its lines are parted by
// those of its neighbours.
func inOrder(whole, want string) bool {
	first := string([]rune(want)[:2])
	for at := strings.Index(whole, first); at >= 0; {
		rest, ok := whole[at:min(len(whole), at+600)], true
		for _, r := range want {
			i := strings.IndexRune(rest, r)
			if ok = i >= 0; !ok {
				break
			}
			rest = rest[i:]
		}
		if ok {
			return true
		}
		next := strings.Index(whole[at+1:], first)
		if next < 0 {
			return false
		}
		at += 1 + next
	}
	return false
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n\t\f　\v", r) {
			return -1
		}
		return r
	}, s)
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}
