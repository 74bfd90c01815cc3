package content_test

import (
	"regexp"
	"testing"

	"github.com/anjie-desk/anjie/content"
)

func TestTheChecksOfAnAgreementFindTheirOwnExamples(t *testing.T) {
	s, err := content.LoadSettling(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, c := range s.Checks {
		if c.Match == "" {
			continue
		}
		finds := regexp.MustCompile(c.Match).MatchString
		for _, text := range c.Examples.Positive {
			if tried++; !finds(text) {
				t.Errorf("%s doesn't find %s", c.Key, text)
			}
		}
		for _, text := range c.Examples.Negative {
			if tried++; finds(text) {
				t.Errorf("%s finds %s", c.Key, text)
			}
		}
	}
	if tried < 12 {
		t.Errorf("only %d examples", tried)
	}
	if s.Route("labour").Ways == s.Route("neighbour").Ways || s.Route("neighbour").Ways == "" {
		t.Error("every type goes the same way")
	}
}
