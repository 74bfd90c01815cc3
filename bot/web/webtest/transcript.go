package webtest

import (
	"context"
	"fmt"
	"sync"

	"github.com/anjie-desk/anjie/bot"
)

// Transcript keeps conversations in memory.
type Transcript struct {
	mu    sync.Mutex
	lines map[string][]bot.Line
	seen  map[string]bool
	n     int
	told  func(string)
}

// NewTranscript returns an empty one.
func NewTranscript() *Transcript {
	return &Transcript{lines: map[string][]bot.Line{}, seen: map[string]bool{}}
}

// Append implements [bot.Transcript].
func (m *Transcript) Append(_ context.Context, chat, token string, data []byte) (string, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if token != "" && m.seen[chat+token] {
		return "", false, nil
	}
	m.seen[chat+token] = true
	m.n++
	id := fmt.Sprintf("%d-0", m.n)
	m.lines[chat] = append(m.lines[chat], bot.Line{ID: id, Data: data})
	if m.told != nil {
		m.told(chat)
	}
	return id, true, nil
}

// Since implements [bot.Transcript].
func (m *Transcript) Since(_ context.Context, chat, after string) ([]bot.Line, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.lines[chat]
	for i, l := range all {
		if l.ID == after {
			return all[i+1:], nil
		}
	}
	return all, nil
}

// Erase implements [bot.Transcript].
func (m *Transcript) Erase(_ context.Context, chat string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.lines, chat)
	return nil
}

// Watch implements [bot.Transcript].
func (m *Transcript) Watch(ctx context.Context, told func(string)) error {
	m.mu.Lock()
	m.told = told
	m.mu.Unlock()
	<-ctx.Done()
	return nil
}

// Chats lists the conversations that have lines.
func (m *Transcript) Chats() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []string
	for c := range m.lines {
		all = append(all, c)
	}
	return all
}
