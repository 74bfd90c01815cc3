package statute

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"
)

// builder puts texts into laws with versions. The order in which texts come
// doesn't matter: it sorts before it numbers anything.
type builder struct {
	laws map[string]*draftLaw
}

type draftLaw struct {
	key      string
	versions []*Text
}

func newBuilder() *builder { return &builder{laws: map[string]*draftLaw{}} }

// add takes a text in. The same title and version day replaces what was there;
// the parts of a law that comes in several files are put together by [builder.parts].
//
// When two files give the same version, add keeps one and returns the other's
// name. Replacing what an earlier import brought is no duplicate.
func (b *builder) add(t *Text) (other string, dup bool) {
	k := key(t.Title)
	l := b.laws[k]
	if l == nil {
		l = &draftLaw{key: k}
		b.laws[k] = l
	}
	for i, have := range l.versions {
		if have.Day == t.Day && have.Subtitle == t.Subtitle {
			if have.held {
				l.versions[i] = t
				return "", false
			}
			l.versions[i] = better(have, t)
			return have.Source, true
		}
	}
	l.versions = append(l.versions, t)
	return "", false
}

const muchOf = 20 // articles from which on a version isn't given up for half of it

// longer returns how many articles are held of t's very version when t has less
// than half of them: a file cut short must not take the place of the whole law.
func (b *builder) longer(t *Text) int {
	l := b.laws[key(t.Title)]
	if l == nil || t.Subtitle != "" {
		return 0
	}
	for _, have := range l.versions {
		if n := len(have.Articles); have.held && have.Day == t.Day && n >= muchOf && 2*len(t.Articles) < n {
			return n
		}
	}
	return 0
}

// addSet takes in everything that a set holds.
func (b *builder) addSet(s *Set) error {
	for _, l := range s.laws {
		for _, v := range l.Versions {
			t, err := v.text()
			if err != nil {
				return err
			}
			b.add(t)
		}
	}
	return nil
}

// text reads a version back as it came in.
func (v *Version) text() (*Text, error) {
	t := &Text{
		Title: v.law.Title, Level: v.law.Level, Local: v.law.Local, Day: v.Day, Also: v.Also,
		Adopted: v.Adopted, Published: v.Published, Effective: v.read, Status: v.Status, Source: v.Source, held: true,
	}
	var err error
	if t.Articles, err = v.Articles(); err != nil {
		return nil, err
	}
	if t.Preamble, err = v.Preamble(); err != nil {
		return nil, err
	}
	t.Annexes, err = v.Annexes()
	return t, err
}

// better chooses between two files of one version: the fuller one, and of
// equals the later path, so that the order of the walk doesn't matter.
func better(a, b *Text) *Text {
	if c := cmp.Or(cmp.Compare(len(a.Articles), len(b.Articles)), cmp.Compare(size(a), size(b)), cmp.Compare(a.Source, b.Source)); c > 0 {
		a, b = b, a
	}
	b.Effective = cmp.Or(b.Effective, a.Effective)
	return b
}

func size(t *Text) (n int) {
	for _, a := range t.Articles {
		n += len(a.Text)
	}
	return n
}

// parts joins the files of a law published book by book.
func (l *draftLaw) parts() {
	byDay := map[string][]*Text{}
	var whole []*Text
	for _, t := range l.versions {
		if t.Subtitle == "" {
			whole = append(whole, t)
			continue
		}
		byDay[t.Day] = append(byDay[t.Day], t)
	}
	for day, parts := range byDay {
		joined := join(parts)
		whole = slices.DeleteFunc(whole, func(t *Text) bool {
			if !t.held || t.Day != day {
				return false
			}
			joined.complete(t)
			return true
		})
		whole = append(whole, joined)
	}
	l.versions = whole
}

// complete adds the articles of a version held whose parts didn't come again:
// one book of a code imported anew leaves the others as they are.
func (t *Text) complete(held *Text) {
	have := map[string]bool{}
	for _, a := range t.Articles {
		have[a.No] = true
	}
	for _, a := range held.Articles {
		if !have[a.No] {
			t.Articles = append(t.Articles, a)
		}
	}
	if len(t.Annexes) == 0 {
		t.Annexes = held.Annexes
	}
	t.Effective = cmp.Or(t.Effective, held.Effective)
}

func join(parts []*Text) *Text {
	slices.SortFunc(parts, func(a, b *Text) int {
		if x, y := firstNo(a), firstNo(b); x != y {
			return cmp.Compare(x.Main, y.Main)
		}
		return cmp.Compare(a.Subtitle, b.Subtitle)
	})
	out := *parts[0]
	out.Subtitle, out.Articles, out.Annexes, out.Source = "", nil, nil, folderOf(out.Source)
	have := map[string]bool{}
	for _, p := range parts {
		out.Effective = max(out.Effective, p.Effective)
		out.Adopted = max(out.Adopted, p.Adopted)
		out.Annexes = append(out.Annexes, p.Annexes...)
		for _, a := range p.Articles {
			if have[a.No] {
				continue
			}
			have[a.No] = true
			a.Heading = strings.TrimSuffix(p.Subtitle+" > "+a.Heading, " > ")
			out.Articles = append(out.Articles, a)
		}
	}
	return &out
}

