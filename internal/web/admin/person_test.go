package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

func TestAddPerson(t *testing.T) {
	each(t, func(s *stage) {
		s.get("/admin/people/new").sound().says("Mail them how to sign in")
		s.post("/admin/people", "name", "Jonas Lind", "address", " Jonas@Example.com", "role", "agent", "team", text(s.teams["people"]), "invite", "1").
			done("Jonas Lind is added and gets a mail").says("jonas@example.com", "Signed in nowhere.", "no password is set", "not proven yet")
		jonas := s.people["hana"] + 1
		if got := s.audited("person added", "person "+text(jonas)); got != "agent; jonas@example.com" {
			t.Errorf("the record says %q", got)
		}
		s.audited("invitation mailed", "person "+text(jonas))
		s.audited("team members changed", "team "+text(s.teams["people"]))
		if !slices.Equal(s.invited, []string{"jonas@example.com"}) {
			t.Errorf("invited %v", s.invited)
		}
		if got := s.members(s.teams["people"]); !slices.Equal(got, []int64{jonas}) {
			t.Errorf("members %v", got)
		}
		s.post("/admin/people", "name", "Voice only", "role", "requester", "team", text(s.teams["people"])).done("Voice only is added.")

		s.post("/admin/people", "name", "", "address", "x@example.com", "role", "agent").refused("f-name", "Please give a name.", "x@example.com")
		s.post("/admin/people", "name", "X", "address", "no address", "role", "agent").refused("f-address", "is not a mail address", "no address", "X")
		s.post("/admin/people", "name", "X", "address", "", "role", "lead").refused("f-address", "cannot sign in", "lead")
		s.post("/admin/people", "name", "X", "address", "hana@example.com", "role", "agent").refused("f-address", "belongs to somebody", "X", "agent")
		s.post("/admin/people", "name", "X", "address", "x@example.com", "role", "king").refused("f-role", "one of the roles", "x@example.com")
		s.admin.Invite = nil
		s.get("/admin/people/new").saysNot("Mail them")
		s.post("/admin/people", "name", "Y", "address", "y@example.com", "role", "agent", "invite", "1").done("Y is added.")
	})
}

func TestPeopleList(t *testing.T) {
	each(t, func(s *stage) {
		s.write(func(ctx context.Context, tx *db.Tx) error {
			for i := range 60 {
				if _, err := person.Create(ctx, tx, person.New{Name: fmt.Sprintf("Guest %03d", i), Addresses: []string{fmt.Sprintf("guest%03d@example.org", i)}, Role: person.Requester}); err != nil {
					return err
				}
			}
			return nil
		})
		first := s.get("/admin/people").sound().says("Guest 059", "Guest 010").saysNot("Guest 009", "Back to the newest")
		older := link(first, "Older")
		s.get(older).sound().says("Guest 009", "Amara Okafor", "Back to the newest").saysNot("Guest 010", "Older")
		s.get("/admin/people?role=lead").sound().says("Priya Kaur").saysNot("Guest", "Amara")
		s.get("/admin/people?q=sat").sound().says("Hana Sato").saysNot("Guest 0")
		s.get("/admin/people?q=hana%40example").says("Hana Sato")
		s.get("/admin/people?q=guest").says("More people fit").saysNot("Older")
		s.get("/admin/people?q=guest&role=agent").says("Nobody fits")
		for _, q := range []string{"%22", "*", "%27%3B--", "%00", "%F0%9F%92%A9", "a+OR+b", "NEAR("} {
			s.get("/admin/people?q=" + q).sound()
		}
		s.get("/admin/people?before=-4&role=king")
	})
}

