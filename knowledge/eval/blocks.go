package eval

import "slices"

// Block is one part of a set left out, and what may be fitted on meanwhile.
type Block struct {
	Test, Train []Question
}

// Blocks cuts a set into n contiguous blocks of its sequence numbers. The
// training part of each leaves out everything within margin of a test
// question: neighbours in such sets are near-duplicates, and a random split
// would measure memory.
func Blocks(set []Question, n, margin int) []Block {
	if n < 1 || len(set) == 0 {
		return nil
	}
	lo, hi := set[0].Seq, set[0].Seq
	for _, q := range set {
		lo, hi = min(lo, q.Seq), max(hi, q.Seq)
	}
	span := hi - lo + 1
	out := make([]Block, n)
	for k := range out {
		from, to := lo+k*span/n, lo+(k+1)*span/n // [from, to)
		for _, q := range set {
			switch {
			case q.Seq >= from && q.Seq < to:
				out[k].Test = append(out[k].Test, q)
			case q.Seq < from-margin || q.Seq >= to+margin:
				out[k].Train = append(out[k].Train, q)
			}
		}
	}
	return out
}

// Part is some of the questions of a set.
type Part struct {
	Name string
	Set  []Question
	At   []int // their places in the whole set
}

func (p *Part) add(set []Question, i int) { p.Set, p.At = append(p.Set, set[i]), append(p.At, i) }

// Of are the outcomes of the part among those of the whole set.
func (p *Part) Of(outcomes []Outcome) []Outcome {
	out := make([]Outcome, 0, len(p.At))
	for _, i := range p.At {
		out = append(out, outcomes[i])
	}
	return out
}

// Parts cuts a set by how near FAQs and guides come to what answers a question,
// by the articles that they cite: one of its articles, its law, nothing. What
// has no gold is in none.
func Parts(set []Question, cited []Ref) []Part {
	has, laws := make(map[string]bool, len(cited)), make(map[string]bool, len(cited))
	for _, r := range cited {
		has[r.key()], laws[bareLaw(r.Law)] = true, true
	}
	covered, uncovered := Part{Name: "covered"}, Part{Name: "uncovered"}
	near, far := Part{Name: "uncovered, of a law that is covered"}, Part{Name: "uncovered, of another law"}
	for i, q := range set {
		switch {
		case len(q.Gold) == 0:
		case slices.ContainsFunc(q.Gold, func(r Ref) bool { return has[r.key()] }):
			covered.add(set, i)
		case slices.ContainsFunc(q.Gold, func(r Ref) bool { return laws[bareLaw(r.Law)] }):
			uncovered.add(set, i)
			near.add(set, i)
		default:
			uncovered.add(set, i)
			far.add(set, i)
		}
	}
	return []Part{covered, uncovered, near, far}
}
