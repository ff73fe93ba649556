package admin_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"goodturn/internal/db"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/web/ui/uitest"
)

func (s *stage) addMailbox(address, imap, smtp string) {
	s.Helper()
	m := mailbox.Mailbox{Address: address, Name: "Desk", TeamID: s.teams["first-line"], Active: true}
	if imap != "" {
		m.Receiving = mailbox.Receiving{Host: imap, User: address, Password: "stored in"}
	}
	if smtp != "" {
		m.Sending = mailbox.Sending{Host: smtp, User: address, Password: "stored out"}
	}
	s.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := s.admin.Post.Save(ctx, tx, person.System, m, "")
		return err
	})
}

func (s *stage) mailbox(id int64) (m mailbox.Mailbox) {
	s.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		m, err = s.admin.Post.Get(ctx, tx, id)
		return err
	})
	return m
}

// mailboxFields are those of a good form, changed by pairs.
func (s *stage) mailboxFields(changed ...string) []string {
	fields := []string{
		"address", "Help@Desk.example", "name", "IT help", "team", text(s.teams["first-line"]), "active", "1",
		"receiving_host", "imap.desk.example", "receiving_port", "", "receiving_security", "tls", "receiving_user", "help", "receiving_password", "top secret in", "receiving_folder", "", "receiving_move_to", "Done",
		"sending_host", "smtp.desk.example", "sending_port", "2525", "sending_security", "starttls", "sending_user", "help", "sending_password", "top secret out",
	}
	for i := 0; i < len(changed); i += 2 {
		for j := 0; j < len(fields); j += 2 {
			if fields[j] == changed[i] {
				fields[j+1] = changed[i+1]
				changed[i] = ""
			}
		}
		if changed[i] != "" {
			fields = append(fields, changed[i], changed[i+1])
		}
	}
	return fields
}

func TestSaveMailbox(t *testing.T) {
	each(t, func(s *stage) {
		s.get("/admin/mailboxes").sound().says("No mailbox yet")
		s.get("/admin/mailboxes/new").sound().says("imap.gmail.com")
		s.post("/admin/mailboxes", s.mailboxFields()...).done("help@desk.example is saved.")
		s.audited("mailbox changed", "mailbox 1")
		m := s.mailbox(1)
		if m.Address != "help@desk.example" || m.Receiving.Port != 993 || m.Receiving.Password.Reveal() != "top secret in" || m.Sending.Port != 2525 || m.Sending.Password.Reveal() != "top secret out" || m.Receiving.MoveTo != "Done" {
			t.Errorf("stored %+v", m)
		}
		s.get("/admin/mailboxes/1").sound().says("One is stored.").saysNot("top secret")
		s.post("/admin/mailboxes/1", s.mailboxFields("receiving_password", "", "sending_password", "", "name", "Other", "subaddress", "1")...).done("is saved")
		if m = s.mailbox(1); m.Receiving.Password.Reveal() != "top secret in" || m.Sending.Password.Reveal() != "top secret out" || m.Name != "Other" || !m.Subaddress {
			t.Errorf("empty passwords gave %+v", m)
		}
		s.post("/admin/mailboxes/1", s.mailboxFields("receiving_password", "", "receiving_host", "evil.example")...).refused("f-receiving_password", "password", "evil.example").saysNot("top secret")
	})
}

func TestMailboxBadInput(t *testing.T) {
	each(t, func(s *stage) {
		s.addMailbox("taken@desk.example", "", "")
		for _, x := range []struct{ name, value, words string }{
			{"address", "nonsense", "is not a mail address"},
			{"address", "hana@example.com", "belongs to a person"},
			{"address", "taken@desk.example", "a mailbox with this address"},
			{"name", " ", "Please give a name"},
			{"team", "4711", "team"},
			{"receiving_host", "two words", "is not the name of a server"},
			{"receiving_port", "99999", "from 1 to 65535"},
			{"receiving_port", "abc", "from 1 to 65535"},
			{"receiving_port", "-1", "from 1 to 65535"},
			{"receiving_port", "0", "from 1 to 65535"},
			{"receiving_security", "rot13", "Please choose one of"},
			{"receiving_user", "", "user name"},
			{"receiving_move_to", "inbox", "another folder"},
			{"sending_host", "a@b", "is not the name of a server"},
			{"sending_port", "1e3", "from 1 to 65535"},
		} {
			got := s.post("/admin/mailboxes", s.mailboxFields(x.name, x.value)...).refused("f-"+x.name, x.words, "help").saysNot("top secret")
			if x.value != " " && x.name != "team" && x.name != "receiving_security" && x.value != "" && !got.typed(got.doc(), x.value) {
				t.Errorf("%s: %q is not in the form any more", x.name, x.value)
			}
		}
	})
}

