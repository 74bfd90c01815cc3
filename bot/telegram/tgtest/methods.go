package tgtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// do carries a call out. The failure is the Bot API's refusal.
func (s *Server) do(r *http.Request, method string, p map[string]string) (any, *Failure) {
	switch method {
	case "getMe":
		return map[string]any{"id": 110201543, "is_bot": true, "first_name": "案结", "username": Username}, nil
	case "getFile":
		return s.file(p["file_id"])
	case "getUpdates":
		return s.getUpdates(r, p)
	case "sendMessage":
		return s.sendMessage(p)
	case "answerCallbackQuery":
		return s.answerPress(p)
	case "setMyCommands":
		return s.setCommands(p)
	case "setWebhook", "deleteWebhook":
		s.mu.Lock()
		defer s.mu.Unlock()
		s.webhook = nil
		if method == "setWebhook" {
			s.webhook = p
		}
		s.tell()
		return true, nil
	case "getWebhookInfo":
		s.mu.Lock()
		defer s.mu.Unlock()
		return map[string]any{"url": s.webhook["url"], "has_custom_certificate": false, "pending_update_count": len(s.updates)}, nil
	}
	return nil, &Failure{Status: 404, Text: "Not Found: method not found"}
}

// getUpdates confirms what lies before the offset and holds the line open
// until there is something, the time is up, or another poll comes.
func (s *Server) getUpdates(r *http.Request, p map[string]string) (any, *Failure) {
	offset, _ := strconv.Atoi(p["offset"])
	wait, _ := strconv.Atoi(p["timeout"])
	limit, err := strconv.Atoi(p["limit"])
	if err != nil || limit < 1 || limit > 100 {
		return nil, &Failure{Status: 400, Text: "Bad Request: limit"}
	}
	mine, refused := s.takeLine(offset)
	if refused != nil {
		return nil, refused
	}
	deadline := time.After(time.Duration(wait) * time.Second)
	for {
		s.mu.Lock()
		batch, changed := slices.Clone(s.updates[:min(limit, len(s.updates))]), s.changed
		s.mu.Unlock()
		if len(batch) > 0 {
			return batch, nil
		}
		select {
		case <-changed:
		case <-deadline:
			return []any{}, nil
		case <-r.Context().Done():
			return []any{}, nil
		case <-mine:
			return nil, &Failure{Status: 409, Text: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}
		}
	}
}

// takeLine ends the poll that is open.
func (s *Server) takeLine(offset int) (<-chan struct{}, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.webhook != nil {
		return nil, &Failure{Status: 409, Text: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}
	}
	s.updates = slices.DeleteFunc(s.updates, func(u json.RawMessage) bool { return updateID(u) < offset })
	if s.poll != nil {
		close(s.poll)
	}
	s.poll = make(chan struct{})
	return s.poll, nil
}

func updateID(raw json.RawMessage) int {
	var u struct {
		ID int `json:"update_id"`
	}
	_ = json.Unmarshal(raw, &u) // an update without id counts as 0
	return u.ID
}

var sendParams = []string{"chat_id", "text", "parse_mode", "reply_markup", "link_preview_options"}

func (s *Server) sendMessage(p map[string]string) (any, *Failure) {
	for k := range p {
		if !slices.Contains(sendParams, k) {
			s.tb.Errorf("sendMessage has a parameter %q that no test knows", k)
		}
	}
	bad := func(text string) (any, *Failure) { return nil, &Failure{Status: 400, Text: "Bad Request: " + text} }
	if p["chat_id"] == "" {
		return bad("chat_id is empty")
	}
	plain, err := visible(p["text"])
	switch {
	case err != nil:
		return bad("can't parse entities: " + err.Error())
	case units(plain) == 0:
		return bad("message text is empty")
	case units(plain) > 4096:
		return bad("message is too long")
	}
	buttons, err := keyboard(p["reply_markup"])
	if err != nil {
		return bad(err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages++
	m := Message{ID: s.messages, Chat: p["chat_id"], Text: p["text"], Buttons: buttons, ParseMode: p["parse_mode"], Method: "sendMessage"}
	s.sent = append(s.sent, m)
	s.tell()
	chat := map[string]any{"id": 1, "type": "private"}
	return map[string]any{"message_id": m.ID, "date": 1, "chat": chat, "text": plain}, nil
}

func (s *Server) answerPress(p map[string]string) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.presses[p["callback_query_id"]] {
		return nil, &Failure{Status: 400, Text: "Bad Request: query is too old and response timeout expired or query ID is invalid"}
	}
	delete(s.presses, p["callback_query_id"])
	s.answered = append(s.answered, p)
	s.tell()
	return true, nil
}

func (s *Server) setCommands(p map[string]string) (any, *Failure) {
	var menu []struct{ Command, Description string }
	err := json.Unmarshal([]byte(p["commands"]), &menu)
	for _, c := range menu {
		if n := units(c.Description); !commandName.MatchString(c.Command) || n < 1 || n > 256 {
			err = errCommand
		}
	}
	if err != nil {
		return nil, &Failure{Status: 400, Text: "Bad Request: " + err.Error()}
	}
	return true, nil
}
