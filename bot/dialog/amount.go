package dialog

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	arabic  = regexp.MustCompile(`(\d+(?:\.\d{1,4})?)([十百千万亿]?)`)
	chinese = regexp.MustCompile(`几?[零一二两三四五六七八九十百千万亿半]+`)
)

// maxYuan keeps a slip of the finger from becoming a record sum.
const maxYuan = 1e10

// readAmount understands 3000, 8.8万, 两万五, 一千二百元; Value is in fen.
func readAmount(text string) reading {
	yuan, ok := yuan(strings.NewReplacer(",", "", "，", "").Replace(digits(text)))
	if !ok || yuan < 0 || yuan > maxYuan {
		return reading{problem: NoAmount}
	}
	fen := strconv.FormatInt(int64(yuan*100+0.5), 10)
	return reading{answer: &Answer{Value: fen, Shown: strings.TrimSpace(text)}}
}

func yuan(text string) (float64, bool) {
	if m := arabic.FindStringSubmatch(text); m != nil {
		n, err := strconv.ParseFloat(m[1], 64)
		return n * unit(m[2]), err == nil
	}
	if m := chinese.FindString(text); m != "" && !strings.HasPrefix(m, "几") {
		return numerals(m)
	}
	return 0, false
}

func unit(s string) float64 {
	switch s {
	case "十":
		return 10
	case "百":
		return 100
	case "千":
		return 1000
	case "万":
		return 10000
	case "亿":
		return 1e8
	}
	return 1
}

// numerals reads a number in Chinese numerals, also shortened ones: 两万五 is
// 25000, 一千二 is 1200. Digits without units (一二三) are none.
func numerals(s string) (float64, bool) {
	var total, section, digit float64
	last, open := 10.0, false // the unit before, and whether a digit waits for its own
	for _, r := range s {
		u := unit(string(r))
		switch {
		case u >= 10000:
			total = (total + section + digit) * u
			section, digit, last, open = 0, 0, u, false
		case u > 1:
			if !open {
				digit = 1
			}
			section, digit, last, open = section+digit*u, 0, u, false
		case r == '零':
			last = 10
		case r == '半':
			digit, last, open = digit+0.5, 10, true
		case open:
			return 0, false
		default:
			digit, open = value(r), true
		}
	}
	if open && last > 10 {
		digit *= last / 10 // 两万五: five of the next lower unit
	}
	return total + section + digit, true
}

func value(r rune) float64 {
	if r == '两' {
		return 2
	}
	return float64(strings.IndexRune("零一二三四五六七八九", r) / len("零"))
}
