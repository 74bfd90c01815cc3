package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// processorTime is what the threads of a process have worked so far; 0 where
// the system doesn't tell.
func processorTime(pid int) time.Duration {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid)) // fails only on a bad pattern
	var all int64
	for _, t := range tasks {
		raw, err := os.ReadFile(t)
		if err != nil {
			continue // the thread has ended
		}
		on, _, _ := strings.Cut(string(raw), " ")
		ns, err := strconv.ParseInt(on, 10, 64)
		if err != nil {
			return 0
		}
		all += ns
	}
	return time.Duration(all)
}

// worked notes on r what an operation of a row cost this process and the
// server, in processor time: a busy machine changes it far less than rates.
func worked(server int, row func() figures) figures {
	self := os.Getpid()
	own, redis := processorTime(self), processorTime(server)
	r := row()
	r.Own = perOperation(processorTime(self)-own, r.N)
	r.Redis = perOperation(processorTime(server)-redis, r.N)
	return r
}

func perOperation(all time.Duration, n int) float64 {
	return float64(all.Nanoseconds()/int64(n)) / 1000
}
