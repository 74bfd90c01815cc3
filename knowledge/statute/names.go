package statute

import (
	"strings"
)

// nameIndex finds laws by any of their names, always the whole name: 合同法 is
// never found inside 劳动合同法.
type nameIndex struct {
	byKey map[string]*Law // comparable name to law
}

func (s *Set) indexNames() *nameIndex {
	x := &nameIndex{byKey: make(map[string]*Law, 2*len(s.laws))}
	for _, l := range s.laws {
		x.byKey[key(l.Title)] = l
	}
	for _, n := range s.table.Names {
		l, ok := s.byKey[key(n.Title)]
		if !ok {
			continue
		}
		for _, also := range append([]string{n.Short}, n.Also...) {
			x.put(also, l)
		}
	}
	return x
}

func (x *nameIndex) put(name string, l *Law) {
	k := key(name)
	if _, taken := x.byKey[k]; !taken && k != "" {
		x.byKey[k] = l
	}
}

// Find returns the law called name: its full title, the title without
// 中华人民共和国, with or without 《》, or a short name or nickname of the table.
func (s *Set) Find(name string) (*Law, bool) {
	l, ok := s.names.byKey[key(strings.TrimSpace(name))]
	return l, ok
}
