package publicity_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/content"
)

func TestTheMarkdownOfItemsIsRendered(t *testing.T) {
	for name, tc := range map[string]struct{ src, want string }{
		"a paragraph over two lines":    {"甲\n乙\n\n丙", "<p>甲乙</p>\n<p>丙</p>\n"},
		"a heading":                     {"## 题目\n正文", "<h3>题目</h3>\n<p>正文</p>\n"},
		"a hash without space":          {"#话题", "<p>#话题</p>\n"},
		"bold":                          {"先**别转**钱", "<p>先<strong>别转</strong>钱</p>\n"},
		"an odd mark is text":           {"五**六", "<p>五**六</p>\n"},
		"four stars are text":           {"五****六", "<p>五****六</p>\n"},
		"a list of points":              {"- 一\n- **二**\n* 三", "<ul><li>一</li><li><strong>二</strong></li><li>三</li></ul>\n"},
		"a numbered list after text":    {"这样办：\n1. 一\n2. 二", "<p>这样办：</p>\n<ol><li>一</li><li>二</li></ol>\n"},
		"a year is not a numbered list": {"2026.1 起", "<p>2026.1 起</p>\n"},
		"two lists apart":               {"- 一\n\n- 二", "<ul><li>一</li></ul>\n<ul><li>二</li></ul>\n"},
		"a quote":                       {"> 老王说\n> 不行", "<blockquote>老王说不行</blockquote>\n"},
		"raw HTML is text":              {`<script>alert("1")</script>**<b>**`, "<p>&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;<strong>&lt;b&gt;</strong></p>\n"},
		"a link is text":                {"[点我](javascript:x)", "<p>[点我](javascript:x)</p>\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := string(publicity.HTML(publicity.Parse(tc.src), nil)); got != tc.want {
				t.Errorf("Parse(%q) renders as\n%s\nwant\n%s", tc.src, got, tc.want)
			}
		})
	}
}

func TestAStyleIsAnEscapedAttribute(t *testing.T) {
	got := publicity.HTML(publicity.Parse("甲"), func(e string) string { return e + `{"` })
	if want := "<p style=\"p{&#34;\">甲</p>\n"; string(got) != want {
		t.Errorf("HTML with style = %q, want %q", got, want)
	}
}

func TestAPieceHoldsBodyQuizAnswersAndSources(t *testing.T) {
	it := content.Item{
		Title: "标题", Digest: "摘要", Body: "正文。", Large: "大字。", Reviewed: "2026-11-22",
		Quiz: []content.Question{{Ask: "欠条写谁的名字？", Choices: []string{"随便", "真名"}, Right: 1, Because: "名字要对得上。"}},
		Citations: []content.Citation{
			{Short: "某法", Article: "3"}, {Short: "另法", Article: "120-1"}, {Short: "某法", Article: "5"},
		},
	}
	texts := shippedTexts(t)
	p := publicity.Compose(it, texts)
	html := string(publicity.HTML(p.Blocks, nil))
	last := -1
	for _, want := range []string{
		"<p>正文。</p>", "第1题　欠条写谁的名字？", "<li>A．随便</li><li>B．真名</li>", "<h3>答案</h3>",
		"<ol><li><strong>B</strong>。名字要对得上。</li></ol>", "《某法》第3条、第5条；《另法》第120条之一", "2026-11-22",
	} {
		at := strings.Index(html, want)
		if at <= last {
			t.Errorf("%q is missing or out of order in\n%s", want, html)
		}
		last = at
	}
	large := string(publicity.HTML(publicity.ComposeLarge(it, texts).Blocks, nil))
	if !strings.HasPrefix(large, "<p>大字。</p>") || !strings.Contains(large, "《某法》") {
		t.Errorf("large print is %s, want its own body and the same sources", large)
	}
	it.Large = ""
	if got := publicity.HTML(publicity.ComposeLarge(it, texts).Blocks, nil); string(got) != html {
		t.Errorf("large print without a text of its own is\n%s\nwant the body\n%s", got, html)
	}
}

func TestSpokenTextHasNoMarks(t *testing.T) {
	if got := publicity.Spoken(content.Item{Spoken: "乡亲们，**别转钱**。\n"}); got != "乡亲们，别转钱。" {
		t.Errorf("Spoken = %q", got)
	}
}

// shippedTexts loads the catalogue that the program ships.
func shippedTexts(t *testing.T) *content.Texts {
	t.Helper()
	raw, err := fs.ReadFile(content.Shipped(), "texts/publicity.yaml")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := content.LoadTexts(fstest.MapFS{"texts/publicity.yaml": {Data: raw}})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
