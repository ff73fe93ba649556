package mailbox_test

import (
	"context"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/testserver/nameserver"
)

func TestSomethingSmallByMail(t *testing.T) {
	to := strings.Replace(deskAddress, "@", "+papercut@", 1)
	for name, c := range map[string]struct {
		subject, text string
		fields        []string
		also          string // another address in To
		signed        bool
		refuse        bool
		want          string // the sentence; "" is an ordinary ticket
		more          string
	}{
		"a subject is the sentence":   {subject: "The timesheet forgets my project", text: "Every week.", want: "The timesheet forgets my project", more: "Every week."},
		"below a heading":             {subject: "Papercut", text: "The printer dialog forgets duplex\nIt is the new one.", want: "The printer dialog forgets duplex", more: "It is the new one."},
		"without a subject":           {text: "The lift plays music", want: "The lift plays music"},
		"who is vouched for":          {subject: "The timesheet forgets my project", signed: true, want: "The timesheet forgets my project"},
		"a program":                   {subject: "The disk is nearly full", text: "92 %", fields: []string{"Auto-Submitted: auto-generated"}},
		"it asks for help, too":       {subject: "The timesheet forgets my project", also: ", IT <" + deskAddress + ">"},
		"what the book does not take": {subject: "The timesheet forgets my project", refuse: true},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				h := newHouse(t, d)
				ns := nameserver.Start(t)
				h.post.Auth.Resolver = ns.Resolver()
				var got []mailbox.PapercutMail
				h.post.Papercut = func(_ context.Context, _ *db.Tx, m mailbox.PapercutMail) error {
					if c.refuse {
						return fault.Limited(i18n.M("Too much."))
					}
					got = append(got, m)
					return nil
				}
				raw := strings.Replace(mail(hana, c.subject, c.text, c.fields...), "To: IT <"+deskAddress+">", "To: <"+to+">"+c.also, 1)
				if c.signed {
					raw = ns.Signer(t, "customer.example").Sign(raw)
				}
				h.takeTo(to, raw, raw)
				if c.want == "" {
					if len(got) != 0 || h.tickets() != 1 {
						t.Fatalf("%v, %d tickets", got, h.tickets())
					}
					return
				}
				if len(got) != 1 || got[0].Text != c.want || got[0].More != c.more || got[0].Proven != c.signed || got[0].Team == 0 || h.tickets() != 0 {
					t.Fatalf("%+v, %d tickets", got, h.tickets())
				}
				if at := h.address(got[0].Person); at != "hana@customer.example" {
					t.Errorf("it is %s's", at)
				}
				h.last(mailbox.WasDuplicate)
				if rows := h.mails(); rows[0].Outcome != mailbox.BecamePapercut {
					t.Errorf("it became %q", rows[0].Outcome)
				}
			})
		})
	}
}

func TestTheAddressForSmallThings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.read(func(tx *db.Tx) error {
			at, err := mailbox.PapercutAddress(t.Context(), tx)
			if want := strings.Replace(deskAddress, "@", "+papercut@", 1); at != want {
				t.Errorf("%q, want %q", at, want)
			}
			return err
		})
	})
}
