package money_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/anjie-desk/anjie/bot/money"
)

func TestSumsAsPeopleWriteThem(t *testing.T) {
	for text, yuan := range map[string]float64{
		"3000": 3000, "3万": 30000, "3.5万": 35000, "一万二": 12000, "两千五百块": 2500, "12,000元": 12000, "１２０００": 12000,
		"１２，０００块": 12000, "12 000": 12000, "1,234,567.89元": 1234567.89, "8.8万": 88000, "两万五": 25000, "一千二百元": 1200, "一千二": 1200,
		"十五万": 150000, "一百零五": 105, "半万": 5000, "两万半": 25000, "三块五": 3.5, "3块5毛": 3.5, "12元5角3分": 12.53, "三块半": 3.5, "五毛": 0.5,
		"8角5分": 0.85, "5元8分": 5.08, "3万5": 35000, "3万2000": 32000, "3万5千": 35000, "2百5": 250, "一百十五": 115, "二十": 20, "十": 10,
		"一亿二千万": 120000000, "1亿": 1e8, "人民币壹拾贰万叁仟肆佰伍拾元整": 123450, "¥3,000": 3000, "￥３０００．５０": 3000.5, "RMB 3000": 3000,
		"3000元整": 3000, " 3000 块钱 ": 3000, "3000块钱。": 3000, "共计5000元": 5000, "0": 0, "12000.50": 12000.5, "3w": 30000, "5K": 5000,
		"一万零五百": 10500, "一万零五": 10005, "四十五万六千七百八十九": 456789, "俩": -1, "10亿": 1e9, "三千元钱": 3000, "贰仟圆": 2000,
	} {
		fen, err := money.Parse(text)
		if yuan < 0 {
			if err == nil {
				t.Errorf("%s is taken for %d fen", text, fen)
			}
			continue
		}
		if want := int64(yuan*100 + 0.5); err != nil || fen != want {
			t.Errorf("%s is %d fen, %v; want %d", text, fen, err, want)
		}
		if found, err := money.Find("老板欠我" + text + "一直没给"); err == nil && found != int64(yuan*100+0.5) {
			t.Errorf("in a sentence %s is %d fen", text, found)
		}
	}
}

func TestWhatIsNoSumIsRefusedByItsReason(t *testing.T) {
	for text, want := range map[string]money.Refusal{
		"三万余元": money.Vague, "三万多": money.Vague, "三千多块钱": money.Vague, "几千": money.Vague, "十几万": money.Vague, "几万块": money.Vague, "数万元": money.Vague,
		"3000左右": money.Vague, "大约3万": money.Vague, "不到五千": money.Vague, "3000+": money.Vague, "三百来块": money.Vague, "上万": money.Vague, "3万以上": money.Vague,
		"3-5万": money.Range, "3万到5万": money.Range, "三到五万": money.Range, "3000~5000元": money.Range, "３０００～５０００": money.Range, "三五千": money.Range,
		"两三万": money.Range, "七八百块": money.Range, "三万至五万": money.Range, "三、五万": money.Range,
		"-3000": money.Negative, "－３０００": money.Negative, "负三千": money.Negative, "-3万": money.Negative,
		"11亿": money.Much, "99999999999": money.Much, "1000000000.01": money.Much, "一千万亿": money.Much,
		"0.001": money.Fine, "3.333元": money.Fine, "12000.505": money.Fine, "0.00001万": money.None + money.Fine,
		"": money.None, "不少": money.None, "一二三": money.None, "1,5万": money.None, "三千百": money.None, "百五": money.None, "万": money.None, "一百五万": money.None,
		"3万500": money.None, "1e5": money.None, "NaN": money.None, "Inf": money.None, "0x10": money.None, "3千5百万千": money.None, "三元二元": money.None, "3元50": money.None,
		"12,00": money.None, "12,0000": money.None, "1.2.3": money.None, "三千元，另加两千": money.None,
	} {
		fen, err := money.Parse(text)
		if want == money.None+money.Fine { // a tenth of a yuan: no refusal at all
			if err != nil || fen != 10 {
				t.Errorf("%s is %d, %v", text, fen, err)
			}
			continue
		}
		if !errors.Is(err, want) {
			t.Errorf("%q is %d, %v; want %s", text, fen, err, want)
		}
	}
}

func TestTheSumOfASentence(t *testing.T) {
	for text, want := range map[string]any{
		"在工地上绑钢筋，包工头刘大不接电话，一共两万四": 2400000, "老板欠我三个月工资9000块没给": 900000, "大概三千": 300000, "差不多5000块吧": 500000,
		"去年11月借的，3万": 3000000, "押金两千块不退": 200000, "2026-11-29借了3000": 300000, "欠3000，给了0": money.None, "万一他不给呢，欠2300元": 230000,
		"千万别忘了，是一千五": 150000, "他手机13800138000，欠800": 80000, "三块地一共赔4万": 4000000, "十五号以前还1万2": 1200000, "12天1800": 180000,
		"三万多，到现在没给": money.Vague, "好几万": money.Vague, "几十个人的工资": money.None, "三五千吧": money.Range, "要三到五万": money.Range, "没多少": money.None,
		"工资3000元，押金500元": money.Several, "3000元，对，就是3000元": 300000, "5楼漏水到4楼": money.None, "2024年的事": money.None, "就一点": money.None, "一共5个人": money.None,
	} {
		fen, err := money.Find(text)
		if text == "欠3000，给了0" {
			want = 300000
		}
		switch w := want.(type) {
		case int:
			if err != nil || fen != int64(w) {
				t.Errorf("%s: %d, %v; want %d", text, fen, err, w)
			}
		case money.Refusal:
			if !errors.Is(err, w) {
				t.Errorf("%s: %d, %v; want %s", text, fen, err, w)
			}
		}
	}
}

