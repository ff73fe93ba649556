package admin_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"goodturn/internal/db"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/web/ui/uitest"
)

// secrets are the texts of a page that are to be copied.
func (a answer) secrets() (out []string) {
	for _, n := range uitest.All(a.doc(), func(n *html.Node) bool { return uitest.HasClass(n, "secret") }) {
		out = append(out, uitest.Text(n))
	}
	return out
}

func TestKeyIsMadeCheckedAndSigns(t *testing.T) {
	each(t, func(s *stage) {
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := s.admin.Post.Save(ctx, tx, person.System, mailbox.Mailbox{Address: "help@desk.example", Name: "Help", TeamID: s.teams["first-line"], Active: true}, "")
			return err
		})
		s.get("/admin/signing").sound().says("desk.example")
		s.post("/admin/signing", "domain", "no domain").refused("f-domain", "is not a domain", "no domain")
		s.post("/admin/signing", "domain", "desk.example", "selector", "a b").refused("f-selector", "letters, digits and dashes", "a b")
		s.post("/admin/signing", "domain", "desk.example", "key", "secret words").refused("f-key", "is no private key").saysNot("secret words")
		s.post("/admin/signing", "domain", "Desk.Example", "selector", "mail1", "algorithm", "rsa").done("signing begins with that").sound().says("not signed yet")
		if d := s.audited("dkim key saved", "domain desk.example"); !strings.Contains(d, "mail1 rsa") {
			t.Errorf("detail %q", d)
		}
		shown := s.get("/admin/signing").secrets()
		if len(shown) != 2 || shown[0] != "mail1._domainkey.desk.example" || !strings.HasPrefix(shown[1], "v=DKIM1; k=rsa; p=MII") {
			t.Fatalf("shown %q", shown)
		}
		var answer []string
		var failure error
		s.admin.Post.LookupTXT = func(_ context.Context, name string) ([]string, error) {
			if name != "mail1._domainkey.desk.example." {
				t.Errorf("asked for %q", name)
			}
			return answer, failure
		}
		check := func(words string, records ...string) {
			t.Helper()
			answer = records
			s.post("/admin/signing/desk.example/check").is(http.StatusOK).sound().says(words)
		}
		record := shown[1]
		failure = &net.DNSError{IsNotFound: true}
		check("There is no TXT record")
		failure = &net.DNSError{IsTimeout: true}
		check("could not be looked up")
		failure = nil
		check("holds no key", "v=spf1 -all")
		check("holds another key", record[:len(record)-8]+"AAAAAAAA")
		check("only the beginning", record[:255])
		check("another kind of key", strings.Replace(record, "k=rsa", "k=ed25519", 1))
		check("There are 2 records", record, record)
		check("was withdrawn", "v=DKIM1; p=")
		s.get("/admin/signing").says("not signed yet")
		check("matches.", strings.Replace(record, "; ", " ;  ", 1))
		s.get("/admin/signing").says("Stop signing")
		s.audited("dkim signing on", "domain desk.example")
		s.post("/admin/signing/desk.example/state", "value", "off").done("not signed any more")
		s.post("/admin/signing/desk.example/state", "value", "on").done("signed from now on")
		s.post("/admin/signing/other.example/check").is(http.StatusNotFound)
		s.post("/admin/signing/desk.example/removal").done("is gone")
		if shown := s.get("/admin/signing").secrets(); shown != nil {
			t.Errorf("shown %q", shown)
		}
	})
}

func TestLimitOfMailedFilesIsSet(t *testing.T) {
	each(t, func(s *stage) {
		s.get("/admin/mailboxes").sound()
		s.post("/admin/mailboxes/files", "files_limit", "many").refused("f-files_limit", "a number from 0 to", "many")
		s.post("/admin/mailboxes/files", "files_limit", "7").done("go with a mail now").sound()
		if !s.get("/admin/mailboxes").typed(s.get("/admin/mailboxes").doc(), "7") {
			t.Error("it is not kept")
		}
		s.audited("mail file limit changed", "desk")
	})
}
