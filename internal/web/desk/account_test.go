package desk_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/web/ui/uitest"
)

func TestAccountSelf(t *testing.T) {
	each(t, func(s *stage) {
		a := s.get("amara", "/account").want(http.StatusOK).has("h1", "Your account").has("main", "Firefox on Windows")
		uitest.Sound(s.t.(*testing.T), a.doc)
		s.get("hana", "/account").want(http.StatusForbidden)
		s.post("amara", "/account", "name", "Amara O.", "language", "de", "zone", "Europe/Berlin").to("/account")
		a = s.get("amara", "/account").has("#views", "Amara O.")
		if got := uitest.Attr(a.all("html")[0], "lang"); got != "de" {
			t.Errorf("the page is in %s", got)
		}
		for field, value := range map[string]string{"name": " ", "language": "xx", "zone": "Mars/Olympus"} {
			values := map[string]string{"name": "Amara", "language": "en", "zone": "Africa/Lagos"}
			values[field] = value
			a := s.post("amara", "/account", "name", values["name"], "language", values["language"], "zone", values["zone"]).want(http.StatusUnprocessableEntity)
			if len(a.all("[aria-invalid=true]")) != 1 {
				t.Errorf("%s: %d fields are marked", field, len(a.all("[aria-invalid=true]")))
			}
			if a.value("#f-name") != values["name"] {
				t.Errorf("%s: the name is lost", field)
			}
		}
		s.get("amara", "/account").has("#views", "Amara O.")
	})
}

func TestPassword(t *testing.T) {
	each(t, func(s *stage) {
		first, second := "a fine rainy morning", "seven quiet bicycles"
		other := s.another("amara")
		s.post("amara", "/account/password", "new", "short").want(http.StatusUnprocessableEntity).has("#f-new-wrong", "")
		s.post("amara", "/account/password", "new", first).to("/account")
		s.get("amara", "/account").want(http.StatusOK)
		s.get(other, "/account").to("/sign-in?next=%2Faccount")
		a := s.post("amara", "/account/password", "old", "something else", "new", second).want(http.StatusUnprocessableEntity).has("#f-old-wrong", "not the password that you have now")
		for _, secret := range []string{"something else", second} {
			if strings.Contains(a.body, secret) {
				t.Error("a password is sent back")
			}
		}
		s.post("amara", "/account/password", "new", second).want(http.StatusUnprocessableEntity)
		s.post("amara", "/account/password", "old", first, "new", second).to("/account")
		if _, _, err := s.site.Door.Password(s.t.Context(), "amara@example.com", second, "192.0.2.1"); err != nil {
			t.Errorf("the new password does not open: %v", err)
		}
		s.audited("password changed")
		for range 20 {
			if a := s.post("amara", "/account/password", "old", "guess", "new", first); a.status == http.StatusTooManyRequests {
				return
			}
		}
		t.Error("the old password can be guessed at leisure")
	})
}

// another signs somebody in a second time.
func (s *stage) another(who string) string {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		s.sessions[who+" elsewhere"], err = person.StartSession(ctx, tx, s.people[who].ID, "curl/8", "198.51.100.9")
		return err
	})
	return who + " elsewhere"
}

func TestSecondStep(t *testing.T) {
	each(t, func(s *stage) {
		on := func() (has bool) {
			s.write(func(ctx context.Context, tx *db.Tx) (err error) {
				has, err = person.HasTOTP(ctx, tx, s.people["amara"].ID)
				return err
			})
			return has
		}
		a := s.post("amara", "/account/totp").want(http.StatusOK)
		if on() {
			t.Fatal("a proposal was stored")
		}
		plain, sealed := strings.ReplaceAll(a.text("code.secret"), " ", ""), a.value("input[name=proposal]")
		if len(a.all("svg path")) == 0 {
			t.Error("nothing to scan")
		}
		a = s.post("amara", "/account/totp/confirm", "proposal", sealed, "code", "000000").want(http.StatusUnprocessableEntity).has("#f-code-wrong", "does not fit")
		if got := strings.ReplaceAll(a.text("code.secret"), " ", ""); got != plain || a.value("input[name=proposal]") != sealed {
			t.Error("the second try shows another secret")
		}
		s.post("jonas", "/account/totp/confirm", "proposal", sealed, "code", code(t, plain)).to("/account")
		digits := code(t, plain)
		s.post("amara", "/account/totp/confirm", "proposal", sealed, "code", digits[:3]+" "+digits[3:]).to("/account")
		if !on() {
			t.Fatal("it is not on")
		}
		s.post("amara", "/account/totp").want(http.StatusConflict)
		s.post("amara", "/account/totp/confirm", "proposal", sealed, "code", code(t, plain)).want(http.StatusConflict)
		s.post("amara", "/account/totp/off").want(http.StatusUnprocessableEntity).has("#f-proof-wrong", "neither your password nor")
		s.post("amara", "/account/totp/off", "proof", "000000").want(http.StatusUnprocessableEntity)
		if !on() {
			t.Fatal("it went off for nothing")
		}
		if err := s.site.Door.SetPassword(s.t.Context(), s.people["amara"].ID, "a fine rainy morning"); err != nil {
			t.Fatal(err)
		}
		s.post("amara", "/account/totp/off", "proof", "a fine rainy morning").to("/account")
		if on() {
			t.Error("it is still on")
		}
		s.audited("second factor on", "second factor off")
	})
}

