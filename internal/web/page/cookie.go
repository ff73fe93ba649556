package page

import (
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"time"

	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/web/ui"
)

// Note is a flash message; see ui.Note.
type Note = ui.Note

const (
	sessionCookie  = "session"  // who is signed in
	browserCookie  = "browser"  // which browser asked for a sign-in link
	halfCookie     = "half"     // whose password was right and whose code is still wanted
	languageCookie = "language" // which a visitor chose
	atCookie       = "at"       // by whose address they came
	flashCookie    = "flash"    // what to say on the next page
)

// cookieName binds a cookie to this host alone where browsers see https (RFC 6265bis, "__Host-").
func (s *Site) cookieName(name string) string {
	if s.Secure {
		return "__Host-" + name
	}
	return "goodturn-" + name
}

func (s *Site) setCookie(w http.ResponseWriter, name, value string, life time.Duration) {
	c := &http.Cookie{Name: s.cookieName(name), Value: value, Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode, MaxAge: int(life.Seconds())}
	if life <= 0 {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// SetSession signs the browser in with the secret of a session; "" signs it out.
func (s *Site) SetSession(w http.ResponseWriter, token string) {
	life := 365 * 24 * time.Hour // the session itself ends sooner
	if token == "" {
		life = 0
	}
	s.setCookie(w, sessionCookie, token, life)
}

// Browser gives the hash of this browser's own secret, and gives the browser one if it has none.
func (s *Site) Browser(w http.ResponseWriter, r *http.Request) []byte {
	if c, err := r.Cookie(s.cookieName(browserCookie)); err == nil && len(c.Value) >= 32 {
		return secret.Hash(c.Value)
	}
	token := secret.Token()
	s.setCookie(w, browserCookie, token, person.SessionLife)
	return secret.Hash(token)
}

// Tell shows a line on the next page.
func (s *Site) Tell(w http.ResponseWriter, text string) { s.tell(w, Note{Text: text}) }

// TellUndo is Tell with a button that posts to one of our own addresses, which takes it back.
func (s *Site) TellUndo(w http.ResponseWriter, text, undo string) {
	s.tell(w, Note{Text: text, Undo: undo})
}

// Warn shows on the next page a line about something that did not work.
func (s *Site) Warn(w http.ResponseWriter, text string) { s.tell(w, Note{Text: text, Bad: true}) }

func (s *Site) tell(w http.ResponseWriter, n Note) {
	raw, err := json.Marshal([]Note{n})
	if err == nil {
		s.setCookie(w, flashCookie, base64.RawURLEncoding.EncodeToString(raw), time.Minute)
	}
}

func (s *Site) takeFlash(w http.ResponseWriter, r *http.Request) (notes []Note) {
	c, err := r.Cookie(s.cookieName(flashCookie))
	if err != nil || c.Value == "" || len(c.Value) > 4096 {
		return nil
	}
	s.setCookie(w, flashCookie, "", 0)
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || json.Unmarshal(raw, &notes) != nil {
		return nil
	}
	for i, n := range notes { // a cookie is the browser's word: its button must not lead elsewhere
		if !strings.HasPrefix(n.Undo, "/") || strings.HasPrefix(n.Undo, "//") || strings.Contains(n.Undo, `\`) {
			notes[i].Undo = ""
		}
	}
	return notes
}

// Remote is the address of the visitor, for limits and the audit record.
func (s *Site) Remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if s.TrustProxy {
		// The last one is the proxy's own; those before it are the visitor's word. Some proxies add a line of their own.
		if all := r.Header.Values("X-Forwarded-For"); len(all) > 0 {
			parts := strings.Split(all[len(all)-1], ",")
			if ip := net.ParseIP(strings.TrimSpace(parts[len(parts)-1])); ip != nil {
				host = ip.String()
			}
		}
	}
	return host
}

// cookie is what a browser keeps under a name; "" for nothing.
func (s *Site) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil || len(c.Value) > 100 {
		return ""
	}
	return c.Value
}

// SetLanguage keeps which language a visitor chose; code is one of those shipped.
func (s *Site) SetLanguage(w http.ResponseWriter, code string) {
	s.setCookie(w, languageCookie, code, 365*24*time.Hour)
}

// SetAt keeps by whose address a visitor came; "" for nobody's.
func (s *Site) SetAt(w http.ResponseWriter, slug string) {
	life := 30 * 24 * time.Hour
	if slug == "" {
		life = 0
	}
	s.setCookie(w, atCookie, slug, life)
}
