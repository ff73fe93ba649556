package mailbox_test

import (
	"bytes"
	"fmt"
	"net"
	"strings"
	"testing"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/transport/dial"
)

// imapServer is an IMAP server in memory with one user and an INBOX.
type imapServer struct {
	user *imapmemserver.User
	port int
}

func newIMAP(t *testing.T) *imapServer {
	t.Helper()
	s := &imapServer{user: imapmemserver.NewUser("help", "sesame")}
	if err := s.user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	memory := imapmemserver.New()
	memory.AddUser(s.user)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		},
		Caps: goimap.CapSet{goimap.CapIMAP4rev1: {}, goimap.CapUIDPlus: {}, goimap.CapMove: {}}, InsecureAuth: true,
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_, _ = fmt.Sscan(port, &s.port)
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return s
}

// literal is a mail as the server wants it.
type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

func (s *imapServer) put(t *testing.T, raw string) {
	t.Helper()
	if _, err := s.user.Append("INBOX", literal{bytes.NewReader([]byte(raw))}, &goimap.AppendOptions{}); err != nil {
		t.Fatal(err)
	}
}

func TestIMAPIsFetchedOnceAndGoesOnAfterAStop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		server := newIMAP(t)
		server.put(t, mail(hana, "One", "1"))
		server.put(t, mail(hana, "Two", "2"))
		settings := h.settings()
		settings.Receiving = mailbox.Receiving{Host: "127.0.0.1", Port: server.port, Security: dial.None, User: "help", Password: "wrong"}
		h.save(settings)
		made := h.running()
		settings.Receiving.Password = "sesame" // the watcher begins anew with the settings as they are
		h.save(settings)
		h.await(made)
		h.await(made)
		h.stop()
		server.put(t, mail(hana, "Three", "3"))
		h.rebuild(h.post.Key)
		made = h.running()
		if tk := h.ticket(h.await(made)); tk.Subject != "Three" {
			t.Errorf("ticket %q", tk.Subject)
		}
		h.read(func(tx *db.Tx) error {
			m, err := h.post.Get(t.Context(), tx, h.box)
			if m.Health.ConnectedAt == 0 || m.Health.LastMailAt == 0 || m.Health.Error != "" {
				t.Errorf("health %+v", m.Health)
			}
			last, err2 := db.One[int64](t.Context(), tx, `SELECT last_uid FROM mailbox_folder WHERE mailbox_id = $1`, h.box)
			if err == nil {
				err = err2
			}
			if last != 3 {
				t.Errorf("last UID %d", last)
			}
			return err
		})
		if n := len(h.mails()); n != 3 {
			t.Errorf("%d mails", n)
		}
	})
}

func TestAttachmentsAndPicturesAreKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(strings.ReplaceAll(`From: `+hana+`
To: `+deskAddress+`
Subject: Screenshot
Message-ID: <files@customer.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=a

--a
Content-Type: multipart/related; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p>See <img src="cid:shot@customer.example"></p>
--b
Content-Type: image/png
Content-ID: <shot@customer.example>
Content-Disposition: inline; filename=shot.png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--b--
--a
Content-Type: text/plain; name=log.txt
Content-Disposition: attachment; filename=log.txt

line one
--a--
`, "\n", "\r\n"))
		id := h.last(mailbox.BecameTicket).TicketID
		files := h.files(id)
		if len(files) != 2 || files[0].Name != "shot.png" || !files[0].Inline || files[0].ContentID != "shot@customer.example" || files[1].Name != "log.txt" || files[1].Inline {
			t.Fatalf("files %+v", files)
		}
		for i, want := range []string{"\x89PNG\r\n\x1a\n", "line one"} {
			if got := h.content(files[i]); strings.TrimSpace(got) != strings.TrimSpace(want) {
				t.Errorf("%s holds %q", files[i].Name, got)
			}
		}
		if m := h.messages(id)[0]; !strings.Contains(m.HTML, "cid:shot@customer.example") || !strings.Contains(m.Text, "See") {
			t.Errorf("message %+v", m)
		}
	})
}
