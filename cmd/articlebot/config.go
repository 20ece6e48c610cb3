package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/joho/godotenv"

	"articlebot/bot/telegram"
)

// config is the settings of a running bot. See .env.example for each.
type config struct {
	token     func() string // not a string, so that %+v of a config does not print it
	apiURL    string
	logLevel  slog.Level
	logFormat string
	httpAddr  string // of /healthz and /metrics; empty for none
}

// errNoToken means that nothing is set up yet.
var errNoToken = errors.New(`no token, so there is no bot to run.
Get one: write /newbot to @BotFather in Telegram, then set TELEGRAM_BOT_TOKEN here or in a file .env.
Try without one: articlebot preview`)

// settings returns a look-up in the environment and, below it, in the file .env
// of the working directory. An empty setting is one that is not set.
func settings(getenv func(string) string) (get func(key string) string, err error) {
	file, err := godotenv.Read(".env")
	switch e, unreadable := errors.AsType[*fs.PathError](err); {
	case errors.Is(err, fs.ErrNotExist):
	case unreadable:
		return nil, fmt.Errorf(".env: %w: make it a file that can be read, or remove it", e.Err)
	case err != nil: // its text would quote the line, and the token with it
		return nil, errors.New(".env is not understood: write lines KEY=value in it, or remove it")
	}
	if getenv("TELEGRAM_BOT_TOKEN") != "" || getenv("TELEGRAM_BOT_TOKEN_FILE") != "" {
		delete(file, "TELEGRAM_BOT_TOKEN") // the environment wins, in either form
		delete(file, "TELEGRAM_BOT_TOKEN_FILE")
	}
	return func(key string) string { return strings.TrimSpace(cmp.Or(getenv(key), file[key])) }, nil
}

// readConfig reads the settings. The error tells all mistakes at once, each with
// its cure, and quotes no value that might be the token.
func readConfig(getenv func(string) string) (config, error) {
	get, err := settings(getenv)
	if err != nil {
		return config{}, err
	}
	c := config{apiURL: cmp.Or(get("TELEGRAM_API_URL"), telegram.DefaultURL), logFormat: cmp.Or(get("LOG_FORMAT"), "text"), httpAddr: get("HTTP_ADDR")}
	token, err := readToken(get("TELEGRAM_BOT_TOKEN"), get("TELEGRAM_BOT_TOKEN_FILE"))
	c.token = func() string { return token }
	problems := []error{err}
	if !validURL(c.apiURL) {
		problems = append(problems, errors.New("TELEGRAM_API_URL is not an address: write it as https://host, without /bot and the token, or leave it out"))
	}
	if err := c.logLevel.UnmarshalText([]byte(cmp.Or(get("LOG_LEVEL"), "info"))); err != nil {
		problems = append(problems, errors.New("LOG_LEVEL is not a level: write debug, info, warn or error"))
	}
	if c.logFormat != "text" && c.logFormat != "json" {
		problems = append(problems, errors.New("LOG_FORMAT is not a format: write text or json"))
	}
	return c, errors.Join(append(problems, checkAddr(c.httpAddr))...)
}

// checkAddr lets pass host:port, :port, and nothing.
func checkAddr(addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if _, wrong := strconv.ParseUint(port, 10, 16); addr != "" && (err != nil || wrong != nil) {
		return errors.New("HTTP_ADDR is not an address: write it as 127.0.0.1:8080 or :8080, or leave it out")
	}
	return nil
}

// readToken returns the token, given or in a file.
func readToken(token, file string) (string, error) {
	switch {
	case token == "" && file == "":
		return "", errNoToken
	case token != "" && file != "":
		return "", errors.New("TELEGRAM_BOT_TOKEN and TELEGRAM_BOT_TOKEN_FILE are both set: remove one")
	case file != "":
		data, err := os.ReadFile(file)
		if e, ok := errors.AsType[*fs.PathError](err); ok {
			err = e.Err // without the path: it may be the token itself, set to the wrong name
		}
		if err != nil {
			return "", fmt.Errorf("TELEGRAM_BOT_TOKEN_FILE: %w: name a file that can be read", err)
		}
		token = strings.TrimSpace(string(data))
	}
	if !telegram.ValidToken(token) {
		return "", errors.New("the token is not one: copy it whole from @BotFather, it looks like 123456789:AAE-abc_def")
	}
	return token, nil
}

func validURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" &&
		u.RawQuery == "" && u.Fragment == "" && !botPath.MatchString(u.Path)
}

// botPath is the part of an address that the bot adds by itself.
var botPath = regexp.MustCompile(`/bot(\d|$)`)

// logger writes to w in the configured form.
func (c config) logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.logLevel}
	if c.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
