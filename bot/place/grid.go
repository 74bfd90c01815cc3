package place

import (
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

// HasGrid tells whether a grid of that name is the village's.
func (v Village) HasGrid(name string) bool {
	return slices.ContainsFunc(v.GridList(), func(g Grid) bool { return g.Name == name })
}
