package web

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"
)

// funcs are what templates may call. Every Chinese word of a page comes
// through say; rich and markdown are the only ways from text to markup, and
// both escape first.
func (s *Server) funcs() template.FuncMap {
	return template.FuncMap{
		"say":      s.say,
		"dict":     dict,
		"rich":     Rich,
		"markdown": Markdown,
		"asset":    asset,
		"date":     func(t time.Time) string { return s.date("web.date", t) },
		"moment":   func(t time.Time) string { return s.date("web.moment", t) },
		"day":      func(t time.Time) string { return t.In(s.opt.Zone).Format(time.DateOnly) },
		"clock":    func(t time.Time) string { return t.In(s.opt.Zone).Format("15:04") },
		"iso":      func(t time.Time) string { return t.In(s.opt.Zone).Format(time.RFC3339) },
		"tel":      telURL,
		"href":     href,
		"lines":    func(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") },
		"inc":      func(i int) int { return i + 1 },
		"now":      s.opt.Now,
		"picture":  func(mime string) bool { return strings.HasPrefix(mime, "image/") },
		"size":     size,
		"yuan":     Yuan,
		"signer":   s.signer,
	}
}

// say is the text of a key; more arguments are pairs of field and value.
func (s *Server) say(key string, pairs ...any) (string, error) {
	if len(pairs) == 1 {
		return s.d.Texts.Say(key, pairs[0]), nil
	}
	data, err := dict(pairs...)
	if err != nil {
		return "", err
	}
	return s.d.Texts.Say(key, data), nil
}

func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("odd number of arguments: %d", len(pairs))
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("argument %d is no name", i)
		}
		m[key] = pairs[i+1]
	}
	return m, nil
}

// date words a time as the text key says; a zero time is "".
func (s *Server) date(key string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(s.opt.Zone)
	days := []rune(s.d.Texts.Say("web.weekdays", nil))
	return s.d.Texts.Say(key, map[string]any{
		"Year": t.Year(), "Month": int(t.Month()), "Day": t.Day(),
		"Weekday": string(days[t.Weekday()]), "Clock": t.Format("15:04"),
		"ThisYear": t.Year() == s.opt.Now().In(s.opt.Zone).Year(),
	})
}

// telURL is a tel: link of the digits of a number. The type tells the template
// that the scheme is meant; only digits, + and - get through.
func telURL(number string) template.URL {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' || r == '-' {
			return r
		}
		return -1
	}, number)
	return template.URL("tel:" + digits) //nolint:gosec // nothing but digits, + and -
}

// href lets a tel: link through, which html/template would strike out; every
// other address is left to its judgement.
func href(address string) any {
	if number, ok := strings.CutPrefix(address, "tel:"); ok {
		return telURL(number)
	}
	return address
}

// Yuan writes fen as yuan, without empty decimals.
func Yuan(fen int64) string {
	if fen%100 == 0 {
		return strconv.FormatInt(fen/100, 10)
	}
	return strconv.FormatFloat(float64(fen)/100, 'f', 2, 64)
}

// signer names a role in an agreement; of several third parties each is one.
func (s *Server) signer(role string) string {
	if strings.HasPrefix(role, "third") || role == "" {
		role = "third"
	}
	return s.d.Texts.Say("web.signer."+role, nil)
}

// size writes bytes as people do.
func size(bytes int64) string {
	const kib, mib = 1 << 10, 1 << 20
	if bytes < mib {
		return strconv.FormatInt((bytes+kib-1)/kib, 10) + " KB"
	}
	return strconv.FormatFloat(float64(bytes)/mib, 'f', 1, 64) + " MB"
}