func TestChangePerson(t *testing.T) {
	each(t, func(s *stage) {
		url := at("/admin/people", s.people["amara"])
		s.get(url).sound().says("Amara Okafor", "Signed in in 1 browser.")
		s.post("/admin/organisations", "name", "Works").is(http.StatusSeeOther)
		fields := func(more ...string) []string {
			return append([]string{"name", "Amara O.", "role", "lead", "language", "de", "zone", "Europe/Berlin", "organisation", "1", "active", "1", "team", text(s.teams["people"])}, more...)
		}
		s.post(url, fields()...).done("Amara O. is saved.").says("Amara O.")
		thing := "person " + text(s.people["amara"])
		if got := s.audited("role changed", thing); got != "agent → lead" {
			t.Errorf("the record says %q", got)
		}
		if got := s.audited("person changed", thing); got != "name: Amara Okafor → Amara O.; organisation: none → Works; language: none → de; time zone: none → Europe/Berlin" {
			t.Errorf("the record says %q", got)
		}
		s.audited("team members changed", "team "+text(s.teams["people"]))
		lines := s.audits()
		s.post(url, fields()...).done("is saved")
		if s.audits() != lines {
			t.Error("saving what was there left a line in the record")
		}

		s.post(url, "name", "", "role", "lead", "zone", "Mars/North", "language", "xx", "active", "1").refused("f-name", "Please give a name.", "Mars/North").says("This time zone is not known", "one of the languages")
		s.post(url, "name", "A", "role", "king", "active", "1").refused("f-role", "one of the roles")
		s.post(url, "name", "A", "role", "agent", "organisation", "99", "active", "1").refused("f-organisation", "no such organisation", "A")

		s.post(url, "name", "Amara O.", "role", "requester", "team", text(s.teams["people"])).done("is saved").says("Signed in nowhere.")
		s.audited("person deactivated", thing)
		if got := s.members(s.teams["people"]); len(got) != 0 {
			t.Errorf("a requester belongs to the team: %v", got)
		}
		if p := s.getPerson(s.people["amara"]); p.Active || p.Role != person.Requester {
			t.Errorf("stored %+v", p)
		}
		if got := s.send("amara", "GET", "/admin", nil); got.status != http.StatusSeeOther {
			t.Errorf("somebody switched off still gets %d", got.status)
		}
		s.post(url, "name", "Amara O.", "role", "agent", "active", "1").done("is saved")
		s.audited("person activated", thing)
	})
}

func TestTheOnlyAdministratorStays(t *testing.T) {
	each(t, func(s *stage) {
		url := at("/admin/people", s.people["ada"])
		s.post(url, "name", "Ada Boss", "role", "lead", "active", "1").refused("f-role", "the only administrator", "lead")
		s.post(url, "name", "Ada Boss", "role", "administrator").refused("f-role", "the only administrator")
		two := s.addPerson(person.New{Name: "Two", Addresses: []string{"two@example.com"}, Role: person.Administrator})
		if got := s.post(url, "name", "Ada Boss", "role", "lead", "active", "1"); got.status != http.StatusSeeOther || got.to != "/" {
			t.Errorf("giving the right away: %d to %q", got.status, got.to)
		}
		if got := s.send("ada", "GET", "/admin", nil); got.status != http.StatusForbidden {
			t.Errorf("a former administrator gets %d", got.status)
		}
		if got := s.getPerson(two.ID).Role; got != person.Administrator {
			t.Errorf("the other one is %s", got)
		}
	})
}

func TestAddresses(t *testing.T) {
	each(t, func(s *stage) {
		url, thing := at("/admin/people", s.people["hana"]), "person "+text(s.people["hana"])
		s.post(url+"/addresses", "address", " Hana@Home.example").done("hana@home.example is added.").says("answers go here")
		if got := s.audited("address added", thing); got != "hana@home.example" {
			t.Errorf("the record says %q", got)
		}
		s.get(url).sound()
		s.post(url+"/addresses", "address", "nonsense").refused("f-address", "is not a mail address", "nonsense")
		s.post(url+"/addresses", "address", "amara@example.com").refused("f-address", "belongs to somebody", "amara@example.com")
		s.post(url+"/addresses/prove", "address", "hana@home.example").done("counts as proven").says("proven")
		s.audited("address marked as proven", thing)
		s.post(url+"/addresses/prove", "address", "amara@example.com").is(http.StatusNotFound)
		s.post(url+"/addresses/remove", "address", "amara@example.com").is(http.StatusNotFound)
		s.post(url+"/addresses/remove", "address", "hana@example.com").done("The address is removed.").saysNot("hana@example.com")
		s.audited("address removed", thing)
		s.post(url+"/addresses/remove", "address", "hana@home.example").refused("f-address", "the only address")
		if got := s.getPerson(s.people["hana"]).Address; got != "hana@home.example" {
			t.Errorf("the address of record is %q", got)
		}
	})
}

