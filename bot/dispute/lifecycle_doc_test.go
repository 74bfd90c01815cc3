package dispute

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite docs/LIFECYCLE.md's table from the code")

// docs/LIFECYCLE.md shows the moves to people; this keeps it true.
func TestTheDocumentSaysWhatTheCodeDoes(t *testing.T) {
	const begin, end = "<!-- moves: written by go test ./bot/dispute -update -->\n", "<!-- end of moves -->\n"
	name := filepath.Join("..", "..", "docs", "LIFECYCLE.md")
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok1 := strings.Cut(string(raw), begin)
	table, tail, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no table between its two marks", name)
	}
	want := movesTable()
	if *update {
		if err := os.WriteFile(name, []byte(head+begin+want+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if table != want {
		t.Errorf("docs/LIFECYCLE.md is not what the code does; run go test ./bot/dispute -update\ngot\n%swant\n%s", table, want)
	}
}

func movesTable() string {
	var b strings.Builder
	b.WriteString("| operation | from | to | by |\n|---|---|---|---|\n")
	var ops []Op
	for op := range moves {
		ops = append(ops, op)
	}
	slices.SortFunc(ops, func(x, y Op) int {
		return strings.Compare(fmt.Sprintf("%02d %s", stage(x), x), fmt.Sprintf("%02d %s", stage(y), y))
	})
	for _, op := range ops {
		m := moves[op]
		to := string(m.to)
		if to == "" {
			to = "stays"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", op, froms(m.from), to, parties(m.by))
	}
	return b.String()
}

// stage orders the rows by the first state from which an operation is allowed.
func stage(op Op) int {
	if moves[op].from == nil {
		return len(States)
	}
	return slices.Index(States, moves[op].from[0])
}

func froms(list []State) string {
	if list == nil {
		return "any"
	}
	names := make([]string, 0, len(list))
	for _, s := range list {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

func parties(p party) string {
	var names []string
	for _, x := range []struct {
		bit  party
		name string
	}{{byOwner, "its mediator"}, {byMediator, "a mediator of the territory"}, {byManager, "clerk, director"}, {byReporter, "reporter"}, {byParty, "the other party"}, {byDesk, "the desk itself"}, {byOffered, "the mediator asked to take it over"}, {byHelper, "who helps with it"}} {
		if p&x.bit != 0 {
			names = append(names, x.name)
		}
	}
	return strings.Join(names, ", ")
}
