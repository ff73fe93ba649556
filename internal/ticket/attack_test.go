package ticket_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// A list that is searched must not tell, by its length or by the places in it, that a word stands in tickets of a team
// that the searcher does not belong to.
func TestSearchTellsNothingOfPrivateTickets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		search := func() (got []string) {
			f.write(func(tx *db.Tx) error {
				cursor := ""
				for {
					rows, err := ticket.List(ctx, tx, f.amara, person.SeeTicket, ticket.Page{Filter: "layoff", Size: 1, Cursor: cursor})
					if err != nil {
						return err
					}
					place, _ := base64.RawURLEncoding.DecodeString(rows.Next)
					got = append(got, fmt.Sprintf("%d tickets, next %q", len(rows.Items), place))
					if cursor = rows.Next; cursor == "" {
						return nil
					}
				}
			})
			return got
		}
		f.create("First layoff of the pump")
		f.create("Second layoff of the pump")
		before := search()
		for range 3 {
			f.write(func(tx *db.Tx) error {
				_, err := f.desk.Create(ctx, tx, by(f.hana), ticket.New{Subject: "layoff", Requester: f.hana.ID, Team: f.private, Channel: ticket.ByMail, Message: ticket.Draft{Text: "layoff layoff"}})
				return err
			})
		}
		if after := search(); strings.Join(after, "; ") != strings.Join(before, "; ") {
			t.Errorf("before there were private tickets: %q, after: %q", before, after)
		}
		f.write(func(tx *db.Tx) error {
			rows, err := ticket.List(ctx, tx, f.jonas, person.SeeTicket, ticket.Page{Filter: "layoff"})
			if len(rows.Items) != 5 {
				t.Errorf("a member finds %d", len(rows.Items))
			}
			return err
		})
	})
}

// What somebody types or sends may be very long; it must be answered, soon, and without an error of ours.
func TestVeryLongInputs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		x := f.create("printer")
		began := time.Now()
		for name, filter := range map[string]string{
			"terms": strings.Repeat("status:open ", 20_000), "tags": strings.Repeat("tag:x ", 20_000), "words": strings.Repeat("printer ", 20_000),
			"a phrase": `"` + strings.Repeat("printer ", 20_000) + `"`, "quotes": strings.Repeat(`"`, 20_000), "a joined word": strings.Repeat("printer-", 20_000),
			"bytes": "team:\"a\x00\xff\" assignee:\"\xff@\x00\"",
		} {
			err := d.Read(ctx, func(tx *db.Tx) error {
				_, err := ticket.List(ctx, tx, f.amara, person.SeeTicket, ticket.Page{Filter: filter})
				return err
			})
			if !fault.Is(err, fault.KindInvalid) {
				t.Errorf("list with %s: %v", name, err)
			}
		}
		tags := make([]string, 200_000)
		for i := range tags {
			tags[i] = fmt.Sprint("tag-", i)
		}
		f.refused(fault.KindInvalid, func(tx *db.Tx) error { return f.desk.SetTags(ctx, tx, by(f.amara), x.ID, tags) })
		f.refused(fault.KindInvalid, func(tx *db.Tx) error {
			err := f.desk.SetTags(ctx, tx, by(f.amara), x.ID, []string{strings.Repeat("x!", 1<<20)})
			if got, ok := fault.Of(err); ok && len(got.Fields) == 1 && len(got.Fields[0].Message.String()) > 500 {
				t.Errorf("a wrong tag is repeated in %d bytes", len(got.Fields[0].Message.String()))
			}
			return err
		})
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

// A ticket with more messages than the index tells apart still takes the next one.
func TestMoreMessagesThanTheIndexTellsApart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		x := f.create("printer")
		f.write(func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE ticket SET messages = 8189 WHERE id = $1`, x.ID)
			return err
		})
		for i := range 4 {
			f.write(func(tx *db.Tx) error {
				_, err := f.desk.Answer(ctx, tx, by(f.hana), x.ID, ticket.Draft{Text: fmt.Sprintf("again%d", i)})
				return err
			})
		}
		f.write(func(tx *db.Tx) error {
			rows, err := ticket.List(ctx, tx, f.amara, person.SeeTicket, ticket.Page{Filter: "again3"})
			if len(rows.Items) != 1 {
				t.Errorf("the newest message is found %d times", len(rows.Items))
			}
			return err
		})
	})
}
