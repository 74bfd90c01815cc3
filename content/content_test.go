package content_test

import (
	"testing"

	"github.com/anjie-desk/anjie/content"
)

func TestShippedContentLoads(t *testing.T) {
	lib, err := content.Load(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d laws, %d FAQs, %d guides, %d items, %d terms, %d triage kinds, %d offices",
		len(lib.Laws.All), len(lib.FAQs), len(lib.Guides), len(lib.Items), len(lib.Lexicon), len(lib.Triage), len(lib.Offices))
	if len(lib.Offices) == 0 || len(lib.Laws.All) == 0 {
		t.Fatal("the shipped content has no offices or no laws")
	}
}
