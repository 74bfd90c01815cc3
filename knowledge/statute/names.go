package statute

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/knowledge"
)

// Names finds laws by any of their names, always by a whole name: 合同法 is
// never found inside 劳动合同法. It also knows laws of the table that are not
// held, so that a question about one gets an honest answer.
type Names struct {
	byKey map[string]Named
	scan  func() *scanTable
}

// Named is what a name stands for.
type Named struct {
	Title string
	Law   *Law // nil if the law isn't held
}

// NewNames indexes the names of laws and of the table.
func NewNames(laws []*Law, table Table) *Names {
	x := &Names{byKey: make(map[string]Named, 3*len(laws))}
	held := make(map[string]*Law, len(laws))
	for _, l := range laws {
		k := key(l.Title)
		held[k] = l
		x.put(k, Named{l.Title, l})
	}
	for _, n := range newestFirst(table.Names) {
		named := Named{n.Title, held[key(n.Title)]}
		if named.Law != nil {
			named.Title = named.Law.Title
		}
		for _, name := range append([]string{n.Title, n.Short}, n.Also...) {
			x.put(key(name), named)
		}
	}
	for _, s := range table.Successors {
		x.put(key(s.Old), Named{Title: s.Old})
	}
	x.derive(laws)
	x.scan = sync.OnceValue(x.scanTable)
	return x
}

func newestFirst(names []Name) []Name {
	out := slices.Clone(names)
	slices.SortStableFunc(out, func(a, b Name) int { return strings.Compare(b.Version, a.Version) })
	return out
}

func (x *Names) put(k string, n Named) {
	if _, taken := x.byKey[k]; !taken && utf8.RuneCountInString(k) > 1 {
		x.byKey[k] = n
	}
}

// derive adds what people say of local law: 山东物业管理条例, 山东省物业条例,
// 省物业管理条例, and the name without the place where only one law has it. A
// name that would fit two laws is nobody's.
func (x *Names) derive(laws []*Law) {
	made := map[string]Named{}
	twice := map[string]bool{}
	for _, l := range laws {
		for _, name := range l.sayings() {
			k := key(name)
			if had, ok := made[k]; ok && had.Law != l {
				twice[k] = true
			}
			made[k] = Named{l.Title, l}
		}
	}
	for k, n := range made {
		if !twice[k] {
			x.put(k, n)
		}
	}
}

func (l *Law) sayings() []string {
	if l.Level == knowledge.JudicialInterp {
		return interpretation(l.Title)
	}
	rest, ok := strings.CutPrefix(l.Title, l.Local)
	if l.Local == "" || !ok || utf8.RuneCountInString(rest) < 4 {
		return nil
	}
	region := strings.TrimSuffix(strings.TrimSuffix(l.Local, "省"), "市")
	brief := strings.Replace(rest, "管理条例", "条例", 1)
	out := []string{region + rest, region + brief, l.Local + brief, rest}
	if strings.HasSuffix(l.Local, "省") {
		out = append(out, "省"+rest, "我省"+rest, "省"+brief)
	}
	return out
}

var (
	ofLaw  = regexp.MustCompile(`^最高人民法院关于适用《(?:中华人民共和国)?([^《》]+)》(.*编)?(?:通则)?(?:有关)?(?:若干问题)?的?(解释|规定)(（.{1,3}）)?$`)
	ofKind = regexp.MustCompile(`^最高人民法院关于审理(?:涉)?(.{2,16}?)(?:民事|刑事)?(?:纠纷)?案件(?:具体)?(?:适用|应用)?(?:法律)?(?:若干)?(?:问题)?的(解释|规定)(（.{1,3}）)?$`)
)

// interpretation gives the everyday names of a judicial interpretation:
// 民法典婚姻家庭编解释（一）, 民间借贷司法解释.
func interpretation(title string) []string {
	if m := ofLaw.FindStringSubmatch(title); m != nil {
		out := []string{m[1] + m[2] + m[3] + m[4], m[1] + m[2] + "司法" + m[3] + m[4]}
		if m[2] != "" {
			out = append(out, m[2]+m[3]+m[4], m[2]+"司法"+m[3]+m[4])
		}
		return out
	}
	if m := ofKind.FindStringSubmatch(title); m != nil {
		return []string{m[1] + m[2] + m[3], m[1] + "司法解释" + m[3]}
	}
	return nil
}

// Find returns what name stands for: a full title, the title without
// 中华人民共和国, with or without 《》, a short name or a nickname.
func (x *Names) Find(name string) (Named, bool) {
	n, ok := x.byKey[key(name)]
	return n, ok
}

// Names returns the names of the laws held and of the table.
func (s *Set) Names() *Names { return s.names }

// Find returns the law held that is called name, as [Names.Find] does.
func (s *Set) Find(name string) (*Law, bool) {
	n, ok := s.names.Find(name)
	return n.Law, ok && n.Law != nil
}

// scanTable is the form in which names are looked for inside a text.
type scanTable struct {
	byStart map[[2]rune][]scanName
	inner   map[string]bool // names that end a longer name: 合同法 in 劳动合同法
}

type scanName struct {
	runes []rune
	named Named
}

func (x *Names) scanTable() *scanTable {
	t := &scanTable{byStart: map[[2]rune][]scanName{}, inner: map[string]bool{}}
	for k, n := range x.byKey {
		r := []rune(k)
		start := [2]rune{r[0], r[1]}
		t.byStart[start] = append(t.byStart[start], scanName{r, n})
		for i := range k {
			if _, ok := x.byKey[k[i:]]; ok && i > 0 {
				t.inner[k[i:]] = true
			}
		}
	}
	for _, list := range t.byStart {
		slices.SortFunc(list, func(a, b scanName) int { return len(b.runes) - len(a.runes) })
	}
	return t
}
