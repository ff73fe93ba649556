// Package live tells pages that something changed, so that they can fetch it anew: publish and subscribe within one process.
//
// An event says that a thing changed, not how: the page asks for the fragment and thereby sees only what its reader may see.
//
//	hub := live.New(1000)
//	hub.Publish(live.Event{Topic: "ticket", ID: 4711})             // after the commit
//
//	events, cancel := hub.Subscribe(r.Context(), live.Topics("ticket"), 16)
//	defer cancel()
//	for e := range events { … }
//
// Invariants: a publisher never waits for a subscriber. Events come in the order of their sequence numbers. A subscriber
// misses nothing without being told: when it is too slow, or asks to resume from too long ago, it gets one event with
// Resync set in the place of what it missed, and should load everything it shows again. Once the context ends, cancel
// is called or the hub closes, the channel is closed and nothing is left of the subscriber.
package live

import (
	"context"
	"sync"
	"time"
)

// Event says that a thing changed.
type Event struct {
	// Seq is the number that the hub gives, larger than that of every event before, in this process and in those before
	// it. It serves as the id of a server-sent event. With Resync it is the latest number known then.
	Seq uint64
	// Topic is the kind of thing, such as "ticket".
	Topic string
	// ID is which one.
	ID int64
	// Kind is what happened, in a word, where a listener cares; may be empty.
	Kind string
	// Scope is whom it concerns, for filters to go by, such as the number of a team; 0 where everybody may know.
	Scope int64
	// Resync means that events are missing. The other fields but Seq are empty.
	Resync bool
}

// Filter chooses events. It is called by publishers, under the hub's lock: it must be quick and must not call the hub.
// nil lets everything pass.
type Filter func(Event) bool

// Topics is a filter for some topics.
func Topics(topics ...string) Filter {
	return func(e Event) bool {
		for _, t := range topics {
			if t == e.Topic {
				return true
			}
		}
		return false
	}
}

// Hub passes events from publishers to subscribers; it is safe for concurrent use.
type Hub struct {
	mu          sync.Mutex
	seq         uint64
	recent      []Event // a ring; the event of number n is at n % len
	held        uint64  // how many events the ring holds
	subscribers map[*subscriber]struct{}
	closed      bool
}

// subscriber is one channel. It is lagging from the moment its Resync is put into the channel, which then holds nothing
// else, until the Resync is taken out.
type subscriber struct {
	events  chan Event
	filter  Filter
	lagging bool
}

// New makes a hub that remembers the last events for those who resume; at least one.
func New(remember int) *Hub {
	return &Hub{
		// Starting from the clock, in microseconds, keeps the numbers of a former process below ours, so that a browser
		// that resumes across a restart is told to load again.
		seq:         uint64(time.Now().UnixMicro()),
		recent:      make([]Event, max(1, remember)),
		subscribers: map[*subscriber]struct{}{},
	}
}

// Publish gives the event its number and passes it to every subscriber whose filter lets it. It never waits. Call it
// after the commit of what changed, or listeners look too early.
func (h *Hub) Publish(e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	h.seq++
	e.Seq, e.Resync = h.seq, false
	h.recent[h.seq%uint64(len(h.recent))] = e
	h.held = min(h.held+1, uint64(len(h.recent)))
	for s := range h.subscribers {
		if s.filter == nil || s.filter(e) {
			s.offer(e)
		}
	}
}

// offer is called under the hub's lock, so nobody else sends.
func (s *subscriber) offer(e Event) {
	if s.lagging {
		if len(s.events) > 0 {
			return // whoever takes the Resync out loads what e is about, too
		}
		s.lagging = false
	}
	select {
	case s.events <- e:
	default:
		s.resync(e.Seq)
	}
}

// resync puts one Resync in the place of all that waits.
func (s *subscriber) resync(seq uint64) {
	for {
		select {
		case <-s.events:
			continue
		default:
		}
		break
	}
	s.events <- Event{Seq: seq, Resync: true}
	s.lagging = true
}

// Subscribe gives the events from now on that pass the filter. buffer is how many may wait, at least one. Call cancel, or end the
// context, when done.
func (h *Hub) Subscribe(ctx context.Context, filter Filter, buffer int) (events <-chan Event, cancel func()) {
	return h.subscribe(ctx, filter, buffer, nil)
}

// Resume is Subscribe that begins with the events after the number last, as a browser sends it in Last-Event-ID, or
// with one Resync when the hub no longer has them all or they are more than buffer.
func (h *Hub) Resume(ctx context.Context, last uint64, filter Filter, buffer int) (events <-chan Event, cancel func()) {
	return h.subscribe(ctx, filter, buffer, &last)
}

// After gives the events after the number last that pass the filter, and the number up to which it looked, for somebody who
// asks now and then instead of listening. missed says that the hub no longer has them all.
func (h *Hub) After(last uint64, filter Filter) (events []Event, seq uint64, missed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if last > h.seq || last < h.seq-h.held {
		return nil, h.seq, true
	}
	for n := last + 1; n <= h.seq; n++ {
		if e := h.recent[n%uint64(len(h.recent))]; filter == nil || filter(e) {
			events = append(events, e)
		}
	}
	return events, h.seq, false
}

func (h *Hub) subscribe(ctx context.Context, filter Filter, buffer int, last *uint64) (<-chan Event, func()) {
	s := &subscriber{events: make(chan Event, max(1, buffer)), filter: filter}
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		close(s.events)
		return s.events, func() {}
	}
	h.subscribers[s] = struct{}{}
	if last != nil {
		h.replay(s, *last)
	}
	h.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { h.remove(s) })
	return s.events, func() {
		stop()
		h.remove(s)
	}
}

// replay offers what came after the number last.
func (h *Hub) replay(s *subscriber, last uint64) {
	if last > h.seq || last < h.seq-h.held {
		s.resync(h.seq)
		return
	}
	for n := last + 1; n <= h.seq; n++ {
		e := h.recent[n%uint64(len(h.recent))]
		if s.filter == nil || s.filter(e) {
			s.offer(e)
		}
	}
}

func (h *Hub) remove(s *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.subscribers[s]; ok {
		delete(h.subscribers, s)
		close(s.events)
	}
}

// Close ends all subscriptions, so that the requests behind them end and the server can stop; later ones end at once.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s := range h.subscribers {
		delete(h.subscribers, s)
		close(s.events)
	}
}

// Seq is the number of the latest event. A page that is about to load notes it, and subscribes with Resume from there:
// then nothing is missed in between.
func (h *Hub) Seq() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seq
}

// Subscribers is how many listen now, for the administrator's page.
func (h *Hub) Subscribers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.subscribers)
}
