package trial_test

import (
	"fmt"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/redisdb/trial"
)

// A list over all villages and states is one pipeline of hundreds of commands.
func TestALongPipelineDoesNotWaitForItself(t *testing.T) {
	s, err := trial.Open(t.TempDir(), trial.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const n = 20_000
	cmds, err := s.Client().Pipelined(t.Context(), func(p redis.Pipeliner) error {
		for i := range n {
			p.Set(t.Context(), fmt.Sprint("key", i), "a value of some length, so that no buffer holds them all", 0)
			p.Get(t.Context(), fmt.Sprint("key", i))
		}
		return nil
	})
	if err != nil || len(cmds) != 2*n {
		t.Fatalf("%d answers, %v", len(cmds), err)
	}
}
