package bot

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// pattern is an expression with the words of which at least one must stand in
// any text that it matches; needs is nil when there are none.
type pattern struct {
	re    *regexp.Regexp
	needs []string
}

func compilePattern(expr string) pattern {
	p := pattern{re: regexp.MustCompile(expr)}
	if tree, err := syntax.Parse(expr, syntax.Perl); err == nil {
		p.needs = literals(tree.Simplify())
	}
	return p
}

// numbered is a pattern with its number in a prefilter.
type numbered struct {
	pattern
	id int
}

// compileAll compiles expressions and registers them with f.
func compileAll(f *prefilter, exprs []string) []numbered {
	out := make([]numbered, 0, len(exprs))
	for _, e := range exprs {
		p := compilePattern(e)
		out = append(out, numbered{p, f.add(p)})
	}
	return out
}

// prefilter finds in one pass over a text which of many patterns can match at
// all, since running hundreds of expressions on each message would be slow.
type prefilter struct {
	byFirst map[rune][]need
	always  []int
	size    int
}

type need struct {
	word string
	id   int
}

func newPrefilter() *prefilter { return &prefilter{byFirst: map[rune][]need{}} }

// add registers p and returns its number.
func (f *prefilter) add(p pattern) int {
	id := f.size
	f.size++
	if p.needs == nil {
		f.always = append(f.always, id)
	}
	for _, w := range p.needs {
		first, _ := utf8.DecodeRuneInString(w)
		f.byFirst[first] = append(f.byFirst[first], need{w, id})
	}
	return id
}

// scan marks every pattern that text may match.
func (f *prefilter) scan(text string) []bool {
	may := make([]bool, f.size)
	for _, id := range f.always {
		may[id] = true
	}
	for i, r := range text {
		for _, n := range f.byFirst[r] {
			if !may[n.id] && strings.HasPrefix(text[i:], n.word) {
				may[n.id] = true
			}
		}
	}
	return may
}

const mostLiterals = 120 // more alternatives than this select nothing worth having

// literals returns words of which every match of re contains one, or nil.
func literals(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpCharClass:
		return classRunes(re)
	case syntax.OpCapture, syntax.OpPlus:
		return literals(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return literals(re.Sub[0])
		}
	case syntax.OpAlternate:
		return anyLiteral(re.Sub)
	case syntax.OpConcat:
		return bestLiteral(re.Sub)
	}
	return nil
}

func classRunes(re *syntax.Regexp) []string {
	var out []string
	for i := 0; i+1 < len(re.Rune); i += 2 {
		if int(re.Rune[i+1]-re.Rune[i]) > mostLiterals-len(out) {
			return nil
		}
		for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
			out = append(out, string(r))
		}
	}
	return out
}

func anyLiteral(subs []*syntax.Regexp) []string {
	var out []string
	for _, s := range subs {
		words := literals(s)
		if words == nil {
			return nil
		}
		out = append(out, words...)
	}
	if len(out) > mostLiterals {
		return nil
	}
	return out
}

// bestLiteral picks, of the parts that must all match, the most telling one;
// neighbours are joined first, so that 打(我|他) asks for 打我 or 打他.
func bestLiteral(subs []*syntax.Regexp) []string {
	var best, run []string
	for _, s := range subs {
		words := literals(s)
		switch {
		case words == nil:
			run = nil
		case run != nil && exact(s) && len(run)*len(words) <= mostLiterals:
			run = cross(run, words)
		case exact(s):
			run = words
		default:
			best, run = better(best, words), nil
		}
		best = better(best, run)
	}
	return best
}

// exact tells whether the literals of re are all that it can match.
func exact(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral, syntax.OpCharClass:
		return true
	case syntax.OpCapture:
		return exact(re.Sub[0])
	case syntax.OpAlternate, syntax.OpConcat:
		for _, s := range re.Sub {
			if !exact(s) {
				return false
			}
		}
		return re.Op == syntax.OpAlternate || len(re.Sub) == 1
	}
	return false
}

func cross(heads, tails []string) []string {
	out := make([]string, 0, len(heads)*len(tails))
	for _, h := range heads {
		for _, t := range tails {
			out = append(out, h+t)
		}
	}
	return out
}

// better prefers longer words, then fewer of them.
func better(a, b []string) []string {
	if a == nil || b != nil && (shortest(b) > shortest(a) || shortest(b) == shortest(a) && len(b) < len(a)) {
		return b
	}
	return a
}

func shortest(words []string) int {
	n := 1 << 10
	for _, w := range words {
		n = min(n, len(w))
	}
	return n
}
