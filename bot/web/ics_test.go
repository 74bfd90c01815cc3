package web_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/web"
)

func TestACalendarFileIsWhatRFC5545Asks(t *testing.T) {
	now := time.Date(2026, 11, 28, 1, 2, 3, 0, time.UTC)
	file := string(web.Calendar(web.Meeting{
		UID: "c1-t1@anjie", Sequence: 7, At: time.Date(2026, 12, 1, 1, 30, 0, 0, time.UTC), Minutes: 90,
		Title: "调解；编号 1,2;3\\4", Place: "二楼\r\nBEGIN:VEVENT\x00", Note: strings.Repeat("很长的说明，", 30),
	}, now))
	for _, l := range strings.Split(strings.TrimSuffix(file, "\r\n"), "\r\n") {
		if len(l) > 75 || strings.ContainsAny(l, "\r\n\x00") || !utf8.ValidString(l) {
			t.Errorf("line of %d bytes: %q", len(l), l)
		}
	}
	flat := strings.ReplaceAll(file, "\r\n ", "")
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "TZID:Asia/Shanghai\r\n", "UID:c1-t1@anjie\r\n", "DTSTAMP:20261128T010203Z\r\n", "SEQUENCE:7\r\n",
		"DTSTART;TZID=Asia/Shanghai:20261201T093000\r\n", "DTEND;TZID=Asia/Shanghai:20261201T110000\r\n",
		"SUMMARY:调解；编号 1\\,2\\;3\\\\4\r\n", "LOCATION:二楼\\nBEGIN:VEVENT\r\n", "DESCRIPTION:" + strings.Repeat("很长的说明，", 30) + "\r\n",
		"TRIGGER:-P1D\r\n", "TRIGGER:-PT1H\r\n", "END:VEVENT\r\nEND:VCALENDAR\r\n",
	} {
		if !strings.Contains(flat, want) {
			t.Errorf("the file lacks %q:\n%s", want, file)
		}
	}
	if n := strings.Count(flat, "\r\nBEGIN:VEVENT\r\n"); n != 1 {
		t.Errorf("%d events", n)
	}
}
