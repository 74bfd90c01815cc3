package statute_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/anjie-desk/anjie/knowledge/statute"
)

func TestImportOfAFolder(t *testing.T) {
	set, rep := fair(t, statute.Table{})
	want := statute.Report{Files: 9, Laws: 5, Versions: 6, Articles: 7 + 3 + 4 + 3, Superseded: 1, Repealed: 1, Added: 7}
	skipped := rep.Skipped
	rep.Skipped = nil
	if !equal(rep, want) {
		t.Errorf("report is %+v, want %+v", rep, want)
	}
	if got := reasons(skipped); !slices.Equal(got, []string{"README.md not_statute", "中华人民共和国邻灯法修正案（一）(2012-03-01).md amendment"}) {
		t.Errorf("skipped are %q", got)
	}
	if _, ok := set.Find("院落守则"); !ok {
		t.Error("the GBK file was not read")
	}
}

func equal(a, b statute.Report) bool {
	return a.Files == b.Files && a.Laws == b.Laws && a.Versions == b.Versions && a.Articles == b.Articles &&
		a.Superseded == b.Superseded && a.Repealed == b.Repealed && a.Future == b.Future && a.Added == b.Added
}

func reasons(list []statute.Skip) []string {
	var out []string
	for _, s := range list {
		out = append(out, filepath.Base(s.File)+" "+string(s.Reason))
	}
	return out
}

func TestBooksOfOneCodeAreJoined(t *testing.T) {
	set, _ := fair(t, statute.Table{})
	v, err := set.Choose("院落法典", "", today)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(v.Numbers(), " "); got != "1 2 3 4" {
		t.Errorf("articles are %s", got)
	}
	if h := v.Headings(); len(h) != 2 || h[1].Path != "灯编 > 第一章 一般规定" || h[1].First != "3" {
		t.Errorf("headings are %+v", h)
	}
	if v.Effective != "2021-01-01" {
		t.Errorf("effective day is %q", v.Effective)
	}
}

func TestSameFilesSameResult(t *testing.T) {
	a, _ := fair(t, statute.Table{})
	there, _ := imported(t, statute.ImportOptions{}, "testdata/fair/地方", "testdata/fair/法典")
	back, _ := imported(t, statute.ImportOptions{}, "testdata/fair/法典", "testdata/fair/地方")
	again, rep := imported(t, statute.ImportOptions{Into: a}, "testdata/fair")
	if there.Version() != back.Version() {
		t.Errorf("another order of paths gives another set")
	}
	if a.Version() != again.Version() {
		t.Errorf("importing the same files again changes the set: %s, then %s", a.Version(), again.Version())
	}
	if rep.Laws != 5 || rep.Versions != 6 {
		t.Errorf("second import reports %d laws, %d versions", rep.Laws, rep.Versions)
	}
	if c, _ := fair(t, statute.Table{Names: []statute.Name{{Title: "中华人民共和国邻灯法", Short: "灯法", Version: "2024-05-20"}}}); c.Version() != a.Version() {
		t.Errorf("the table changes the version of the set")
	}
}

func TestASecondImportAddsAndReplaces(t *testing.T) {
	first, _ := fair(t, statute.Table{})
	dir := folder(t, map[string]string{
		"望海市院落灯光管理条例(2019-11-02).md": "# 望海市院落灯光管理条例\n\n<!-- INFO END -->\n\n第一条 改过的一条。",
		"丁办法(2020-01-01).md":         "# 丁办法\n\n<!-- INFO END -->\n\n第一条 新的一部。",
	})
	set, rep := imported(t, statute.ImportOptions{Into: first}, dir)
	if rep.Laws != 6 || rep.Added != 2 || len(rep.Skipped) != 0 {
		t.Errorf("report is %+v", rep)
	}
	a, _, err := set.Resolve(statute.ArticleRef{Law: "望海市院落灯光管理条例", Version: "2019-11-02", Article: "1"})
	if err != nil || a.Text != "改过的一条。" {
		t.Errorf("replaced article is %q, %v", a.Text, err)
	}
	if err := set.Verify("邻灯法", "2012-03-01", "4"); err != nil {
		t.Errorf("an earlier import was lost: %v", err)
	}
}

