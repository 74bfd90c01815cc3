package redisdb

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// body is a message as the outbox holds it.
type body struct {
	dispute.Notice
	At int64 `json:"at"` // Unix ms
}

// encodeBody writes a body as encoding/json does. A report brings several, of
// twenty fields each, and reflection would be a fifth of what filing it costs.
func encodeBody(n dispute.Notice, at int64) string {
	var room [1024]byte // most bodies are shorter: one copy makes the string
	b := appendText(append(room[:0], `{"to":`...), n.To)
	b = appendText(append(b, `,"key":`...), n.Key)
	b = append(b, `,"data":`...)
	b = appendMap(b, n.Data)
	return string(append(strconv.AppendInt(append(b, `,"at":`...), at, 10), '}'))
}

// appendMap appends m as JSON, keys in order.
func appendMap(b []byte, m map[string]string) []byte {
	if m == nil {
		return append(b, "null"...)
	}
	b = append(b, '{')
	var room [32]string
	names := room[:0]
	for k := range m {
		names = append(names, k)
	}
	slices.Sort(names)
	for i, k := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendText(b, k), ':')
		b = appendText(b, m[k])
	}
	return append(b, '}')
}

// appendText appends s as JSON: as it is where nothing in it needs care.
func appendText(b []byte, s string) []byte {
	if careful(s) {
		raw, _ := json.Marshal(s) // a string never fails
		return append(b, raw...)
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

func careful(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c == '"', c == '\\', c == '<', c == '>', c == '&', c == 0x7f, c == 0xe2: // 0xe2 may begin U+2028
			return true
		}
	}
	return !utf8.ValidString(s)
}

// cutAtNumber parts a body where file.lua sets in the number that it gives.
func cutAtNumber(body string) (before, after string) {
	at := strings.Index(body, `"number":"`+dispute.NumberMark)
	if at < 0 {
		return body, ""
	}
	at += len(`"number":"`)
	return body[:at], body[at+len(dispute.NumberMark):]
}
