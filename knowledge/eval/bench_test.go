package eval_test

import (
	"os"
	"testing"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/corpus"
	"github.com/anjie-desk/anjie/knowledge/index"
)

// BenchmarkContentInMemory is what a trial waits for before it can answer.
func BenchmarkContentInMemory(b *testing.B) {
	lib, err := content.Load(content.Shipped())
	if err != nil {
		b.Fatal(err)
	}
	docs, err := corpus.Documents(nil, lib, today())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(len(docs)), "documents")
	for b.Loop() {
		ix, err := index.OpenMemory(docs, index.Options{Lexicon: terms(lib), Now: today})
		if err != nil {
			b.Fatal(err)
		}
		if err := ix.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSearch asks the index of the full corpus that ANJIE_INDEX holds, on
// one goroutine and on all.
func BenchmarkSearch(b *testing.B) {
	dir := os.Getenv("ANJIE_INDEX")
	if dir == "" {
		b.Skip("ANJIE_INDEX names no index of the full corpus")
	}
	ix, err := index.Open(dir, index.Options{Now: today})
	if err != nil {
		b.Fatal(err)
	}
	defer ix.Close()
	var set []string
	for _, q := range questions(b, "questions.jsonl") {
		set = append(set, q.Text)
	}
	b.Run("one", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			ask(b, ix, set[i%len(set)])
		}
	})
	b.Run("all", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for i := 0; pb.Next(); i++ {
				ask(b, ix, set[i%len(set)])
			}
		})
	})
}

func ask(b *testing.B, ix *index.Index, text string) {
	b.Helper()
	if _, err := ix.Search(b.Context(), knowledge.Query{Text: text}); err != nil {
		b.Error(err)
	}
}