func TestTheSameTextUnderTwoDaysIsOneVersion(t *testing.T) {
	dir := folder(t, map[string]string{
		"丁解释(2022-04-01).md":     "# 丁解释\n<!-- INFO END -->\n第一条 一。",
		"丁解释(2022-04-02).md":     "# 丁解释\n<!-- INFO END -->\n第一条  一。",
		"又一处/丁解释(2022-04-02).md": "# 丁解释\n<!-- INFO END -->\n第一条 一。",
	})
	set, rep := imported(t, statute.ImportOptions{}, dir)
	if rep.Versions != 1 || len(rep.Skipped) != 1 || rep.Skipped[0].Reason != statute.Duplicate {
		t.Errorf("report is %+v", rep)
	}
	for _, day := range []string{"2022-04-01", "2022-04-02"} {
		if err := set.Verify("丁解释", day, "1"); err != nil {
			t.Errorf("day %s: %v", day, err)
		}
	}
	if l, _ := set.Find("丁解释"); l.Versions[0].Day != "2022-04-02" {
		t.Errorf("the version is named %s", l.Versions[0].Day)
	}
}

func TestDocxOfTheOfficialDatabase(t *testing.T) {
	body := paras("中华人民共和国", "邻灯法", "（2005年6月10日虚构大会通过　2024年5月20日修订）", "目　　录", "第一章　总　　则", "第二章　亮　　灯", "第一章　总　　则") +
		`<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="420"/></w:tabs></w:pPr><w:r><w:t>第一</w:t></w:r><w:r><w:t>条　为了看得见路，</w:t></w:r><w:del><w:r><w:t>删去的字</w:t></w:r></w:del><w:r><w:t>制定本法。</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>` +
		paras("（一）灯；", "第二章　亮　　灯", "第二条　见附件。", "附件", "亮度表") +
		`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>灯</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>亮度</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>` +
		`<mc:AlternateContent><mc:Choice Requires="w"><w:p><w:r><w:t>完</w:t></w:r></w:p></mc:Choice><mc:Fallback><w:p><w:r><w:t>完</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>`
	x, err := statute.Parse("中华人民共和国邻灯法_20240520.docx", docx(t, body))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"1[第一章 总则]为了看得见路，制定本法。/（一）灯；", "2[第二章 亮灯]见附件。"}
	if got := outline(x); !slices.Equal(got, want) {
		t.Errorf("articles are %q", got)
	}
	if x.Title != "中华人民共和国邻灯法" || x.Day != "2024-05-20" || x.Adopted != "2024-05-20" {
		t.Errorf("title %q, day %q, adopted %q", x.Title, x.Day, x.Adopted)
	}
	if len(x.Annexes) != 1 || x.Annexes[0].Text != "亮度表\n灯 | 亮度\n完" {
		t.Errorf("annexes are %+v", x.Annexes)
	}
}

func TestAnArchiveIsAFolder(t *testing.T) {
	name, err := simplifiedchinese.GBK.NewEncoder().String("丙法(2020-01-01).md")
	if err != nil {
		t.Fatal(err)
	}
	inner := packed(t, "丁法(2020-01-01).md", "# 丁法\n第一条 一。")
	deeper := packed(t, "里.zip", string(inner))
	dir := folder(t, map[string]string{"法律.zip": string(packed(t,
		"法律/乙法(2020-01-01).md", "# 乙法\n第一条 一。",
		"法律/"+name, "# 丙法\n第一条 一。",
		"法律/一包.zip", string(inner),
		"法律/两包.zip", string(deeper),
		"__MACOSX/._乙法.md", "x",
		"法律/图.png", "x",
	))})
	set, rep := imported(t, statute.ImportOptions{}, dir)
	for _, law := range []string{"乙法", "丙法", "丁法"} {
		if _, ok := set.Find(law); !ok {
			t.Errorf("%s is missing", law)
		}
	}
	want := []string{"里.zip unsupported", "图.png fixed"}
	if got := reasons(rep.Skipped); !slices.Equal(sorted(got), sorted(want)) {
		t.Errorf("skipped are %q", got)
	}
}

