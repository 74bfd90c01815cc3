package statute

import (
	"encoding/binary"
	"errors"

	"github.com/anjie-desk/anjie/knowledge"
)

// encodeMeta writes everything but the texts: laws, versions, article table.
// Days, titles and headings go in as strings with their length before them.
func encodeMeta(laws []*Law, st *store) []byte {
	w := &encoder{}
	w.strings(st.headings)
	w.num(len(st.articles))
	for _, a := range st.articles {
		w.num(int(a.no.Main))
		w.num(int(a.no.Sub))
		w.num(int(a.heading))
		w.span(a.text)
	}
	w.num(len(st.clauses))
	for _, c := range st.clauses {
		w.strings([]string{c.target, c.since, c.by, c.title, c.part})
	}
	w.num(len(laws))
	for _, l := range laws {
		w.law(l)
	}
	return w.buf
}

type encoder struct{ buf []byte }

func (w *encoder) num(n int) {
	w.buf = binary.AppendUvarint(w.buf, uint64(n)) //nolint:gosec // counts and sizes, never negative
}

func (w *encoder) str(s string) {
	w.num(len(s))
	w.buf = append(w.buf, s...)
}

func (w *encoder) strings(list []string) {
	w.num(len(list))
	for _, s := range list {
		w.str(s)
	}
}

func (w *encoder) span(s span) {
	w.num(int(s.off))
	w.num(int(s.n))
}

func (w *encoder) law(l *Law) {
	w.str(l.Title)
	w.num(int(l.Level))
	w.str(l.Local)
	w.num(len(l.Versions))
	for _, v := range l.Versions {
		w.strings([]string{v.Day, v.Adopted, v.Published, v.read, v.Status, v.Source})
		w.strings(v.Also)
		w.num(v.first)
		w.num(v.count)
		w.span(v.pre)
		w.num(len(v.annex))
		for _, x := range v.annex {
			w.str(x.title)
			w.span(x.text)
		}
	}
}

var errShort = errors.New("statute file: table of contents is damaged")

// decoder reads what encoder wrote. A damaged table sets err and yields zero
// values from then on; lengths are checked before anything is allocated.
type decoder struct {
	buf string
	err error
}

func (r *decoder) num() int {
	var n uint64
	for shift := 0; shift < 64; shift += 7 {
		if len(r.buf) == 0 {
			r.err = errShort
			return 0
		}
		b := r.buf[0]
		r.buf = r.buf[1:]
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	if n > 1<<40 {
		r.err = errShort
		return 0
	}
	return int(n)
}

// count is a num of things that take at least one byte each.
func (r *decoder) count() int {
	n := r.num()
	if n > len(r.buf) {
		r.err = errShort
		return 0
	}
	return n
}

func (r *decoder) str() string {
	n := r.count()
	s := r.buf[:n]
	r.buf = r.buf[n:]
	return s
}

func (r *decoder) strings() []string {
	n := r.count()
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = r.str()
	}
	return out
}

func (r *decoder) span() span {
	return span{uint32(r.num()), uint32(r.num())} //nolint:gosec // the reader checks spans against the slab
}

func (r *decoder) meta(st *store) []*Law {
	st.headings = r.strings()
	st.articles = make([]articleEntry, r.count())
	for i := range st.articles {
		no := Number{uint16(r.num()), uint16(r.num())}                                  //nolint:gosec // written from uint16
		st.articles[i] = articleEntry{no: no, heading: uint32(r.num()), text: r.span()} //nolint:gosec // checked below
		if int(st.articles[i].heading) >= len(st.headings) {
			r.err = errShort
			return nil
		}
	}
	st.clauses = make([]clause, r.count())
	for i := range st.clauses {
		f := r.strings()
		if len(f) != 5 {
			r.err = errShort
			return nil
		}
		st.clauses[i] = clause{f[0], f[1], f[2], f[3], f[4]}
	}
	laws := make([]*Law, r.count())
	for i := range laws {
		laws[i] = r.law(st)
	}
	return laws
}

func (r *decoder) law(st *store) *Law {
	l := &Law{Title: r.str(), Level: knowledge.Level(r.num()), Local: r.str()}
	l.Versions = make([]*Version, r.count())
	for i := range l.Versions {
		l.Versions[i] = r.version(l, st)
	}
	return l
}

func (r *decoder) version(l *Law, st *store) *Version {
	f := r.strings()
	if len(f) != 6 {
		r.err = errShort
		return &Version{law: l, set: st}
	}
	v := &Version{
		Day: f[0], Adopted: f[1], Published: f[2], Effective: f[3], read: f[3], Status: f[4], Source: f[5],
		law: l, set: st,
	}
	v.Also = r.strings()
	v.first, v.count = r.num(), r.num()
	if v.first+v.count > len(st.articles) {
		r.err = errShort
		v.first, v.count = 0, 0
	}
	v.pre = r.span()
	v.annex = make([]annexEntry, r.count())
	for i := range v.annex {
		v.annex[i] = annexEntry{r.str(), r.span()}
	}
	return v
}
