package index

import "unicode/utf8"

// spell writes misspelt words of the folded text as they were meant: those of
// the lexicon (宅鸡地), and pairs of characters that stand nowhere and sound
// like one that does (遗瞩).
func (s *snapshot) spell(text string) string {
	if s.without(FeatureHomophone) {
		return text
	}
	runes := []rune(s.words.respell(text))
	for i := 0; i+1 < len(runes); i++ {
		right, ok := s.sounds.correct(string(runes[i : i+2]))
		if !ok {
			continue
		}
		meant := []rune(right)
		if meant[0] != runes[i] && i > 0 && s.sounds.stands(string(runes[i-1:i+1])) ||
			meant[1] != runes[i+1] && i+2 < len(runes) && s.sounds.stands(string(runes[i+1:i+3])) {
			continue // the character belongs to the word beside
		}
		copy(runes[i:], meant)
	}
	return string(runes)
}

// stands tells whether a pair is known to people or to statutes.
func (h *homophones) stands(term string) bool { return h.weight[term] > 0 || h.known(term) }

// respell puts the right word where an entry of the lexicon only misspells it:
// as many characters, read alike.
func (l *lexicon) respell(text string) string {
	runes := []rune(text)
	for i := 0; i < len(runes); {
		step := 1
		for n := min(l.longest, len(runes)-i); n > 1; n-- {
			means, ok := l.means[string(runes[i:i+n])]
			if !ok {
				continue
			}
			if len(means) == 1 && alike(string(runes[i:i+n]), means[0]) {
				copy(runes[i:], []rune(means[0]))
			}
			step = n
			break
		}
		i += step
	}
	return string(runes)
}

// alike tells whether two different words of Han characters are read alike.
func alike(a, b string) bool {
	if a == b || utf8.RuneCountInString(a) != utf8.RuneCountInString(b) {
		return false
	}
	x, y := []rune(a), []rune(b)
	for i := 1; i < len(x); i++ {
		sx := sound(string(x[i-1 : i+1]))
		if sx == "" || sx != sound(string(y[i-1:i+1])) {
			return false
		}
	}
	return true
}
