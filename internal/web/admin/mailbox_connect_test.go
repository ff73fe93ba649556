package admin_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/testserver/dovecot"
	"goodturn/internal/testserver/oauth"
)

// query is the part of an address of our own that send wants.
func (s *stage) query(address string) string {
	s.Helper()
	at, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, publicURL) {
		s.Fatalf("%q is no address of the desk (%v)", address, err)
	}
	return at.RequestURI()
}

// TestConnectAMailbox is the whole way: the form, the provider, the way back, mail, a token that ends, a consent that is withdrawn, and one
// that is given again.
func TestConnectAMailbox(t *testing.T) {
	each(t, func(s *stage) {
		const user = "help@desk.example"
		provider := oauth.Start(t, oauth.Options{RedirectURL: publicURL + mailbox.RedirectPath, TokenLife: 3 * time.Second})
		server := dovecot.Start(t, dovecot.Options{Users: map[string]string{user: "unused here"}, Introspection: provider.IntrospectionURL})
		s.admin.Post.RootCAs = server.Certificate.Pool
		s.admin.Post.Data = ""
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.admin.Post.Run(ctx) }()
		defer func() { stop(); <-ended }()

		s.get("/admin/mailboxes/new?sign_in=other").sound().says("Redirect URI to register there", "Token address").saysNot("Directory (tenant) ID")
		form := s.mailboxFields("sign_in", "other", "oauth_client_id", provider.ClientID, "oauth_password", provider.ClientSecret, "oauth_auth_url", provider.AuthURL, "oauth_token_url", provider.TokenURL,
			"oauth_scopes", provider.Scopes, "receiving_host", server.Host, "receiving_port", text(int64(server.IMAPSPort)), "receiving_user", user, "receiving_password", "", "receiving_move_to", "", "sending_host", "")
		s.post("/admin/mailboxes", form...).done("What is left is to connect it.")
		s.get("/admin/mailboxes/1").sound().says("Nobody has connected it", "Connect with 127.0.0.1").saysNot(provider.ClientSecret)
		s.post("/admin/mailboxes/1/check").is(http.StatusOK).says("Please connect it")
		s.get("/admin/mailboxes").sound().says("Nobody has connected it")

		// Somebody else's way back, and one that was made up, lead nowhere.
		to := s.send("ada", "GET", "/admin/mailboxes/1/connect", nil).is(http.StatusSeeOther).to
		back := s.query(provider.Approve(to, user))
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			s.sessions["other"], err = person.StartSession(ctx, tx, s.people["ada"], "", "")
			return err
		})
		for who, path := range map[string]string{"other": back, "ada": mailbox.RedirectPath + "?code=x&state=AAAA"} {
			if got := s.send(who, "GET", path, nil).is(http.StatusSeeOther); got.to != "/admin/mailboxes" || s.mailbox(1).OAuth.GrantedAt != 0 {
				t.Errorf("%s with a strange state is sent to %s", who, got.to)
			}
		}
		s.send("amara", "GET", back, nil).is(http.StatusForbidden)

		s.connected(back)
		s.audited("mailbox connected", "mailbox 1")
		refresh := s.refreshToken()
		if strings.Contains(refresh, "{") || refresh == "" {
			t.Errorf("the consent is stored as %q", refresh)
		}
		arrive := func(subject string) {
			t.Helper()
			server.Deliver(user, []byte("From: hana@example.com\r\nTo: "+user+"\r\nSubject: "+subject+"\r\nMessage-ID: <"+subject+"@example.com>\r\n\r\nHello\r\n"))
			s.await(subject+" arrives", func() bool {
				return s.count(`SELECT count(*) FROM ticket WHERE subject = '`+subject+`'`) == 1
			})
		}
		arrive("one")
		s.get("/admin/mailboxes/1").sound().says("Mail is fetched", "Connect again", "Connected with 127.0.0.1").saysNot(provider.ClientSecret)

		// The token has ended when the server comes back: a new one is had, and the refresh token that came with it is kept.
		given := provider.Given("refresh_token")
		provider.Expire()
		server.Kill()
		server.Restart()
		arrive("two")
		if provider.Given("refresh_token") <= given || s.refreshToken() == refresh {
			t.Errorf("%d refreshes before, %d after; the same refresh token: %t", given, provider.Given("refresh_token"), s.refreshToken() == refresh)
		}

		provider.Revoke()
		server.Kill()
		server.Restart()
		s.await("the trouble is told", func() bool { return strings.Contains(s.mailbox(1).Health.Error, "Please connect again") })
		server.Append(user, "INBOX", []byte("From: hana@example.com\r\nSubject: three\r\nMessage-ID: <three@example.com>\r\n\r\nHello\r\n"))
		s.get("/admin/mailboxes/1").sound().says("no longer accepts the consent", "Next try", "Connect again")
		if h := s.mailbox(1).Health; h.ErrorAt == 0 || h.NextAt == 0 {
			t.Errorf("health %+v", h)
		}
		s.connected(s.query(provider.Approve(s.send("ada", "GET", "/admin/mailboxes/1/connect", nil).to, user)))
		s.await("what waited has come", func() bool { return s.count(`SELECT count(*) FROM ticket WHERE subject = 'three'`) == 1 })
		s.await("all is well again", func() bool { h := s.mailbox(1).Health; return h.Error == "" && h.ErrorAt == 0 })
		if n := s.count(`SELECT count(*) FROM ticket`); n != 3 {
			t.Errorf("%d tickets", n)
		}

		// Another client ends the consent, and asks for the secret.
		other := append([]string{}, form...)
		for i := 0; i < len(other); i += 2 {
			if other[i] == "oauth_client_id" {
				other[i+1] = "another"
			}
		}
		s.post("/admin/mailboxes/1", other...).done("What is left is to connect it.")
		if s.refreshToken() != "" || s.mailbox(1).OAuth.GrantedAt != 0 {
			t.Error("a consent outlived its client")
		}
	})
}

