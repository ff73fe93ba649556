package calendar

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"goodturn/internal/clock"
)

// The time that calendars reach over is cut into chunks of some 398 days. Each is worked out when it is first asked for:
// sorted stretches with the sum of the time worked before each, so that a question is two searches.
const chunkLength = clock.Instant(1) << 35

var (
	horizonFrom = clock.From(time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC))
	horizonTo   = horizonFrom + chunkCount*chunkLength // in September 2189
)

const chunkCount = 266 // so that no Duration overflows

func chunkOf(at clock.Instant) int { return int((at - horizonFrom) / chunkLength) }

func chunkBounds(i int) (from, to clock.Instant) {
	from = horizonFrom + clock.Instant(i)*chunkLength
	return from, from + chunkLength
}

// chunk holds stretches that neither touch nor overlap, in order.
type chunk struct {
	start, end []clock.Instant
	sum        []int64 // milliseconds worked in this chunk before start
	total      int64
}

func (c *Calendar) chunk(i int) *chunk {
	if k := c.chunks[i].Load(); k != nil {
		return k
	}
	from, to := chunkBounds(i)
	k := newChunk(c.stretches(from, to))
	c.chunks[i].Store(k)
	return k
}

// stretch is a piece of open time and the reason for it.
type stretch struct {
	from, to clock.Instant
	why      Reason
	name     string
}

// stretches are the open pieces between two moments, in order of their beginnings; they may overlap.
func (c *Calendar) stretches(from, to clock.Instant) []stretch {
	if c.plan != nil {
		return c.plan.stretches(from, to)
	}
	var all []stretch
	for _, m := range c.members {
		all = append(all, m.stretches(from, to)...)
	}
	sortStretches(all)
	return all
}

func sortStretches(all []stretch) {
	slices.SortStableFunc(all, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
}

// newChunk joins sorted stretches that touch or overlap.
func newChunk(sorted []stretch) *chunk {
	k := &chunk{}
	for _, s := range sorted {
		if n := len(k.start); n > 0 && s.from <= k.end[n-1] {
			k.end[n-1] = max(k.end[n-1], s.to)
			continue
		}
		k.start, k.end = append(k.start, s.from), append(k.end, s.to)
	}
	k.sum = make([]int64, len(k.start))
	for i := range k.start {
		k.sum[i] = k.total
		k.total += int64(k.end[i] - k.start[i])
	}
	return k
}

// upTo is how many stretches begin at or before the moment.
func (k *chunk) upTo(at clock.Instant) int {
	return sort.Search(len(k.start), func(i int) bool { return k.start[i] > at })
}

// before is how much is worked from the beginning of the chunk until the moment.
func (k *chunk) before(at clock.Instant) int64 {
	n := k.upTo(at)
	if n == 0 {
		return 0
	}
	return k.sum[n-1] + int64(min(at, k.end[n-1])-k.start[n-1])
}

// when is the first moment by which so much (more than nothing, at most the total) was worked.
func (k *chunk) when(worked int64) clock.Instant {
	n := sort.Search(len(k.sum), func(i int) bool { return k.sum[i] >= worked })
	return k.start[n-1] + clock.Instant(worked-k.sum[n-1])
}

// whenLast is the last moment before which so much (less than the total) was worked.
func (k *chunk) whenLast(worked int64) clock.Instant {
	n := sort.Search(len(k.sum), func(i int) bool { return k.sum[i] > worked })
	return k.start[n-1] + clock.Instant(worked-k.sum[n-1])
}
