package trial

import (
	"net"
	"sync"
)

// buffered is the client's end of a connection inside the process. Such a pipe
// holds nothing: a client that writes many commands before it reads would wait
// for the server, which waits for the client to read its answers. So what is
// written is kept here and handed on by a goroutine that ends with Close.
type buffered struct {
	net.Conn
	mu     sync.Mutex
	more   *sync.Cond
	queue  []byte
	err    error // of the connection; the next Write returns it
	closed bool
	ended  chan struct{}
}

func buffer(c net.Conn) net.Conn {
	b := &buffered{Conn: c, ended: make(chan struct{})}
	b.more = sync.NewCond(&b.mu)
	go b.handOn()
	return b
}

// Write keeps p, and reports what became of the bytes before it.
func (b *buffered) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return 0, b.err
	}
	if b.closed {
		return 0, net.ErrClosed
	}
	b.queue = append(b.queue, p...)
	b.more.Signal()
	return len(p), nil
}

func (b *buffered) handOn() {
	defer close(b.ended)
	for {
		b.mu.Lock()
		for len(b.queue) == 0 && !b.closed {
			b.more.Wait()
		}
		if len(b.queue) == 0 {
			b.mu.Unlock()
			return
		}
		out := b.queue
		b.queue = nil
		b.mu.Unlock()
		if _, err := b.Conn.Write(out); err != nil {
			b.mu.Lock()
			b.err = err
			b.mu.Unlock()
			return
		}
	}
}

// Close drops what was not handed on yet.
func (b *buffered) Close() error {
	b.mu.Lock()
	b.closed, b.queue = true, nil
	b.more.Signal()
	b.mu.Unlock()
	err := b.Conn.Close()
	<-b.ended
	return err
}
