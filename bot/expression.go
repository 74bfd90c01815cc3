package bot

import (
	"regexp"
	"regexp/syntax"
)

// expression is a regular expression of our content, cut at its outermost
// alternatives: each part is tried alone, and only when the words that it
// needs stand in the text.
type expression struct {
	parts []part
}

type part struct {
	re *regexp.Regexp
	id int // in the prefilter
}

// compileAll compiles expressions and registers them with f. One that doesn't
// compile is a bug of our own content and panics; the loader has tried each.
func compileAll(f *prefilter, exprs []string) []expression {
	out := make([]expression, 0, len(exprs))
	for _, e := range exprs {
		out = append(out, compile(f, e))
	}
	return out
}

func compile(f *prefilter, expr string) expression {
	var x expression
	for _, alt := range alternatives(expr) {
		p := part{re: regexp.MustCompile(alt)}
		if tree, err := syntax.Parse(alt, syntax.Perl); err == nil {
			p.id = f.add(requires(tree.Simplify()))
		}
		x.parts = append(x.parts, p)
	}
	return x
}

// find returns the first words of text that x matches, "" if none.
func (x expression) find(text string, may []bool) string {
	for _, p := range x.parts {
		if !may[p.id] {
			continue
		}
		if found := p.re.FindString(text); found != "" {
			return found
		}
	}
	return ""
}

// blank puts mark in the place of whatever x matches.
func (x expression) blank(text, mark string, may []bool) string {
	for _, p := range x.parts {
		if may[p.id] {
			text = p.re.ReplaceAllLiteralString(text, mark)
		}
	}
	return text
}

// alternatives cuts expr at every | outside of brackets.
func alternatives(expr string) []string {
	var out []string
	depth, start, class := 0, 0, false
	for i := 0; i < len(expr); i++ {
		switch expr[i] {
		case '\\':
			i++
		case '[':
			class = true
		case ']':
			class = false
		case '(':
			if !class {
				depth++
			}
		case ')':
			if !class {
				depth--
			}
		case '|':
			if depth == 0 && !class {
				out = append(out, expr[start:i])
				start = i + 1
			}
		}
	}
	return append(out, expr[start:])
}

const (
	mostWords  = 160 // more alternatives than this select nothing worth having
	mostGroups = 5   // groups of one part, enough to tell
)

// requires returns groups of words: any text that re matches contains a word of
// each group.
func requires(re *syntax.Regexp) [][]string {
	switch re.Op { //nolint:exhaustive // every other operator selects nothing
	case syntax.OpCapture, syntax.OpPlus:
		return requires(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return requires(re.Sub[0])
		}
		return nil
	case syntax.OpConcat:
		return concatNeeds(re.Sub)
	}
	if words := literals(re); words != nil {
		return [][]string{words}
	}
	return nil
}

// concatNeeds collects what the parts of a sequence need; neighbours that are
// plain words are joined first, so that 打(我|他) asks for 打我 or 打他.
func concatNeeds(subs []*syntax.Regexp) [][]string {
	var out [][]string
	var run []string
	flush := func() {
		if run != nil {
			out, run = append(out, run), nil
		}
	}
	for _, s := range subs {
		words := literals(s)
		switch {
		case words == nil || !exact(s):
			flush()
			out = append(out, requires(s)...)
		case run != nil && len(run)*len(words) <= mostWords:
			run = cross(run, words)
		default:
			flush()
			run = words
		}
	}
	flush()
	if len(out) > mostGroups {
		out = out[:mostGroups]
	}
	return out
}

// literals returns words of which every match of re contains one, or nil.
func literals(re *syntax.Regexp) []string {
	switch re.Op { //nolint:exhaustive // every other operator selects nothing
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
		if int(re.Rune[i+1]-re.Rune[i]) > mostWords-len(out) {
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
		if words == nil || len(out)+len(words) > mostWords {
			return nil
		}
		out = append(out, words...)
	}
	return out
}

// bestLiteral picks the most telling of the groups that a sequence needs.
func bestLiteral(subs []*syntax.Regexp) []string {
	var best []string
	for _, group := range concatNeeds(subs) {
		best = better(best, group)
	}
	return best
}

// exact tells whether the literals of re are all that it can match.
func exact(re *syntax.Regexp) bool {
	switch re.Op { //nolint:exhaustive // every other operator selects nothing
	case syntax.OpLiteral, syntax.OpCharClass:
		return true
	case syntax.OpCapture:
		return exact(re.Sub[0])
	case syntax.OpAlternate:
		for _, s := range re.Sub {
			if !exact(s) {
				return false
			}
		}
		return true
	case syntax.OpConcat:
		return exactSequence(re)
	}
	return false
}

// exactSequence tells whether a sequence of exact parts was joined whole.
func exactSequence(re *syntax.Regexp) bool {
	for _, s := range re.Sub {
		if !exact(s) {
			return false
		}
	}
	return len(concatNeeds(re.Sub)) == 1
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