func sorted(s []string) []string { slices.Sort(s); return s }

func TestHostileFilesAreNamedAndTheOthersGoIn(t *testing.T) {
	bomb := docx(t, paras(strings.Repeat("灯", 40<<20/3)))
	deep := docx(t, strings.Repeat("<w:p>", 5000)+strings.Repeat("</w:p>", 5000))
	dir := folder(t, map[string]string{
		"好法(2020-01-01).md":   "# 好法\n第一条 一。",
		"炸弹.docx":             string(bomb),
		"太深.docx":             string(deep),
		"断了.docx":             string(docx(t, "<w:p><w:r><w:t>第一条 一。")),
		"不是.docx":             "第一条 我不是 docx。",
		"空包.docx":             string(packed(t, "a.txt", "x")),
		"长段.txt":              "第一条 " + strings.Repeat("灯", 2<<20),
		"乱码.txt":              "\xff\xfe\xfd\x00\x81\x20\x80\x80\xff",
		"也乱.md":               strings.Repeat("\x81\x20\xff\x30", 500),
		"空的.md":               "",
		"老的.doc":              "\xd0\xcf\x11\xe0",
		"改名.docx":             "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 WordDocument",
		"上锁.docx":             "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00",
		"上锁.zip":              locked(packed(t, "锁.txt", "第一条 一。")),
		"扫描.pdf":              "%PDF",
		"网页.html":             "<p>第一条 一。",
		"打包.rar":              "Rar!",
		"没下完.docx.crdownload": "x",
		"Thumbs.db":           "x",
		"坏包.zip":              "PK\x03\x04 broken",
		"空字.txt":              "第一条 一。\x00\x00",
	})
	big := filepath.Join(dir, "巨大.txt")
	if err := os.WriteFile(big, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(big, 50<<20); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "链接.txt")); err != nil {
		t.Fatal(err)
	}
	set, rep := imported(t, statute.ImportOptions{}, dir)
	if laws, _ := set.Len(); laws != 1 {
		t.Errorf("%d laws went in, want the good one alone", laws)
	}
	want := []string{
		"炸弹.docx too_big", "太深.docx damaged", "断了.docx damaged", "不是.docx damaged", "空包.docx damaged",
		"长段.txt too_big", "乱码.txt encoding", "也乱.md encoding", "空的.md empty", "老的.doc old_word", "改名.docx old_word",
		"上锁.docx locked", "锁.txt locked", "扫描.pdf fixed", "网页.html other_text", "打包.rar other_pack", "没下完.docx.crdownload changing", "链接.txt link",
		"坏包.zip damaged", "空字.txt encoding", "巨大.txt too_big",
	}
	if got := reasons(rep.Skipped); !slices.Equal(sorted(got), sorted(want)) {
		t.Errorf("skipped are\n %s\nwant\n %s", strings.Join(got, "\n "), strings.Join(want, "\n "))
	}
}

