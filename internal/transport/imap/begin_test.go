package imap_test

import (
	"testing"
	"time"

	"goodturn/internal/testserver/dovecot"
	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/imap"
)

func TestDovecotBeginsAtAMoment(t *testing.T) {
	s := dovecot.Start(t, dovecot.Options{Users: map[string]string{support: "sésame"}})
	a := dovecotAccount(s, dial.TLS)
	now := time.Now()
	s.AppendAt(support, "INBOX", mail("last-year"), now.AddDate(-1, 0, 0))
	s.AppendAt(support, "INBOX", mail("yesterday"), now.Add(-24*time.Hour))
	options := imap.Options{Poll: time.Hour, Patience: 2 * time.Second, RetryMin: 10 * time.Millisecond, RetryMax: 100 * time.Millisecond, Since: now}
	d := run(t, a, imap.State{}, options)
	if b := <-d.taken; len(b.mails) != 0 || b.state.LastUID != 2 {
		t.Fatalf("began with %q at %+v", b.subjects(), b.state)
	}
	d.await(connected)
	s.AppendAt(support, "INBOX", mail("moved-here"), now.AddDate(0, -1, 0)) // by somebody, later
	if got := d.all("moved-here"); got != "moved-here" {
		t.Errorf("got %q", got)
	}
	d.stop()

	// The numbers of the mails are new, as in a folder that was made anew: what is older than the moment stays, the rest comes (again).
	s.AppendAt(support, "Anew", mail("last-year"), now.AddDate(-1, 0, 0))
	s.AppendAt(support, "Anew", mail("an-hour-later"), now.Add(time.Hour))
	a.Folder = "Anew"
	d = run(t, a, imap.State{UIDValidity: 1, LastUID: 9}, options)
	if b := <-d.taken; len(b.mails) != 0 || b.state.LastUID != 1 {
		t.Fatalf("began with %q at %+v", b.subjects(), b.state)
	}
	if got := d.all("an-hour-later"); got != "an-hour-later" {
		t.Errorf("got %q", got)
	}
}

func TestHealthCountsWhatWaits(t *testing.T) {
	p := start(t, nil)
	p.put("INBOX", "1", "2", "3", "4", "5")
	d := run(t, p.account, imap.State{}, imap.Options{BatchMails: 2})
	for _, want := range []int{5, 3, 1, 0} {
		d.await(func(h imap.Health) bool { return h.Waiting == want })
	}
}
