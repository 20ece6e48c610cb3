package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	"golang.org/x/sync/errgroup"
)

const (
	longPoll    = 50 * time.Second // the longest Telegram allows
	drain       = 7 * time.Second  // for the updates at hand once asked to stop
	acknowledge = 2 * time.Second  // for the last acknowledgement
)

// Job is the answer to one update, to be carried out.
type Job struct {
	Chat int64  // jobs of one chat are run one after the other
	Name string // for the log
	// Run returns an error where Telegram refused. It keeps on trying until
	// its context is done, and only then the update counts as not answered.
	Run func(context.Context) error
}

// Poller fetches updates and has them answered.
type Poller struct {
	Client *Client
	Kinds  []string // of updates, as allowed_updates
	// Receive makes a job of an update; an error passes the update over.
	Receive func(update json.RawMessage) (Job, error)
	Log     *slog.Logger
}

// Run polls until ctx is done or Telegram does not know the token, which is the
// error. Once ctx is done it fetches no more, gives the updates at hand some
// seconds to be answered, and acknowledges those that were.
//
// A batch is answered chat by chat, chats side by side; when all of it is
// answered, the offset moves, and the next fetch acknowledges it.
func (p *Poller) Run(ctx context.Context) error {
	work, finish := context.WithCancel(context.WithoutCancel(ctx))
	defer finish()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(drain, finish) })()

	var offset int // the last batch's last id + 1, not a maximum: ids begin anew after a quiet week
	for ctx.Err() == nil {
		batch, err := p.fetch(ctx, offset)
		if err != nil {
			return err
		}
		if len(batch) > 0 {
			offset = p.answer(work, batch)
		}
	}
	if offset > 0 {
		p.acknowledge(context.WithoutCancel(ctx), offset)
	}
	return nil
}

// fetch returns the next updates, none once ctx is done. The error is that of
// a dead token.
func (p *Poller) fetch(ctx context.Context, offset int) ([]received, error) {
	var pause backoff
	var warned bool
	for {
		batch, err := p.getUpdates(ctx, offset)
		p.Client.episode.note(ctx, err)
		switch {
		case err == nil:
			return batch, nil
		case DeadToken(err):
			return nil, err
		case Refused(err) && !warned:
			warned = true
			p.Log.Warn("Telegram gives no updates, trying until it does", "error", err, "cure", refusalCure(err))
		}
		if !sleep(ctx, pause.after(err)) {
			return nil, nil
		}
	}
}

// refusalCure says what to do where updates are refused: almost always with a
// conflict, which has one code for two causes.
func refusalCure(err error) string {
	switch {
	case refusal(err).Code != http.StatusConflict:
		return "look the error up at https://core.telegram.org/bots/api#getupdates"
	case strings.Contains(refusal(err).Message, "webhook"):
		return "call deleteWebhook once with this token"
	}
	return "stop the other process that polls with this token"
}

// received is an update as it came.
type received struct {
	id  int
	raw json.RawMessage
}

// getUpdates makes one long poll. Updates are decoded one by one: a bad one
// does not take the others down.
func (p *Poller) getUpdates(ctx context.Context, offset int) ([]received, error) {
	kinds, err := json.Marshal(p.Kinds)
	if err != nil {
		return nil, err
	}
	params := tgbotapi.Params{"timeout": strconv.Itoa(int(longPoll.Seconds())), "allowed_updates": string(kinds)}
	params.AddNonZero("offset", offset)
	result, err := p.Client.once(ctx, "getUpdates", params, longPoll+callTimeout)
	if err != nil {
		return nil, err
	}
	var raws []json.RawMessage
	if err := json.Unmarshal(result, &raws); err != nil {
		return nil, &badAnswer{http.StatusOK}
	}
	var batch []received
	for _, raw := range raws {
		var u struct {
			ID *int `json:"update_id"`
		}
		if err := json.Unmarshal(raw, &u); err != nil || u.ID == nil {
			p.Log.Error("an update without an id is passed over")
			continue
		}
		batch = append(batch, received{*u.ID, raw})
	}
	if len(batch) == 0 && len(raws) > 0 {
		return nil, &badAnswer{http.StatusOK} // nothing to acknowledge: it would come again at once
	}
	return batch, nil
}

// answer answers a batch and returns the offset that acknowledges what was
// answered: all of it, or if ctx ended before, the updates before the first
// that was not.
func (p *Poller) answer(ctx context.Context, batch []received) (offset int) {
	var chats []int64
	jobs := map[int64][]int{} // chat: indices into batch
	run := make([]Job, len(batch))
	for i, u := range batch {
		run[i] = p.receive(u)
		chat := run[i].Chat
		if jobs[chat] == nil {
			chats = append(chats, chat)
		}
		jobs[chat] = append(jobs[chat], i)
	}
	answered := make([]bool, len(batch))
	var group errgroup.Group
	group.SetLimit(connections)
	for _, chat := range chats {
		group.Go(func() error {
			for _, i := range jobs[chat] {
				answered[i] = p.run(ctx, batch[i].id, run[i])
			}
			return nil
		})
	}
	_ = group.Wait() // no job returns an error
	for i, u := range batch {
		if !answered[i] {
			return u.id
		}
	}
	return batch[len(batch)-1].id + 1
}

// receive makes a job of an update. One that cannot be read is a job of its
// own that does nothing.
func (p *Poller) receive(u received) (job Job) {
	defer p.survive(u.id)
	job, err := p.Receive(u.raw)
	if err != nil {
		p.Log.Error("an update is passed over", "update", u.id, "error", err)
		return Job{}
	}
	return job
}

// run carries out a job and reports whether the update is dealt with.
func (p *Poller) run(ctx context.Context, id int, job Job) (done bool) {
	if job.Run == nil {
		return true
	}
	done = true // also after a panic
	defer p.survive(id)
	start := time.Now()
	err := job.Run(ctx)
	log := p.Log.With("update", id, "asked", job.Name, "duration", time.Since(start).Round(time.Millisecond))
	switch {
	case err == nil:
		log.Info("answered")
	case ctx.Err() != nil:
		log.Warn("not answered before the stop, will be after the restart")
		return false
	default:
		log.Warn("not answered", "error", err)
	}
	return true
}

// survive ends a panic as a line in the log.
func (p *Poller) survive(id int) {
	if r := recover(); r != nil {
		p.Log.Error("an answer is lost", "update", id, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
	}
}

// acknowledge tells Telegram the offset without waiting for updates.
func (p *Poller) acknowledge(ctx context.Context, offset int) {
	ctx, cancel := context.WithTimeout(ctx, acknowledge)
	defer cancel()
	params := tgbotapi.Params{"offset": strconv.Itoa(offset), "limit": "1", "timeout": "0"}
	if _, err := p.Client.Call(ctx, "getUpdates", params); err != nil && !errors.Is(err, context.Canceled) {
		p.Log.Warn("the last answers could not be acknowledged and will be given again", "error", err)
	}
}
