// Package observe counts what the desk does, for Prometheus.
//
// Every label comes from a closed set: a route's pattern, a channel's name, an
// outcome. No label holds anything of a person, and none grows with the data.
package observe

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is the desk's own registry. The zero value is not usable; see [New].
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	messages *prometheus.CounterVec
	answers  *prometheus.HistogramVec
	cases    *prometheus.CounterVec
	sends    *prometheus.CounterVec
	releases *prometheus.CounterVec
	needs    *prometheus.CounterVec
	jobs     *prometheus.HistogramVec
}

// New returns Metrics that tell the build's version as anjie_build_info.
func New(version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.requests = histogram("http_request_seconds", "Time that pages took.", "route", "method", "status")
	m.answers = histogram("answer_seconds", "Time from a message to its reply.", "channel", "kind")
	m.jobs = histogram("job_seconds", "Time that jobs took.", "job", "outcome")
	m.messages = counter("messages_total", "Messages that people sent.", "channel", "outcome")
	m.cases = counter("case_events_total", "Changes of cases.", "kind")
	m.sends = counter("sends_total", "Messages sent to people from the outbox.", "channel", "outcome")
	m.releases = counter("releases_total", "Publicity items put out.", "outlet", "outcome")
	m.needs = counter("asked_total", "Questions and opinions by how well they were answered.", "kind", "outcome")
	m.registry.MustRegister(
		m.requests, m.answers, m.jobs, m.messages, m.cases, m.sends, m.releases, m.needs, build(version),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

func histogram(name, help string, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: "anjie", Name: name, Help: help,
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, labels)
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "anjie", Name: name, Help: help}, labels)
}

func build(version string) prometheus.Collector {
	g := prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: "anjie", Name: "build_info", Help: "Always 1; the label says which build runs.",
		ConstLabels: prometheus.Labels{"version": version},
	})
	g.Set(1)
	return g
}

// Handler serves the metrics in Prometheus's text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Request notes a page served. Route is a pattern; an unusual method counts as
// "other", since clients may make methods up.
func (m *Metrics) Request(route, method string, status int, took time.Duration) {
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodHead:
	default:
		method = "other"
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Observe(took.Seconds())
}

// Message notes a message of a person: outcome handled, repeated or failed.
func (m *Metrics) Message(channel, outcome string) {
	m.messages.WithLabelValues(channel, outcome).Inc()
}

// Answer notes how long a reply took; kind is that of answer.Answer, or dialog,
// command.
func (m *Metrics) Answer(channel, kind string, took time.Duration) {
	m.answers.WithLabelValues(channel, kind).Observe(took.Seconds())
}

// Case notes a change of a case by the kind of its event.
func (m *Metrics) Case(kind string) { m.cases.WithLabelValues(kind).Inc() }

// Send notes a message from the outbox: outcome sent, retry, dropped, unknown.
func (m *Metrics) Send(channel, outcome string) { m.sends.WithLabelValues(channel, outcome).Inc() }

// Release notes a try to put a publicity item out: outcome out, failed, doubtful.
func (m *Metrics) Release(outlet, outcome string) { m.releases.WithLabelValues(outlet, outcome).Inc() }

// Need notes a question recorded: kind as package needs names it, outcome kept,
// lost or failed.
func (m *Metrics) Need(kind, outcome string) { m.needs.WithLabelValues(kind, outcome).Inc() }

// Job notes a run of a job: outcome done or failed.
func (m *Metrics) Job(job, outcome string, took time.Duration) {
	m.jobs.WithLabelValues(job, outcome).Observe(took.Seconds())
}

// Total adds a count that is kept elsewhere since the process began and asked
// for at every scrape. Name is as for [Metrics.Gauge].
func (m *Metrics) Total(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "anjie", Name: name, Help: help}, value))
}

// Gauge adds a figure that is asked for at every scrape, such as the length of
// the outbox. Name is without the prefix anjie_; it must be new.
func (m *Metrics) Gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "anjie", Name: name, Help: help}, value))
}
