package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"strings"

	"github.com/joho/godotenv"

	"articlebot/bot/telegram"
)

// config is the settings of a running bot. See .env.example for each.
type config struct {
	token     string
	apiURL    string
	logLevel  slog.Level
	logFormat string
}

// errNoToken means that nothing is set up yet.
var errNoToken = errors.New(`no token, so there is no bot to run.
Get one: write /newbot to @BotFather in Telegram, then set TELEGRAM_BOT_TOKEN here or in a file .env.
Try without one: articlebot preview`)

// readConfig reads the settings from the environment and, below it, from the
// file .env of the working directory. The error tells all mistakes at once, each
// with its cure, and quotes no value that might be the token.
func readConfig(getenv func(string) string) (config, error) {
	file, err := godotenv.Read(".env")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return config{}, errors.New(".env cannot be read: write lines KEY=value in it, or remove it") // err would quote the line
	}
	get := func(key string) string { return strings.TrimSpace(cmp.Or(getenv(key), file[key])) }
	c := config{apiURL: cmp.Or(get("TELEGRAM_API_URL"), telegram.DefaultURL), logFormat: cmp.Or(get("LOG_FORMAT"), "text")}
	var tokenErr error
	c.token, tokenErr = readToken(get("TELEGRAM_BOT_TOKEN"), get("TELEGRAM_BOT_TOKEN_FILE"))
	problems := []error{tokenErr}
	if !validURL(c.apiURL) {
		problems = append(problems, errors.New("TELEGRAM_API_URL is not an address: write it as https://host, without /bot and the token, or leave it out"))
	}
	if err := c.logLevel.UnmarshalText([]byte(cmp.Or(get("LOG_LEVEL"), "info"))); err != nil {
		problems = append(problems, errors.New("LOG_LEVEL is not a level: write debug, info, warn or error"))
	}
	if c.logFormat != "text" && c.logFormat != "json" {
		problems = append(problems, errors.New("LOG_FORMAT is not a format: write text or json"))
	}
	return c, errors.Join(problems...)
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
		u.RawQuery == "" && u.Fragment == "" && !strings.Contains(u.Path, "/bot")
}

// logger writes to w in the configured form.
func (c config) logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.logLevel}
	if c.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
