package person_test

import (
	"context"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
)

func TestCircle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		check := func(name string, who, firm int64, want bool) {
			t.Helper()
			if err := d.Read(ctx, func(tx *db.Tx) error {
				c, err := person.CircleOf(ctx, tx, who)
				if err == nil && c.Holds(firm) != want {
					t.Errorf("%s: %+v holds %d: %v", name, c, firm, !want)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		var ours, theirs, ann int64
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			if ours, err = person.SaveOrganisation(ctx, tx, person.Organisation{Name: "Ours", Domains: []string{"ours.example"}}); err != nil {
				return err
			}
			who, err := person.ByAddress(ctx, tx, person.Contact{Name: "Ann", Address: "ann@ours.example"})
			ann = who.ID
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		check("one organisation", ann, ours, true)
		check("one organisation, a stranger", 0, 0, true)
		if err := d.Write(ctx, func(tx *db.Tx) (err error) {
			theirs, err = person.SaveOrganisation(ctx, tx, person.Organisation{Name: "Theirs"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		check("two organisations, the own", ann, ours, true)
		check("two organisations, the other", ann, theirs, false)
		check("two organisations, what is nobody's", ann, 0, false)
		check("two organisations, a stranger", 0, 0, false)
		check("two organisations, a stranger about one", 0, ours, false)
	})
}
