// Package livechat keeps live chats: conversations on tickets while somebody is there on both sides.
//
// A chat is an ordinary ticket with ordinary messages; all that is kept here is who is there. When somebody asks and people who take chats are
// present in working hours, the ticket is a chat; else it waits in the line at once.
//
//	room := &livechat.Room{DB: d, Desk: desk, There: site.There, …}
//	opening, err := room.Opening(ctx, tx)          // is somebody there, and if not, when
//	t, err := desk.Create(ctx, tx, by, …)          // with the channel ticket.ByChat
//	err = room.Begin(ctx, tx, t)                   // tells those who are there
//	chat, err := room.Look(ctx, tx, t.ID, livechat.Sign{Shown: 7}) // the visitor's page asks now and then
//	err = room.Take(ctx, tx, by, t.ID)             // the first has it
//
// Invariants: what is said is kept by package ticket before anything here is; a chat that is over, or that nobody takes, stays a ticket like
// every other; an answer that the visitor's page has not shown goes by mail, also after a restart; who may not see the ticket hears nothing.
package livechat

import (
	"context"
	"errors"
	"slices"
	"time"

	"goodturn/internal/button"
	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// State is where a chat stands.
type State string

// The states.
const (
	Waiting State = "waiting" // nobody has answered yet
	Talking State = "talking"
	InLine  State = "line" // nobody came: it waits like every request
	Ended   State = "ended"
)

// Who ends a chat.
const (
	ByVisitor = "visitor"
	ByAgent   = "agent"
	BySilence = "silence"
)

// Chat is who is there on a ticket.
type Chat struct {
	TicketID int64
	State    State
	AgentID  int64 // who has it; 0 for nobody
	BegunAt  clock.Instant
	HeardAt  clock.Instant // when anybody last wrote
	HereAt   clock.Instant // when the visitor's page last asked
	TypedAt  clock.Instant // when they last typed
	ShownID  int64         // the newest message that their page has shown
	EndedAt  clock.Instant
	EndedBy  string        // "" while it goes on
	MailedAt clock.Instant // when the visitor asked for the conversation by mail
}

const columns = `ticket_id, state, coalesce(agent_id, 0) AS agent_id, begun_at, heard_at, here_at, typed_at, shown_id, ended_at, ended_by, mailed_at`

const (
	// hereFor is how long somebody is there after their page last asked: pages in the background ask seldom.
	hereFor = 45 * time.Second
	// typingFor is how long somebody writes after their page last said so.
	typingFor = 8 * time.Second
	// hereEvery is how often at most it is written down that somebody is there.
	hereEvery = 10 * time.Second
	// MailAfter is how long an answer to somebody who is there waits for their page to show it.
	MailAfter = 90 * time.Second
)

// On tells that the chat goes on.
func (c Chat) On() bool { return c.State != "" && c.State != Ended }

// Here tells that the visitor's page asked a moment ago.
func (c Chat) Here(now clock.Instant) bool { return c.On() && now.Sub(c.HereAt) < hereFor }

// Typing tells that the visitor writes.
func (c Chat) Typing(now clock.Instant) bool {
	return c.Here(now) && c.TypedAt != 0 && now.Sub(c.TypedAt) < typingFor
}

// Of gives the chat on a ticket; the zero Chat for none.
func Of(ctx context.Context, tx *db.Tx, ticketID int64) (Chat, error) {
	c, err := db.One[Chat](ctx, tx, `SELECT `+columns+` FROM live_chat WHERE ticket_id = $1`, ticketID)
	if errors.Is(err, db.ErrNoRow) {
		return Chat{}, nil
	}
	return c, err
}

// Among tells in which of some tickets a chat goes on, in which nobody has to wait in the line.
func Among(ctx context.Context, tx *db.Tx, tickets []int64) (map[int64]bool, error) {
	if len(tickets) == 0 {
		return nil, nil
	}
	args := db.Args{}
	ids, err := db.All[int64](ctx, tx, `SELECT ticket_id FROM live_chat WHERE state IN ('waiting', 'talking') AND ticket_id IN (`+db.List(&args, tickets)+`)`, args...)
	out := make(map[int64]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

// Room is where chats take place.
type Room struct {
	DB   *db.DB
	Desk *ticket.Desk
	// There are the people at the desk who have a page of it open now.
	There func() []int64
	// Free leaves those who are not away and not in a long call.
	Free func(ctx context.Context, tx *db.Tx, people []int64) ([]int64, error)
	// Hours are the working hours of a team; 0 is the desk's.
	Hours func(ctx context.Context, tx *db.Tx, teamID int64) (*calendar.Calendar, error)
	// Duty tells who is on shift in a team now, and not in a break, where a published rota says so (covered); else working hours count. Optional.
	Duty func(ctx context.Context, tx *db.Tx, teamID int64) (covered bool, people []int64, err error)
	// Tell tells people at the desk that somebody waits.
	Tell func(ctx context.Context, tx *db.Tx, t ticket.Ticket, people []int64) error
	// Confirm has a mail say that a request has come, since nobody answered at once.
	Confirm func(ctx context.Context, tx *db.Tx, t ticket.Ticket) error
	// Mail has the conversation mailed to whoever asked; proven says that it is surely them.
	Mail func(ctx context.Context, tx *db.Tx, t ticket.Ticket, proven bool) error
	// Shown drops the mails of answers to somebody, up to a message, since their page has shown them.
	Shown func(ctx context.Context, tx *db.Tx, ticketID, personID, upTo int64) error
	// Moved wakes pages that show who is there.
	Moved func(ticketID, teamID int64)
}

// Opening is whether somebody can chat now.
type Opening struct {
	On  bool    // chats are offered at all
	Who []int64 // those who would answer now; empty when nobody is there
	// Next is when somebody will be there, as far as the working hours tell; 0 when it is working time, or nothing is known.
	Next clock.Instant
}

// Now tells that a chat can begin.
func (o Opening) Now() bool { return o.On && len(o.Who) > 0 }

// Opening tells whether somebody is there, and if not, when.
func (r *Room) Opening(ctx context.Context, tx *db.Tx) (o Opening, err error) {
	set, err := button.Load(ctx, tx)
	if err != nil || !set.Chat {
		return o, err
	}
	o.On = true
	on, err := r.duty(ctx, tx, set.ChatTeamID)
	if err != nil {
		return o, err
	}
	if !on.covered {
		hours, err := r.Hours(ctx, tx, set.ChatTeamID)
		if err != nil {
			return o, err
		}
		if !hours.Open(tx.Now) {
			if at, ok := hours.Opens(tx.Now); ok {
				o.Next = at
			}
			return o, nil
		}
	}
	o.Who, err = r.atDesk(ctx, tx, on)
	return o, err
}

// duty is who is on shift where a rota says so.
type duty struct {
	team    int64
	covered bool
	people  []int64
}

func (r *Room) duty(ctx context.Context, tx *db.Tx, teamID int64) (d duty, err error) {
	if d.team = teamID; d.team == 0 {
		if d.team, err = db.One[int64](ctx, tx, `SELECT id FROM team WHERE NOT private ORDER BY id LIMIT 1`); err != nil {
			return d, err
		}
	}
	if r.Duty != nil {
		d.covered, d.people, err = r.Duty(ctx, tx, d.team)
	}
	return d, err
}

// atDesk are those who answer chats of a team now: who said that they take chats, has the desk open, is not away and may see the team's
// tickets; where a rota says who is at the desk, only those on shift and not in a break.
func (r *Room) atDesk(ctx context.Context, tx *db.Tx, on duty) ([]int64, error) {
	there := r.There()
	if len(there) == 0 {
		return nil, nil
	}
	all, err := takers(ctx, tx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(id int64) bool {
		return !slices.Contains(there, id) || on.covered && !slices.Contains(on.people, id)
	})
	if all, err = r.Free(ctx, tx, all); err != nil || len(all) == 0 {
		return nil, err
	}
	actors, err := person.ActorsOf(ctx, tx, all)
	return slices.DeleteFunc(all, func(id int64) bool {
		a := actors[id]
		return !a.Staff() || !person.Can(a, person.ChangeTicket, person.Thing{TeamID: on.team})
	}), err
}

// takers are those who take chats.
func takers(ctx context.Context, tx *db.Tx) ([]int64, error) {
	return db.All[int64](ctx, tx, `SELECT x.person_id FROM live_chat_taker x JOIN person p ON p.id = x.person_id WHERE p.active ORDER BY x.person_id`)
}

// Takes tells whether somebody takes chats.
func Takes(ctx context.Context, tx *db.Tx, personID int64) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM live_chat_taker WHERE person_id = $1`, personID)
}

// SetTakes says that somebody at the desk takes chats, or does not any more.
func SetTakes(ctx context.Context, tx *db.Tx, by person.Actor, on bool) (err error) {
	if !by.Staff() {
		return fault.Denied(i18n.M("Only who works at the desk takes chats."))
	}
	if on {
		_, err = tx.Exec(ctx, `INSERT INTO live_chat_taker (person_id, since) VALUES ($1, $2) ON CONFLICT (person_id) DO NOTHING`, by.ID, tx.Now)
	} else {
		_, err = tx.Exec(ctx, `DELETE FROM live_chat_taker WHERE person_id = $1`, by.ID)
	}
	tx.Signal(signal, by.ID)
	return err
}

// signal is the signal (db.Tx.Signal) that what stands over somebody's pages changed.
const signal = "offers"

// Asking is a chat that nobody has yet.
type Asking struct {
	TicketID int64
	Subject  string
	Name     string // of whoever asks
	BegunAt  clock.Instant
}

// mostAsking is how many are shown at once.
const mostAsking = 3

// WaitingFor lists the chats that somebody who takes chats could take now, the longest wait first.
func WaitingFor(ctx context.Context, tx *db.Tx, a person.Actor) ([]Asking, error) {
	if on, err := Takes(ctx, tx, a.ID); err != nil || !on {
		return nil, err
	}
	args := db.Args{mostAsking}
	return db.All[Asking](ctx, tx, `SELECT c.ticket_id, t.subject, p.name, c.begun_at FROM live_chat c JOIN ticket t ON t.id = c.ticket_id JOIN person p ON p.id = t.requester_id
		WHERE c.state = 'waiting' AND c.agent_id IS NULL AND `+person.Visible(a, person.SeeTicket, &args)+` ORDER BY c.begun_at, c.ticket_id LIMIT $1`, args...)
}
