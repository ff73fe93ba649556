package outage

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

const tellJob = "outage_tell"

type tellArgs struct {
	Update int64 `json:"update"`
}

// How much is done in one transaction: others who write wait for it at most about that long.
const (
	chunkTime  = 25 * time.Millisecond
	chunkItems = 100
)

// tell is the job that tells an update: first every person, then every linked ticket. Each step is a transaction that notes how far it
// came, so that one which is interrupted goes on there and tells nobody twice.
func (b *Board) tell(ctx context.Context, raw json.RawMessage) error {
	var args tellArgs
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	for {
		over, err := b.tellSome(ctx, args.Update)
		if err != nil || over {
			return err
		}
	}
}

// telling is an update with how far it was told.
type telling struct {
	Update
	LastPerson int64
	LastTicket int64
}

func (b *Board) tellSome(ctx context.Context, id int64) (over bool, err error) {
	err = b.DB.Write(ctx, func(tx *db.Tx) error {
		over = false
		if err := tx.Lock(ctx, "outage_update", id); err != nil {
			return err
		}
		u, err := db.One[telling](ctx, tx, `SELECT `+updateColumns+`, u.last_person, u.last_ticket FROM outage_update u WHERE u.id = $1`, id)
		if errors.Is(err, db.ErrNoRow) || err == nil && !u.Telling {
			over = true
			return nil
		}
		if err != nil {
			return err
		}
		o, err := load(ctx, tx, u.OutageID)
		if err != nil {
			return err
		}
		began := time.Now()
		done, err := b.tellPeople(ctx, tx, o, &u, began)
		if err == nil && done {
			done, err = b.tellTickets(ctx, tx, o, &u, began)
		}
		if err != nil {
			return err
		}
		over = done
		_, err = tx.Exec(ctx, `UPDATE outage_update SET telling = $2, told = $3, last_person = $4, last_ticket = $5 WHERE id = $1`, id, !done, u.Told, u.LastPerson, u.LastTicket)
		return err
	})
	return over, err
}

// reached is somebody who is to be told, with the newest of their linked tickets.
type reached struct {
	PersonID       int64
	OrganisationID int64
	TicketID       int64
}

