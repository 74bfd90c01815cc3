package content

import (
	"fmt"
	"io/fs"
	"reflect"
)

// Private is what tells personal data in a question apart from the rest.
type Private struct {
	Marks struct {
		Number  string `yaml:"number"`
		Plate   string `yaml:"plate"`
		Link    string `yaml:"link"`
		Name    string `yaml:"name"`
		Home    string `yaml:"home"`
		Village string `yaml:"village"`
	} `yaml:"marks"` // what stands in place of it
	Numerals  string          `yaml:"numerals"`  // letters that are read as single digits
	Units     string          `yaml:"units"`     // letters that make a number before them an amount
	Provinces string          `yaml:"provinces"` // first letters of number plates
	Surnames  string          `yaml:"surnames"`
	Double    []string        `yaml:"double_surnames"`
	Common    string          `yaml:"common"`    // surnames that make a name where little else does
	Introduce []string        `yaml:"introduce"` // words after which a name follows
	Before    []string        `yaml:"before"`    // words after which a name may follow
	Ends      string          `yaml:"ends"`      // letters before which a name ends
	Strong    string          `yaml:"strong"`    // letters before which a name that nothing introduces ends
	Titles    []string        `yaml:"titles"`    // words that follow a name
	Not       []string        `yaml:"not"`       // words that begin like a name
	Roads     []string        `yaml:"roads"`
	Buildings []string        `yaml:"buildings"`
	Lives     []string        `yaml:"lives"` // words after which an address follows
	Estates   []string        `yaml:"estates"`
	Accounts  []string        `yaml:"accounts"` // words after which somebody's account follows
	Papers    []string        `yaml:"papers"`   // words that follow a name in papers: 男, 汉族
	Kin       []string        `yaml:"kin"`      // words that tie somebody to a name before them: 他爹, 两口子
	Examples  []PrivateSample `yaml:"examples"`
}

// PrivateSample is a question before and after.
type PrivateSample struct {
	Text string `yaml:"text"`
	Kept string `yaml:"kept"`
}

// LoadPrivate reads check/private.yaml of fsys, or the shipped one if fsys has
// none. Each list must hold something: an empty one would let pass what it is
// to strike out.
func LoadPrivate(fsys fs.FS) (*Private, error) {
	const name = "check/private.yaml"
	if _, err := fs.Stat(fsys, name); err != nil {
		fsys = Shipped()
	}
	var p Private
	if err := decode(fsys, name, &p); err != nil {
		return nil, err
	}
	if len(p.Papers) == 0 || len(p.Kin) == 0 { // a copy of the content from before there were these
		var shipped Private
		if err := decode(Shipped(), name, &shipped); err != nil {
			return nil, err
		}
		p.Papers, p.Kin = shipped.Papers, shipped.Kin
	}
	v := reflect.ValueOf(p)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			return nil, fmt.Errorf("%s: %s is empty", name, v.Type().Field(i).Tag.Get("yaml"))
		}
	}
	return &p, nil
}
