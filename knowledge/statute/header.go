package statute

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// dates are what title page, front matter and closing article say.
type dates struct {
	adopted   string // first adoption
	amended   string // last 修正, 修订
	published string
	effective string
	amends    int
}

var (
	dayPattern = regexp.MustCompile(`([12][0-9]{3}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日|([12][0-9]{3})-([0-9]{2})-([0-9]{2})`)
	hanDay     = regexp.MustCompile(`([一二三四五六七八九〇○零]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日`)
	quoted     = regexp.MustCompile(`《[^》]*》|〈[^〉]*〉`)
	amendWord  = regexp.MustCompile(`修正|修订|修改`)
	startWord  = regexp.MustCompile(`施行|实施|生效`)
	publicWord = regexp.MustCompile(`公布|发布|公告|印发|颁布`)
)

// readDates goes through the title page's lines, each "day what happened".
func readDates(lines []string) dates {
	var d dates
	for _, part := range events(joinWrapped(lines)) {
		d.take(part.day, part.what)
	}
	return d
}

// joinWrapped puts broken lines together: a new one starts with a day or 根据.
func joinWrapped(lines []string) []string {
	var out []string
	for _, l := range lines {
		l = hanDay.ReplaceAllStringFunc(l, arabicDay)
		l = strings.Trim(l, "（）() ")
		at := dayPattern.FindStringIndex(l)
		if len(out) > 0 && (at == nil || at[0] > 12) {
			out[len(out)-1] += l
			continue
		}
		out = append(out, l)
	}
	return out
}

type event struct{ day, what string }

func events(lines []string) []event {
	var out []event
	for _, l := range lines {
		at := dayPattern.FindAllStringSubmatchIndex(l, -1)
		for i, m := range at {
			end := len(l)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			if day, ok := dayAt(l, m); ok {
				out = append(out, event{day, l[m[1]:end]})
			}
		}
	}
	return out
}

func (d *dates) take(day, what string) {
	bare := quoted.ReplaceAllString(what, "")
	switch {
	case amendWord.MatchString(bare) || strings.Contains(bare, "通过的") && strings.Contains(what, "《"):
		d.amended = max(d.amended, day)
		d.amends++
	case startWord.MatchString(bare) && !strings.Contains(bare, "通过"):
		d.effective = max(d.effective, day)
	case strings.Contains(bare, "通过") || strings.Contains(bare, "批准"):
		d.adopted = max(d.adopted, day)
	case publicWord.MatchString(bare):
		d.published = max(d.published, day)
	}
}

func dayAt(s string, m []int) (string, bool) {
	group := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return s[m[2*i]:m[2*i+1]]
	}
	if group(4) != "" {
		return validDay(group(4), group(5), group(6))
	}
	return validDay(group(1), group(2), group(3))
}

// validDay writes YYYY-MM-DD if the calendar has that day.
func validDay(y, m, d string) (string, bool) {
	t, err := time.Parse("2006-1-2", y+"-"+strings.TrimLeft(m, "0")+"-"+strings.TrimLeft(d, "0"))
	if err != nil {
		return "", false
	}
	return t.Format(time.DateOnly), true
}

func arabicDay(s string) string {
	m := hanDay.FindStringSubmatch(s)
	year := 0
	for _, r := range m[1] {
		d, _ := digitOf(r)
		year = year*10 + d
	}
	month, _ := numeral(m[2])
	day, _ := numeral(m[3])
	return fmt.Sprintf("%d年%d月%d日", year, month, day)
}

// isHeaderLine tells the adoption line and the file number from a preamble.
func isHeaderLine(s string) bool {
	if strings.HasSuffix(s, "。") || strings.HasSuffix(s, "：") {
		return false // a sentence: 1998年9月17日，我院印发了……。
	}
	bare := strings.TrimLeft(s, "（(")
	if strings.HasPrefix(bare, "法释") || strings.HasPrefix(bare, "法发") {
		return true
	}
	at := dayPattern.FindStringIndex(hanDay.ReplaceAllStringFunc(bare, arabicDay))
	if at == nil || at[0] > 12 {
		return false
	}
	return at[0] == 0 && len(bare) < 90 || amendWord.MatchString(s) || startWord.MatchString(s) ||
		publicWord.MatchString(s) || strings.Contains(s, "通过") || strings.Contains(s, "批准")
}

var (
	closing = regexp.MustCompile(`本(?:法|条例|办法|规定|解释|细则|规则|决定|实施办法|法典|安排|批复|暂行条例|补充规定)[^。]{0,12}?自 ?([12][0-9]{3}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日 ?起 ?(?:施行|实施|生效|执行)`)
	atOnce  = regexp.MustCompile(`自(?:公布|发布|颁布|通过|印发)之日起(?:施行|实施|生效|执行)`)
)

// closingDay reads the effective day in the last articles' words.
func closingDay(text string) (day string, immediately bool) {
	text = hanDay.ReplaceAllStringFunc(text, arabicDay)
	if m := closing.FindStringSubmatch(text); m != nil {
		if day, ok := validDay(m[1], m[2], m[3]); ok {
			return day, false
		}
	}
	return "", atOnce.MatchString(text)
}