func TestMergeAndUndo(t *testing.T) {
	each(t, func(s *stage) {
		twin := s.addPerson(person.New{Name: "Hanna Sato", Addresses: []string{"h.sato@example.com"}, Role: person.Requester})
		url := at("/admin/people", s.people["hana"])
		s.post(url+"/merges", "with", "nobody@example.com").refused("f-with", "Nobody here", "nobody@example.com")
		s.post(url+"/merges", "with", "hana@example.com").refused("f-with", "two different people", "hana@example.com")
		s.post(url+"/merges", "with", "ada@example.com").refused("f-with", "your own record", "ada@example.com")
		s.post(url+"/merges", "with", "H.Sato@example.com").done("Hanna Sato is now part of this record.").says("h.sato@example.com", "Undo the merge").sound()
		s.audited("people merged", "person "+text(s.people["hana"]))
		gone := at("/admin/people", twin.ID)
		s.get(gone).sound().says("has become part of another one", "Hana Sato").saysNot("<form class=\"form\"")
		s.post(gone, "name", "X", "role", "agent", "active", "1").is(http.StatusConflict)
		s.post(gone+"/addresses", "address", "x@example.com").is(http.StatusConflict)
		s.post(gone + "/merges/1/undo").is(http.StatusConflict)
		s.post(at("/admin/people", s.people["amara"]) + "/merges/1/undo").is(http.StatusConflict)
		s.post(url + "/merges/1/undo").done("They are two records again.").saysNot("h.sato@example.com")
		s.audited("merge undone", "person "+text(s.people["hana"]))
		s.post(url + "/merges/1/undo").is(http.StatusConflict)
		s.get(gone).says("h.sato@example.com")
	})
}

func TestSigningIn(t *testing.T) {
	each(t, func(s *stage) {
		url, thing := at("/admin/people", s.people["priya"]), "person "+text(s.people["priya"])
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE person SET totp_secret = 'sealed' WHERE id = $1`, s.people["priya"])
			return err
		})
		s.get(url).sound().says("A second step with the phone is on.")
		s.post(url + "/totp/off").done("The second step is off.").says("no password is set")
		s.audited("second factor off", thing)
		s.post(url + "/totp/off").done("There was no second step")
		s.post(url + "/sessions/end").done("Priya Kaur is signed out everywhere.").says("Signed in nowhere.")
		s.audited("signed out everywhere", thing)
		if got := s.send("priya", "GET", "/admin", nil); got.status != http.StatusSeeOther {
			t.Errorf("somebody signed out gets %d", got.status)
		}
		s.post(at("/admin/people", s.people["ada"]) + "/sessions/end").done("everywhere but here")
		s.post(url + "/invitations").done("on its way to priya@example.com")
		s.audited("invitation mailed", thing)
		s.post(url, "name", "Priya Kaur", "role", "lead").is(http.StatusSeeOther)
		s.post(url + "/invitations").is(http.StatusConflict)
		if !slices.Equal(s.invited, []string{"priya@example.com"}) {
			t.Errorf("invited %v", s.invited)
		}
	})
}

// link is where the link with those words leads.
func link(a answer, words string) string {
	a.Helper()
	for _, n := range named(a.doc(), "a") {
		if strings.Contains(textOf(n), words) {
			return attr(n, "href")
		}
	}
	a.Fatalf("no link says %q", words)
	return ""
}
