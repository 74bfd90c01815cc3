package index

// passage reads the texts of candidates and tells how they meet the question.
type passage struct {
	s       *snapshot
	places  placeTable      // hash of a term → its place in the question
	has     map[uint64]bool // hashes of all terms, expansions too
	idf     []float32       // by place
	ideal   float32         // sum of idf
	phrases float32         // sum over neighbouring places
	buf     []byte
	seen    []bool
	linked  []bool
}

func newPassage(s *snapshot, a *inquiry) *passage {
	p := &passage{s: s, has: make(map[uint64]bool, len(a.terms))}
	for _, w := range a.terms {
		p.has[hashTerm(w.term)] = true
	}
	eachTerm(a.text, func(t string) {
		if len(p.idf) < maxPlaces && p.places.put(hashTerm(t), int32(len(p.idf))) {
			p.idf = append(p.idf, a.tally.idf[t])
		}
	})
	for i, w := range p.idf {
		p.ideal += w
		if i > 0 {
			p.phrases += w + p.idf[i-1]
		}
	}
	p.seen, p.linked = make([]bool, len(p.idf)), make([]bool, len(p.idf))
	return p
}

// read fills in the signals that need the text of c.
func (p *passage) read(c *candidate) error {
	if p.ideal == 0 {
		return nil
	}
	text, buf, err := p.s.arts.text(c.ord, p.buf)
	if err != nil {
		return err
	}
	p.buf = buf
	clear(p.seen)
	clear(p.linked)
	var found, phrase float32
	last := int32(-2)
	eachTerm(fold(string(text)), func(t string) {
		at, known := p.places.get(hashTerm(t))
		if !known {
			last = -2
			return
		}
		if !p.seen[at] {
			p.seen[at] = true
			found += p.idf[at]
		}
		if at == last+1 && !p.linked[at] {
			p.linked[at] = true
			phrase += p.idf[at] + p.idf[last]
		}
		last = at
	})
	c.sig[sigCoverage] = found / p.ideal
	c.sig[sigPhrase] = phrase / max(p.phrases, 1e-6)
	return nil
}

// maxPlaces is how many terms of a question are looked for in texts: those of
// a story of a thousand characters.
const maxPlaces = 1000

// placeTable is a small open hash table: the one lookup that is done for every
// term of every candidate.
type placeTable struct {
	keys   [2048]uint64 // 0 is empty
	values [2048]int32
}

// put adds a key; it is false if the key is there already.
func (t *placeTable) put(key uint64, value int32) bool {
	for at := key & 2047; ; at = (at + 1) & 2047 {
		switch t.keys[at] {
		case key:
			return false
		case 0:
			t.keys[at], t.values[at] = key, value
			return true
		}
	}
}

func (t *placeTable) get(key uint64) (int32, bool) {
	for at := key & 2047; ; at = (at + 1) & 2047 {
		switch t.keys[at] {
		case key:
			return t.values[at], true
		case 0:
			return 0, false
		}
	}
}