// TestNumbersThatWordKeepsApartAreRead: what the paper shows as 第一条 and （一）
// stands in the document's list definitions.
func TestNumbersThatWordKeepsApartAreRead(t *testing.T) {
	level := func(i int, format, text string) string {
		return fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/></w:lvl>`, i, format, text)
	}
	lists := `<w:numbering xmlns:w="x"><w:abstractNum w:abstractNumId="7">` + level(0, "chineseCountingThousand", "第%1条") + level(1, "chineseCounting", "（%2）") + level(2, "decimal", "%3.") + `</w:abstractNum>
		<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>
		<w:num w:numId="4"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="2"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>`
	item := func(list string, level int, text string) string {
		return fmt.Sprintf(`<w:p><w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%s"/></w:numPr><w:pPrChange><w:pPr><w:numPr><w:numId w:val="9"/></w:numPr></w:pPr></w:pPrChange></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, level, list, text)
	}
	body := `<w:document xmlns:w="x"><w:body>` + paras("甲办法") + item("3", 0, "一。") + item("3", 0, "二：") + item("3", 1, "甲；") + item("3", 1, "乙：") +
		item("4", 2, "丙；") + item("3", 2, "丁。") + item("3", 0, "三：") + item("3", 1, "戊。") + item("0", 0, "己。") + `</w:body></w:document>`
	x := parsed(t, "甲办法.docx", string(packed(t, "word/numbering.xml", lists, "word/document.xml", body)))
	want := []string{"1[]一。", "2[]二：/（一）甲；/（二）乙：/5.丙；/6.丁。", "3[]三：/（一）戊。/己。"}
	if got := outline(x); !slices.Equal(got, want) {
		t.Errorf("articles are %q, want %q", got, want)
	}
}

// locked sets the mark of a password in every header of a zip.
func locked(zip []byte) string {
	for _, head := range []struct {
		mark string
		at   int
	}{{"PK\x03\x04", 6}, {"PK\x01\x02", 8}} {
		for i := bytes.Index(zip, []byte(head.mark)); i >= 0 && i+head.at < len(zip); {
			zip[i+head.at] |= 1
			next := bytes.Index(zip[i+1:], []byte(head.mark))
			if next < 0 {
				break
			}
			i += 1 + next
		}
	}
	return string(zip)
}

func TestAFileCutShortDoesNotReplaceTheWholeLaw(t *testing.T) {
	whole := "# 甲法\n" + articles(30)
	set, _ := imported(t, statute.ImportOptions{}, folder(t, map[string]string{"甲法(2020-01-01).md": whole}))
	set, rep := imported(t, statute.ImportOptions{Into: set}, folder(t, map[string]string{"甲法(2020-01-01).md": "# 甲法\n" + articles(9)}))
	if got := reasons(rep.Skipped); !slices.Equal(got, []string{"甲法(2020-01-01).md partial"}) {
		t.Errorf("skipped are %q", got)
	}
	if _, n := set.Len(); n != 30 {
		t.Errorf("%d articles are left", n)
	}
	set, _ = imported(t, statute.ImportOptions{Into: set}, folder(t, map[string]string{"甲法(2020-01-01).md": "# 甲法\n" + articles(28)}))
	if _, n := set.Len(); n != 28 {
		t.Errorf("a mended file left %d articles", n)
	}
}

func TestOneBookOfACodeImportedAnewLeavesTheOthers(t *testing.T) {
	book := func(name, first string) string { return "# 甲法典\n# " + name + "\n" + first + " 一。" }
	set, _ := imported(t, statute.ImportOptions{}, folder(t, map[string]string{
		"甲法典/总则(2020-01-01).md": book("总则", "第一条"), "甲法典/分则(2020-01-01).md": book("分则", "第二条"),
	}))
	set, _ = imported(t, statute.ImportOptions{Into: set}, folder(t, map[string]string{"甲法典/分则(2020-01-01).md": book("分则", "第二条")}))
	if _, n := set.Len(); n != 2 {
		t.Errorf("%d articles are left of both books", n)
	}
}

