package content_test

import (
	"testing"

	"github.com/anjie-desk/anjie/content"
)

// BenchmarkLoad is what every start pays for the content.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := content.Load(content.Shipped()); err != nil {
			b.Fatal(err)
		}
	}
}
