package statute

import (
	"regexp"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/knowledge"
)

// identify finds title, days, rank and place from front matter, title page,
// file name and text, in the order in which they can be trusted.
func (a *assembler) identify() {
	t, meta := a.out, a.src.meta
	if m := squeeze(meta["title"]); m != "" {
		t.Title = m
	}
	if t.Title == "" {
		t.Title = squeeze(a.src.stem)
	}
	t.Title = strings.Trim(t.Title, "《》")
	if s := squeeze(meta["subtitle"]); s != "" {
		t.Subtitle = s
	}
	t.Status = meta["status"]
	d := readDates(a.header)
	a.days(d)
	t.Level, t.Local = rank(a.src, t.Title, a.header)
}

func (a *assembler) days(d dates) {
	t, meta := a.out, a.src.meta
	publish, implement := isoDay(meta["publish_date"]), isoDay(meta["implement_date"])
	t.Adopted = max(d.adopted, d.amended)
	// The date in the file name is the newest revision's. Without it the front
	// matter counts, unless the title page tells of a later amendment: some
	// collections give a law's first adoption as its publication.
	switch {
	case a.src.fileDay != "":
		t.Day = a.src.fileDay
	case publish != "" && d.amended <= publish:
		t.Day = publish
	case t.Adopted != "":
		t.Day = t.Adopted
	default:
		t.Day = max(publish, d.published)
	}
	for _, other := range []string{publish, t.Adopted} {
		if other != "" && other != t.Day && (a.src.fileDay == "" || other > t.Day) {
			t.Also = append(t.Also, other)
		}
	}
	t.Published = d.published
	if publish != "" && publish >= t.Adopted {
		t.Published = max(t.Published, publish)
	}
	t.Effective = a.effective(d, implement)
}

// effective is the first day in force, "" when nothing reliable says it. A day
// before the version's own belongs to an earlier text: collections carry it
// along, and closing articles are seldom touched by amendments. A law from the
// day of publication is believed only while it was never amended.
func (a *assembler) effective(d dates, implement string) string {
	t := a.out
	day, immediately := closingDay(a.tail())
	for _, c := range []string{d.effective, day, implement} {
		if c != "" && c >= t.Day {
			return c
		}
	}
	if immediately && d.amends == 0 && near(t.Adopted, t.Day) {
		return max(t.Published, t.Day)
	}
	return ""
}

// near says whether b is within half a year after a; an unknown a is near.
func near(a, b string) bool {
	if a == "" {
		return true
	}
	x, errA := time.Parse(time.DateOnly, a)
	y, errB := time.Parse(time.DateOnly, b)
	return errA == nil && errB == nil && y.Sub(x) < 183*24*time.Hour
}

// tail is the text of the last two articles, where statutes say when they begin.
func (a *assembler) tail() string {
	arts := a.out.Articles
	var b strings.Builder
	for i := max(0, len(arts)-2); i < len(arts); i++ {
		b.WriteString(arts[i].Text)
		b.WriteByte('\n')
	}
	return b.String()
}

func isoDay(s string) string {
	if m := dayPattern.FindStringSubmatchIndex(s); m != nil {
		day, _ := dayAt(s, m)
		return day
	}
	return ""
}

var (
	provinces   = `(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海)省|内蒙古自治区|广西壮族自治区|西藏自治区|宁夏回族自治区|新疆维吾尔自治区`
	place       = regexp.MustCompile(`^(?:` + provinces + `|\p{Han}{2,3}?(?:市|自治州|自治县))`)
	congress    = regexp.MustCompile(`(` + provinces + `|\p{Han}{2,3}?市)(?:第[一二三四五六七八九十]+届)?人民代表大会`)
	ministry    = regexp.MustCompile(`(?:部|总局|委员会|署|局)令|部务会议|部发|局发`)
	statuteKind = map[string]bool{
		"法律": true, "行政法": true, "经济法": true, "宪法相关法": true, "社会法": true, "民法商法": true,
		"刑法": true, "诉讼与非诉讼程序法": true, "民法典": true, "宪法": true,
	}
)

// rank places a law in the hierarchy of norms.
func rank(src *source, title string, header []string) (knowledge.Level, string) {
	head := strings.Join(header, "\n")
	category, _, _ := strings.Cut(src.meta["category"], "/")
	bare := strings.TrimPrefix(title, "中华人民共和国")
	switch {
	case bare == "宪法":
		return knowledge.Constitution, ""
	case category == "司法解释" || strings.HasPrefix(bare, "最高人民") || strings.HasPrefix(bare, "人民法院") || strings.HasPrefix(bare, "人民检察院"):
		return knowledge.JudicialInterp, ""
	case statuteKind[category]:
		return knowledge.Statute, ""
	case category == "行政法规":
		return knowledge.AdminRegulation, ""
	case src.folder == "部门规章":
		return knowledge.DepartmentalRule, ""
	case category == "其他":
		return knowledge.OtherNorm, ""
	}
	if local := localOf(bare, head); local != "" {
		return knowledge.LocalRegulation, local
	}
	return rankByTitle(bare, title, head), ""
}

// localOf names province or city from the title, else from who adopted it.
func localOf(title, head string) string {
	if m := place.FindString(title); m != "" {
		return m
	}
	if m := congress.FindStringSubmatch(head); m != nil {
		return m[1]
	}
	return ""
}

func rankByTitle(bare, title, head string) knowledge.Level {
	switch {
	case strings.HasSuffix(bare, "法") || strings.HasSuffix(bare, "法典"),
		strings.Contains(head, "全国人民代表大会"):
		return knowledge.Statute
	case strings.Contains(head, "国务院") && !ministry.MatchString(head), strings.HasPrefix(title, "中华人民共和国") && strings.HasSuffix(bare, "条例"):
		return knowledge.AdminRegulation
	case ministry.MatchString(head):
		return knowledge.DepartmentalRule
	case strings.HasSuffix(bare, "条例"):
		return knowledge.AdminRegulation
	}
	return knowledge.OtherNorm
}
