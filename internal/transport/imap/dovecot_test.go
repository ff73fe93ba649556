package imap_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"goodturn/internal/testserver/dovecot"
	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/imap"
)

const support = "help@example.test"

func dovecotAccount(s *dovecot.Server, security dial.Security) imap.Account {
	a := imap.Account{Host: s.Host, Port: s.IMAPSPort, Security: security, User: support, Password: "sésame", RootCAs: s.Certificate.Pool}
	if security == dial.StartTLS {
		a.Port = s.STARTTLSPort
	}
	return a
}

// all collects what is taken until a mail with the last subject has come, whole or with added header lines.
func (d *desk) all(last string) string {
	var names []string
	for {
		b := <-d.taken
		names = append(names, b.subjects())
		if strings.HasSuffix(b.subjects(), last) {
			return strings.Join(names, " ")
		}
	}
}

func TestDovecot(t *testing.T) {
	for _, test := range []struct {
		name     string
		security dial.Security
		noIdle   bool
		options  imap.Options
	}{
		{"IDLE", dial.TLS, false, imap.Options{Poll: time.Hour, MarkSeen: true, MoveTo: "Done/Here"}},
		{"polling", dial.StartTLS, true, imap.Options{Poll: 20 * time.Millisecond, MarkSeen: true, MoveTo: "Done/Here"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := dovecot.Start(t, dovecot.Options{Users: map[string]string{support: "sésame"}, NoIdle: test.noIdle})
			a := dovecotAccount(s, test.security)
			if err := imap.Check(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			odd := append(mail("two"), "8-bit \xe4\xff, a bare\nline feed and a NUL-less end"...)
			s.Append(support, "INBOX", mail("one"))
			s.Append(support, "INBOX", odd)
			test.options.BatchMails = 2
			test.options.Patience = 2 * time.Second // a server that ends may not end its connections
			test.options.RetryMin, test.options.RetryMax = 10*time.Millisecond, 100*time.Millisecond
			d := run(t, a, imap.State{}, test.options)
			b := <-d.taken
			if b.subjects() != "one two" || string(b.mails[0].Raw) != string(mail("one")) || !strings.Contains(string(b.mails[1].Raw), "8-bit \xe4\xff") {
				t.Errorf("got %q %q", b.subjects(), b.mails[len(b.mails)-1].Raw)
			}
			d.await(connected)
			s.Deliver(support, mail("three"))
			if got := d.all("three"); got != "three" {
				t.Errorf("got %q", got)
			}
			// Killed in the middle of a change, Dovecot would leave a lock behind and wait for itself, for two minutes.
			for c := s.Client(t, support); moved(t, c) < 3; {
			}
			s.Kill()
			d.await(failed)
			s.Restart()
			s.Append(support, "INBOX", mail("four"))
			if got := d.all("four"); got != "four" {
				t.Errorf("got %q", got)
			}
			for c := s.Client(t, support); moved(t, c) < 4; {
			}
		})
	}
}

// moved counts the mails that were moved and marked.
func moved(t *testing.T, c *imapclient.Client) uint32 {
	t.Helper()
	status, err := c.Status("Done/Here", &goimap.StatusOptions{NumMessages: true, NumUnseen: true}).Wait()
	if e := (*goimap.Error)(nil); errors.As(err, &e) {
		return 0 // not there yet
	}
	if err != nil {
		t.Fatal(err)
	}
	if *status.NumUnseen != 0 {
		t.Fatalf("%d mails were moved before they were marked", *status.NumUnseen)
	}
	return *status.NumMessages
}

func TestDovecotCheck(t *testing.T) {
	s := dovecot.Start(t, dovecot.Options{Users: map[string]string{support: "sésame"}})
	for words, change := range map[string]func(*imap.Account){
		"refused the user name or the password": func(a *imap.Account) { a.Password = "wrong" },
		"The folder Support does not exist":     func(a *imap.Account) { a.Folder = "Support" },
		"does not speak TLS":                    func(a *imap.Account) { a.Port = s.STARTTLSPort },
		"signed by nobody":                      func(a *imap.Account) { a.RootCAs = nil },
	} {
		a := dovecotAccount(s, dial.TLS)
		change(&a)
		var problem *dial.Problem
		if err := imap.Check(t.Context(), a); !errors.As(err, &problem) || !strings.Contains(problem.Error(), words) {
			t.Errorf("got %v, want %q", err, words)
		}
	}
}