// TestNoShapeOfTextTakesLong would take minutes if any step went over its input
// more than once; the limit is wide because other tests share the machine.
func TestNoShapeOfTextTakesLong(t *testing.T) {
	const lines = 60_000
	for name, body := range map[string]string{
		"links without end":             strings.Repeat("[a](", 150_000) + strings.Repeat("](", 150_000),
		"wiki links without end":        strings.Repeat("[[", 400_000),
		"a title page without end":      strings.Repeat("某会\n", lines) + "<!-- INFO END -->\n第一条 一。",
		"long headings above many":      "## " + strings.Repeat("灯", 300_000) + "\n### 第一章 一\n" + articles(9000),
		"headings without end":          strings.Repeat("## 第一章 一\n", lines),
		"short lines below a heading":   "第一条 一。\n## 第二章 一\n" + strings.Repeat("灯\n", lines),
		"an annex that starts again":    "一、甲。\n附件\n" + strings.Repeat("灯", 300_000) + "\n" + strings.Repeat("第一条 一。\n", lines),
		"articles in one line":          "第一条 一。" + strings.ReplaceAll(articles(9000), "\n", " "),
		"references in one line":        "第一条 一。" + strings.Repeat(" 第九条 一。", 50_000),
		"paragraphs without end":        strings.Repeat("灯亮了。\n", lines),
		"quotations without end":        "第一条 “一。\n" + strings.Repeat("第三条 “灯\n", lines),
		"a quotation of many articles":  "第一条 “一。\n" + strings.Repeat("第三条 灯。\n", lines) + "”\n第二条 二。",
		"names of chapters without end": strings.Repeat("第一条 一。\n灯\n亮\n", lines/3),
		"a decision without end":        "关于修改《甲法》的决定\n" + strings.Repeat("甲法\n", lines),
		"a table without end":           strings.Repeat("| 灯 | 亮 |\n", lines),
		"a table of contents for ever":  "目录\n" + strings.Repeat("第一章 一\n第二章 二\n", lines/2),
		"dots without end in a heading": "## " + strings.Repeat(".", 500) + "\n## " + strings.Repeat("1", 500),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			for _, file := range []string{"甲法.md", "甲法.txt"} {
				parsed(t, file, "# 甲法\n"+body)
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func articles(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		b.WriteString(statute.Number{Main: uint16(i)}.Label() + " 一。\n")
	}
	return b.String()
}

func TestUTF16WithoutItsMarkIsRead(t *testing.T) {
	little, big := "", ""
	for _, r := range "# 甲法\n第一条 一的规定。\n第二条 一。" {
		little += string([]byte{byte(r), byte(r >> 8)})
		big += string([]byte{byte(r >> 8), byte(r)})
	}
	for _, raw := range []string{little, big} {
		if x := parsed(t, "a.md", raw); len(x.Articles) != 2 || x.Title != "甲法" {
			t.Errorf("read as %+v", x)
		}
	}
}

func TestUTF16IsRead(t *testing.T) {
	raw := "\xff\xfe"
	for _, r := range "# 甲法\n第一条 一。" {
		raw += string([]byte{byte(r), byte(r >> 8)})
	}
	if x := parsed(t, "a.md", raw); len(x.Articles) != 1 || x.Title != "甲法" {
		t.Errorf("read as %+v", x)
	}
}

func TestImportStopsWithItsContextAndTellsProgress(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := statute.Import(ctx, []string{"testdata/fair"}, statute.ImportOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	last, calls := 0, 0
	imported(t, statute.ImportOptions{Progress: func(done, total int) {
		if done != last+1 || total != 9 {
			t.Errorf("progress %d of %d after %d", done, total, last)
		}
		last = done
		calls++
	}}, "testdata/fair")
	if calls != 9 {
		t.Errorf("progress was told %d times", calls)
	}
}

func TestNothingToImportIsAnError(t *testing.T) {
	_, rep, err := statute.Import(context.Background(), []string{t.TempDir(), "testdata/none"}, statute.ImportOptions{})
	if err == nil || len(rep.Skipped) != 1 || rep.Skipped[0].Reason != statute.Unreadable {
		t.Errorf("error %v, report %+v", err, rep)
	}
}
