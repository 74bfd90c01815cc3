package tgtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Update puts an update in line as it is, with the next id, and returns that.
func (s *Server) Update(fields map[string]any) int {
	s.mu.Lock()
	s.lastID++
	id := s.lastID
	s.mu.Unlock()
	fields["update_id"] = id
	raw, err := json.Marshal(fields)
	if err != nil {
		s.tb.Fatal(err)
	}
	s.Raw(raw)
	return id
}

// Raw puts any JSON in line: a redelivery, or something malformed.
func (s *Server) Raw(raw []byte) {
	s.mu.Lock()
	s.updates = append(s.updates, raw)
	s.tell()
	hook := s.webhook
	s.mu.Unlock()
	if hook != nil {
		s.post(hook, raw)
	}
}

// post brings an update to the webhook until it is taken.
func (s *Server) post(hook map[string]string, raw []byte) {
	for try := 0; ; try++ {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, hook["url"], strings.NewReader(string(raw)))
		if err != nil {
			s.tb.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", hook["secret_token"])
		resp, err := s.hook.Do(req)
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		if try == 50 {
			s.tb.Errorf("the webhook took nothing: %v", err)
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func message(chat int64, kind string, fields map[string]any) map[string]any {
	m := map[string]any{
		"message_id": 1, "date": 1795000000,
		"from": map[string]any{"id": max(chat, 77), "is_bot": false, "first_name": "小李"},
		"chat": map[string]any{"id": chat, "type": kind},
	}
	for k, v := range fields {
		m[k] = v
	}
	return m
}

// Say has a person write in private. A text that begins with / is a command.
func (s *Server) Say(chat int64, text string) int {
	return s.Update(map[string]any{"message": message(chat, "private", words(text))})
}

// SayInGroup has a person write in a group; fields are laid over the message.
func (s *Server) SayInGroup(chat int64, text string, fields map[string]any) int {
	m := message(chat, "supergroup", words(text))
	for k, v := range fields {
		m[k] = v
	}
	return s.Update(map[string]any{"message": m})
}

// Attach has a person send something other than text in private.
func (s *Server) Attach(chat int64, fields map[string]any) int {
	return s.Update(map[string]any{"message": message(chat, "private", fields)})
}

// Press has a person press a button in private.
func (s *Server) Press(chat int64, data string) int { return s.press(chat, "private", data) }

// PressInGroup has a person press a button under a group's message.
func (s *Server) PressInGroup(chat int64, data string) int { return s.press(chat, "supergroup", data) }

func (s *Server) press(chat int64, kind, data string) int {
	s.mu.Lock()
	id := fmt.Sprintf("press-%d", s.lastID+1)
	s.presses[id] = true
	s.mu.Unlock()
	return s.Update(map[string]any{"callback_query": map[string]any{
		"id": id, "from": map[string]any{"id": max(chat, 77), "first_name": "小李"}, "chat_instance": "1",
		"message": message(chat, kind, nil), "data": data,
	}})
}

func words(text string) map[string]any {
	fields := map[string]any{"text": text}
	if strings.HasPrefix(text, "/") {
		name, _, _ := strings.Cut(text, " ")
		fields["entities"] = []map[string]any{{"type": "bot_command", "offset": 0, "length": units(name)}}
	}
	return fields
}
