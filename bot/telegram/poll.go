package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const (
	longPoll    = 25 * time.Second // Telegram allows 50; a dead line is noticed sooner
	pollSlack   = 10 * time.Second // for a poll to come back after that
	maxUpdates  = 100              // the most Telegram gives at once
	drain       = 7 * time.Second  // for the updates at hand once asked to stop
	acknowledge = 2 * time.Second  // for the last acknowledgement

	// A poller that another one cuts off stays quiet a little longer each time,
	// so that of two one is a spare and no rival. It is over after a while without.
	shortQuiet, longQuiet = 2 * time.Second, 30 * time.Second
	conflictOver          = 5 * time.Minute
)

// Poller fetches updates and has them answered.
type Poller struct {
	Client *Client
	Kinds  []string // of updates, as allowed_updates
	// Receive makes a job of an update; an error passes the update over.
	Receive func(update json.RawMessage) (Job, error)
	Log     *slog.Logger

	limit    int           // how many updates to fetch at once: few where one of them cannot be read
	quiet    time.Duration // after the last conflict
	conflict time.Time     // when it was
}

// Run polls until ctx is done or Telegram does not know the token, which is the
// error. Once ctx is done it fetches no more, gives the updates at hand some
// seconds to be answered, and acknowledges those that were.
func (p *Poller) Run(ctx context.Context) error {
	work, finish := context.WithCancel(context.WithoutCancel(ctx))
	defer finish()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(drain, finish) })()

	w := newWindow(p, work)
	told := 0 // the offset that Telegram has heard
	for ctx.Err() == nil {
		start := time.Now()
		batch, heard, err := p.fetch(ctx, w.offset)
		if heard {
			told = w.offset
		}
		if err != nil {
			finish()
			w.running.Wait()
			return err
		}
		w.add(batch)
		w.wait(ctx, start.Add(pollAgain))
		if len(batch) == 0 && time.Since(start) < pollAgain {
			sleep(ctx, pollAgain) // a server that does not hold a long poll
		}
	}
	w.running.Wait()
	if w.advance(); w.offset != told {
		p.acknowledge(context.WithoutCancel(ctx), w.offset)
	}
	return nil
}

// fetch returns the updates from offset on, none once ctx is done, and whether
// Telegram has heard the offset. The error is that of a dead token.
func (p *Poller) fetch(ctx context.Context, offset int) (batch []received, heard bool, err error) {
	var pause backoff
	var warned bool
	for {
		batch, err := p.getReadable(ctx, offset)
		wait := pause.after(err)
		stopped, ok := errors.AsType[*brokenOff](err)
		switch {
		case err == nil:
			p.Client.observer.Polled()
			return batch, true, nil
		case ok:
			return nil, stopped.sent, nil
		case DeadToken(err):
			return nil, false, err
		case refusal(err).Code == http.StatusConflict:
			wait = p.stayQuiet(err)
		case Refused(err) && !warned:
			warned = true
			p.Log.Warn("Telegram gives no updates, trying until it does", "error", err, "cure", "look the error up at https://core.telegram.org/bots/api#getupdates")
		}
		if !sleep(ctx, wait) {
			return nil, false, nil
		}
	}
}

// stayQuiet returns how long not to poll after a conflict, which has one code
// for two causes.
func (p *Poller) stayQuiet(err error) time.Duration {
	now := time.Now()
	if now.Sub(p.conflict) > conflictOver {
		cure := "stop the other process that polls with this token"
		if strings.Contains(refusal(err).Message, "webhook") {
			cure = "call deleteWebhook once with this token"
		}
		p.Log.Warn("another one gets this bot's updates, trying until it does not", "error", err, "cure", cure)
		p.quiet = shortQuiet / 2
	}
	p.conflict, p.quiet = now, min(2*p.quiet, longQuiet)
	return p.quiet
}

// received is an update as it came.
type received struct {
	id  int
	raw json.RawMessage
}

// getReadable fetches updates, one by one where a batch could not be read. One
// that cannot be read even by itself, such as broken JSON, is still one to pass
// over if it shows its id.
func (p *Poller) getReadable(ctx context.Context, offset int) ([]received, error) {
	if p.limit == 0 {
		p.limit = maxUpdates
	}
	batch, err := p.getUpdates(ctx, offset, p.limit)
	bad, ok := errors.AsType[*badAnswer](err)
	switch {
	case err == nil:
		p.limit = min(2*p.limit, maxUpdates)
	case !ok || bad.status != http.StatusOK:
	case p.limit > 1:
		p.limit = 1
		return p.getReadable(ctx, offset)
	default:
		if m := updateID.FindSubmatch(bad.body); m != nil {
			id, _ := strconv.Atoi(string(m[1])) // digits, and not too many
			return []received{{id, nil}}, nil
		}
	}
	return batch, err
}

var updateID = regexp.MustCompile(`^\{"ok":true,"result":\[\{"update_id":(\d{1,18})\b`)

// getUpdates makes one long poll. Updates are decoded one by one: a bad one
// does not take the others down.
func (p *Poller) getUpdates(ctx context.Context, offset, limit int) ([]received, error) {
	kinds, err := json.Marshal(p.Kinds)
	if err != nil {
		return nil, err
	}
	params := tgbotapi.Params{
		"timeout":         strconv.Itoa(int(longPoll.Seconds())),
		"limit":           strconv.Itoa(limit),
		"allowed_updates": string(kinds),
	}
	params.AddNonZero("offset", offset)
	result, err := p.Client.once(ctx, "getUpdates", params, longPoll+pollSlack)
	if err != nil {
		return nil, err
	}
	var raws []json.RawMessage
	if err := json.Unmarshal(result, &raws); err != nil {
		return nil, &badAnswer{http.StatusOK, nil}
	}
	var batch []received
	for _, raw := range raws {
		id, ok := idOf(raw)
		if !ok {
			p.Log.Error("an update without an id is passed over")
			continue
		}
		batch = append(batch, received{id, raw})
	}
	if len(batch) == 0 && len(raws) > 0 {
		return nil, &badAnswer{http.StatusOK, nil} // nothing to acknowledge: it would come again at once
	}
	return batch, nil
}

// idOf returns an update's id. Telegram writes it first, where it is found
// without decoding the whole update.
func idOf(raw json.RawMessage) (id int, ok bool) {
	if rest, found := bytes.CutPrefix(raw, []byte(`{"update_id":`)); found {
		end := bytes.IndexAny(rest, ",}")
		if id, err := strconv.Atoi(string(rest[:max(end, 0)])); err == nil {
			return id, true
		}
	}
	var u struct {
		ID *int `json:"update_id"`
	}
	if err := json.Unmarshal(raw, &u); err != nil || u.ID == nil {
		return 0, false
	}
	return *u.ID, true
}

// acknowledge tells Telegram the offset without waiting for updates.
func (p *Poller) acknowledge(ctx context.Context, offset int) {
	ctx, cancel := context.WithTimeout(ctx, acknowledge)
	defer cancel()
	params := tgbotapi.Params{"offset": strconv.Itoa(offset), "limit": "1", "timeout": "0"}
	if _, err := p.Client.Call(ctx, "getUpdates", params); err != nil {
		p.Log.Warn("the last answers could not be acknowledged and will be given again", "error", err)
	}
}