func firstNo(t *Text) Number {
	if len(t.Articles) == 0 {
		return Number{}
	}
	n, _ := ParseNumber(t.Articles[0].No)
	return n
}

func folderOf(path string) string { return path[:strings.LastIndexByte(path, '/')+1] }

// same merges versions whose articles are word for word the same (民诉法解释
// came out under two days): one version stays, known under both days.
func (l *draftLaw) same() {
	slices.SortFunc(l.versions, func(a, b *Text) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Source, b.Source))
	})
	var out []*Text
	seen := map[[32]byte]int{}
	for _, t := range l.versions {
		h := fingerprint(t)
		if i, dup := seen[h]; dup {
			t.Also = append(append(t.Also, out[i].Also...), out[i].Day)
			t.Effective = cmp.Or(t.Effective, out[i].Effective)
			out[i] = t
			continue
		}
		seen[h] = len(out)
		out = append(out, t)
	}
	for _, t := range out {
		slices.Sort(t.Also)
		t.Also = slices.DeleteFunc(slices.Compact(t.Also), func(d string) bool { return d == t.Day || d == "" })
	}
	l.versions = out
}

func fingerprint(t *Text) [32]byte {
	h := sha256.New()
	for _, a := range t.Articles {
		h.Write([]byte(a.No))
		h.Write([]byte(strings.Map(bareRune, a.Text)))
		h.Write([]byte{0})
	}
	return [32]byte(h.Sum(nil))
}

func bareRune(r rune) rune {
	if r == ' ' || r == '\n' {
		return -1
	}
	return r
}

// build makes the set. Laws come in the order of their titles.
func (b *builder) build(table Table) (*Set, error) {
	drafts := make([]*draftLaw, 0, len(b.laws))
	for _, l := range b.laws {
		l.parts()
		l.same()
		drafts = append(drafts, l)
	}
	slices.SortFunc(drafts, func(a, b *draftLaw) int { return cmp.Compare(a.key, b.key) })
	p := &packer{st: &store{}, interned: map[string]uint32{}}
	laws := make([]*Law, 0, len(drafts))
	for _, d := range drafts {
		law, err := p.law(d)
		if err != nil {
			return nil, err
		}
		laws = append(laws, law)
	}
	p.st.size = int64(len(p.st.slab))
	sum := sha256.New()
	sum.Write(encodeMeta(laws, p.st))
	sum.Write(p.st.slab)
	p.st.version = hex.EncodeToString(sum.Sum(nil)[:6])
	return newSet(laws, p.st, table), nil
}

// packer writes texts into the slab.
type packer struct {
	st       *store
	interned map[string]uint32
}

func (p *packer) law(d *draftLaw) (*Law, error) {
	last := d.versions[len(d.versions)-1]
	law := &Law{Title: last.Title, Level: last.Level, Local: last.Local}
	for _, t := range d.versions {
		v, err := p.version(law, t)
		if err != nil {
			return nil, err
		}
		law.Versions = append(law.Versions, v)
	}
	return law, nil
}

func (p *packer) version(law *Law, t *Text) (*Version, error) {
	v := &Version{
		Day: t.Day, Also: t.Also, Adopted: t.Adopted, Published: t.Published, Effective: t.Effective, read: t.Effective,
		Status: t.Status, Source: t.Source, law: law, set: p.st, first: len(p.st.articles), count: len(t.Articles),
	}
	var err error
	if v.pre, err = p.put(t.Preamble); err != nil {
		return nil, err
	}
	slices.SortStableFunc(t.Articles, func(a, b Article) int { return compareNo(a.No, b.No) })
	for _, a := range t.Articles {
		no, _ := ParseNumber(a.No)
		text, err := p.put(a.Text)
		if err != nil {
			return nil, err
		}
		p.st.articles = append(p.st.articles, articleEntry{no: no, heading: p.intern(a.Heading), text: text})
		p.st.clauses = append(p.st.clauses, repealing(law, v, a)...)
	}
	for _, x := range t.Annexes {
		text, err := p.put(x.Text)
		if err != nil {
			return nil, err
		}
		v.annex = append(v.annex, annexEntry{x.Title, text})
	}
	return v, nil
}

func compareNo(a, b string) int {
	x, _ := ParseNumber(a)
	y, _ := ParseNumber(b)
	return cmp.Or(cmp.Compare(x.Main, y.Main), cmp.Compare(x.Sub, y.Sub))
}

func (p *packer) put(s string) (span, error) {
	if len(p.st.slab)+len(s) > math.MaxUint32 {
		return span{}, fmt.Errorf("statutes hold more than 4 GB of text")
	}
	sp := span{uint32(len(p.st.slab)), uint32(len(s))} //nolint:gosec // checked above
	p.st.slab = append(p.st.slab, s...)
	return sp, nil
}

func (p *packer) intern(h string) uint32 {
	i, ok := p.interned[h]
	if !ok {
		i = uint32(len(p.st.headings)) //nolint:gosec // fewer than articles
		p.interned[h] = i
		p.st.headings = append(p.st.headings, h)
	}
	return i
}
