package desk

import (
	"context"
	"fmt"
	"regexp"
	"sync"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/view"
)

// savedCounts are the numbers beside saved views. A filter is counted once for all who would come to the same number, never
// twice at a time, and not before the last number is savedLife old; a page does not wait for a filter that takes its time.
type savedCounts struct {
	mu    sync.Mutex
	by    map[string]*savedCount
	turns chan struct{} // few are counted at once, so that lists go on
}

type savedCount struct {
	n    int
	more bool
	err  error
	seq  uint64 // of the hub, from before it was counted
	at   clock.Instant
	done chan struct{} // nil when it is not being counted
}

const (
	savedLife    = 5 * time.Second
	savedWait    = 60 * time.Millisecond // how long a page waits for all its numbers
	savedTime    = 10 * time.Second      // a filter that takes longer has no number
	savedPenalty = time.Minute           // and is not tried again so soon
	maxSaved     = 2000                  // numbers remembered
)

var saysMe = regexp.MustCompile(`(?i)\b(me|mine)\b|is:(unread|read)`)

// savedKey is the same for all for whom a filter counts the same.
func savedKey(a person.Actor, v view.View) string {
	me := int64(0)
	if saysMe.MatchString(v.Filter) {
		me = a.ID
	}
	return fmt.Sprint(me, a.Hidden, a.Zone, v.Filter)
}

// number is what is known of a saved view's count: known is false while nothing is, or what is known is too old; again is
// when it is worth asking again, 0 for when something changes.
type number struct {
	n     int
	more  bool
	known bool
	err   error
	again time.Duration
}

// savedNumbers gives the numbers of views. What names a colleague has none: it would be a figure about them (docs/lead.md).
func (d *Desk) savedNumbers(ctx context.Context, l *look, views []view.View) []number {
	c := &d.savedCounts
	var begun []<-chan struct{}
	for _, v := range views {
		if ticket.OfColleague(v.Filter) {
			continue
		}
		if done := c.want(ctx, d, l, v); done != nil {
			begun = append(begun, done)
		}
	}
	wait := time.NewTimer(savedWait)
	defer wait.Stop()
	for _, done := range begun {
		select {
		case <-done:
		case <-wait.C:
			wait.Reset(0)
		case <-ctx.Done():
		}
	}
	out := make([]number, len(views))
	for i, v := range views {
		if ticket.OfColleague(v.Filter) {
			continue
		}
		out[i] = c.get(savedKey(l.visit.Actor, v), l.seq)
	}
	return out
}

// get gives the last number.
func (c *savedCounts) get(key string, seq uint64) number {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.by[key]
	if s == nil || s.at == 0 {
		return number{again: savedLife / 5}
	}
	age := clock.Now().Sub(s.at)
	fresh := s.seq >= seq
	switch {
	case s.err != nil:
		return number{err: s.err}
	case fresh:
		return number{n: s.n, more: s.more, known: true}
	case age < savedLife:
		return number{n: s.n, more: s.more, known: true, again: savedLife - age}
	}
	return number{again: savedLife / 5}
}

// want begins to count when it is time; it gives what is closed when a count under way is done, or nil.
func (c *savedCounts) want(ctx context.Context, d *Desk, l *look, v view.View) <-chan struct{} {
	key := savedKey(l.visit.Actor, v)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil || len(c.by) >= maxSaved {
		c.by, c.turns = map[string]*savedCount{}, make(chan struct{}, 1)
	}
	was := c.by[key]
	now := clock.Now()
	switch {
	case was == nil:
	case was.done != nil:
		return was.done
	case was.at != 0 && (was.seq >= l.seq || now.Sub(was.at) < savedLife || was.err != nil && now.Sub(was.at) < savedPenalty && !fault.Is(was.err, fault.KindInvalid)):
		return nil
	}
	s := &savedCount{done: make(chan struct{})}
	if was != nil {
		s.n, s.more, s.err, s.seq, s.at = was.n, was.more, was.err, was.seq, was.at
	}
	c.by[key] = s
	go c.count(context.WithoutCancel(ctx), d, l.visit.Actor, v.Filter, s, c.turns)
	return s.done
}

// count counts one filter for whom it is asked; the request that began it may have ended.
func (c *savedCounts) count(ctx context.Context, d *Desk, a person.Actor, text string, s *savedCount, turns chan struct{}) {
	turns <- struct{}{}
	defer func() { <-turns }()
	ctx, cancel := context.WithTimeout(ctx, savedTime)
	defer cancel()
	seq := d.Site.Hub.Seq()
	var n int
	var more bool
	err := d.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		n, more, err = ticket.CountAny(ctx, tx, a, text)
		return err
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	s.n, s.more, s.err, s.seq, s.at = n, more, err, seq, clock.Now()
	close(s.done)
	s.done = nil
}
