package fixnote_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fixnote"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// BenchmarkLike looks for what is like a text among the 300 notes of one person, on a desk with 100,000 notes.
func BenchmarkLike(b *testing.B) {
	for _, e := range dbtest.Engines() {
		b.Run(string(e), func(b *testing.B) {
			d := dbtest.Open(b, e)
			var hana int64
			write := func(fn func(ctx context.Context, tx *db.Tx) error) {
				if err := d.Write(b.Context(), func(tx *db.Tx) error { return fn(b.Context(), tx) }); err != nil {
					b.Fatal(err)
				}
			}
			write(func(ctx context.Context, tx *db.Tx) (err error) {
				hana, err = benchNotes(ctx, tx)
				return err
			})
			for b.Loop() {
				err := d.Read(b.Context(), func(tx *db.Tx) error {
					found, err := fixnote.Like(b.Context(), tx, hana, "The labels of the printer in room 42 come out blank, and the tray below blinks")
					if err == nil && len(found) == 0 {
						err = fmt.Errorf("nothing is alike")
					}
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

const (
	benchAll = 100_000
	benchOwn = 300
)

// benchNotes makes the notes, and gives the person who has 300 of them.
func benchNotes(ctx context.Context, tx *db.Tx) (int64, error) {
	team, err := person.SaveTeam(ctx, tx, person.Team{Slug: "desk", Name: "Desk"})
	if err != nil {
		return 0, err
	}
	hana, err := person.Create(ctx, tx, person.New{Name: "Hana", Addresses: []string{"hana@example.com"}})
	if err != nil {
		return 0, err
	}
	omar, err := person.Create(ctx, tx, person.New{Name: "Omar", Addresses: []string{"omar@example.com"}})
	if err != nil {
		return 0, err
	}
	desk := &ticket.Desk{}
	if _, err := desk.Create(ctx, tx, ticket.By{Actor: person.System}, ticket.New{Subject: "Labels", Requester: omar.ID, Team: team, Message: ticket.Draft{Text: "They are blank."}}); err != nil {
		return 0, err
	}
	const rest = `status, is_open, turn, priority, kind, channel, team_id, last_text, last_by, messages, waiting_since, answered_at, solved_at, closed_at, created_at`
	clone := `INSERT INTO ticket (subject, requester_id, activity_at, ` + rest + `) SELECT subject, CAST($1 AS BIGINT), activity_at + id, ` + rest + ` FROM ticket ORDER BY id LIMIT CAST($2 AS BIGINT)`
	for n := 1; n < benchAll; n *= 2 {
		if _, err := tx.Exec(ctx, clone, omar.ID, min(n, benchAll-n)); err != nil {
			return 0, err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE ticket SET requester_id = $1 WHERE id % 333 = 0 AND id <= $2`, hana.ID, 333*benchOwn); err != nil {
		return 0, err
	}
	var words strings.Builder
	for i := range 40 {
		fmt.Fprintf(&words, " word%d", i)
	}
	_, err = tx.Exec(ctx, `INSERT INTO fix_note (ticket_id, wrong, did, next, words, version, written_at, given_at) SELECT id, 'A worn drum', 'A new drum', 'Choose the tray below for labels.', 'label printer tray blink blank' || CAST($1 AS TEXT), 1, id, id FROM ticket`, words.String())
	return hana.ID, err
}