// connected comes back from the provider and is told that it went well.
func (s *stage) connected(back string) {
	s.Helper()
	got := s.send("ada", "GET", back, nil)
	if got.status != http.StatusSeeOther || got.to != "/admin/mailboxes/1" || s.mailbox(1).OAuth.GrantedAt == 0 {
		s.Fatalf("status %d, sent to %s, connected at %d", got.status, got.to, s.mailbox(1).OAuth.GrantedAt)
	}
}

func (s *stage) refreshToken() (sealed string) {
	s.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		sealed, err = db.One[string](ctx, tx, `SELECT refresh_token FROM mailbox WHERE id = 1`)
		return err
	})
	return sealed
}

// await waits for something that the running post does.
func (s *stage) await(what string, done func() bool) {
	s.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(60 * time.Second)
	for !done() {
		select {
		case <-tick.C:
		case <-end:
			s.Fatalf("in vain: %s; health %+v", what, s.mailbox(1).Health)
		}
	}
}

func TestConnectIsRefusedByTheProvider(t *testing.T) {
	s := newStage(t, openSQLite(t))
	provider := oauth.Start(t, oauth.Options{RedirectURL: publicURL + mailbox.RedirectPath})
	s.post("/admin/mailboxes", s.mailboxFields("sign_in", "other", "oauth_client_id", provider.ClientID, "oauth_password", "the wrong one", "oauth_auth_url", provider.AuthURL, "oauth_token_url", provider.TokenURL,
		"oauth_scopes", provider.Scopes)...).done("connect it")
	to := s.send("ada", "GET", "/admin/mailboxes/1/connect", nil).is(http.StatusSeeOther).to
	back := s.query(provider.Approve(to, "help@desk.example"))
	s.send("ada", "GET", back, nil).done("does not know the application or its secret")

	state, _ := url.Parse(to)
	s.send("ada", "GET", mailbox.RedirectPath+"?error=access_denied&error_description=No+thanks&state="+state.Query().Get("state"), nil).done("Not connected. The provider says: No thanks")
	if m := s.mailbox(1); m.OAuth.GrantedAt != 0 || s.refreshToken() != "" {
		t.Errorf("connected all the same: %+v", m)
	}
}

func TestOAuthForms(t *testing.T) {
	each(t, func(s *stage) {
		form := s.get("/admin/mailboxes/new?sign_in=microsoft").sound().says("Directory (tenant) ID", "Application (client) ID").saysNot("Servers of common providers")
		if !form.typed(form.doc(), publicURL+"/admin/mailboxes/connected") || !form.typed(form.doc(), "outlook.office365.com") {
			t.Error("the form lacks the redirect address, or the servers")
		}
		s.get("/admin/mailboxes/new?sign_in=google").sound().says("Google Cloud console", "Client ID").saysNot("Directory (tenant) ID", "Who signs in")
		s.get("/admin/mailboxes/new?sign_in=nonsense").sound().says("Servers of common providers")
		for _, x := range []struct{ way, name, value, field, words string }{
			{"microsoft", "oauth_client_id", "", "oauth_client_id", "Please give the client ID"},
			{"microsoft", "oauth_tenant", "a/b", "oauth_tenant", "letters, digits"},
			{"microsoft", "oauth_flow", "app", "oauth_tenant", "directory (tenant) ID"},
			{"other", "oauth_token_url", "http://example.com/token", "oauth_token_url", "begins with https"},
			{"other", "oauth_auth_url", "example.com", "oauth_auth_url", "begins with https"},
		} {
			fields := s.mailboxFields("sign_in", x.way, "oauth_client_id", "goodturn", "oauth_password", "top secret client", "oauth_tenant", "", "oauth_flow", "person")
			if x.way == "other" {
				fields = append(fields, "oauth_token_url", "https://login.example.com/t", "oauth_auth_url", "https://login.example.com/a")
			}
			for i := 0; i < len(fields); i += 2 {
				if fields[i] == x.name {
					fields[i+1] = x.value
				}
			}
			s.post("/admin/mailboxes", fields...).refused("f-"+x.field, x.words).saysNot("top secret")
		}
		s.post("/admin/mailboxes", s.mailboxFields("sign_in", "microsoft", "oauth_client_id", "goodturn", "oauth_password", "top secret client", "oauth_tenant", "desk.example", "oauth_flow", "app",
			"receiving_host", "outlook.office365.com", "receiving_user", "", "receiving_password", "", "sending_host", "smtp.office365.com", "sending_user", "", "sending_password", "")...).done("help@desk.example is saved.")
		m := s.mailbox(1)
		if !m.OAuth.AsApp || m.OAuth.ClientSecret.Reveal() != "top secret client" || m.Receiving.User != "help@desk.example" || m.Sending.User != "help@desk.example" {
			t.Errorf("stored %+v", m)
		}
		s.get("/admin/mailboxes/1").sound().says("One is stored.").saysNot("top secret", "Connect")
		s.send("ada", "GET", "/admin/mailboxes/1/connect", nil).is(http.StatusUnprocessableEntity)
		s.post("/admin/mailboxes/1", s.mailboxFields("sign_in", "microsoft", "oauth_client_id", "goodturn", "oauth_password", "", "oauth_tenant", "desk.example", "oauth_flow", "app",
			"receiving_host", "imap.evil.example", "sending_host", "smtp.office365.com", "sending_password", "")...).refused("f-oauth_client_secret", "client secret")
	})
}
