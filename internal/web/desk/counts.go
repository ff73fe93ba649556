package desk

import (
	"context"
	"fmt"
	"sync"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/ticket"
)

// counts remembers the numbers beside the standing lists until any ticket changes: they stand on every page, and most
// pages are asked for between two changes.
type counts struct {
	mu  sync.Mutex
	seq uint64
	by  map[string]counted
}

type counted struct {
	numbers []int // by the place in standing; 0 where nothing is counted
	at      clock.Instant
}

// A number is never older than this, should a change not be told of; and no more people than this are remembered.
const (
	countsLife = 10 * time.Second
	maxCounts  = 500
)

// counts gives how many tickets the visitor has in each standing list, up to ticket.CountBound. What is counted in a
// transaction is no older than the hub's number from before it began.
func (d *Desk) counts(ctx context.Context, l *look) ([]int, error) {
	v := l.visit
	key := fmt.Sprint(v.Actor.ID, v.Actor.Role, v.Actor.Hidden)
	if n, ok := d.remembered.get(key, l.seq, v.Now); ok {
		return n, nil
	}
	numbers := make([]int, len(standing))
	for i, s := range standing {
		if !s.counted {
			continue
		}
		n, err := ticket.Count(ctx, l.tx, v.Actor, s.filter())
		if err != nil {
			return nil, err
		}
		numbers[i] = n
	}
	d.remembered.put(key, l.seq, counted{numbers, v.Now})
	return numbers, nil
}

func (c *counts) get(key string, seq uint64, now clock.Instant) ([]int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, ok := c.by[key]
	return n.numbers, ok && c.seq == seq && now.Sub(n.at) < countsLife
}

func (c *counts) put(key string, seq uint64, n counted) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil || c.seq < seq || len(c.by) >= maxCounts {
		c.by = map[string]counted{}
	}
	if c.seq = max(c.seq, seq); c.seq == seq {
		c.by[key] = n
	}
}
