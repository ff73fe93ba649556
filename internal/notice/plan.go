package notice

import (
	"context"
	"fmt"
	"sync"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

// The jobs that send.
const (
	digestJob = "notice_digest"
	nowJob    = "notice_now"
	chatJob   = "notice_chat"
)

const (
	soon = 3 * time.Minute
	// gather is how long what is sent at once waits for more of the same moment: a change of many tickets is one mail.
	gather = 5 * time.Second
)

// personArgs name the person whose notices a job sends.
type personArgs struct {
	Person int64 `json:"person"`
}

// plan has what waits for somebody sent when they want it.
func (c *Center) plan(ctx context.Context, tx *db.Tx, a person.Actor, choice Choice, n row) error {
	if n.mail == waiting {
		if err := c.insert(ctx, tx, digestJob, a.ID, c.due(tx.Now, choice, a.Zone)); err != nil {
			return err
		}
	}
	if n.mail == atOnce {
		if err := c.insert(ctx, tx, nowJob, a.ID, n.due); err != nil {
			return err
		}
	}
	if n.chat == waiting {
		return c.insert(ctx, tx, chatJob, a.ID, n.due)
	}
	return nil
}

func (c *Center) insert(ctx context.Context, tx *db.Tx, kind string, personID int64, at clock.Instant) error {
	return c.Queue.Insert(ctx, tx, job.Job{Kind: kind, Args: personArgs{personID}, Unique: fmt.Sprintf("%s %d %d", kind, personID, at), At: at})
}

// zones keeps what was loaded: reading one costs more than noting a notice.
var zones sync.Map

// zone is where somebody lives, or the desk.
func (c *Center) zone(name string) *time.Location {
	if name != "" {
		if z, ok := zones.Load(name); ok {
			return z.(*time.Location)
		}
		if z, err := time.LoadLocation(name); err == nil {
			zones.Store(name, z)
			return z
		}
	}
	if c.Zone != nil {
		return c.Zone
	}
	return time.UTC
}

// atOnce is when something goes out that is to go at once: within a moment, or when their quiet hours end.
func (c *Center) atOnce(now clock.Instant, a person.Actor, choice Choice, urgent bool) clock.Instant {
	at := clock.From(now.Time().Truncate(gather).Add(gather))
	if urgent && choice.Quiet.Urgent {
		return at
	}
	end, _ := choice.Quiet.until(at, c.zone(a.Zone))
	return end
}

// due is when the next mail that collects goes out. All that comes until then is in it.
func (c *Center) due(now clock.Instant, choice Choice, zone string) clock.Instant {
	where := c.zone(zone)
	var at clock.Instant
	switch choice.Digest {
	case Soon:
		at = clock.From(now.Time().Truncate(time.Minute).Add(soon))
	case Hourly:
		at = clock.From(now.Time().Truncate(time.Hour).Add(time.Hour))
	case Weekdays:
		at = nextHour(now, choice.Hour, where, func(d time.Weekday) bool { return d != time.Saturday && d != time.Sunday })
	default:
		at = nextHour(now, choice.Hour, where, func(time.Weekday) bool { return true })
	}
	end, _ := choice.Quiet.until(at, where)
	return end
}

// nextHour is the next moment after now at which it is an hour in a zone, on a day that is good.
func nextHour(now clock.Instant, hour int, where *time.Location, good func(time.Weekday) bool) clock.Instant {
	local := now.Time().In(where)
	for ahead := 0; ; ahead++ {
		day := time.Date(local.Year(), local.Month(), local.Day()+ahead, 12, 0, 0, 0, time.UTC)
		if at := wall(day, hour*60, where, false); at > now && good(day.Weekday()) {
			return at
		}
	}
}
