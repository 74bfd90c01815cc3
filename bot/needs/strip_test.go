package needs_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"github.com/anjie-desk/anjie/bot/needs"
	"github.com/anjie-desk/anjie/content"
)

func private(tb testing.TB) *content.Private {
	tb.Helper()
	p, err := content.LoadPrivate(content.Shipped())
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func stripper(tb testing.TB) *needs.Stripper {
	tb.Helper()
	return needs.NewStripper(private(tb), []string{"仇家洼村", "仇家洼"})
}

func TestEachExampleIsStrippedAsItSays(t *testing.T) {
	s, p := stripper(t), private(t)
	for _, e := range append(p.Examples, content.PrivateSample{Text: "仇家洼村的地谁说了算", Kept: "〔某村〕的地谁说了算"}) {
		if got := s.Strip(e.Text); got != e.Kept {
			t.Errorf("%s\nbecame %s\nwant   %s", e.Text, got, e.Kept)
		}
	}
}

func TestQuestionsWithoutPersonalDataStayAsTheyAre(t *testing.T) {
	s := stripper(t)
	all, err := phrasings()
	if err != nil {
		t.Fatal(err)
	}
	var changed []string
	for _, q := range all {
		if got := s.Strip(q); got != q {
			changed = append(changed, q+" → "+got)
		}
	}
	if len(changed)*200 > len(all) {
		t.Errorf("%d of %d questions that hold nothing personal were changed, want at most one in 200: %q", len(changed), len(all), changed)
	}
}

// figures tells what reads as a digit.
func figure(r rune) bool {
	return unicode.IsNumber(r) && !strings.ContainsRune("十百千万亿", r) || strings.ContainsRune("零〇一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖", r)
}

// survives finds seven digits and more in one go, or with spaces and dashes.
func survives(text string) bool {
	n, gap := 0, 0
	for _, r := range text {
		switch {
		case figure(r):
			n, gap = n+1, 0
		case r == ' ' || r == '-':
			if gap++; gap > 2 {
				n = 0
			}
		default:
			n = 0
		}
		if n >= 7 {
			return true
		}
	}
	return false
}

func count(text string) (n int) {
	for _, r := range text {
		if figure(r) {
			n++
		}
	}
	return n
}

// written are the ways in which people write a number down.
var written = []func(*rand.Rand, string) string{
	func(_ *rand.Rand, n string) string { return n },
	func(_ *rand.Rand, n string) string { return strings.Map(func(r rune) rune { return r + 0xFEE0 }, n) },
	func(_ *rand.Rand, n string) string { return digits(n, "零一二三四五六七八九") },
	func(_ *rand.Rand, n string) string { return digits(n, "〇幺二三四五六七八九") },
	func(_ *rand.Rand, n string) string { return digits(n, "零壹贰叁肆伍陆柒捌玖") },
	func(_ *rand.Rand, n string) string { return digits(n, "⓪①②③④⑤⑥⑦⑧⑨") },
	func(_ *rand.Rand, n string) string { return digits(n, "٠١٢٣٤٥٦٧٨٩") },
	func(r *rand.Rand, n string) string {
		seps := []string{" ", "-", "—", ".", "·", "，", "/", "_", "\u200b", "\u00a0", "(", "*", " - "}
		var b strings.Builder
		for i, c := range n {
			b.WriteRune(c)
			if i > 0 && i < len(n)-1 && r.IntN(3) == 0 {
				b.WriteString(seps[r.IntN(len(seps))])
			}
		}
		return b.String()
	},
}

func digits(n, as string) string {
	of := []rune(as)
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return r
		}
		return of[r-'0']
	}, n)
}

// numbers are invented: telephones, landlines, identity cards, bank cards.
func number(r *rand.Rand) string {
	random := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte('0' + r.IntN(10))
		}
		return string(b)
	}
	switch r.IntN(5) {
	case 0:
		return "1" + random(10)
	case 1:
		return "0631" + random(7)
	case 2:
		return "37108319" + random(9) + "X"
	case 3:
		return "6222" + random(15)
	}
	return random(18)
}

var around = []string{"", "我电话", "打我手机 ", "是", "，找我", "尾号", "欠我3万，", "是号码：", "。地址3号楼", "给我打", "x"}

func TestNoNumberSurvives(t *testing.T) {
	s := stripper(t)
	r := rand.New(rand.NewPCG(7, 7))
	for range 20_000 {
		n := number(r)
		as := written[r.IntN(len(written))](r, n)
		before, after := around[r.IntN(len(around))], around[r.IntN(len(around))]
		text := before + as + after
		got := s.Strip(text)
		if survives(got) || count(got) > count(before+after) {
			t.Fatalf("%q became %q", text, got)
		}
	}
}

func FuzzStrip(f *testing.F) {
	s := stripper(f)
	for _, seed := range private(f).Examples {
		f.Add(seed.Text)
	}
	f.Add("139\u200b0000\ufe0f0000")
	f.Fuzz(func(t *testing.T, text string) {
		got := s.Strip(text)
		if survives(got) {
			t.Errorf("%q became %q", text, got)
		}
	})
}