// code is what an authenticator shows now.
func code(t *testing.T, secret string) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSecondStepOffByCode(t *testing.T) {
	each(t, func(s *stage) {
		a := s.post("amara", "/account/totp").want(http.StatusOK)
		plain, sealed := strings.ReplaceAll(a.text("code.secret"), " ", ""), a.value("input[name=proposal]")
		s.post("amara", "/account/totp/confirm", "proposal", sealed, "code", code(t, plain)).to("/account")
		// The code that was just used is worth nothing again; the one of the next step is.
		next, err := totp.GenerateCode(plain, time.Now().Add(30*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		s.post("amara", "/account/totp/off", "proof", next).to("/account")
	})
}

func TestSessions(t *testing.T) {
	each(t, func(s *stage) {
		other := s.another("amara")
		a := s.get("amara", "/account").has("main", "A program or an unknown browser").has("main", "198.51.100.9")
		button := a.all("form[action=/account/sessions/end] button")
		if len(button) != 1 {
			t.Fatalf("%d sessions can be ended, want the other one", len(button))
		}
		id := uitest.Attr(button[0], "value")
		s.post("jonas", "/account/sessions/end", "session", id).to("/account")
		s.get(other, "/account").want(http.StatusOK)
		s.post("amara", "/account/sessions/end", "session", id).to("/account")
		s.get(other, "/account").to("/sign-in?next=%2Faccount")
		s.post("amara", "/account/sessions/end", "session", "nonsense").to("/account")
		s.audited("session ended")
	})
}

func TestTokens(t *testing.T) {
	each(t, func(s *stage) {
		a := s.post("amara", "/account/tokens", "name", "Monitoring", "lifetime", "30", "read_only", "1").want(http.StatusCreated)
		token := a.text(".notice code.secret")
		var actor person.Actor
		err := s.db.Read(s.t.Context(), func(tx *db.Tx) (err error) {
			actor, _, err = person.TokenActor(s.t.Context(), tx, token)
			return err
		})
		if err != nil || actor.ID != s.people["amara"].ID || !actor.ReadOnly {
			t.Fatalf("the token gives %+v, %v", actor, err)
		}
		a = s.get("amara", "/account").has("main", "Monitoring").has("main", "only reads").has("main", "never used")
		if strings.Contains(a.body, token) {
			t.Error("the token is shown twice")
		}
		id := uitest.Attr(a.all("form[action=/account/tokens/revoke] button")[0], "value")
		s.post("jonas", "/account/tokens/revoke", "token", id).to("/account")
		s.get("amara", "/account").has("main", "Monitoring")
		s.post("amara", "/account/tokens/revoke", "token", id).to("/account")
		s.get("amara", "/account").hasNot("main", "Monitoring")
		a = s.post("amara", "/account/tokens", "name", " ", "lifetime", "30").want(http.StatusUnprocessableEntity).has("#token-name-wrong", "Please say what the token is for")
		if got := a.all("select[name=lifetime] [selected]"); len(got) != 1 || uitest.Attr(got[0], "value") != "30" {
			t.Error("the chosen time is lost")
		}
		for _, life := range []string{"", "0", "-1", "9999999999"} {
			a := s.post("amara", "/account/tokens", "name", "Kept", "lifetime", life).want(http.StatusUnprocessableEntity).has("#token-name-wrong", "A token lives between")
			if got := a.value("#token-name"); got != "Kept" {
				t.Errorf("the name is %q", got)
			}
		}
		s.audited("token created", "token revoked")
	})
}
