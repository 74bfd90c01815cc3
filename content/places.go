package content

import (
	"fmt"
	"io/fs"
)

// Office is somebody to turn to: a hotline, an office, a body in the village.
type Office struct {
	Key    string   `yaml:"key"`
	Name   string   `yaml:"name"`
	Phone  string   `yaml:"phone"` // empty: the sub-district has still to fill it in
	Hours  string   `yaml:"hours"`
	Where  string   `yaml:"where"`
	For    []string `yaml:"for"`    // matters, in plain words; matched for "other services" questions
	Source string   `yaml:"source"` // where the number was verified
}

type officesFile struct {
	Offices []Office `yaml:"offices"`
}

// Offices reads places/offices.yaml. Telephone numbers that nobody has
// verified stay empty and are shown as 待街道填写, never made up.
func Offices(fsys fs.FS) ([]Office, error) {
	var f officesFile
	if _, err := fs.Stat(fsys, "places/offices.yaml"); err != nil {
		return nil, nil //nolint:nilerr // a tree without offices is allowed in tests
	}
	if err := decode(fsys, "places/offices.yaml", &f); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, o := range f.Offices {
		if o.Key == "" || o.Name == "" || seen[o.Key] {
			return nil, fmt.Errorf("places/offices.yaml: office %q: key and name are required and unique", o.Key)
		}
		seen[o.Key] = true
	}
	return f.Offices, nil
}

// Register returns the shipped village register, a file that package place
// parses; a sub-district replaces it by its own.
func Register(fsys fs.FS) ([]byte, error) { return fs.ReadFile(fsys, "places/register.yaml") }

// Holidays returns the shipped calendar of holidays, a file that package place
// parses.
func Holidays(fsys fs.FS) ([]byte, error) { return fs.ReadFile(fsys, "places/holidays.yaml") }
