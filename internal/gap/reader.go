package gap

import (
	"maps"
	"sync"
	"time"

	"goodturn/internal/clock"
)

// readers are people who just read an article, and which one. It is forgotten within the hour, and never written down.
type readers struct {
	mu   sync.Mutex
	last map[int64]reading
}

type reading struct {
	article int64
	at      clock.Instant
}

// soon is how long before a ticket an article was read just before it.
const soon = time.Hour

// mostReaders bounds how many are remembered: more do not read within an hour, or it is not known of all.
const mostReaders = 20_000

// Read notes that somebody who is signed in reads an article, so that a ticket of theirs that comes within the hour is known to have come
// anyway.
func (k *Keeper) Read(personID, articleID int64, at clock.Instant) {
	if personID == 0 {
		return
	}
	r := &k.read
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == nil {
		r.last = map[int64]reading{}
	}
	if len(r.last) < mostReaders || r.last[personID] != (reading{}) {
		r.last[personID] = reading{article: articleID, at: at}
	}
}

// of gives the article that somebody just read, 0 for none.
func (r *readers) of(personID int64, now clock.Instant) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if x := r.last[personID]; x.at >= now.Add(-soon) {
		return x.article
	}
	return 0
}

// forget drops what was read longer ago.
func (r *readers) forget(now clock.Instant) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.last, func(_ int64, x reading) bool { return x.at < now.Add(-soon) })
}
