package index

// passage reads the texts of candidates and tells how they meet the question.
type passage struct {
	s       *snapshot
	places  placeTable      // key of a term → its place in the question
	has     map[uint64]bool // hashes of all terms, expansions too
	idf     []float32       // by place
	ideal   float32         // sum of idf
	phrases float32         // sum over neighbouring places
	buf     []byte
	seen    []bool
	linked  []bool

	found, phrase float32 // of the text being read
	last          int32   // place of its term before, -2 if the question lacks that
}

func newPassage(s *snapshot, a *inquiry) *passage {
	p := &passage{s: s, has: make(map[uint64]bool, len(a.terms))}
	for _, w := range a.terms {
		p.has[hashTerm(w.term)] = true
	}
	eachTerm(a.text, func(t string) {
		if len(p.idf) < maxPlaces && p.places.put(keyOfTerm(t), int32(len(p.idf))) {
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
	p.found, p.phrase, p.last = 0, 0, -2
	eachKey(text, p.meet)
	c.sig[sigCoverage] = p.found / p.ideal
	c.sig[sigPhrase] = p.phrase / max(p.phrases, 1e-6)
	return nil
}

// meet counts a term of the text.
func (p *passage) meet(key uint64) {
	at, known := p.places.get(key)
	if !known {
		p.last = -2
		return
	}
	if !p.seen[at] {
		p.seen[at] = true
		p.found += p.idf[at]
	}
	if at == p.last+1 && !p.linked[at] {
		p.linked[at] = true
		p.phrase += p.idf[at] + p.idf[p.last]
	}
	p.last = at
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

// slotOf is where a key is looked for first.
func slotOf(key uint64) uint64 { return key * 0x9E3779B97F4A7C15 >> 53 }

// put adds a key; it is false if the key is there already.
func (t *placeTable) put(key uint64, value int32) bool {
	for at := slotOf(key); ; at = (at + 1) & 2047 {
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
	for at := slotOf(key); ; at = (at + 1) & 2047 {
		switch t.keys[at] {
		case key:
			return t.values[at], true
		case 0:
			return 0, false
		}
	}
}
