package routing

import (
	"context"
	"errors"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// give gives a ticket to whoever is to have it in its team, and tells whether there was somebody. from says who had it before, if
// somebody did; to none of not.
func (r *Router) give(ctx context.Context, tx *db.Tx, s Sharing, t ticket.Ticket, from Reason, not ...int64) (bool, error) {
	if err := tx.Lock(ctx, "team_sharing", s.TeamID); err != nil {
		return false, err
	}
	all, err := r.candidates(ctx, tx, s)
	if err != nil {
		return false, err
	}
	can := slices.DeleteFunc(eligible(all, tx.Now, s.AtWork), func(c candidate) bool { return slices.Contains(not, c.ID) })
	can, others, err := r.spared(ctx, tx, t, can)
	if err != nil {
		return false, err
	}
	w, err := r.wishOf(ctx, tx, s, t, all)
	if err != nil {
		return false, err
	}
	for {
		chosen, why, ok := choose(s.Way, can, w)
		if !ok && len(others) > 0 { // better one more hard one than nobody
			can, others = others, nil
			continue
		}
		if !ok {
			return false, nil
		}
		fits, err := r.stillFits(ctx, tx, t, chosen)
		if err != nil {
			return false, err
		}
		if !fits {
			can = slices.DeleteFunc(can, func(c candidate) bool { return c.ID == chosen.ID })
			continue
		}
		why.Away, why.Spread = from.Away, len(others) > 0
		if err := r.Desk.Assign(ctx, tx, desk(why), t.ID, chosen.ID); err != nil {
			return false, err
		}
		return true, r.countTurn(ctx, tx, s.TeamID, chosen.ID)
	}
}

// stillFits looks again at somebody who was chosen, with their own row locked: another team may be giving them something at this moment.
func (r *Router) stillFits(ctx context.Context, tx *db.Tx, t ticket.Ticket, c candidate) (bool, error) {
	a, err := person.ActorOf(ctx, tx, c.ID)
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	if err != nil || !a.Staff() || !person.Can(a, person.ChangeTicket, t.Thing()) {
		return false, err
	}
	if c.Capacity < 0 || tx.Engine() == db.SQLite {
		return true, nil
	}
	if err := lockHelper(ctx, tx, c.ID); err != nil {
		return false, err
	}
	load, err := loadOf(ctx, tx, t.TeamID, c.ID)
	return load < c.Capacity, err
}

// countTurn notes that somebody had their turn.
func (r *Router) countTurn(ctx context.Context, tx *db.Tx, team, personID int64) error {
	n, err := db.One[int64](ctx, tx, `UPDATE team_sharing SET turns = turns + 1 WHERE id = $1 RETURNING turns`, team)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO team_share (team_id, person_id, last_turn) VALUES ($1, $2, $3) ON CONFLICT (team_id, person_id) DO UPDATE SET last_turn = excluded.last_turn`, team, personID, n)
	return err
}

// candidates are the members of a team, by their ids. What they have in other private teams is not counted: nobody outside may know of it.
func (r *Router) candidates(ctx context.Context, tx *db.Tx, s Sharing) ([]candidate, error) {
	return r.people(ctx, tx, s, `SELECT `+candidateColumns+` FROM team_member m JOIN person p ON p.id = m.person_id`+candidateJoins+` WHERE m.team_id = $1 AND p.active AND p.merged_into IS NULL AND p.role <> 'requester' ORDER BY p.id`)
}

// leads are those who are asked when nobody of a team took a ticket: leads and administrators; of a private team only those in it.
func (r *Router) leads(ctx context.Context, tx *db.Tx, s Sharing) ([]candidate, error) {
	return r.people(ctx, tx, s, `SELECT `+candidateColumns+` FROM person p`+candidateJoins+` WHERE p.role IN ('lead', 'administrator') AND p.active AND p.merged_into IS NULL
		AND (NOT (SELECT g.private FROM team g WHERE g.id = $1) OR EXISTS (SELECT 1 FROM team_member m WHERE m.team_id = $1 AND m.person_id = p.id)) ORDER BY p.id`)
}

// $1 is the team, $2 its limit, $3 the moment.
const (
	candidateColumns = `p.id, coalesce(x.last_turn, 0) AS last_turn, coalesce(x.capacity, $2) AS capacity,
		coalesce(h.calendar_id, 0) AS calendar_id, coalesce(h.hold_until, 0) AS hold_until, coalesce(h.offered_at, 0) AS offered_at,
		coalesce((SELECT max(a.until_at) FROM absence a WHERE a.person_id = p.id AND a.from_at <= $3 AND a.until_at > $3), 0) AS away_until,
		(SELECT count(*) FROM ticket t WHERE t.assignee_id = p.id AND t.turn = 'ours' AND (t.team_id = $1 OR t.team_id NOT IN (SELECT id FROM team WHERE private))) AS load`
	candidateJoins = ` LEFT JOIN team_share x ON x.team_id = $1 AND x.person_id = p.id LEFT JOIN helper h ON h.id = p.id`
)

// people loads candidates with their languages and skills, and whether they are at work.
func (r *Router) people(ctx context.Context, tx *db.Tx, s Sharing, query string) ([]candidate, error) {
	limit := s.Capacity
	if limit == 0 {
		limit = -1
	}
	all, err := db.All[candidate](ctx, tx, query, s.TeamID, limit, tx.Now)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	if err := r.atWork(ctx, tx, s, all); err != nil {
		return nil, err
	}
	return all, tagged(ctx, tx, all)
}

// tagged adds the languages and skills of people.
func tagged(ctx context.Context, tx *db.Tx, all []candidate) error {
	type row struct {
		PersonID int64
		Tag      string
	}
	ids := make([]int64, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	var args db.Args
	rows, err := db.All[row](ctx, tx, `SELECT person_id, tag FROM person_tag WHERE person_id IN (`+db.List(&args, ids)+`) ORDER BY person_id, tag`, args...)
	for _, g := range rows {
		if i := slices.IndexFunc(all, func(c candidate) bool { return c.ID == g.PersonID }); i >= 0 {
			all[i].tags = append(all[i].tags, g.Tag)
		}
	}
	return err
}

// loadOf is what somebody has that is our turn, as far as a team may know.
func loadOf(ctx context.Context, tx *db.Tx, team, personID int64) (int64, error) {
	return db.One[int64](ctx, tx, `SELECT count(*) FROM ticket t WHERE t.assignee_id = $2 AND t.turn = 'ours' AND (t.team_id = $1 OR t.team_id NOT IN (SELECT id FROM team WHERE private))`, team, personID)
}

// lockHelper locks the row of somebody, which is made if there is none yet.
func lockHelper(ctx context.Context, tx *db.Tx, personID int64) error {
	if _, err := tx.Exec(ctx, `INSERT INTO helper (id) VALUES ($1) ON CONFLICT DO NOTHING`, personID); err != nil {
		return err
	}
	return tx.Lock(ctx, "helper", personID)
}

// wishOf is what a ticket asks for. Only what somebody of the team has is worth finding out.
func (r *Router) wishOf(ctx context.Context, tx *db.Tx, s Sharing, t ticket.Ticket, all []candidate) (w wish, err error) {
	if s.LastHelper {
		if w.helper, err = lastHelper(ctx, tx, t); err != nil {
			return w, err
		}
	}
	if !slices.ContainsFunc(all, func(c candidate) bool { return len(c.tags) > 0 }) {
		return w, nil
	}
	if w.tags, err = ticket.Tags(ctx, tx, t.ID); err != nil {
		return w, err
	}
	w.language, err = languageOf(ctx, tx, t)
	return w, err
}

// lastHelper is who has, or had, the requester's last ticket that was answered or solved; 0 for nobody.
func lastHelper(ctx context.Context, tx *db.Tx, t ticket.Ticket) (int64, error) {
	id, err := db.One[int64](ctx, tx, `SELECT t.assignee_id FROM ticket t WHERE t.requester_id = $1 AND t.id <> $2 AND t.assignee_id IS NOT NULL AND (t.answered_at > 0 OR t.solved_at > 0)
		AND (t.team_id = $3 OR t.team_id NOT IN (SELECT id FROM team WHERE private)) ORDER BY t.activity_at DESC, t.id DESC LIMIT 1`, t.RequesterID, t.ID, t.TeamID)
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	return id, err
}

// languageOf is the language of the requester: the one that they chose, else the one that they write in, or "".
func languageOf(ctx context.Context, tx *db.Tx, t ticket.Ticket) (string, error) {
	p, err := person.Get(ctx, tx, t.RequesterID)
	if err != nil || p.Language != "" {
		return p.Language, err
	}
	first, err := db.All[string](ctx, tx, `SELECT text FROM message WHERE ticket_id = $1 AND seq = 1`, t.ID)
	if err != nil || len(first) == 0 {
		return "", err
	}
	return mailmsg.LanguageOf(t.Subject + "\n" + first[0]), nil
}
