package imap_test

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"

	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/imap"
)

func TestWatchTakesWhatIsThereAndWhatComes(t *testing.T) {
	for _, security := range []dial.Security{dial.TLS, dial.StartTLS, dial.None} {
		t.Run(string(security), func(t *testing.T) {
			p := start(t, func(p *peer) { p.account.Security = security })
			p.put("INBOX", "one", "two")
			d := run(t, p.account, imap.State{}, imap.Options{})
			b := <-d.taken
			if b.subjects() != "one two" || b.state != (imap.State{UIDValidity: 1, LastUID: 2}) {
				t.Errorf("got %q %+v", b.subjects(), b.state)
			}
			if m := b.mails[0]; string(m.Raw) != string(mail("one")) || m.Size != int64(len(m.Raw)) || time.Since(m.Received) > time.Hour {
				t.Errorf("got %+v", m)
			}
			d.await(connected)
			p.put("INBOX", "three") // wakes IDLE: the next look would be in minutes
			if b := <-d.taken; b.subjects() != "three" || b.state.LastUID != 3 {
				t.Errorf("got %q %+v", b.subjects(), b.state)
			}
			if h := d.await(func(h imap.Health) bool { return !h.LastMail.IsZero() }); time.Since(h.LastMail) > time.Minute {
				t.Errorf("got %+v", h)
			}
		})
	}
}

func TestNothingNewIsTakenTwice(t *testing.T) {
	p := start(t, nil)
	p.put("INBOX", "one", "two")
	d := run(t, p.account, imap.State{UIDValidity: 1, LastUID: 2}, imap.Options{Recheck: time.Millisecond})
	d.await(connected)
	p.cut()
	d.await(failed)
	d.await(connected)
	p.put("INBOX", "three")
	if b := <-d.taken; b.subjects() != "three" {
		t.Errorf("got %q", b.subjects())
	}
	if state := d.stop(); state.LastUID != 3 || len(d.taken) != 0 {
		t.Errorf("%+v, and %d more takes", state, len(d.taken))
	}
}

func TestReconnectAfterAnOutage(t *testing.T) {
	p := start(t, nil)
	p.put("INBOX", "one")
	d := run(t, p.account, imap.State{}, imap.Options{})
	<-d.taken
	d.await(connected)
	p.cut()
	p.put("INBOX", "two")
	if b := <-d.taken; b.subjects() != "two" {
		t.Errorf("got %q", b.subjects())
	}
	if h := d.await(failed); h.Err.String() != "127.0.0.1 ended the connection." || h.Since.IsZero() {
		t.Errorf("got %+v %q", h, h.Err)
	}
	if h := d.await(connected); !h.Err.IsZero() {
		t.Errorf("got %q", h.Err)
	}
}

func TestNewUIDValidityTakesAllAgain(t *testing.T) {
	p := start(t, nil)
	p.put("Done", "one", "two")
	p.account.Folder = "Done"
	d := run(t, p.account, imap.State{}, imap.Options{})
	if b := <-d.taken; b.state != (imap.State{UIDValidity: 2, LastUID: 2}) {
		t.Errorf("got %+v", b.state)
	}
	d.await(connected)
	if err := errors.Join(p.user.Delete("Done"), p.user.Create("Done", nil)); err != nil {
		t.Fatal(err)
	}
	p.put("Done", "uno")
	p.cut()
	if b := <-d.taken; b.subjects() != "uno" || b.state != (imap.State{UIDValidity: 3, LastUID: 1}) {
		t.Errorf("got %q %+v", b.subjects(), b.state)
	}
}

func TestUIDsThatWentBackwards(t *testing.T) {
	p := start(t, nil)
	p.put("INBOX", "one", "two")
	d := run(t, p.account, imap.State{UIDValidity: 1, LastUID: 70}, imap.Options{Recheck: time.Millisecond})
	if b := <-d.taken; b.subjects() != "one two" || b.state.LastUID != 2 {
		t.Errorf("got %q %+v", b.subjects(), b.state)
	}
}

func TestTakeFailsThenSucceeds(t *testing.T) {
	p := start(t, nil)
	p.put("INBOX", "one", "two", "three")
	d := runFailing(t, p.account, imap.State{}, imap.Options{MarkSeen: true, MoveTo: "Done", BatchMails: 2}, errors.New("disk full"))
	for range 3 {
		if b := <-d.taken; b.subjects() != "one two" {
			t.Errorf("got %q, want the same again", b.subjects())
		}
		if h := d.await(failed); !strings.Contains(h.Err.String(), "disk full") {
			t.Errorf("got %+v", h)
		}
	}
	if len(p.changed) != 0 {
		t.Errorf("changed on the server before anything was taken: %s", <-p.changed)
	}
	d.failing(nil)
	for got := ""; got != "three"; {
		b := <-d.taken
		got = b.subjects()
	}
	for p.count("Done") < 3 {
		<-p.changed
	}
	if state := d.stop(); state.LastUID != 3 || p.count("INBOX") != 0 {
		t.Errorf("state %+v, %d left", state, p.count("INBOX"))
	}
}

