package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// fresh is how old the last poll that Telegram answered may be while polling
// still counts as working: a long poll takes up to 25 s, and one may be lost.
const fresh = 60 * time.Second

// monitor counts what happens on the wire and serves it over HTTP: /metrics for
// Prometheus and /healthz for whoever restarts the bot.
type monitor struct {
	registry *prometheus.Registry
	updates  *prometheus.CounterVec
	answers  *prometheus.CounterVec
	calls    *prometheus.HistogramVec
	polled   atomic.Int64 // when, in Unix nanoseconds; 0 for never
}

func newMonitor() *monitor {
	m := &monitor{
		registry: prometheus.NewRegistry(),
		updates: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "articlebot_updates_total", Help: "Updates received, by kind.",
		}, []string{"kind"}),
		answers: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "articlebot_answers_total", Help: "Answers by what was asked and what became of them; dropped: over the limit of a chat.",
		}, []string{"asked", "outcome"}),
		calls: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "articlebot_api_call_duration_seconds", Help: "Calls of the Bot API by method and result; 429: throttled by Telegram.",
			Buckets: []float64{.025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"method", "result"}),
	}
	sincePoll := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "articlebot_last_poll_seconds", Help: "Time since Telegram last answered a poll; infinite before the first.",
	}, m.sincePoll)
	m.registry.MustRegister(m.updates, m.answers, m.calls, sincePoll,
		collectors.NewBuildInfoCollector(), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *monitor) Polled()                       { m.polled.Store(time.Now().UnixNano()) }
func (m *monitor) Received(kind string)          { m.updates.WithLabelValues(kind).Inc() }
func (m *monitor) Answered(name, outcome string) { m.answers.WithLabelValues(name, outcome).Inc() }

func (m *monitor) Called(method, result string, took time.Duration) {
	m.calls.WithLabelValues(method, result).Observe(took.Seconds())
}

// sincePoll returns the seconds since the last poll that Telegram answered.
func (m *monitor) sincePoll() float64 {
	polled := m.polled.Load()
	if polled == 0 {
		return math.Inf(1)
	}
	return time.Since(time.Unix(0, polled)).Seconds()
}

// ServeHTTP answers /healthz with 200 while polling works, else with 503.
func (m *monitor) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if m.sincePoll() > fresh.Seconds() {
		http.Error(w, "Telegram has not answered a poll for more than "+fresh.String(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

// listen serves on addr until the returned function is called.
func (m *monitor) listen(addr string, log *slog.Logger) (stop func(), err error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("HTTP_ADDR: %w: choose a free address, or leave it out", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", m)
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("health and metrics are not served any more", "error", err)
		}
	}()
	log.Info("serving /healthz and /metrics", "address", listener.Addr().String())
	return func() { server.Close(); <-done }, nil
}

// health asks the bot that runs with the same HTTP_ADDR whether polling works.
func (p program) health(ctx context.Context) int {
	get, err := settings(p.getenv)
	if err == nil {
		err = checkAddr(get("HTTP_ADDR"))
	}
	if err == nil && get("HTTP_ADDR") == "" {
		err = errors.New("HTTP_ADDR is not set: set it as for the running bot, for example to 127.0.0.1:8080")
	}
	if err != nil {
		fmt.Fprintln(p.stderr, "articlebot:", err)
		return exitUsage
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := askHealth(ctx, get("HTTP_ADDR")); err != nil {
		return p.failed(err)
	}
	fmt.Fprintln(p.stdout, "ok")
	return exitOK
}

// askHealth returns what is wrong, in the words of the bot that runs there.
func askHealth(ctx context.Context, addr string) error {
	if strings.HasPrefix(addr, ":") {
		addr = "localhost" + addr
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/healthz", nil)
	if err != nil {
		return err
	}
	resp, err := (&http.Transport{}).RoundTrip(req) // past any proxy: it is this machine
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1000))
	return errors.Join(errors.New(strings.TrimSpace(string(body))), err)
}
