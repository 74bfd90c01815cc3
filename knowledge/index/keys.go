package index

import "unicode/utf8"

// wordKey marks the key of a word of letters or digits.
const wordKey = 1 << 63

// keyOfTerm is a number of its own for each term: the characters of a pair, or
// the hash of a word. It is never 0.
func keyOfTerm(term string) (key uint64) {
	eachKey([]byte(term), func(k uint64) { key = k })
	return key
}

// eachKey calls f with the key of every term of text, which need not be folded:
// it does what eachTerm does on what fold gives, without a copy, since ranking
// reads hundreds of texts for one question.
func eachKey(text []byte, f func(key uint64)) {
	sc := keyScanner{f: f}
	for i := 0; i < len(text); {
		r, size := decodeRune(text[i:])
		i += size
		if r = foldRune(r); r >= 0 {
			sc.take(r)
		}
	}
	sc.end()
}

// decodeRune is utf8.DecodeRune with a short way for the bulk of Chinese text.
func decodeRune(b []byte) (rune, int) {
	if len(b) > 2 && b[0] > 0xE0 && b[0] < 0xED && b[1]&0xC0 == 0x80 && b[2]&0xC0 == 0x80 {
		return rune(b[0]&0x0F)<<12 | rune(b[1]&0x3F)<<6 | rune(b[2]&0x3F), 3
	}
	return utf8.DecodeRune(b)
}

// keyScanner cuts folded runes into terms.
type keyScanner struct {
	f    func(key uint64)
	han  rune   // the Han character before, 0 if there is none
	lone bool   // it is the first of its run
	word uint64 // hash of the word so far, 0 outside one
}

func (k *keyScanner) take(r rune) {
	switch {
	case isHan(r):
		if k.word != 0 {
			k.end()
		}
		if k.han != 0 {
			k.f(uint64(k.han)<<21 | uint64(r))
		}
		k.lone, k.han = k.han == 0, r
	case isWord(r):
		if k.word == 0 {
			k.end()
			k.word = 14695981039346656037
		}
		k.word = (k.word ^ uint64(r)) * 1099511628211
	default:
		k.end()
	}
}

// end closes a run of Han characters or a word.
func (k *keyScanner) end() {
	if k.lone {
		k.f(uint64(k.han))
	}
	if k.word != 0 {
		k.f(k.word | wordKey)
	}
	k.han, k.lone, k.word = 0, false, 0
}
