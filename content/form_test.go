package content_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/anjie-desk/anjie/content"
)

func TestATypeAsksLittleAndAllMayBeSkipped(t *testing.T) {
	ask := func(n int, more string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "      - {key: q%d, label: 灯, kind: text, ask: 几盏灯？%s}\n", i, more)
		}
		return b.String()
	}
	for name, tc := range map[string]struct {
		asks string
		ok   bool
	}{
		"three":                        {ask(3, ", skip: true"), true},
		"four":                         {ask(4, ", skip: true"), false},
		"four, in the place of others": {ask(3, ", skip: true") + strings.ReplaceAll(ask(1, ", skip: true, instead: other"), "q0", "q9"), true},
		"one that must be answered":    {ask(1, ""), false},
	} {
		_, err := content.LoadIntake(fstest.MapFS{
			"forms/intake.yaml":     {Data: []byte("form:\n  - {key: what, label: 经过, kind: text, ask: 怎么了？}\n")},
			"forms/categories.yaml": {Data: []byte("categories:\n  - key: lamp\n    name: 灯\n    ask:\n" + tc.asks)},
			"forms/gates.yaml":      {Data: []byte("gates: []\n")},
		})
		if (err == nil) != tc.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
