package tgtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	packageName = "telegram-test-api"
	packageSpec = packageName + "@4.2.1"
)

// Independent is a Bot API server that others wrote, the npm package
// telegram-test-api. It knows few methods and confirms nothing, but its authors
// never read our code.
type Independent struct {
	tb   testing.TB
	base string
	seen int
}

// NewIndependent starts the server for this test. Without node or the package
// the test is skipped, or fails if CI is set.
func NewIndependent(tb testing.TB) *Independent {
	tb.Helper()
	dir, err := installed(tb.Context())
	if err != nil {
		if os.Getenv("CI") != "" {
			tb.Fatal(err)
		}
		tb.Skip(err)
	}
	addr := freeAddress(tb)
	js := fmt.Sprintf(`const T=require('%s');const S=T.TelegramServer||T.default||T;new S({port:%d,host:'127.0.0.1',storeTimeout:600}).start()`, packageName, addr.Port)
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "node", "-e", js) //nolint:gosec // our own text
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		cancel()
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
	})
	s := &Independent{tb: tb, base: "http://" + addr.String()}
	s.await("the server", func() bool {
		conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", addr.String())
		if err != nil {
			return false
		}
		_ = conn.Close()
		return true
	})
	return s
}

func freeAddress(tb testing.TB) *net.TCPAddr {
	tb.Helper()
	l, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr)
}

// installed returns a folder of the user's cache that holds the package,
// fetching it the first time.
func installed(ctx context.Context) (string, error) {
	for _, need := range []string{"node", "npm"} {
		if _, err := exec.LookPath(need); err != nil {
			return "", fmt.Errorf("%s is missing: apt-get install nodejs npm to test against %s", need, packageName)
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	dir := filepath.Join(cache, "anjie-tests", packageName)
	if _, err := os.Stat(filepath.Join(dir, "node_modules", packageName, "package.json")); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", ".", packageSpec)
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm package %s cannot be fetched: %w: %s", packageSpec, err, bytes.TrimSpace(out))
	}
	return dir, nil
}

// Endpoint is what telegram.Options.Endpoint takes.
func (s *Independent) Endpoint() string { return s.base + "/bot%s/%s" }

// Say has a person write in private.
func (s *Independent) Say(chat int64, text string) {
	s.tb.Helper()
	m := message(chat, "private", words(text))
	m["botToken"] = Token
	if strings.HasPrefix(text, "/") {
		s.post("/sendCommand", m)
		return
	}
	s.post("/sendMessage", m)
}

// Press has a person press a button.
func (s *Independent) Press(chat int64, data string) {
	s.tb.Helper()
	s.post("/sendCallback", map[string]any{
		"botToken": Token, "data": data, "from": map[string]any{"id": chat, "first_name": "小李"},
		"message": message(chat, "private", nil),
	})
}

// Next waits for the next message that the bot sent.
func (s *Independent) Next() Message {
	s.tb.Helper()
	var sent []Message
	s.await("a message from the bot", func() bool {
		sent = s.sent()
		return len(sent) > s.seen
	})
	s.seen++
	return sent[s.seen-1]
}

func (s *Independent) sent() []Message {
	var history struct {
		Result []struct {
			MessageID int `json:"messageId"`
			Message   struct {
				ChatID json.RawMessage `json:"chat_id"` // only the bot's messages have one
				Text   string          `json:"text"`
				Markup json.RawMessage `json:"reply_markup"`
			} `json:"message"`
		} `json:"result"`
	}
	if err := json.Unmarshal(s.post("/getUpdatesHistory", map[string]any{"token": Token}), &history); err != nil {
		s.tb.Fatal(err)
	}
	var all []Message
	for _, h := range history.Result {
		if h.Message.ChatID == nil {
			continue
		}
		buttons, err := keyboard(string(h.Message.Markup))
		if err != nil {
			s.tb.Error(err)
		}
		chat := strings.Trim(string(h.Message.ChatID), `"`)
		all = append(all, Message{ID: h.MessageID, Chat: chat, Text: h.Message.Text, Buttons: buttons})
	}
	return all
}

func (s *Independent) post(path string, body any) []byte {
	s.tb.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		s.tb.Fatal(err)
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.base+path, bytes.NewReader(raw))
	if err != nil {
		s.tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		s.tb.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var out bytes.Buffer
	if _, err := out.ReadFrom(resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		s.tb.Fatalf("%s: status %d, %v: %s", path, resp.StatusCode, err, out.String())
	}
	return out.Bytes()
}

func (s *Independent) await(what string, ok func() bool) {
	s.tb.Helper()
	for tries := 0; !ok(); tries++ {
		if tries == 700 {
			s.tb.Fatalf("waited in vain for %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
