package page

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/live"
	"goodturn/internal/person"
)

const (
	liveBuffer = 64
	liveCheck  = 20 * time.Second // how often a stream says that it is there, and the right to it is looked at again
	liveWrite  = 30 * time.Second // a browser that takes nothing for so long is gone
	maxStreams = 4000             // in all
	maxOpen    = 40               // of one person: a browser each, or a page where pages cannot share
)

// streams counts who has streams open, so that nobody can hold all that the program has.
type streams struct {
	mu  sync.Mutex
	all int
	of  map[int64]int // by person
	// until is how long somebody is there whose last stream has ended, or who asks now and then instead.
	until map[int64]time.Time
}

// thereStays is how long somebody is there after their last page has gone, since pages come and go on the way from one to the next.
const thereStays = 20 * time.Second

// There are the people who have a page of the desk open now, as far as this process knows.
func (s *Site) There() (people []int64) {
	st, now := &s.streams, time.Now()
	st.mu.Lock()
	defer st.mu.Unlock()
	for id := range st.of {
		people = append(people, id)
	}
	for id, until := range st.until {
		switch {
		case now.After(until):
			delete(st.until, id)
		case st.of[id] == 0:
			people = append(people, id)
		}
	}
	slices.Sort(people)
	return people
}

// stay notes that somebody is there for a while without a stream. It is called under the lock.
func (s *streams) stay(person int64, long time.Duration) {
	if s.until == nil {
		s.until = map[int64]time.Time{}
	}
	if until := time.Now().Add(long); s.until[person].Before(until) {
		s.until[person] = until
	}
}

// enter takes a place, to be given back with leave; ok is false when there is none.
func (s *streams) enter(person int64) (leave func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all >= maxStreams || s.of[person] >= maxOpen {
		return nil, false
	}
	if s.of == nil {
		s.of = map[int64]int{}
	}
	s.all++
	s.of[person]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.of[person]--; s.of[person] == 0 {
			delete(s.of, person)
			s.stay(person, thereStays)
		}
	}, true
}

// live answers GET /live?topics=…: the one stream of a browser, whose pages share it. Its events (server-sent events, HTML standard
// section 9.2) are "hello" when it opens, "changed" with the topics that changed, spaces between them, and "beat" now and then;
// their id serves in Last-Event-ID to go on where another stream ended, and nothing is missed. A page then fetches what it shows,
// so nothing is told here that the visitor may not see.
//
// Asked for JSON it answers at once with what changed since Last-Event-ID: for browsers that streams do not reach.
func (s *Site) live(w http.ResponseWriter, r *http.Request, v Visit) error {
	asked := readTopics(r.FormValue("topics"))
	last, _ := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 64)
	if strings.HasPrefix(r.Header.Get("Accept"), "application/json") {
		return s.poll(w, r, v, asked, last)
	}
	leave, ok := s.streams.enter(v.Actor.ID)
	if !ok {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusTooManyRequests) // a page reads no words here: it asks now and then instead
		return nil
	}
	defer leave()
	st := &stream{w: w, control: http.NewResponseController(w), visit: v, topics: asked}
	ctx := r.Context()
	filter := asked.filter(v.Actor.ID)
	hello := s.Hub.Seq()
	var events <-chan live.Event
	var cancel func()
	if last == 0 {
		last = hello
	}
	events, cancel = s.Hub.Resume(ctx, last, filter, liveBuffer)
	defer cancel()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	st.say("hello", min(last, hello), "live")
	if !st.flush() {
		return nil
	}
	defer s.looks(ctx, v, asked.looking(), presenceStays)()
	check := time.NewTicker(liveCheck)
	defer check.Stop()
	for {
		select {
		case e, ok := <-events:
			if !ok || !s.pass(ctx, st, e) {
				return nil
			}
		case <-check.C:
			if !st.beat(ctx, s, events) {
				return nil
			}
		}
		if !st.flush() {
			return nil
		}
	}
}

// stream is one open answer.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	visit   Visit
	topics  topics
}

// say writes one event.
func (st *stream) say(name string, id uint64, data string) {
	_ = st.control.SetWriteDeadline(time.Now().Add(liveWrite))
	fmt.Fprintf(st.w, "id: %d\nevent: %s\ndata: %s\n\n", id, name, data)
}

func (st *stream) flush() bool { return st.control.Flush() == nil }

// pass tells the browser of an event; false when the right to the stream has ended.
func (s *Site) pass(ctx context.Context, st *stream, e live.Event) bool {
	if e.Topic == person.RightsChanged || e.Resync { // what was missed may have been that
		a, ok := s.still(ctx, st.visit)
		if !ok {
			return false
		}
		st.visit.Actor = a
	}
	if told := st.topics.told(e, st.visit.Actor); len(told) > 0 {
		st.say("changed", e.Seq, strings.Join(told, " "))
	}
	return true
}

// beat says that the stream is there, and up to which event the browser knows all; false when the right to it has ended.
func (st *stream) beat(ctx context.Context, s *Site, events <-chan live.Event) bool {
	a, ok := s.still(ctx, st.visit)
	if !ok {
		return false
	}
	st.visit.Actor = a
	seq := s.Hub.Seq()
	for range len(events) { // all that came up to seq is in the channel by now
		if e, ok := <-events; !ok || !s.pass(ctx, st, e) {
			return false
		}
	}
	st.say("beat", seq, "live")
	return true
}

// still loads the visitor's rights again; false when the session has ended.
func (s *Site) still(ctx context.Context, v Visit) (a person.Actor, ok bool) {
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		ok, err = db.Exists(ctx, tx, `SELECT 1 FROM session WHERE id = $1 AND expires_at > $2`, v.Session, tx.Now)
		if err == nil && ok {
			a, err = person.ActorOf(ctx, tx, v.Actor.ID)
		}
		return err
	})
	return a, ok && err == nil
}
