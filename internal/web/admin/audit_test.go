package admin_test

import (
	"context"
	"encoding/csv"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

func TestAuditRecord(t *testing.T) {
	each(t, func(s *stage) {
		s.get("/admin/audit").sound().says("Nothing here")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			for i := range 60 {
				if err := person.Audit(ctx, tx, person.Actor{ID: s.people["amara"]}, "token created", "token "+text(int64(i+1)), "no "+text(int64(i+100)), "198.51.100.9"); err != nil {
					return err
				}
			}
			if err := person.Audit(ctx, tx, person.Nobody, "sign-in refused", "address eve@example.com", "", "198.51.100.1"); err != nil {
				return err
			}
			return person.Audit(ctx, tx, person.Actor{ID: s.people["priya"]}, "role changed", "person "+text(s.people["hana"]), "requester → agent", "198.51.100.2")
		})
		first := s.get("/admin/audit").sound().says("role changed · Hana Sato", "Priya Kaur", "198.51.100.2", "nobody known", "eve@example.com", "no 159").saysNot("no 111<", "Back to the newest")
		s.get(link(first, "Older")).sound().says("no 111", "no 100", "Back to the newest").saysNot("no 112")
		hers := s.get("/admin/audit?person="+text(s.people["hana"])).sound().says("role changed").saysNot("token 1", "eve@example.com")
		if got := link(hers, "Export as CSV"); got != "/admin/audit.csv?person="+text(s.people["hana"]) {
			t.Errorf("the export leads to %q", got)
		}
		s.get("/admin/audit?person=x&before=-3").sound()
	})
}

func TestAuditExport(t *testing.T) {
	each(t, func(s *stage) {
		s.write(func(ctx context.Context, tx *db.Tx) error {
			for range 1500 {
				if err := person.Audit(ctx, tx, person.Actor{ID: s.people["amara"]}, "signed in", "person 1", "by \"password\",\nagain", "198.51.100.9"); err != nil {
					return err
				}
			}
			return person.Audit(ctx, tx, person.Nobody, "sign-in refused", "address x", "=HYPERLINK(\"http://x\")", "")
		})
		got := s.get("/admin/audit.csv")
		if ct := got.header.Get("Content-Type"); !strings.HasPrefix(ct, "text/csv") || !strings.Contains(got.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("it comes as %q", ct)
		}
		rows, err := csv.NewReader(strings.NewReader(got.body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 1+1+1500+1 {
			t.Fatalf("%d rows", len(rows))
		}
		if rows[1][3] != "audit record exported" || rows[1][2] != "Ada Boss" {
			t.Errorf("the newest line is %q", rows[1])
		}
		if rows[2][5] != `'=HYPERLINK("http://x")` || rows[3][5] != "by \"password\",\nagain" {
			t.Errorf("the rows are %q and %q", rows[2], rows[3])
		}
		s.get("/admin/audit.csv?person=" + text(s.people["hana"]))
		if got := s.audited("audit record exported", "audit"); got != "of person "+text(s.people["hana"]) {
			t.Errorf("the record says %q", got)
		}
	})
}
