// Package ratelimit slows down whoever asks too often: one token bucket a key, in memory, with a bound on the number of keys.
//
// It guards what is costly or tempting (forms open to everybody, the API) for one process and until its end. What must
// outlive a restart, such as failed sign-ins, is counted in the database instead.
//
//	forms := ratelimit.New(ratelimit.Config{Burst: 5, Every: time.Minute, Keys: 10_000})
//	if ok, wait := forms.Allow(clientAddress); !ok {
//		// 429, Retry-After: wait
//	}
//
// Invariants: memory is bounded by Keys; the key forgotten first is the one not seen for longest; a refused try costs no token,
// so trying again too early does not make the wait longer.
//
// A forgotten key starts with a full bucket. Choose Keys well above the number of clients, and keys that are not free to
// make up: the /64 of an IPv6 address and not the address.
package ratelimit

import (
	"hash/maphash"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Config says how much is allowed.
type Config struct {
	// Burst is how many tries a key has at once; at least 1.
	Burst int
	// Every is how long it takes until a key has another try; 0 or less means no limit.
	Every time.Duration
	// Keys is how many keys are remembered, at about 250 bytes each; 0 means 10,000.
	Keys int
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Limiter allows and refuses; it is safe for concurrent use.
type Limiter struct {
	limit  rate.Limit
	burst  int
	now    func() time.Time
	seed   maphash.Seed
	shards []shard
}

// shardCount keeps requests on different processors from waiting for each other.
const shardCount = 16

// shard holds the buckets of a part of the keys, in a ring with the newest behind root and the oldest before it.
type shard struct {
	mu      sync.Mutex
	most    int
	buckets map[string]*bucket
	root    bucket
}

type bucket struct {
	key        string
	limiter    *rate.Limiter
	prev, next *bucket
}

// New makes a limiter.
func New(c Config) *Limiter {
	if c.Keys <= 0 {
		c.Keys = 10_000
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	count := min(shardCount, c.Keys)
	l := &Limiter{limit: rate.Every(c.Every), burst: max(1, c.Burst), now: c.Now, seed: maphash.MakeSeed(), shards: make([]shard, count)}
	for i := range l.shards {
		s := &l.shards[i]
		s.most = c.Keys / count
		s.buckets = map[string]*bucket{}
		s.root.prev, s.root.next = &s.root, &s.root
	}
	return l
}

// Allow takes a token from the key's bucket. When there is none, ok is false and retryAfter is how long until there is one.
func (l *Limiter) Allow(key string) (ok bool, retryAfter time.Duration) {
	if l.limit == rate.Inf {
		return true, 0
	}
	s := &l.shards[maphash.String(l.seed, key)%uint64(len(l.shards))]
	s.mu.Lock()
	defer s.mu.Unlock()
	now := l.now()
	limiter := s.find(key, l).limiter
	if limiter.AllowN(now, 1) {
		return true, 0
	}
	missing := 1 - limiter.TokensAt(now)
	return false, time.Duration(math.Ceil(missing / float64(l.limit) * float64(time.Second)))
}

// find gives the key's bucket and makes it the newest.
func (s *shard) find(key string, l *Limiter) *bucket {
	b, ok := s.buckets[key]
	if ok {
		b.prev.next, b.next.prev = b.next, b.prev
	} else {
		if len(s.buckets) >= s.most {
			oldest := s.root.prev
			delete(s.buckets, oldest.key)
			oldest.prev.next, s.root.prev = &s.root, oldest.prev
		}
		b = &bucket{key: key, limiter: rate.NewLimiter(l.limit, l.burst)}
		s.buckets[key] = b
	}
	b.prev, b.next = &s.root, s.root.next
	b.prev.next, b.next.prev = b, b
	return b
}
