package index

import "unicode/utf8"

// eachTerm calls f with every term of folded text: overlapping bigrams of runs
// of Han characters, a lone Han character as itself, and words of letters or
// digits whole. The terms are slices of s: nothing is copied.
func eachTerm(s string, f func(term string)) {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case isHan(r):
			i = eachBigram(s, i, f)
		case isWord(r):
			start := i
			for i < len(s) && isWord(r) {
				i += size
				r, size = utf8.DecodeRuneInString(s[i:])
			}
			f(s[start:i])
		default:
			i += size
		}
	}
}

// eachBigram handles the run of Han characters at s[start:] and returns where
// it ends.
func eachBigram(s string, start int, f func(term string)) int {
	_, size := utf8.DecodeRuneInString(s[start:])
	prev, i := start, start+size
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !isHan(r) {
			break
		}
		f(s[prev : i+size])
		prev, i = i, i+size
	}
	if prev == start {
		f(s[start:i])
	}
	return i
}

// count returns how often each term of folded text occurs, and how many terms
// there are in all.
func count(s string) (tf map[string]int, total int) {
	tf = map[string]int{}
	eachTerm(s, func(t string) { tf[t]++; total++ })
	return tf, total
}
