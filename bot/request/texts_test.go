package request_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/content"
)

// Each text of a request is used, and each that is used exists.
func TestEveryTextIsThereAndUsed(t *testing.T) {
	x, err := content.LoadTexts(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, f := range []string{"request.go", "export.go"} {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(raw)
	}
	have := map[string]bool{"request.notice.what": true, "request.notice.done": true, "request.notice.refused": true} // within others; by state
	for _, m := range regexp.MustCompile(`"(request\.[a-z.]+[a-z])"`).FindAllStringSubmatch(code.String(), -1) {
		have[m[1]] = true
	}
	keys := map[string]bool{}
	for _, k := range x.Keys() {
		if strings.HasPrefix(k, "request.") {
			keys[k] = true
			if !have[k] {
				t.Errorf("nothing says %s", k)
			}
		}
	}
	for k := range have {
		if !keys[k] {
			t.Errorf("the text %s is missing", k)
		}
	}
	for _, state := range []string{"done", "refused"} {
		for _, kind := range []string{"see", "correct", "destroy"} {
			if said := x.Say("request.notice."+state, map[string]string{"kind": kind, "reason": "因为", "month": "12", "day": "1"}); strings.Contains(said, "no value") {
				t.Errorf("%s %s says %q", state, kind, said)
			}
		}
	}
}
