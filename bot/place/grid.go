package place

import (
	"fmt"
	"slices"
	"strings"
)

// A grid is written as its name and, in brackets, what lies in it:
// 第一网格（府前花园、胜利街）.

// Grid is a part of a village that has its own grid worker.
type Grid struct {
	Name   string
	Places []string // estates and streets in it
}

// GridList are the village's grids.
func (v Village) GridList() []Grid {
	var all []Grid
	for _, line := range v.Grids {
		name, places, _ := strings.Cut(strings.ReplaceAll(line, "(", "（"), "（")
		g := Grid{Name: strings.TrimSpace(name)}
		for p := range strings.FieldsFuncSeq(strings.TrimRight(places, "）)"), func(r rune) bool { return strings.ContainsRune("、，, ", r) }) {
			g.Places = append(g.Places, p)
		}
		all = append(all, g)
	}
	return all
}

// GridIn is the name of the one grid of the village that a text names, by its
// name or by a place in it; "" if it names none or several.
func (v Village) GridIn(text string) string {
	found := ""
	for _, g := range v.GridList() {
		if !slices.ContainsFunc(append(g.Places, g.Name), func(s string) bool { return strings.Contains(text, s) }) {
			continue
		}
		if found != "" {
			return ""
		}
		found = g.Name
	}
	return found
}

// checkGrids wants each grid with a name and brackets that close, and no name or
// place twice: a place in two grids would lead a report to neither.
func (v Village) checkGrids() error {
	names, places := map[string]bool{}, map[string]string{}
	for i, g := range v.GridList() {
		line := strings.NewReplacer("(", "（", ")", "）").Replace(v.Grids[i])
		switch {
		case g.Name == "" || strings.Contains(g.Name, "/"):
			return fmt.Errorf("village %s: grid %q: a name without / is required", v.Name, v.Grids[i])
		case names[g.Name]:
			return fmt.Errorf("village %s: grid %s stands twice", v.Name, g.Name)
		case strings.Count(line, "（") != strings.Count(line, "）") || strings.Count(line, "（") > 1 || strings.Contains(line, "（") && !strings.HasSuffix(strings.TrimSpace(line), "）"):
			return fmt.Errorf("village %s: grid %q is written 第一网格（花园小区、胜利街）", v.Name, v.Grids[i])
		}
		names[g.Name] = true
		for _, p := range g.Places {
			if in, twice := places[p]; twice {
				return fmt.Errorf("village %s: %s lies in %s and in %s", v.Name, p, in, g.Name)
			}
			places[p] = g.Name
		}
	}
	return nil
}

// HasGrid tells whether a grid of that name is the village's.
func (v Village) HasGrid(name string) bool {
	return slices.ContainsFunc(v.GridList(), func(g Grid) bool { return g.Name == name })
}
