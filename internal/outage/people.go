package outage

import (
	"context"
	"errors"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// having gives who has an outage, as (outage_id, person_id) with who became part of somebody counted as that one: requesters of linked
// tickets and those who said "me too", without those who left. A private team's tickets count for its own outages alone.
const having = `SELECT DISTINCT a.outage_id, coalesce(r.merged_into, r.id) AS person_id FROM (
	SELECT k.outage_id, t.requester_id AS person_id FROM outage_ticket k JOIN ticket t ON t.id = k.ticket_id JOIN team m ON m.id = t.team_id JOIN outage o ON o.id = k.outage_id
		WHERE t.turn NOT IN ('suspect', 'spam', 'trash') AND (NOT m.private OR o.team_id = t.team_id)
	UNION SELECT e.outage_id, e.person_id FROM outage_person e WHERE e.state = 'in') AS a
	JOIN person r ON r.id = a.person_id
	WHERE NOT EXISTS (SELECT 1 FROM outage_person x WHERE x.outage_id = a.outage_id AND x.person_id = coalesce(r.merged_into, r.id) AND x.state = 'left')`

// Count is how many people have an outage, by their organisation; 0 is of none.
type Count map[int64]int

// All is how many there are in all.
func (c Count) All() (n int) {
	for _, x := range c {
		n += x
	}
	return n
}

// In is how many of them may be told of in a circle.
func (c Count) In(circle person.Circle) (n int) {
	for organisation, x := range c {
		if circle.Holds(organisation) {
			n += x
		}
	}
	return n
}

// Counts tells how many people have each of some outages.
func Counts(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]Count, error) {
	out := make(map[int64]Count, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	type row struct {
		OutageID, OrganisationID int64
		People                   int
	}
	var args db.Args
	list := db.List(&args, ids)
	rows, err := db.All[row](ctx, tx, `SELECT h.outage_id, p.organisation_id, count(*) AS people FROM (`+having+` AND a.outage_id IN (`+list+`)) AS h
		JOIN person p ON p.id = h.person_id GROUP BY h.outage_id, p.organisation_id`, args...)
	for _, r := range rows {
		if out[r.OutageID] == nil {
			out[r.OutageID] = Count{}
		}
		out[r.OutageID][r.OrganisationID] += r.People
	}
	return out, err
}

// Has tells whether somebody has an outage, and so gets its news.
func Has(ctx context.Context, tx *db.Tx, id, personID int64) (bool, error) {
	if personID == 0 {
		return false, nil
	}
	return db.Exists(ctx, tx, `SELECT 1 FROM (`+having+` AND a.outage_id = $1) AS h WHERE h.person_id = $2`, id, personID)
}

// MeToo says that somebody has an outage too: they are counted and told of news. c is the circle of whoever asks. Said twice it counts once.
func (b *Board) MeToo(ctx context.Context, tx *db.Tx, c person.Circle, id, personID int64) error {
	o, err := visible(ctx, tx, c, id)
	if err != nil {
		return err
	}
	if !o.State.Current() {
		return errOver
	}
	return setPerson(ctx, tx, id, personID, "in")
}

var errOver = fault.Conflict(i18n.M("This is over. If you still have it, please write to us."))

func setPerson(ctx context.Context, tx *db.Tx, id, personID int64, state string) error {
	_, err := tx.Exec(ctx, `INSERT INTO outage_person (outage_id, person_id, state, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (outage_id, person_id) DO UPDATE SET state = excluded.state, at = excluded.at WHERE outage_person.state <> excluded.state OR outage_person.state = 'asked'`, id, personID, state, tx.Now)
	return err
}

// Leave ends the news of an outage for somebody, who is not counted any more.
func (b *Board) Leave(ctx context.Context, tx *db.Tx, id, personID int64) error {
	if _, err := load(ctx, tx, id); err != nil {
		return err
	}
	return setPerson(ctx, tx, id, personID, "left")
}

// askAgain is after how long somebody who has not confirmed is mailed once more.
const askAgain = 10 * time.Minute

// Ask mails an address a link by which its owner says that they have an outage too. It answers the same whatever is known of the address;
// one that cannot be is fault.Invalid. It is for visitors of whom nothing is known.
func (b *Board) Ask(ctx context.Context, tx *db.Tx, id int64, address string) error {
	c, err := person.CircleOf(ctx, tx, 0)
	if err != nil {
		return err
	}
	o, err := visible(ctx, tx, c, id)
	if err != nil {
		return err
	}
	if !o.State.Current() {
		return errOver
	}
	address = person.FoldAddress(address)
	if !person.ValidAddress(address) {
		return fault.Invalid(fault.F("address", i18n.M("“{{.Address}}” is not a mail address. One looks like name@example.com.", "Address", clip(address, 100))))
	}
	if ours, err := person.IsDeskAddress(ctx, tx, address); err != nil || ours {
		return err
	}
	who, err := person.ByAddress(ctx, tx, person.Contact{Address: address})
	if err != nil || !who.Active || who.MergedInto != 0 {
		return err
	}
	type row struct {
		State string
		At    clock.Instant
	}
	was, err := db.One[row](ctx, tx, `SELECT state, at FROM outage_person WHERE outage_id = $1 AND person_id = $2`, id, who.ID)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return err
	}
	if was.State == "in" || tx.Now.Sub(was.At) < askAgain {
		return nil
	}
	state := "asked"
	if was.State == "left" { // they stay away until they say so themselves, whoever asks for them
		state = "left"
	}
	_, err = tx.Exec(ctx, `INSERT INTO outage_person (outage_id, person_id, state, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (outage_id, person_id) DO UPDATE SET at = excluded.at`, id, who.ID, state, tx.Now)
	if err != nil {
		return err
	}
	if b.Mail == nil {
		return nil
	}
	return b.Mail(ctx, tx, Letter{Kind: LetterConfirm, Person: who.ID, About: id})
}

// Confirm is MeToo by the token of a mail.
func (b *Board) Confirm(ctx context.Context, tx *db.Tx, token string) (Outage, error) {
	id, who, ok := ReadToken(b.Key, Join, token)
	if !ok {
		return Outage{}, NotFound()
	}
	c, err := person.CircleOf(ctx, tx, who)
	if err != nil {
		return Outage{}, NotFound()
	}
	o, err := visible(ctx, tx, c, id)
	if err != nil {
		return o, err
	}
	return o, b.MeToo(ctx, tx, c, id, who)
}
