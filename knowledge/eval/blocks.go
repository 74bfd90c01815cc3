package eval

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

// Covered parts a set by whether any of a question's articles is cited by what
// cited tells of: the articles that FAQs and guides rest on.
func Covered(set []Question, cited []Ref) (covered, uncovered []Question) {
	has := make(map[string]bool, len(cited))
	for _, r := range cited {
		has[r.key()] = true
	}
	for _, q := range set {
		hit := false
		for _, r := range q.Gold {
			hit = hit || has[r.key()]
		}
		if hit {
			covered = append(covered, q)
		} else {
			uncovered = append(uncovered, q)
		}
	}
	return covered, uncovered
}
