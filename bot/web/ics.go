package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Meeting is an appointment as a calendar file tells it.
type Meeting struct {
	UID      string // the same for the same appointment, so that a change replaces it
	Sequence int64  // grows with every change
	At       time.Time
	Minutes  int
	Title    string
	Place    string
	Note     string
}

// WriteCalendar answers with an appointment as an iCalendar file (RFC 5545), in
// Shanghai's time, with an alarm a day and an hour before.
func (s *Server) WriteCalendar(w http.ResponseWriter, m Meeting) error {
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8; method=PUBLISH")
	h.Set("Content-Disposition", `attachment; filename="meeting.ics"`)
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(Calendar(m, s.opt.Now())) // who went away needs no file
	return nil
}

const icsLocal = "20060102T150405"

// china is the time of the whole country, without summer time since 1991.
var china = time.FixedZone("CST", 8*60*60)

// Calendar is an appointment as an iCalendar file.
func Calendar(m Meeting, now time.Time) []byte {
	lines := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//anjie-desk//anjie//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
		"BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19910915T000000", "TZOFFSETFROM:+0900", "TZOFFSETTO:+0800", "TZNAME:CST",
		"END:STANDARD", "END:VTIMEZONE",
		"BEGIN:VEVENT", "UID:" + escapeICS(m.UID), "DTSTAMP:" + now.UTC().Format(icsLocal) + "Z", "SEQUENCE:" + strconv.FormatInt(m.Sequence, 10),
		"DTSTART;TZID=Asia/Shanghai:" + m.At.In(china).Format(icsLocal),
		"DTEND;TZID=Asia/Shanghai:" + m.At.Add(time.Duration(m.Minutes)*time.Minute).In(china).Format(icsLocal),
		"SUMMARY:" + escapeICS(m.Title),
	}
	if m.Place != "" {
		lines = append(lines, "LOCATION:"+escapeICS(m.Place))
	}
	if m.Note != "" {
		lines = append(lines, "DESCRIPTION:"+escapeICS(m.Note))
	}
	for _, before := range []string{"-P1D", "-PT1H"} {
		lines = append(lines, "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:"+escapeICS(m.Title), "TRIGGER:"+before, "END:VALARM")
	}
	lines = append(lines, "END:VEVENT", "END:VCALENDAR")
	var b strings.Builder
	for _, l := range lines {
		fold(&b, l)
	}
	return []byte(b.String())
}

// escapeICS makes a TEXT value: what would end it or begin another is escaped,
// other control characters are left out.
func escapeICS(s string) string {
	s = strings.NewReplacer("\r\n", "\\n", "\n", "\\n", "\r", "\\n", "\\", "\\\\", ";", "\\;", ",", "\\,").Replace(strings.ToValidUTF8(s, ""))
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// fold writes a line of at most 75 bytes and goes on, after a space, on the
// next; a character is never cut in two.
func fold(b *strings.Builder, line string) {
	room := 75
	for len(line) > room {
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		b.WriteString(line[:cut] + "\r\n ")
		line, room = line[cut:], 74
	}
	b.WriteString(line + "\r\n")
}
