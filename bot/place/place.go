// Package place is the sub-district's register: its villages and communities,
// the grids and who serves them. It is a configuration file, never code.
package place

// Village is a village or community, the smallest territory of a case.
type Village struct {
	Code    string   `yaml:"code" json:"code"`           // 12 digits of the statistics bureau, e.g. 371083001219
	Name    string   `yaml:"name" json:"name"`           // 仇家洼村
	Kind    string   `yaml:"kind" json:"kind"`           // village, community
	Also    []string `yaml:"also" json:"also,omitempty"` // aliases, old names, frequent typos, estates within it
	Grids   []string `yaml:"grids" json:"grids,omitempty"`
	Retired string   `yaml:"retired" json:"retired,omitempty"` // day from which it takes no new cases
}

// Centre is the territory of cases that belong to no village or whose village
// has nobody on duty.
const Centre = "centre"
