package index

import "sync"

// simplified maps traditional characters to simplified ones.
var simplified = sync.OnceValue(func() map[rune]rune {
	pairs := []rune(traditionalPairs)
	m := make(map[rune]rune, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
})

// traditionalPairs holds a traditional character and its simplified one in turn.
const traditionalPairs = "國国學学個个們们"