// tellPeople mails some of those who have an outage. Of who said so later than the news was posted it is not told: they saw it.
func (b *Board) tellPeople(ctx context.Context, tx *db.Tx, o Outage, u *telling, began time.Time) (done bool, err error) {
	if b.Mail == nil || o.Audience == OwnTeam {
		return true, nil
	}
	some, err := db.All[reached](ctx, tx, `SELECT h.person_id, p.organisation_id, coalesce((SELECT max(t.id) FROM outage_ticket k JOIN ticket t ON t.id = k.ticket_id
			WHERE k.outage_id = $1 AND t.requester_id = h.person_id AND t.merged_into IS NULL AND t.turn NOT IN ('suspect', 'spam', 'trash')), 0) AS ticket_id
		FROM (`+reach+`) AS h JOIN person p ON p.id = h.person_id WHERE p.active AND h.person_id > $3 ORDER BY h.person_id LIMIT $4`, o.ID, u.At, u.LastPerson, chunkItems)
	if err != nil {
		return false, err
	}
	several, err := person.CircleOf(ctx, tx, 0)
	if err != nil {
		return false, err
	}
	for i, r := range some {
		if i > 0 && time.Since(began) > chunkTime {
			return false, nil
		}
		u.LastPerson = r.PersonID
		if !seen(person.Circle{All: several.All, OrganisationID: r.OrganisationID}, o) {
			continue // they belong somewhere else by now
		}
		n, err := tx.Exec(ctx, `INSERT INTO outage_told (update_id, person_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, u.ID, r.PersonID, tx.Now)
		if err != nil {
			return false, err
		}
		if n == 0 {
			continue
		}
		if err := b.Mail(ctx, tx, Letter{Kind: LetterNews, Person: r.PersonID, Ticket: r.TicketID, About: u.ID}); err != nil {
			return false, err
		}
		u.Told++
	}
	return len(some) < chunkItems, nil
}

// reach is having for one outage as it was at a moment, with requesters of private teams too: they are not counted before others, but told.
const reach = `SELECT DISTINCT coalesce(r.merged_into, r.id) AS person_id FROM (
	SELECT t.requester_id AS person_id FROM outage_ticket k JOIN ticket t ON t.id = k.ticket_id WHERE k.outage_id = $1 AND k.at <= $2 AND t.turn NOT IN ('suspect', 'spam', 'trash')
	UNION SELECT e.person_id FROM outage_person e WHERE e.outage_id = $1 AND e.state = 'in' AND e.at <= $2) AS a
	JOIN person r ON r.id = a.person_id
	WHERE NOT EXISTS (SELECT 1 FROM outage_person x WHERE x.outage_id = $1 AND x.person_id = coalesce(r.merged_into, r.id) AND x.state = 'left')`

// tellTickets notes the news on some of the linked tickets, and solves them where that is wanted.
func (b *Board) tellTickets(ctx context.Context, tx *db.Tx, o Outage, u *telling, began time.Time) (done bool, err error) {
	some, err := db.All[int64](ctx, tx, `SELECT k.ticket_id FROM outage_ticket k JOIN ticket t ON t.id = k.ticket_id
		WHERE k.outage_id = $1 AND k.ticket_id > $2 AND k.at <= $3 AND t.merged_into IS NULL ORDER BY k.ticket_id LIMIT $4`, o.ID, u.LastTicket, u.At, chunkItems)
	if err != nil {
		return false, err
	}
	by := ticket.By{Actor: person.System}
	if u.Solve && len(some) > 0 {
		a, err := person.ActorOf(ctx, tx, u.ByID)
		if err == nil {
			by.Actor = a
		} else if !errors.Is(err, db.ErrNoRow) { // who left meanwhile has said it while they could
			return false, err
		}
	}
	for i, id := range some {
		if i > 0 && time.Since(began) > chunkTime {
			return false, nil
		}
		u.LastTicket = id
		err := tx.Try(ctx, func() error { return b.tellTicket(ctx, tx, by, o, u, id) })
		if _, ours := fault.Of(err); err != nil && !ours { // what somebody may not do is left
			return false, err
		}
	}
	return len(some) < chunkItems, nil
}

func (b *Board) tellTicket(ctx context.Context, tx *db.Tx, by ticket.By, o Outage, u *telling, id int64) error {
	t, err := b.Desk.Outage(ctx, tx, ticket.By{Actor: person.System, Cause: string(u.Kind)}, person.ChangeTicket, id, ticket.OutageTold, 0, o.ID)
	if err != nil || !u.Solve || !t.Status.IsOpen() {
		return err
	}
	by.Cause = SolveCause
	return b.Desk.Solve(ctx, tx, by, id)
}

// SolveCause is the cause of the event when a ticket was solved because its outage is over.
const SolveCause = "outage"

// Sweep does what is due by itself: planned work begins and ends, and who promised news is reminded of it.
func (b *Board) Sweep(ctx context.Context) error {
	for {
		var due []int64
		err := b.DB.Read(ctx, func(tx *db.Tx) (err error) {
			due, err = db.All[int64](ctx, tx, `SELECT id FROM outage WHERE due_at > 0 AND due_at <= $1 ORDER BY due_at LIMIT 20`, tx.Now)
			return err
		})
		if err != nil || len(due) == 0 {
			return err
		}
		for _, id := range due {
			if err := b.DB.Write(ctx, func(tx *db.Tx) error { return b.sweepOne(ctx, tx, id) }); err != nil {
				return err
			}
		}
	}
}

func (b *Board) sweepOne(ctx context.Context, tx *db.Tx, id int64) error {
	if err := tx.Lock(ctx, "outage", id); err != nil {
		return err
	}
	o, err := load(ctx, tx, id)
	if err != nil || o.due() == 0 || o.due() > tx.Now { // another node was here
		return err
	}
	switch {
	case o.State == Planned:
		_, err = tx.Exec(ctx, `UPDATE outage SET state = $2, changed_at = $3 WHERE id = $1`, id, Open, max(tx.Now, o.ChangedAt+1))
	case o.Planned && o.UntilAt <= tx.Now:
		_, err = b.post(ctx, tx, person.Nobody, o, OverUpdate, News{}, nil)
		return err
	default:
		if _, err = tx.Exec(ctx, `UPDATE outage SET reminded_at = next_at WHERE id = $1`, id); err == nil {
			err = b.remind(ctx, tx, o)
		}
	}
	if err != nil {
		return err
	}
	return b.plan(ctx, tx, id)
}

// remind tells whoever posted an outage, and whoever gave the last news, that news is due; where both have left, those who lead.
func (b *Board) remind(ctx context.Context, tx *db.Tx, o Outage) error {
	if b.Remind == nil {
		return nil
	}
	people, err := db.All[int64](ctx, tx, `SELECT p.id FROM person p WHERE p.active AND p.role <> 'requester'
		AND (p.id = $2 OR p.id = (SELECT u.by_id FROM outage_update u WHERE u.outage_id = $1 ORDER BY u.id DESC LIMIT 1))`, o.ID, o.ByID)
	if err == nil && len(people) == 0 {
		people, err = db.All[int64](ctx, tx, `SELECT p.id FROM person p WHERE p.active AND p.role IN ('lead', 'administrator') ORDER BY p.id LIMIT 50`)
	}
	if err != nil {
		return err
	}
	actors, err := person.ActorsOf(ctx, tx, people)
	if err != nil {
		return err
	}
	var may []int64
	for _, id := range people {
		if person.Can(actors[id], person.SeeOutages, o.Thing()) {
			may = append(may, id)
		}
	}
	return b.Remind(ctx, tx, may, o)
}

// Posted is how many outages began since a moment, those of a team's own aside.
func Posted(ctx context.Context, tx *db.Tx, since clock.Instant) (int, error) {
	return db.One[int](ctx, tx, `SELECT count(*) FROM outage WHERE since_at >= $1 AND since_at <= $2 AND NOT planned AND audience <> 'team'`, since, tx.Now)
}

// ToldOf is how many people were told without having to ask, for the figures: mails of news since a moment, and to how many people.
func ToldOf(ctx context.Context, tx *db.Tx, since clock.Instant) (people int, err error) {
	return db.One[int](ctx, tx, `SELECT count(DISTINCT person_id) FROM outage_told WHERE at >= $1`, since)
}
