package ticket_test

import (
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func TestComplete(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		open, hidden, more := f.create("one"), f.create("two"), f.create("three")
		f.write(func(tx *db.Tx) error {
			if _, err := person.SaveOrganisation(ctx, tx, person.Organisation{Name: "Northfield Works"}); err != nil {
				return err
			}
			if err := f.desk.SetTags(ctx, tx, by(f.amara), open.ID, []string{"vpn", "vpn-west"}); err != nil {
				return err
			}
			if err := f.desk.SetTags(ctx, tx, by(f.amara), more.ID, []string{"vpn-west"}); err != nil {
				return err
			}
			if err := f.desk.SetTags(ctx, tx, by(f.amara), hidden.ID, []string{"vpn-secret"}); err != nil {
				return err
			}
			return f.desk.MoveTo(ctx, tx, by(f.jonas), hidden.ID, f.private)
		})
		f.write(func(tx *db.Tx) error {
			for typed, want := range map[string]string{
				"st":                       "status:",
				"-st":                      "status:",
				"(tag:a OR te":             "team:",
				"from":                     "requester:",
				"status:":                  "new open pending on_hold solved closed unsolved done",
				"status:open,pe":           "pending",
				"team:":                    "mine first-line",
				`team:"First l`:            "first-line",
				"assignee:oka":             "amara@example.org",
				"assignee:n":               "nobody",
				"tag:vp":                   "vpn-west vpn",
				"tag:#vpn-":                "vpn-west",
				"from:hana":                "hana@example.com",
				"org:nor":                  `"Northfield Works"`,
				"created:yes":              "yesterday",
				"created:<7":               "<7d",
				"waiting:>1":               ">1h >1d >1w",
				"priority:>=h":             ">=high",
				"tag:a ":                   "",
				"printer":                  "",
				`"st`:                      "",
				"zz:":                      "",
				"is:sus":                   "suspect",
				strings.Repeat("x ", 4000): "",
			} {
				all, err := ticket.Complete(ctx, tx, f.amara, typed)
				if err != nil {
					return err
				}
				var got []string
				for _, s := range all {
					got = append(got, s.Text)
					if s.Back < 0 || s.Back > len(typed) {
						t.Errorf("%s: %+v", typed, s)
					}
				}
				if strings.Join(got, " ") != want {
					t.Errorf("%s goes on with %q, want %q", typed, got, want)
				}
			}
			first, err := ticket.Complete(ctx, tx, f.amara, "")
			if len(first) != 12 {
				t.Errorf("nothing goes on with %v", first)
			}
			if member, _ := ticket.Complete(ctx, tx, f.jonas, "tag:vpn-s"); len(member) != 1 {
				t.Errorf("a member of the team gets %v", member)
			}
			return err
		})
	})
}
