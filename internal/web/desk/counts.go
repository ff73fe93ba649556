package desk

import (
	"context"
	"sync"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/ticket"
)

// tallies remembers the kept counts until any ticket changes: they stand on every page, most pages are asked for between
// two changes, and one tally serves everybody.
type tallies struct {
	mu       sync.Mutex
	seq      uint64
	at       clock.Instant
	tally    ticket.Tally
	followed map[int64]int // by person
}

// A number is never older than this, should a change not be told of.
const tallyLife = 5 * time.Second

// tally gives the counts of all standing lists. What is read in a transaction is no older than the hub's number from before
// it began.
func (d *Desk) tally(ctx context.Context, l *look) (ticket.Tally, error) {
	t := &d.tallies
	if tally, ok := t.get(l.seq, l.visit.Now); ok {
		return tally, nil
	}
	tally, err := ticket.ReadTally(ctx, l.tx)
	if err == nil {
		t.put(l.seq, l.visit.Now, tally)
	}
	return tally, err
}

func (t *tallies) get(seq uint64, now clock.Instant) (ticket.Tally, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.tally, t.at != 0 && t.seq == seq && now.Sub(t.at) < tallyLife
}

func (t *tallies) put(seq uint64, now clock.Instant, tally ticket.Tally) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.at == 0 || seq >= t.seq {
		t.seq, t.at, t.tally, t.followed = seq, now, tally, map[int64]int{}
	}
}

// followed tells how many open tickets the visitor follows. Call tally first.
func (d *Desk) followed(ctx context.Context, l *look) (int, error) {
	t, me := &d.tallies, l.visit.Actor
	t.mu.Lock()
	n, ok := t.followed[me.ID]
	ok = ok && t.seq == l.seq && len(me.Hidden) == 0 // teams that are hidden from somebody may change
	t.mu.Unlock()
	if ok {
		return n, nil
	}
	n, err := ticket.CountFollowed(ctx, l.tx, me)
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil && t.seq == l.seq && t.followed != nil && len(me.Hidden) == 0 {
		t.followed[me.ID] = n
	}
	return n, err
}
