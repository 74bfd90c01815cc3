package index

import (
	"regexp"
	"strconv"
	"strings"
)

// reference is an article that the text of another article names.
type reference struct {
	law     string // bare name, "" for the same law
	article string // Arabic
}

var (
	namedArticle = regexp.MustCompile(`(?:《([^》]{2,60})》|(本法|本条例|本规定|本办法|本解释|依照|根据|按照|适用|符合|违反))?第([零〇一二三四五六七八九十百千两]{1,9})条(?:之([一二三四五六七八九十]{1,3}))?`)
	bareName     = strings.NewReplacer("中华人民共和国", "", "《", "", "》", "", "〈", "", "〉", "", "<", "", ">", "", " ", "", "(", "（", ")", "）")
)

// bareLaw is the form in which names of laws are compared.
func bareLaw(name string) string { return bareName.Replace(strings.TrimSpace(name)) }

// references lists the articles that text names, in order.
func references(text string) []reference {
	var out []reference
	for _, m := range namedArticle.FindAllStringSubmatch(text, -1) {
		n := numeral(m[3])
		if n == 0 {
			continue
		}
		art := strconv.Itoa(n)
		if m[4] != "" {
			art += "-" + strconv.Itoa(numeral(m[4]))
		}
		out = append(out, reference{law: bareLaw(m[1]), article: art})
	}
	return out
}

// numeral reads a Chinese number below ten thousand; 0 when it is none.
func numeral(s string) int {
	total, digit := 0, 0
	for _, r := range s {
		switch r {
		case '十':
			total, digit = total+max(digit, 1)*10, 0
		case '百':
			total, digit = total+digit*100, 0
		case '千':
			total, digit = total+digit*1000, 0
		case '两':
			digit = 2
		case '零', '〇':
			digit = 0
		default:
			digit = strings.IndexRune("一二三四五六七八九", r)/len("一") + 1
		}
	}
	return total + digit
}
