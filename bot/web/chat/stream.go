package chat

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

const (
	maxStreams  = 6 // pages of one session that stream at a time
	writeWithin = 15 * time.Second
)

// hub wakes the streams of a session.
type hub struct {
	mu      sync.Mutex
	streams map[string]map[chan struct{}]bool
}

func newHub() *hub { return &hub{streams: map[string]map[chan struct{}]bool{}} }

// join returns a channel that has a value in it whenever the session has news.
func (h *hub) join(session string) (news chan struct{}, leave func(), ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	mine := h.streams[session]
	if len(mine) >= maxStreams {
		return nil, nil, false
	}
	if mine == nil {
		mine = map[chan struct{}]bool{}
		h.streams[session] = mine
	}
	news = make(chan struct{}, 1)
	mine[news] = true
	return news, func() { h.leave(session, news) }, true
}

func (h *hub) leave(session string, news chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams[session], news)
	if len(h.streams[session]) == 0 {
		delete(h.streams, session)
	}
}

func (h *hub) wake(session string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for news := range h.streams[session] {
		select {
		case news <- struct{}{}:
		default: // it has one waiting
		}
	}
}

var cursorForm = regexp.MustCompile(`^[0-9]{1,20}-[0-9]{1,20}$`)

// cursor takes a line's id from outside; anything else means the beginning.
func cursor(id string) string {
	if cursorForm.MatchString(id) {
		return id
	}
	return ""
}

// events streams the lines that come after the one the page has last. The
// heartbeat also looks for lines whose wake-up was missed.
func (c *Chat) events(w http.ResponseWriter, r *http.Request) error {
	session := web.SessionID(r)
	news, leave, ok := c.hub.join(session)
	if !ok {
		return web.Explain(fault.New(fault.Conflict, "too many streams of one session"), "web.error.busy")
	}
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	st := stream{w: w, rc: http.NewResponseController(w), after: cursor(r.Header.Get("Last-Event-ID"))}
	if st.after == "" {
		st.after = cursor(r.URL.Query().Get("after"))
	}
	if !st.write([]byte("retry: 3000\n\n")) {
		return nil
	}
	beat := time.NewTicker(c.opt.Heartbeat)
	defer beat.Stop()
	for {
		if err := c.push(r, session, &st); err != nil || st.gone {
			return err
		}
		select {
		case <-news:
		case <-beat.C:
			st.write([]byte(": \n\n"))
		case <-r.Context().Done():
			return nil
		case <-c.shell.Closing():
			return nil
		}
	}
}

// push sends the lines that are new since the stream's last.
func (c *Chat) push(r *http.Request, session string, st *stream) error {
	if st.gone {
		return nil
	}
	lines, err := c.since(r.Context(), session, st.after)
	if err != nil {
		if r.Context().Err() != nil {
			return nil //nolint:nilerr // the page is gone, which is how streams end
		}
		return err
	}
	if len(lines) == 0 {
		return nil
	}
	html, err := c.shell.Fragment(r, c.pages, "lines_fragment", show(lines, rand.Text()))
	if err != nil {
		return err
	}
	st.after = lastID(lines, st.after)
	st.write(event(st.after, html))
	return nil
}

// event is one server-sent event; each line of the fragment is a data line.
func event(id string, html []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "id: %s\nevent: lines\n", id)
	for l := range bytes.Lines(bytes.ReplaceAll(html, []byte("\r"), nil)) {
		b.WriteString("data: ")
		b.Write(bytes.TrimSuffix(l, []byte("\n")))
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// stream writes to a page that may be gone.
type stream struct {
	w     http.ResponseWriter
	rc    *http.ResponseController
	after string
	gone  bool
}

func (st *stream) write(b []byte) bool {
	//nolint:forbidigo // a socket's deadline is wall time, whatever clock the desk tells
	_ = st.rc.SetWriteDeadline(time.Now().Add(writeWithin)) // a writer without deadlines (a test's) is as good
	if _, err := st.w.Write(b); err != nil {
		st.gone = true
	}
	if err := st.rc.Flush(); err != nil {
		st.gone = true
	}
	return !st.gone
}
