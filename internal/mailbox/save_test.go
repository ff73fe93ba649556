package mailbox_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/transport/dial"
)

func full(team int64) mailbox.Mailbox {
	return mailbox.Mailbox{
		Address: " Network@Desk.example ", Name: "Network team", TeamID: team, Active: true, Subaddress: true, FromName: mailbox.FromBoth,
		Receiving: mailbox.Receiving{Host: "imap.desk.example", User: "network", Password: "sésame", Folders: []string{"Inbox", " Support", "INBOX", ""}, MoveTo: "Done"},
		Sending:   mailbox.Sending{Host: "smtp.desk.example", Security: dial.StartTLS, User: "network", Password: "ouvre-toi"},
	}
}

func TestSaveAndGet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := t.Context()
		var id int64
		h.write(func(tx *db.Tx) (err error) {
			id, err = h.post.Save(ctx, tx, person.System, full(h.team), "192.0.2.1")
			return err
		})
		want := full(h.team)
		want.ID, want.Address = id, "network@desk.example"
		want.FromName = mailbox.FromBoth
		want.Receiving.Folders = []string{"INBOX", "Support"}
		want.Health.Folders = []mailbox.FolderHealth{{Name: "INBOX"}, {Name: "Support"}}
		want.Receiving.Port, want.Receiving.Security, want.Sending.Port = 993, dial.TLS, 587
		check := func() {
			t.Helper()
			h.read(func(tx *db.Tx) error {
				got, err := h.post.Get(ctx, tx, id)
				if !reflect.DeepEqual(got, want) || got.Receiving.Password.Reveal() != want.Receiving.Password.Reveal() {
					t.Errorf("got %+v, want %+v", got, want)
				}
				return err
			})
		}
		check()
		h.read(func(tx *db.Tx) error {
			text, err := db.One[string](ctx, tx, `SELECT receiving || sending FROM mailbox WHERE id = $1`, id)
			if strings.Contains(text, "sésame") || strings.Contains(text, "ouvre-toi") {
				t.Errorf("a password is stored as it is: %s", text)
			}
			entries, err2 := person.AuditLog(ctx, tx, 0, 10)
			if len(entries) == 0 || entries[0].Action != "mailbox changed" || entries[0].Thing != fmt.Sprintf("mailbox %d", id) || entries[0].Remote != "192.0.2.1" {
				t.Errorf("audit %+v", entries)
			}
			return errors.Join(err, err2)
		})

		again := want
		again.Receiving.Password, again.Sending.Password, again.Name = "", "", "Networks"
		want.Name = "Networks"
		h.save(again)
		check()
		h.write(func(tx *db.Tx) error {
			elsewhere := again
			elsewhere.Receiving.Host = "imap.evil.example"
			_, err := h.post.Save(ctx, tx, person.System, elsewhere, "")
			if got := fields(err); !slices.Equal(got, []string{"receiving_password"}) {
				t.Errorf("a stored password may go to another server: %v", err)
			}
			return nil
		})
		ok, err := h.post.Accepts(ctx, "network+x@desk.example")
		if err != nil || !ok {
			t.Errorf("the new address is not accepted: %v", err)
		}
	})
}

func fields(err error) (names []string) {
	if f, ok := fault.Of(err); ok {
		for _, f := range f.Fields {
			names = append(names, f.Name)
		}
	}
	return names
}

func TestSaveNamesEveryWrongField(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for want, change := range map[string]func(m *mailbox.Mailbox){
			"address":            func(m *mailbox.Mailbox) { m.Address = "network" },
			"address ":           func(m *mailbox.Mailbox) { m.Address = deskAddress },
			"address  ":          func(m *mailbox.Mailbox) { m.Address = "amara@desk.example" },
			"address   ":         func(m *mailbox.Mailbox) { m.Address = strings.Repeat("x", 40) + "@desk.example" },
			"name":               func(m *mailbox.Mailbox) { m.Name = " " },
			"team":               func(m *mailbox.Mailbox) { m.TeamID = 99 },
			"receiving_host":     func(m *mailbox.Mailbox) { m.Receiving.Host = "imap desk" },
			"receiving_port":     func(m *mailbox.Mailbox) { m.Receiving.Port = 70000 },
			"receiving_security": func(m *mailbox.Mailbox) { m.Receiving.Security = "ssl" },
			"receiving_user":     func(m *mailbox.Mailbox) { m.Receiving.User = "" },
			"receiving_password": func(m *mailbox.Mailbox) { m.Receiving.Password = "" },
			"receiving_folder":   func(m *mailbox.Mailbox) { m.Receiving.Folders = []string{"a\x00b"} },
			"receiving_move_to":  func(m *mailbox.Mailbox) { m.Receiving.MoveTo = "INBOX" },
			"sending_host":       func(m *mailbox.Mailbox) { m.Sending.Host = "https://smtp" },
			"sending_port":       func(m *mailbox.Mailbox) { m.Sending.Port = -1 },
			"sending_security":   func(m *mailbox.Mailbox) { m.Sending.Security = "ssl" },
			"sending_user":       func(m *mailbox.Mailbox) { m.Sending.User = "a\nb" },
			"sending_password":   func(m *mailbox.Mailbox) { m.Sending.Password = "" },
		} {
			m := full(h.team)
			change(&m)
			h.write(func(tx *db.Tx) error {
				_, err := h.post.Save(t.Context(), tx, person.System, m, "")
				if got := fields(err); !slices.Equal(got, []string{strings.TrimSpace(want)}) {
					t.Errorf("%s: fields %q, error %v", want, got, err)
				}
				return nil
			})
		}
		h.write(func(tx *db.Tx) error {
			if _, err := h.post.Save(t.Context(), tx, h.agent, full(h.team), ""); !fault.Is(err, fault.KindDenied) {
				t.Errorf("an agent may change mailboxes: %v", err)
			}
			if err := person.AddAddress(t.Context(), tx, h.agent.ID, deskAddress); !slices.Equal(fields(err), []string{"address"}) {
				t.Errorf("a person may have an address of the desk: %v", err)
			}
			return nil
		})
	})
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	h := newHouse(t, dbtest.Open(t, db.SQLite))
	m := h.settings()
	findings := h.post.Check(t.Context(), m)
	if len(findings) != 2 || !findings[0].OK || !findings[1].OK {
		t.Errorf("findings %+v", findings)
	}
	m.Receiving = mailbox.Receiving{Host: "127.0.0.1", Port: 1, Security: dial.None, User: "x", Password: "y"}
	m.Sending.Port = 1
	for _, f := range h.post.Check(t.Context(), m) {
		if f.OK || !strings.Contains(f.Words.String(), "127.0.0.1") {
			t.Errorf("finding %+v", f)
		}
	}
	m.Sending = mailbox.Sending{}
	if f := h.post.Check(t.Context(), m)[1]; f.OK || !strings.Contains(f.Words.String(), "cannot go out") {
		t.Errorf("finding %+v", f)
	}
}
