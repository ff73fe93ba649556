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
	"goodturn/internal/ticket"
)

// Topics of live pages.
const (
	TopicList   = "list"   // any ticket that the visitor may see: lists and their counts
	topicTicket = "ticket" // one ticket
)

// TicketTopic is the topic of one ticket: "ticket:1042".
func TicketTopic(id int64) string { return topicTicket + ":" + strconv.FormatInt(id, 10) }

// Announce has live pages told that a ticket changed. It is what ticket.Desk calls after a commit.
func (s *Site) Announce(c ticket.Change) {
	s.Hub.Publish(live.Event{Topic: topicTicket, ID: c.Ticket.ID, Kind: string(c.What), Scope: c.Ticket.TeamID})
}

const (
	liveBuffer = 64
	liveCheck  = 20 * time.Second // how often the right to the stream is looked at again
	liveWrite  = 30 * time.Second // a browser that takes nothing for so long is gone
	maxTopics  = 20               // of one page
	maxStreams = 4000             // in all
	maxOpen    = 40               // of one person: a page each
)

// streams counts who has streams open, so that nobody can hold all that the program has.
type streams struct {
	mu  sync.Mutex
	all int
	of  map[int64]int // by person
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
		}
	}, true
}

// live is the one stream of a page: server-sent events named "changed" whose data is a topic. The page
// then fetches what it shows, so nothing is told here that the visitor may not see but that a ticket of a
// team of theirs changed.
func (s *Site) live(w http.ResponseWriter, r *http.Request, v Visit) error {
	leave, ok := s.streams.enter(v.Actor.ID)
	if !ok {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusTooManyRequests) // a page reads no words here: it goes on without live updates
		return nil
	}
	defer leave()
	topics := strings.Split(r.FormValue("topics"), ",")
	topics = topics[:min(len(topics), maxTopics)]
	rc := http.NewResponseController(w)
	soon := func() { _ = rc.SetWriteDeadline(time.Now().Add(liveWrite)) }
	soon()
	filter := func(e live.Event) bool {
		return slices.Contains(topics, TopicList) || slices.Contains(topics, TicketTopic(e.ID))
	}
	last, _ := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 64)
	var events <-chan live.Event
	var cancel func()
	if last != 0 {
		events, cancel = s.Hub.Resume(r.Context(), last, filter, liveBuffer)
	} else {
		events, cancel = s.Hub.Subscribe(r.Context(), filter, liveBuffer)
	}
	defer cancel()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	fmt.Fprint(w, "retry: 2000\n\n")
	if err := rc.Flush(); err != nil {
		return nil
	}
	check := time.NewTicker(liveCheck)
	defer check.Stop()
	for {
		select {
		case e, ok := <-events:
			if !ok {
				return nil
			}
			soon()
			for _, t := range s.toldTopics(e, topics, v.Actor) {
				fmt.Fprintf(w, "id: %d\nevent: changed\ndata: %s\n\n", e.Seq, t)
			}
		case <-check.C:
			a, ok := s.still(r.Context(), v)
			if !ok {
				return nil
			}
			v.Actor = a
			soon()
			fmt.Fprint(w, ": still here\n\n")
		}
		if err := rc.Flush(); err != nil {
			return nil
		}
	}
}

// toldTopics are those of the page's topics that an event concerns, as far as the visitor may know.
func (s *Site) toldTopics(e live.Event, topics []string, a person.Actor) []string {
	if e.Resync {
		return topics
	}
	if !person.Can(a, person.SeeTicket, person.Thing{TicketID: e.ID, TeamID: e.Scope}) {
		return nil
	}
	var out []string
	for _, t := range topics {
		if t == TopicList || t == TicketTopic(e.ID) {
			out = append(out, t)
		}
	}
	return out
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
