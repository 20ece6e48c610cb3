package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"articlebot/bot/emulator"
)

// questions is how many commands a bot is asked in one round of the benchmark.
const questions = 3000

// telegramAlone is the emulator as a process of its own: it prints its address, asks
// all questions for each line that it reads, and prints a line when all are
// answered.
func telegramAlone() {
	w := &wire{Server: emulator.New("123:SECRET", self), calls: map[string]int{}}
	w.Forget()
	var answers atomic.Int64
	all := make(chan struct{}, 1)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Panic(err)
	}
	go func() {
		log.Panic(http.Serve(listener, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			w.ServeHTTP(rw, r)
			if path.Base(r.URL.Path) == "sendMessage" && answers.Add(1)%questions == 0 {
				all <- struct{}{}
			}
		})))
	}()
	fmt.Println("http://" + listener.Addr().String())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		for n := range questions {
			w.Write(emulator.Message{Chat: group(n % 500), From: &person, Text: "/summary " + words})
		}
		<-all
		fmt.Println("answered")
	}
}

// rival is one of two bots that are compared.
type rival struct {
	command string
	cpu     time.Duration // for all answers, without that of a start
	took    time.Duration
	rss     int64 // kB, at most
}

// BenchmarkWholeProcess holds the processor time of the whole program against
// that of a bot written as the library's examples are, for the same answers to
// the same commands, the emulator being a third process:
//
//	go test ./cmd/articlebot -run '^$' -bench WholeProcess -benchtime 5x
func BenchmarkWholeProcess(b *testing.B) {
	ours, theirs := &rival{command: "unpaced"}, &rival{command: "quickstart"}
	rounds := 0
	for b.Loop() {
		rounds++
		for _, r := range []*rival{ours, theirs} {
			idle, _, _ := r.run(b, false)
			cpu, took, rss := r.run(b, true)
			r.cpu += cpu - idle
			r.took += took
			r.rss = max(r.rss, rss)
		}
	}
	thousands := float64(rounds*questions) / 1000
	for _, r := range []*rival{ours, theirs} {
		b.ReportMetric(float64(r.cpu.Milliseconds())/thousands, r.command+"-cpu-ms/1000")
		b.ReportMetric(thousands*1000/r.took.Seconds(), r.command+"-answers/s")
		b.ReportMetric(float64(r.rss)/1024, r.command+"-MB")
	}
	b.ReportMetric(ours.cpu.Seconds()/theirs.cpu.Seconds(), "ratio")
	b.ReportMetric(0, "ns/op")
}

// run starts the emulator and the bot, has it asked or not, and stops both.
func (r *rival) run(b *testing.B, ask bool) (cpu, took time.Duration, rss int64) {
	b.Helper()
	server, stdin, stdout := startTelegram(b)
	apiURL := readLine(b, stdout)
	bot := command(b, r.command)
	bot.Env = []string{"TELEGRAM_BOT_TOKEN=123:SECRET", "TELEGRAM_API_URL=" + apiURL}
	if err := bot.Start(); err != nil {
		b.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond) // the start is over
	if ask {
		start := time.Now()
		fmt.Fprintln(stdin)
		readLine(b, stdout)
		took = time.Since(start)
	}
	if err := bot.Process.Signal(syscall.SIGTERM); err != nil {
		b.Fatal(err)
	}
	_ = bot.Wait() // the quick start does not care for signals
	stdin.Close()
	_ = server.Wait()
	usage := bot.ProcessState.SysUsage().(*syscall.Rusage)
	return bot.ProcessState.UserTime() + bot.ProcessState.SystemTime(), took, usage.Maxrss
}

func command(tb testing.TB, name string) *exec.Cmd {
	tb.Helper()
	return &exec.Cmd{Path: testBinary(tb), Args: []string{name}, Dir: tb.TempDir()}
}

func startTelegram(b *testing.B) (*exec.Cmd, io.WriteCloser, *bufio.Reader) {
	b.Helper()
	server := command(b, "telegram")
	stdin, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	return server, stdin, bufio.NewReader(stdout)
}

func readLine(b *testing.B, r *bufio.Reader) string {
	b.Helper()
	line, err := r.ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(line)
}
