package redistest

import (
	"bytes"
	"io"
	"net"
	"sync"
	"testing"
)

// Link is an address in front of a master by which everybody reaches it, whose
// way to the replicas can be cut.
type Link struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	cut   bool
	conns []net.Conn
}

// NewLink opens a link to the server at address; it ends with the test.
func NewLink(tb testing.TB, address string) *Link {
	tb.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	k := &Link{listener: l, to: address}
	go k.accept()
	tb.Cleanup(k.Close)
	return k
}

// Addr is the link's host and port.
func (k *Link) Addr() string { return k.listener.Addr().String() }

// Cut lets nothing more through to replicas, which don't notice: their
// connections stay open and their own words still reach the master.
func (k *Link) Cut() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.cut = true
}

// Close ends the link and every connection over it.
func (k *Link) Close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	_ = k.listener.Close()
	for _, c := range k.conns {
		_ = c.Close()
	}
}

func (k *Link) accept() {
	for {
		down, err := k.listener.Accept()
		if err != nil {
			return
		}
		var d net.Dialer
		up, err := d.Dial("tcp", k.to) //nolint:noctx // closed with the link
		if err != nil {
			_ = down.Close()
			continue
		}
		k.mu.Lock()
		k.conns = append(k.conns, down, up)
		k.mu.Unlock()
		c := &linked{link: k}
		go c.copy(up, down, c.watch)
		go c.copy(down, up, c.pass)
	}
}

// linked is one connection over a link.
type linked struct {
	link    *Link
	mu      sync.Mutex
	replica bool // it asked for the stream of writes
}

func (c *linked) watch(b []byte) []byte {
	if bytes.Contains(bytes.ToUpper(b), []byte("PSYNC")) {
		c.mu.Lock()
		c.replica = true
		c.mu.Unlock()
	}
	return b
}

func (c *linked) pass(b []byte) []byte {
	c.mu.Lock()
	replica := c.replica
	c.mu.Unlock()
	c.link.mu.Lock()
	defer c.link.mu.Unlock()
	if c.link.cut && replica {
		return nil
	}
	return b
}

func (c *linked) copy(to io.WriteCloser, from io.ReadCloser, through func([]byte) []byte) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if _, werr := to.Write(through(buf[:n])); err != nil || werr != nil {
			_, _ = to.Close(), from.Close()
			return
		}
	}
}