func TestMarkSeen(t *testing.T) {
	p := start(t, nil)
	p.put("INBOX", "one", "two")
	run(t, p.account, imap.State{}, imap.Options{MarkSeen: true})
	if got := <-p.changed; got != `store 1:2 [\Seen] <nil>` {
		t.Errorf("got %q", got)
	}
}

func TestWithoutOptionsNothingChanges(t *testing.T) {
	p := start(t, nil)
	p.put("INBOX", "one")
	d := run(t, p.account, imap.State{}, imap.Options{})
	<-d.taken
	d.await(connected)
	status, err := p.user.Status("INBOX", &goimap.StatusOptions{NumUnseen: true})
	if err != nil || *status.NumUnseen != 1 || len(p.changed) != 0 {
		t.Errorf("got %+v %v, %d changes", status, err, len(p.changed))
	}
}

func TestMove(t *testing.T) {
	tests := []struct {
		name string
		caps []goimap.Cap
		to   string
		want []string
		left int
	}{
		{"MOVE", []goimap.Cap{goimap.CapMove}, "Done", []string{"move 1:2 Done <nil>"}, 0},
		{"to a folder that has to be made", []goimap.Cap{goimap.CapMove}, "New", []string{"move 1:2 New imap: NO [TRYCREATE] No such mailbox", "move 1:2 New <nil>"}, 0},
		{"UIDPLUS", []goimap.Cap{goimap.CapUIDPlus}, "Done", []string{`store 1:2 [\Deleted] <nil>`, "expunge 1:2 <nil>"}, 0},
		{"neither", nil, "Done", []string{`store 1:2 [\Deleted] <nil>`}, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := start(t, func(p *peer) {
				p.caps = goimap.CapSet{goimap.CapIMAP4rev1: {}}
				for _, c := range test.caps {
					p.caps[c] = struct{}{}
				}
			})
			p.put("INBOX", "one", "two")
			d := run(t, p.account, imap.State{}, imap.Options{MoveTo: test.to})
			for _, want := range test.want {
				if got := <-p.changed; got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			}
			if h := d.await(connected); !h.Warning.IsZero() {
				t.Errorf("got %q", h.Warning)
			}
			if p.count(test.to) != 2 || p.count("INBOX") != test.left {
				t.Errorf("%d moved, %d left", p.count(test.to), p.count("INBOX"))
			}
		})
	}
}

func TestMovingThatFailsIsAWarning(t *testing.T) {
	p := start(t, nil)
	p.put("INBOX", "one")
	d := run(t, p.account, imap.State{}, imap.Options{MoveTo: "INBOX"})
	<-d.taken
	if h := d.await(connected); !strings.Contains(h.Warning.String(), "identical") {
		t.Errorf("got %+v", h)
	}
	p.put("INBOX", "two")
	if b := <-d.taken; b.subjects() != "two" {
		t.Errorf("got %q", b.subjects())
	}
}

func TestBatchesAndSizes(t *testing.T) {
	p := start(t, nil)
	p.put("INBOX", "a", "b", "c", "large", "e")
	d := run(t, p.account, imap.State{}, imap.Options{BatchMails: 2, MaxSize: 1000})
	for i, want := range []string{"a b", "c !large", "e"} {
		b := <-d.taken
		if b.subjects() != want || b.state.LastUID != []uint32{2, 4, 5}[i] {
			t.Errorf("got %q %+v, want %q", b.subjects(), b.state, want)
		}
		if i == 1 {
			large := b.mails[1]
			if !large.Truncated || large.Problem != "" || large.Size != int64(len(mail("large"))) || strings.Contains(string(large.Raw), "This is") {
				t.Errorf("got %+v", large)
			}
		}
	}
}

// spoil makes texts be refused.
func spoil(uids ...goimap.UID) func(goimap.UIDSet, net.Conn) goimap.UIDSet {
	return func(set goimap.UIDSet, _ net.Conn) goimap.UIDSet {
		var bad goimap.UIDSet
		for _, uid := range uids {
			if set.Contains(uid) {
				bad.AddNum(uid)
			}
		}
		return bad
	}
}

func TestARefusedMailHoldsBackNoOther(t *testing.T) {
	p := start(t, func(p *peer) { p.onBody = spoil(2) })
	p.put("INBOX", "one", "two", "three")
	d := run(t, p.account, imap.State{}, imap.Options{MarkSeen: true})
	if b := <-d.taken; b.subjects() != "one three" || b.state.LastUID != 1 {
		t.Errorf("got %q %+v, want the state below what is owed", b.subjects(), b.state)
	}
	d.await(connected)
	p.put("INBOX", "four")
	if b := <-d.taken; b.subjects() != "four" || b.state.LastUID != 1 {
		t.Errorf("got %q %+v", b.subjects(), b.state)
	}
	p.mu.Lock()
	p.onBody = nil
	p.mu.Unlock()
	p.cut() // it is asked for again on another connection, and nothing else is
	if b := <-d.taken; b.subjects() != "two" || b.state.LastUID != 4 {
		t.Errorf("got %q %+v", b.subjects(), b.state)
	}
}

