package observe_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/observe"
)

func scrape(t *testing.T, m *observe.Metrics) string {
	t.Helper()
	rec := httptest.NewRecorder()
	m.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if rec.Code != http.StatusOK {
		t.Fatalf("scrape answered %d", rec.Code)
	}
	return rec.Body.String()
}

func TestWhatWasNotedStandsInTheScrape(t *testing.T) {
	m := observe.New("v1.2.3")
	m.Request("GET /column", http.MethodGet, 200, 3*time.Millisecond)
	m.Request("GET /column", "BREW", 405, time.Millisecond)
	m.Message("web", "handled")
	m.Answer("web", "answer", 12*time.Millisecond)
	m.Case("claimed")
	m.Case("claimed")
	m.Send("telegram", "retry")
	m.Release("column", "out")
	m.Need("refused", "kept")
	m.Job("publicity", "done", time.Second)
	m.Gauge("outbox_length", "Messages that wait.", func() float64 { return 7 })
	body := scrape(t, m)
	for _, want := range []string{
		`anjie_build_info{version="v1.2.3"} 1`,
		`anjie_http_request_seconds_count{method="GET",route="GET /column",status="200"} 1`,
		`anjie_http_request_seconds_count{method="other",route="GET /column",status="405"} 1`,
		`anjie_messages_total{channel="web",outcome="handled"} 1`,
		`anjie_answer_seconds_sum{channel="web",kind="answer"} 0.012`,
		`anjie_case_events_total{kind="claimed"} 2`,
		`anjie_sends_total{channel="telegram",outcome="retry"} 1`,
		`anjie_releases_total{outcome="out",outlet="column"} 1`,
		`anjie_job_seconds_sum{job="publicity",outcome="done"} 1`,
		`anjie_asked_total{kind="refused",outcome="kept"} 1`,
		`anjie_outbox_length 7`,
		`go_goroutines`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the scrape lacks %s", want)
		}
	}
}

func TestTwoRegistriesDoNotShareCounts(t *testing.T) {
	a, b := observe.New("a"), observe.New("b")
	a.Case("filed")
	if strings.Contains(scrape(t, b), `anjie_case_events_total{kind="filed"}`) {
		t.Error("a count of one registry stands in the other")
	}
}
