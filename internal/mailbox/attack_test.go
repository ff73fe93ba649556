package mailbox_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
)

// What nobody can take away does not keep the mails behind it from being seen.
func TestSpoolFullOfWhatCannotBeTakenAway(t *testing.T) {
	h := newHouse(t, dbtest.Open(t, db.SQLite))
	h.must(mailbox.PrepareSpool(h.data))
	h.must(h.post.WriteAddresses(t.Context()))
	for i := range 1000 {
		name := fmt.Sprint("stuck", i)
		h.must(os.WriteFile(filepath.Join(h.data, "spool", "new", name), []byte("no mail"), 0o644))
		h.must(os.Mkdir(filepath.Join(h.data, "spool", "bad", name), 0o700)) // so that it cannot be put aside
	}
	made := h.running()
	for i := range 3 {
		subject := fmt.Sprint("Behind them ", i)
		h.must(h.deliver(deskAddress, mail(hana, subject, "Hello.")))
		if tk := h.ticket(h.await(made)); tk.Subject != subject {
			t.Errorf("ticket %q", tk.Subject)
		}
	}
}

// A stranger chooses the name that is greeted and the address that it goes to: the desk must not mail their links.
func TestSignInLetterCarriesNobodysLinks(t *testing.T) {
	h := newHouse(t, dbtest.Open(t, db.SQLite))
	for i, name := range []string{"Win at https://evil.example/x", "see www.evil.example now", "evil.example", strings.Repeat("buy it ", 15), "Dr. J. R. Holm-Śmith Jr."} {
		address := fmt.Sprintf("victim%d@elsewhere.example", i)
		h.write(func(tx *db.Tx) error {
			p, err := person.Create(t.Context(), tx, person.New{Name: name, Addresses: []string{address}, Role: person.Requester})
			if err != nil {
				return err
			}
			return h.post.QueueSignInLink(t.Context(), tx, p.ID, address, []byte("b"), "")
		})
		m := string(h.send(1)[0].raw)
		if bad := strings.Contains(m, "evil.example") || strings.Contains(m, "buy it"); bad {
			t.Errorf("the letter to %q holds it:\n%s", name, m)
		}
		if i == 4 && !strings.Contains(m, "Holm") {
			t.Error("a plain name is not greeted")
		}
	}
}

// A mail that makes the reading of mails stumble does not end the program, now and after every start.
func TestMailThatCannotBeReadWithoutAPanic(t *testing.T) {
	h := newHouse(t, dbtest.Open(t, db.SQLite))
	h.must(h.post.Take(t.Context(), []mailbox.Incoming{{From: "hana@customer.example", To: []string{deskAddress}, Raw: []byte(mail(hana, "Printer", "Half pages.")), Source: mailbox.SourceLMTP}}))
	blobs := h.post.Blobs
	h.post.Blobs = nil // whatever touches it panics
	h.must(h.post.FileAll(t.Context()))
	h.post.Blobs = blobs
	row := h.last(mailbox.BecameRaw)
	files := h.files(row.TicketID)
	if len(files) != 1 || !strings.Contains(h.content(files[0]), "Half pages.") {
		t.Errorf("the ticket holds %+v", files)
	}
}