func TestAMailThatIsNeverGiven(t *testing.T) {
	p := start(t, func(p *peer) { p.onBody = spoil(2) })
	p.put("INBOX", "one", "two", "three")
	d := run(t, p.account, imap.State{}, imap.Options{Attempts: 3, Recheck: time.Millisecond, MarkSeen: true})
	<-d.taken
	b := <-d.taken
	if len(b.mails) != 1 || b.state.LastUID != 3 {
		t.Fatalf("got %+v", b)
	}
	if m := b.mails[0]; m.UID != 2 || !m.Truncated || !strings.Contains(m.Problem, "Disk says no") || m.Size == 0 {
		t.Errorf("got %+v", m)
	}
	d.stop()
	for len(p.changed) > 0 {
		if got := <-p.changed; strings.Contains(got, "2") {
			t.Errorf("what was not taken was changed: %s", got)
		}
	}
}

func TestAMailThatBreaksTheConnection(t *testing.T) {
	p := start(t, func(p *peer) {
		p.onBody = func(set goimap.UIDSet, conn net.Conn) goimap.UIDSet {
			if set.Contains(2) {
				conn.Close()
			}
			return nil
		}
	})
	p.put("INBOX", "one", "two", "three", "four")
	d := run(t, p.account, imap.State{}, imap.Options{Attempts: 3})
	var got []string
	for len(got) < 4 {
		b := <-d.taken
		for _, m := range b.mails {
			got = append(got, fmt.Sprintf("%d %t", m.UID, m.Problem != ""))
		}
	}
	if want := "1 false, 2 true, 3 false, 4 false"; strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if state := d.stop(); state.LastUID != 4 {
		t.Errorf("got %+v", state)
	}
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	tests := []struct {
		name   string
		change func(*imap.Account)
		kind   dial.Kind
		words  string
	}{
		{"good", func(*imap.Account) {}, "", ""},
		{"password", func(a *imap.Account) { a.Password = "wrong" }, dial.Refused, "refused the user name or the password"},
		{"folder", func(a *imap.Account) { a.Folder = "Support" }, dial.NoFolder, "The folder Support does not exist. There are: Done, INBOX."},
		{"host", func(a *imap.Account) { a.Host = "nowhere.invalid" }, dial.HostUnknown, "does not exist"},
		{"certificate", func(a *imap.Account) { a.RootCAs = x509.NewCertPool() }, dial.Certificate, "signed by nobody"},
		{"other name", func(a *imap.Account) { a.Host = "localhost" }, dial.Certificate, "is for 127.0.0.1, not for localhost"},
	}
	for _, security := range []dial.Security{dial.TLS, dial.StartTLS} {
		p := start(t, func(p *peer) { p.account.Security = security })
		for _, test := range tests {
			t.Run(string(security)+"/"+test.name, func(t *testing.T) {
				a := p.account
				test.change(&a)
				err := imap.Check(t.Context(), a)
				if test.kind == "" {
					if err != nil {
						t.Fatal(err)
					}
					return
				}
				var problem *dial.Problem
				if !errors.As(err, &problem) || problem.Kind != test.kind || !strings.Contains(problem.Error(), test.words) {
					t.Errorf("got %v, want %s with %q", err, test.kind, test.words)
				}
			})
		}
	}
}

func TestFolders(t *testing.T) {
	p := start(t, nil)
	names, err := imap.Inspect(t.Context(), p.account, nil)
	if err != nil || strings.Join(names, " ") != "Done INBOX" {
		t.Errorf("got %s, %v", names, err)
	}
}

func TestARefusedPasswordIsNotTriedOften(t *testing.T) {
	p := start(t, func(p *peer) { p.account.Password = "wrong" })
	d := run(t, p.account, imap.State{}, imap.Options{RetryMin: 1, RetryMax: time.Hour})
	if h := d.await(failed); !strings.Contains(h.Err.String(), "password") {
		t.Errorf("got %+v", h)
	}
	d.stop()
	if p.logins != 1 {
		t.Errorf("%d attempts", p.logins)
	}
}

func TestWatchEndsWithItsErrorAndReportsIt(t *testing.T) {
	p := start(t, func(p *peer) { p.account.Folder = "Support" })
	var last imap.Health
	err := imap.Watch(t.Context(), p.account, imap.State{}, imap.Options{}, nil, func(h imap.Health) { last = h })
	if err == nil || last.State != imap.Failed || last.Err.String() != err.Error() {
		t.Errorf("got %v, %+v", err, last)
	}
}