// TestTypedPasswordsAreKept sends a form that comes back, and then mends it without typing the passwords again.
func TestTypedPasswordsAreKept(t *testing.T) {
	each(t, func(s *stage) {
		back := s.post("/admin/mailboxes", s.mailboxFields("address", "nonsense")...).refused("f-address", "is not a mail address").says("The one you have just typed is kept.").saysNot("top secret")
		in, out := hidden(back, "receiving_kept"), hidden(back, "sending_kept")
		mended := s.mailboxFields("receiving_password", "", "sending_password", "", "receiving_kept", in, "sending_kept", out)
		if got := s.post("/admin/mailboxes", s.mailboxFields("receiving_password", "", "sending_password", "", "receiving_kept", out, "sending_kept", "AAAA")...); got.status != http.StatusUnprocessableEntity {
			t.Errorf("a password of the other account, or none, was taken: %d", got.status)
		}
		s.write(func(ctx context.Context, tx *db.Tx) (err error) { // a seal is good in its own session alone
			s.sessions["other"], err = person.StartSession(ctx, tx, s.people["ada"], "", "")
			return err
		})
		mine := s.sessions["ada"]
		s.sessions["ada"] = s.sessions["other"]
		s.post("/admin/mailboxes", mended...).refused("f-receiving_password", "Please give the password")
		s.sessions["ada"] = mine
		s.post("/admin/mailboxes", mended...).done("help@desk.example is saved.")
		if m := s.mailbox(1); m.Receiving.Password.Reveal() != "top secret in" || m.Sending.Password.Reveal() != "top secret out" {
			t.Errorf("stored %+v", m)
		}
	})
}

// TestCheckWhatIsTyped tries servers that refuse and servers that say nothing, and saves nothing.
func TestCheckWhatIsTyped(t *testing.T) {
	each(t, func(s *stage) {
		port := func() string {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			_, p, _ := net.SplitHostPort(l.Addr().String())
			return p
		}
		typed := s.mailboxFields("do", "check", "address", "", "receiving_host", "127.0.0.1", "receiving_port", port(), "sending_host", "127.0.0.1", "sending_port", port())
		got := s.post("/admin/mailboxes", typed...).is(http.StatusOK).sound().says("Receiving", "Sending", "Nothing answers on port").saysNot("top secret")
		if !got.typed(got.doc(), "127.0.0.1") || hidden(got, "receiving_kept") == "" {
			t.Error("what was typed is gone")
		}
		s.post("/admin/mailboxes", s.mailboxFields("do", "check", "receiving_user", "")...).refused("f-receiving_user", "user name", "imap.desk.example")
		if n := s.count(`SELECT count(*) FROM mailbox`); n != 0 || s.audits() != 0 {
			t.Errorf("checking stored %d mailboxes and left %d lines in the record", n, s.audits())
		}

		s.addMailbox("help@desk.example", "127.0.0.1", "127.0.0.1")
		s.post("/admin/mailboxes/1/check").is(http.StatusOK).sound().says("help@desk.example", "Nothing answers on port")
	})
}

func TestCheckDoesNotHang(t *testing.T) {
	s := newStage(t, openSQLite(t))
	s.admin.CheckTime = time.Second
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() }) // it takes connections in its backlog and never says a word
	_, port, _ := net.SplitHostPort(silent.Addr().String())
	began := time.Now()
	s.post("/admin/mailboxes", s.mailboxFields("do", "check", "receiving_host", "127.0.0.1", "receiving_port", port, "sending_host", "127.0.0.1", "sending_port", port)...).
		is(http.StatusOK).says("127.0.0.1 did not answer within")
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("it took %s", took)
	}
}

func (s *stage) count(statement string) (n int64) {
	s.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		n, err = db.One[int64](ctx, tx, statement)
		return err
	})
	return n
}

// hidden is the value of a hidden field.
func hidden(a answer, name string) string {
	for _, n := range named(a.doc(), "input") {
		if attr(n, "name") == name {
			return attr(n, "value")
		}
	}
	return ""
}

func named(n *html.Node, name string) []*html.Node { return uitest.Named(n, name) }
func attr(n *html.Node, key string) string         { return uitest.Attr(n, key) }
func textOf(n *html.Node) string                   { return strings.TrimSpace(uitest.Text(n)) }
