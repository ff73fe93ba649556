package mailbox_test

import (
	"fmt"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
)

// BenchmarkFileMails takes in and files mails of as many people, as one sender after another writes.
func BenchmarkFileMails(b *testing.B) {
	h := newHouse(b, dbtest.Open(b, db.SQLite))
	raw := make([]string, b.N)
	for i := range raw {
		raw[i] = fmt.Sprintf("From: Person %d <p%d@customer.example>\r\nTo: %s\r\nSubject: The printer on floor %d\r\nMessage-ID: <m%d@customer.example>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\nGood morning,\r\n\r\nthe printer prints half pages since the last update, whatever I try.\r\nCould somebody have a look, please? My room is %d.\r\n\r\nThank you\r\nPerson %d\r\n",
			i, i, deskAddress, i%9, i, i%300, i)
	}
	b.ResetTimer()
	for len(raw) > 0 {
		n := min(len(raw), 64)
		h.take(raw[:n]...)
		raw = raw[n:]
	}
}
