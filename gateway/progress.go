package gateway

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/bindery-mcp/bindery/gateway/front"
	"github.com/bindery-mcp/bindery/internal/jsonobject"
)

// betweenReports is how often a client is told of progress at most.
const betweenReports = 500 * time.Millisecond

// notifier sends one progress notification; nil sends none.
type notifier func(ctx context.Context, message string, progress, total float64)

// notifierOf returns what sends progress of the request, nil if its client has
// not asked for it.
func notifierOf(r *front.Request) notifier {
	params, err := jsonobject.Parse(r.Params)
	if err != nil {
		return nil
	}
	meta, err := jsonobject.Parse(params.Get("_meta"))
	if err != nil || meta.Get("progressToken") == nil {
		return nil
	}
	return func(ctx context.Context, message string, progress, total float64) {
		var o jsonobject.Object
		o.Set("progressToken", meta.Get("progressToken"))
		o.Set("progress", number(progress))
		if total > 0 {
			o.Set("total", number(total))
		}
		if message != "" {
			o.SetText("message", message)
		}
		// A client that cannot be told learns the result all the same.
		_ = r.Notify(ctx, "notifications/progress", o.Bytes())
	}
}

func number(f float64) json.RawMessage { return strconv.AppendFloat(nil, f, 'f', -1, 64) }

// reporter tells one request of the progress of a script. A script that ends
// before the first tick says nothing.
type reporter struct {
	feed   *feed
	notify notifier
	ticker *time.Ticker // nil without notify

	seen int     // events, when it last looked
	last float64 // the progress that was sent
	base float64 // what is added to the script's own count
	own  bool
}

func newReporter(f *feed, n notifier) *reporter {
	r := &reporter{feed: f, notify: n}
	if n != nil {
		r.ticker = time.NewTicker(betweenReports)
	}
	return r
}

func (r *reporter) stop() {
	if r.ticker != nil {
		r.ticker.Stop()
	}
}

func (r *reporter) ticks() <-chan time.Time {
	if r.ticker == nil {
		return nil
	}
	return r.ticker.C
}

// report sends what is new. The number must grow with each notification
// (2025-11-25, basic/utilities/progress): as long as the script counts nothing
// itself it is the number of things that happened, and from then on the
// script's own, on top of what was said before.
func (r *reporter) report(ctx context.Context) {
	message, own, events := r.feed.news()
	if events == r.seen {
		return
	}
	r.seen = events
	if own.Done == 0 && own.Total == 0 && !r.own {
		r.last = float64(events)
		r.notify(ctx, message, r.last, 0)
		return
	}
	if !r.own {
		r.own, r.base = true, r.last
	}
	if next := r.base + own.Done; next > r.last {
		total := own.Total
		if total > 0 {
			total += r.base
		}
		r.last = next
		r.notify(ctx, message, next, total)
	}
}
