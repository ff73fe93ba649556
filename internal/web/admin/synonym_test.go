package admin_test

import "testing"

func TestSynonyms(t *testing.T) {
	each(t, func(s *stage) {
		s.get("/admin/synonyms").sound().says("None yet", "laptop · notebook", "Passwort · Kennwort")
		s.get("/admin/synonyms/new").sound().says("Words and phrases")
		s.post("/admin/synonyms/new", "words", " AnyConnect \r\n\r\nvpn  tunnel, anyconnect").done("Saved").says("AnyConnect · vpn tunnel")
		if got := s.audited("synonyms changed", "synonyms 1"); got != "words: none → AnyConnect, vpn tunnel" {
			t.Errorf("the record says %q", got)
		}
		s.post("/admin/synonyms/new", "words", "AnyConnect\nvpn tunnel").done("Saved") // sent twice
		s.send("ada", "GET", "/admin/synonyms/2", nil).is(404)
		s.get("/admin/synonyms/1").sound().says("AnyConnect", "Remove this group")
		s.post("/admin/synonyms/1", "words", "AnyConnect", "was", "AnyConnect\nvpn tunnel").refused("f-words", "at least two words", "AnyConnect")
		s.post("/admin/synonyms/1", "words", "AnyConnect\na phrase of far too many words", "was", "AnyConnect\nvpn tunnel").refused("f-words", "is too long", "far too many")
		s.post("/admin/synonyms/1", "words", "AnyConnect\ntunnel", "was", "AnyConnect\nvpn tunnel").done("Saved").says("AnyConnect · tunnel")
		s.post("/admin/synonyms/1", "words", "AnyConnect\nlate", "was", "AnyConnect\nvpn tunnel").is(409).says("Somebody changed this group", "late")

		s.get("/admin/synonyms/laptop").sound().says("Left empty, the group is not used").saysNot("Remove this group")
		s.post("/admin/synonyms/laptop", "words", "", "was", "laptop\nnotebook").done("Saved").says("not used")
		s.get("/admin/synonyms/laptop").sound().says("Goodturn comes with: laptop, notebook")
		s.post("/admin/synonyms/laptop", "words", "laptop\nmobile computer", "was", "").done("Saved").says("laptop · mobile computer", "changed here")
		s.post("/admin/synonyms/laptop/removal").done("as Goodturn comes with it again").says("laptop · notebook").saysNot("changed here")

		s.post("/admin/synonyms/1/removal").done("The group is removed").says("None yet")
		s.post("/admin/synonyms/1/removal").done("The group is removed")
		s.send("ada", "GET", "/admin/synonyms/zebra", nil).is(404)
	})
}
