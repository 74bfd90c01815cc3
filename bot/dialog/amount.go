package dialog

import (
	"errors"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/bot/money"
)

// sumProblems are the problems by why words are no sum.
var sumProblems = map[money.Refusal]Problem{
	money.None: NoAmount, money.Vague: VagueAmount, money.Range: RangeAmount, money.Several: TwoAmounts,
	money.Negative: NegativeAmount, money.Much: MuchAmount, money.Fine: FineAmount,
}

// readAmount understands a sum as people say it, also within a sentence; Value
// is in fen.
func readAmount(text string) reading {
	fen, err := money.Find(text)
	var why money.Refusal
	if errors.As(err, &why) {
		return reading{problem: sumProblems[why]}
	}
	return reading{answer: &Answer{Value: strconv.FormatInt(fen, 10), Shown: strings.TrimSpace(text)}}
}