// TestEverySumIsReadAsItIsWritten writes any sum in each of the usual ways.
func TestEverySumIsReadAsItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fen := rapid.Int64Range(0, money.Most*100).Draw(t, "fen")
		if rapid.Bool().Draw(t, "whole") {
			fen -= fen % 100
		}
		plain := decimals(fen)
		wan := strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%06d", fen/1_000_000, fen%1_000_000), "0"), ".") + "万"
		for _, text := range []string{plain, plain + "元", grouped(plain), "¥" + grouped(plain), wide(plain), wan, "人民币" + upper(fen)} {
			if got, err := money.Parse(text); err != nil || got != fen {
				t.Fatalf("%s is %d, %v; want %d", text, got, err, fen)
			}
			if got, err := money.Parse("-" + text); fen > 0 && !errors.Is(err, money.Negative) && !strings.HasPrefix(text, "¥") && !strings.HasPrefix(text, "人") {
				t.Fatalf("-%s is %d, %v", text, got, err)
			}
			if got, err := money.Find(text); err != nil || got != fen {
				t.Fatalf("looked for, %s is %d, %v; want %d", text, got, err, fen)
			}
		}
		if got, err := money.Parse(plain + "-" + plain); !errors.Is(err, money.Range) {
			t.Fatalf("a range is %d, %v", got, err)
		}
		if got, err := money.Parse(decimals(fen) + "5元"); fen%10 != 0 && err == nil {
			t.Fatalf("a part of a fen is %d", got)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"3万", "一万二", "三万余元", "12,000元", "３～５万", "-1", "两万半块五毛", "零零零", "几", "半", "多", "1,,2", "3w5k"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, read := range map[string]func(string) (int64, error){"parse": money.Parse, "find": money.Find} {
			fen, err := read(text)
			var why money.Refusal
			if err != nil && !errors.As(err, &why) || err != nil && fen != 0 {
				t.Fatalf("%s: %d, %v", name, fen, err)
			}
			if fen < 0 || fen > money.Most*100 {
				t.Fatalf("%s: %d fen", name, fen)
			}
			if again, rerr := money.Parse(decimals(fen) + "元"); err == nil && (rerr != nil || again != fen) {
				t.Fatalf("%s: %d fen read again is %d, %v", name, fen, again, rerr)
			}
		}
		if fen, err := money.Parse(text); err == nil {
			if found, ferr := money.Find(text); ferr != nil || found != fen {
				t.Fatalf("%q is %d, and looked for %d, %v", text, fen, found, ferr)
			}
		}
	})
}

func decimals(fen int64) string {
	if fen%100 == 0 {
		return fmt.Sprint(fen / 100)
	}
	return fmt.Sprintf("%d.%02d", fen/100, fen%100)
}

func grouped(s string) string {
	whole, parts, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if parts != "" {
		return whole + "." + parts
	}
	return whole
}

func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '０'
		}
		return r
	}, s)
}

// upper writes a sum as on a cheque: 壹拾贰万叁仟肆佰伍拾元伍角整.
func upper(fen int64) string {
	figures := []rune("零壹贰叁肆伍陆柒捌玖")
	four := func(n int64, lead bool) string {
		var b strings.Builder
		zero := lead && n < 1000
		for i, u := range []int64{1000, 100, 10, 1} {
			d := n / u % 10
			if d == 0 {
				zero = zero || b.Len() > 0
				continue
			}
			if zero {
				b.WriteRune('零')
			}
			zero = false
			b.WriteRune(figures[d])
			b.WriteString([]string{"仟", "佰", "拾", ""}[i])
		}
		return b.String()
	}
	yuan := fen / 100
	var b strings.Builder
	for _, p := range []struct {
		n    int64
		unit string
	}{{yuan / 100_000_000, "亿"}, {yuan / 10_000 % 10_000, "万"}, {yuan % 10_000, ""}} {
		if p.n > 0 {
			b.WriteString(four(p.n, b.Len() > 0) + p.unit)
		}
	}
	if yuan == 0 {
		b.WriteRune('零')
	}
	b.WriteRune('元')
	if j := fen / 10 % 10; j > 0 {
		b.WriteString(string(figures[j]) + "角")
	}
	if f := fen % 10; f > 0 {
		b.WriteString(string(figures[f]) + "分")
	}
	return b.String() + "整"
}

// TestLongTalkIsReadInNoTime: what people paste must not keep the desk busy.
func TestLongTalkIsReadInNoTime(t *testing.T) {
	for _, piece := range []string{"9", "三", "万", "1,234", "3.3", "十零", " ", "-1", "负"} {
		for name, read := range map[string]func(string) (int64, error){"parse": money.Parse, "find": money.Find} {
			start := time.Now()
			_, _ = read(strings.Repeat(piece, 20_000))
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("%s of many %q takes %v", name, piece, took)
			}
		}
	}
}
