package chat

import "sync"

// turns lets the messages of one session be handled one after another, as
// bot.Bot asks, while those of others go on.
type turns struct {
	mu      sync.Mutex
	waiting map[string]*turn
}

type turn struct {
	mu sync.Mutex
	n  int // who has it or waits for it
}

func newTurns() *turns { return &turns{waiting: map[string]*turn{}} }

// take waits for the session's turn; the function it returns ends it.
func (t *turns) take(session string) (end func()) {
	t.mu.Lock()
	mine := t.waiting[session]
	if mine == nil {
		mine = &turn{}
		t.waiting[session] = mine
	}
	mine.n++
	t.mu.Unlock()
	mine.mu.Lock()
	return func() {
		mine.mu.Unlock()
		t.mu.Lock()
		defer t.mu.Unlock()
		if mine.n--; mine.n == 0 {
			delete(t.waiting, session)
		}
	}
}
