package mailbox_test

import (
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/testserver/dovecot"
	"goodturn/internal/transport/dial"
)

// subjects awaits so many new tickets and gives what they are about, sorted by nothing but their coming.
func (h *house) subjects(made <-chan int64, n int) string {
	h.Helper()
	var all []string
	for range n {
		all = append(all, h.ticket(h.await(made)).Subject)
	}
	return strings.Join(all, " ")
}

func (h *house) health() mailbox.Health {
	h.Helper()
	var m mailbox.Mailbox
	h.read(func(tx *db.Tx) (err error) {
		m, err = h.post.Get(h.Context(), tx, h.box)
		return err
	})
	return m.Health
}

func (h *house) eventually(what string, done func(mailbox.Health) bool) {
	h.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(30 * time.Second)
	for !done(h.health()) {
		select {
		case <-tick.C:
		case <-end:
			h.Fatalf("in vain: %s; health %+v", what, h.health())
		}
	}
}

func TestFoldersHaveTheirOwnPlaces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		const user = "help@desk.example"
		server := dovecot.Start(t, dovecot.Options{Users: map[string]string{user: "sesame"}})
		old := time.Now().AddDate(0, -1, 0)
		server.AppendAt(user, "INBOX", []byte(mail(hana, "old-inbox", "x")), old)
		server.AppendAt(user, "Support", []byte(mail(hana, "old-support", "x")), old)
		server.AppendAt(user, "Junk", []byte(mail(hana, "old-junk", "x")), old)
		settings := h.settings()
		settings.Receiving = mailbox.Receiving{Host: server.Host, Port: server.IMAPSPort, Security: dial.TLS, User: user, Password: "sesame", Folders: []string{"INBOX", "Support"}, MoveTo: "Done"}
		h.save(settings)
		h.post.RootCAs = server.Certificate.Pool
		made := h.running()
		h.eventually("both folders are looked at", func(m mailbox.Health) bool {
			return len(m.Folders) == 2 && m.Folders[0].ConnectedAt != 0 && m.Folders[1].ConnectedAt != 0
		})
		server.Append(user, "Support", []byte(mail(hana, "new-support", "x")))
		if got := h.subjects(made, 1); got != "new-support" {
			t.Errorf("got %s", got)
		}
		server.Append(user, "INBOX", []byte(mail(hana, "new-inbox", "x")))
		if got := h.subjects(made, 1); got != "new-inbox" {
			t.Errorf("got %s", got)
		}
		server.Wait(user, "Done", func(raw []byte) bool { return strings.Contains(string(raw), "new-inbox") })

		// A third folder with all that is in it: of the others, too, what is old comes now, and nothing twice.
		settings.Receiving.Folders, settings.Receiving.All = []string{"INBOX", "Support", "Junk"}, true
		h.save(settings)
		got := h.subjects(made, 3)
		for _, want := range []string{"old-inbox", "old-support", "old-junk"} {
			if !strings.Contains(got, want) {
				t.Errorf("got %s, without %s", got, want)
			}
		}

		// One folder that is missing holds back no other, and is named.
		settings.Receiving.Folders = []string{"INBOX", "Nowhere"}
		h.save(settings)
		h.eventually("the missing folder is told", func(m mailbox.Health) bool {
			return strings.Contains(m.Error, "Nowhere does not exist") && m.ErrorAt != 0 && m.NextAt != 0 && len(m.Folders) == 2 && m.Folders[0].Error == ""
		})
		began := h.health().ErrorAt
		server.Append(user, "INBOX", []byte(mail(hana, "still", "x")))
		if got := h.subjects(made, 1); got != "still" {
			t.Errorf("got %s", got)
		}
		if now := h.health(); now.ErrorAt != began {
			t.Errorf("the trouble began at %d, and later at %d", began, now.ErrorAt)
		}
		if n := len(h.mails()); n != 6 {
			t.Errorf("%d mails", n)
		}
	})
}

// A mailbox of before has one folder without a name, whose place must not be lost.
func TestFolderOfBeforeKeepsItsPlace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		server := newIMAP(t)
		settings := h.settings()
		settings.Receiving = mailbox.Receiving{Host: "127.0.0.1", Port: server.port, Security: dial.None, User: "help", Password: "sesame"}
		h.save(settings)
		server.put(t, mail(hana, "One", "1"))
		made := h.running()
		h.await(made)
		h.stop()
		h.write(func(tx *db.Tx) error { // as the migration leaves it
			_, err := tx.Exec(t.Context(), `UPDATE mailbox_folder SET name = '', since = 0`)
			return err
		})
		h.rebuild(h.post.Key)
		server.put(t, mail(hana, "Two", "2"))
		made = h.running()
		if tk := h.ticket(h.await(made)); tk.Subject != "Two" {
			t.Errorf("ticket %q", tk.Subject)
		}
		h.read(func(tx *db.Tx) error {
			last, err := db.One[int64](t.Context(), tx, `SELECT last_uid FROM mailbox_folder WHERE name = 'INBOX'`)
			if n := len(h.mails()); last != 2 || n != 2 {
				t.Errorf("read up to %d, %d mails", last, n)
			}
			return err
		})
	})
}

// In another account reading goes on from where the old one was looked at last.
func TestAnotherAccountIsReadFromTheLastLook(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		settings := h.settings()
		settings.Receiving = mailbox.Receiving{Host: "old.example", User: "help", Password: "x"}
		h.save(settings)
		const looked = 1_790_000_000_000
		h.write(func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE mailbox_folder SET since = 1, uid_validity = 7, last_uid = 9, connected_at = $1`, int64(looked))
			return err
		})
		settings.Receiving.Host, settings.Receiving.Password = "new.example", "y"
		h.save(settings)
		type place struct {
			Since       int64
			UIDValidity int64 `db:"uid_validity"`
			LastUID     int64 `db:"last_uid"`
		}
		h.read(func(tx *db.Tx) error {
			at, err := db.One[place](t.Context(), tx, `SELECT since, uid_validity, last_uid FROM mailbox_folder`)
			if at != (place{Since: looked - 3_600_000}) {
				t.Errorf("got %+v", at)
			}
			return err
		})
	})
}
