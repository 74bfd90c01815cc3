package index_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/index"
)

// generation is the corpus with one more law, named by its number.
func generation(n int) []knowledge.Document {
	return append(corpus(), article(fmt.Sprintf("灯笼法%d", n), "2021-01-01", "1", "总则", "灯笼应当防火。"))
}

// Replicas over one folder go on answering while several processes build into
// it one after another, and all end on the same index.
func TestReplicasOverOneFolderDropNoSearchWhileBuildersBuild(t *testing.T) {
	dir := built(t, generation(0))
	replicas := []*index.Index{open(t, dir), open(t, dir), open(t, dir)}
	stop := make(chan struct{})
	var readers, builders sync.WaitGroup
	for _, ix := range replicas {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				res, err := ix.Search(t.Context(), knowledge.Query{Text: "灯笼防火"})
				if err != nil || len(res.Hits) == 0 || res.Version == "" {
					t.Errorf("a search while others build: %d hits, %v", len(res.Hits), err)
					return
				}
				if err := ix.Reload(); err != nil {
					t.Errorf("reload while others build: %v", err)
					return
				}
			}
		})
	}
	for n := 1; n <= 3; n++ {
		builders.Go(func() {
			for range 3 {
				if err := index.Build(t.Context(), dir, generation(n), index.BuildOptions{}); err != nil {
					t.Errorf("build %d: %v", n, err)
				}
			}
		})
	}
	builders.Wait()
	close(stop)
	readers.Wait()
	for _, ix := range replicas {
		if err := ix.Reload(); err != nil {
			t.Fatal(err)
		}
		if got, want := ix.Version(), replicas[0].Version(); got != want {
			t.Errorf("one replica is at %s, another at %s", got, want)
		}
	}
}
