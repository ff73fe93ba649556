package ticket_test

import (
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func TestReadMarks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		var tk ticket.Ticket
		f.write(func(tx *db.Tx) error {
			tk = must(f.desk.Create(ctx, tx, ticket.By{Actor: f.hana}, ticket.New{Subject: "Half pages", Requester: f.hana.ID, Team: f.open, Message: ticket.Draft{Text: "Half."}}))
			return nil
		})
		unread := func(a person.Actor) (is bool, first int64) {
			f.write(func(tx *db.Tx) error {
				is = must(ticket.Unread(ctx, tx, a.ID, []int64{tk.ID, tk.ID + 1000}))[tk.ID]
				mark, _, err := ticket.ReadTo(ctx, tx, a.ID, tk.ID)
				if err != nil {
					return err
				}
				first, err = ticket.FirstUnread(ctx, tx, a.ID, tk.ID, mark)
				return err
			})
			return is, first
		}
		want := func(what string, a person.Actor, is bool, first int64) {
			t.Helper()
			if gotIs, gotFirst := unread(a); gotIs != is || gotFirst != first {
				t.Errorf("%s: %s has unread %v from %d, want %v from %d", what, a.Name, gotIs, gotFirst, is, first)
			}
		}
		reply := func(a person.Actor, text string) {
			f.write(func(tx *db.Tx) error {
				_, err := f.desk.Reply(ctx, tx, ticket.By{Actor: a}, tk.ID, ticket.Draft{Text: text}, "")
				return err
			})
		}
		want("never opened", f.amara, true, 1)
		f.write(func(tx *db.Tx) error { return ticket.MarkRead(ctx, tx, f.amara, tk.ID, 99) })
		want("read beyond the end", f.amara, false, 0)
		reply(f.amara, "We come by.")
		want("what I wrote is read", f.amara, false, 0)
		reply(f.jonas, "So do I.")
		want("a colleague wrote", f.amara, true, 3)
		want("who wrote without having read has not read", f.jonas, true, 1)
		reply(f.amara, "Together.")
		want("my own answer does not hide what I have not read", f.amara, true, 3)
		f.write(func(tx *db.Tx) error { return ticket.MarkRead(ctx, tx, f.amara, tk.ID, 4) })
		f.write(func(tx *db.Tx) error { return ticket.MarkRead(ctx, tx, f.amara, tk.ID, 2) })
		want("a mark does not go back", f.amara, false, 0)
		f.write(func(tx *db.Tx) error { return ticket.MarkUnread(ctx, tx, f.amara, tk.ID, 0) })
		want("back to the last of somebody else", f.amara, true, 3)
		f.write(func(tx *db.Tx) error { return ticket.MarkUnread(ctx, tx, f.amara, tk.ID, 1) })
		want("all of it", f.amara, true, 1)
		f.write(func(tx *db.Tx) error { return f.desk.Close(ctx, tx, ticket.By{Actor: f.jonas}, tk.ID) })
		want("put back and closed meanwhile", f.amara, true, 1)
		stranger := f.amara
		f.write(func(tx *db.Tx) error {
			stranger = f.person(tx, "Priya Kaur", "priya@example.org", person.Lead)
			return nil
		})
		want("done without ever having opened it", stranger, false, 1)
	})
}

func TestReadMarksOfPrivateTickets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		var tk ticket.Ticket
		f.write(func(tx *db.Tx) error {
			tk = must(f.desk.Create(ctx, tx, ticket.By{Actor: f.hana}, ticket.New{Subject: "Pay", Requester: f.hana.ID, Team: f.private, Message: ticket.Draft{Text: "Late."}}))
			return nil
		})
		for name, mark := range map[string]func(tx *db.Tx) error{
			"read":   func(tx *db.Tx) error { return ticket.MarkRead(ctx, tx, f.amara, tk.ID, 1) },
			"unread": func(tx *db.Tx) error { return ticket.MarkUnread(ctx, tx, f.amara, tk.ID, 1) },
		} {
			if err := d.Write(ctx, mark); err == nil {
				t.Errorf("who may not see a ticket marked it as %s", name)
			}
		}
	})
}
