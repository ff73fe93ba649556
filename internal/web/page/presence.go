package page

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/live"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// How long somebody is there who has gone, since pages come and go on the way from one to the next, and how long somebody
// writes who has stopped. Who asks now and then is there until they should have asked again.
const (
	presenceStays = 10 * time.Second
	presencePolls = 25 * time.Second
	typingStays   = 10 * time.Second
)

// Present is somebody who looks at a ticket now.
type Present struct {
	PersonID int64
	Name     string
	// Writing is "" or what they write: "reply" or "note".
	Writing string
	// Since is when they came, for a steady order.
	Since time.Time
}

// presence knows who looks at which ticket, and who writes there. It lives in memory alone: after a start it knows nobody
// until their pages are back, a second later.
type presence struct {
	mu sync.Mutex
	at map[int64]map[int64]*looker // by ticket and person
}

// looker is somebody at a ticket; there while a page of theirs looks, and until the moment gone.
type looker struct {
	Present
	pages    int
	team     int64
	until    time.Time
	typed    time.Time
	watching bool // a timer waits for the end
}

// looks notes that the visitor looks at tickets, those of them that they may see, until leave is called and a moment longer.
func (s *Site) looks(ctx context.Context, v Visit, tickets []int64, stays time.Duration) (leave func()) {
	seen := map[int64]int64{} // team by ticket
	if len(tickets) > 0 && v.Actor.Staff() {
		_ = s.DB.Read(ctx, func(tx *db.Tx) error {
			for _, id := range tickets {
				if t, err := ticket.Get(ctx, tx, v.Actor, person.SeeTicket, id); err == nil {
					seen[id] = t.TeamID
				}
			}
			return nil
		})
	}
	for id, team := range seen {
		s.arrive(id, team, v.Actor, 1, stays)
	}
	return func() {
		for id, team := range seen {
			s.arrive(id, team, v.Actor, -1, stays)
		}
	}
}

// arrive counts a page of somebody in (1) or out (-1), who stays so long after it at least.
func (s *Site) arrive(id, team int64, a person.Actor, pages int, stays time.Duration) {
	p := &s.presence
	p.mu.Lock()
	l, came := p.looker(id, team, a)
	l.pages += pages
	if until := time.Now().Add(stays); l.until.Before(until) {
		l.until = until
	}
	p.watch(s, id, l)
	p.mu.Unlock()
	if came {
		s.tellPresence(id, team)
	}
}

// Typing notes that the visitor writes on a ticket, which they may see; what is "reply", "note", or "" for an end.
func (s *Site) Typing(v Visit, t ticket.Ticket, what string) {
	p := &s.presence
	p.mu.Lock()
	l, came := p.looker(t.ID, t.TeamID, v.Actor)
	changed := came || l.Writing != what
	l.Writing, l.typed = what, time.Now()
	if end := l.typed.Add(typingStays); l.until.Before(end) {
		l.until = end
	}
	p.watch(s, t.ID, l)
	p.mu.Unlock()
	if changed {
		s.tellPresence(t.ID, t.TeamID)
	}
}

// looker finds or makes somebody at a ticket. It is called under the lock.
func (p *presence) looker(id, team int64, a person.Actor) (l *looker, came bool) {
	if p.at == nil {
		p.at = map[int64]map[int64]*looker{}
	}
	if p.at[id] == nil {
		p.at[id] = map[int64]*looker{}
	}
	if l = p.at[id][a.ID]; l == nil {
		l = &looker{Present: Present{PersonID: a.ID, Name: a.Name, Since: time.Now()}}
		p.at[id][a.ID], came = l, true
	}
	l.team = team
	return l, came
}

// watch has the end of somebody's writing or looking noticed. It is called under the lock.
func (p *presence) watch(s *Site, id int64, l *looker) {
	if l.watching {
		return
	}
	next := l.typed.Add(typingStays)
	if l.Writing == "" {
		if l.pages > 0 {
			return // leaving calls again
		}
		next = l.until
	}
	l.watching = true
	time.AfterFunc(max(time.Until(next), time.Millisecond), func() { s.presenceEnds(id, l) })
}

// presenceEnds is called when somebody's writing or looking may have ended.
func (s *Site) presenceEnds(id int64, l *looker) {
	p, now, changed := &s.presence, time.Now(), false
	p.mu.Lock()
	l.watching = false
	if l.Writing != "" && now.Sub(l.typed) >= typingStays {
		l.Writing, changed = "", true
	}
	if l.pages <= 0 && !now.Before(l.until) {
		delete(p.at[id], l.PersonID)
		if len(p.at[id]) == 0 {
			delete(p.at, id)
		}
		changed = true
	} else {
		p.watch(s, id, l)
	}
	team := l.team
	p.mu.Unlock()
	if changed {
		s.tellPresence(id, team)
	}
}

// TellPresence has pages that show who is at a ticket look again.
func (s *Site) TellPresence(id, team int64) { s.tellPresence(id, team) }

func (s *Site) tellPresence(id, team int64) {
	s.Hub.Publish(live.Event{Topic: topicPresence, ID: id, Scope: team})
}

// Others are those who look at a ticket now beside the visitor, those who write first, then as they came. Ask only for
// somebody who may see the ticket.
func (s *Site) Others(v Visit, ticketID int64) (out []Present) {
	p := &s.presence
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, l := range p.at[ticketID] {
		if id != v.Actor.ID {
			out = append(out, l.Present)
		}
	}
	slices.SortFunc(out, func(a, b Present) int {
		return cmp.Or(cmp.Compare(boolInt(a.Writing == ""), boolInt(b.Writing == "")), a.Since.Compare(b.Since), cmp.Compare(a.PersonID, b.PersonID))
	})
	return out
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
