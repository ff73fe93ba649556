// Package button is what the help button offers on other people's pages, and on whose.
//
// The button is one small script that a page of an organisation loads from the desk. What it offers can be switched on and off in parts, and
// pages are answered by their origin alone: the scheme, the host and the port of RFC 6454.
//
//	s, err := button.Load(ctx, tx)
//	if s.Search && s.Allows("https://intranet.example.com") { … }
//
// Invariants: a desk that has set nothing offers nothing and answers no page; an origin is kept in the form in which browsers send it.
package button

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Settings are what the button offers.
type Settings struct {
	Search   bool // articles and what is known, while somebody types
	Papercut bool // small things that annoy
	Request  bool // a ticket at once
	Chat     bool // a conversation on a ticket
	Plain    bool // the form without a script
	Origins  string
	// ChatTeamID is the team to which live chats go, 0 for where tickets usually go. ChatWait and ChatSilence are minutes: until a chat that
	// nobody takes waits in the line, and until one in which nobody writes is over. 0 is the usual number.
	ChatTeamID            int64
	ChatWait, ChatSilence int
	// ChangedAt is 0 where nothing was ever set.
	ChangedAt clock.Instant
}

// Load gives the settings; a desk that has set nothing has the zero Settings.
func Load(ctx context.Context, tx *db.Tx) (Settings, error) {
	all, err := db.All[Settings](ctx, tx, `SELECT search, papercut, request, chat, plain, origins, coalesce(chat_team_id, 0) AS chat_team_id, chat_wait, chat_silence, changed_at FROM button WHERE id = 1`)
	if err != nil || len(all) == 0 {
		return Settings{}, err
	}
	return all[0], nil
}

// Bounds of the list of origins.
const (
	maxOrigins = 100
	maxOrigin  = 300
)

// Save stores the settings. What is wrong with the origins is fault.Invalid of the field origins, which names the line.
func Save(ctx context.Context, tx *db.Tx, s Settings) error {
	s.ChatWait, s.ChatSilence = cmp.Or(s.ChatWait, usualWait), cmp.Or(s.ChatSilence, usualSilence)
	if err := s.checkChat(); err != nil {
		return err
	}
	var kept []string
	for line := range strings.Lines(s.Origins) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		o, ok := Origin(line)
		if !ok {
			return fault.Check([]fault.Field{fault.F("origins", i18n.M("“{{.Line}}” is no address of a site. One looks like https://intranet.example.com, without what comes after the name.", "Line", cut(line)))})
		}
		if !slices.Contains(kept, o) {
			kept = append(kept, o)
		}
	}
	if len(kept) > maxOrigins {
		return fault.Check([]fault.Field{fault.F("origins", i18n.M("Up to {{.Most}} sites can be named.", "Most", maxOrigins))})
	}
	var team any
	if s.ChatTeamID != 0 {
		team = s.ChatTeamID
	}
	_, err := tx.Exec(ctx, `INSERT INTO button (id, search, papercut, request, chat, plain, origins, changed_at, chat_team_id, chat_wait, chat_silence) VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET search = excluded.search, papercut = excluded.papercut, request = excluded.request, chat = excluded.chat, plain = excluded.plain,
		origins = excluded.origins, changed_at = excluded.changed_at, chat_team_id = excluded.chat_team_id, chat_wait = excluded.chat_wait, chat_silence = excluded.chat_silence`,
		s.Search, s.Papercut, s.Request, s.Chat, s.Plain, strings.Join(kept, "\n"), tx.Now, team, s.ChatWait, s.ChatSilence)
	return err
}

// Minutes of live chats: the usual ones and the most.
const (
	usualWait    = 3
	usualSilence = 15
	maxMinutes   = 120
)

// checkChat names the fields chat_wait and chat_silence.
func (s Settings) checkChat() error {
	var wrong []fault.Field
	for _, f := range []struct {
		name    string
		minutes int
	}{{"chat_wait", s.ChatWait}, {"chat_silence", s.ChatSilence}} {
		if f.minutes < 1 || f.minutes > maxMinutes {
			wrong = append(wrong, fault.F(f.name, i18n.M("Please give a whole number of minutes from 1 to {{.Most}}.", "Most", maxMinutes)))
		}
	}
	return fault.Check(wrong)
}

func cut(line string) string { return strings.ToValidUTF8(line[:min(len(line), 60)], "") }

// Origin reads the address of a site as somebody writes it, and gives it as browsers send it in the header Origin. A path that says something
// is refused rather than dropped: who writes one means that page alone, and an origin is all of them.
func Origin(line string) (string, bool) {
	u, err := url.Parse(line)
	if err != nil || len(line) > maxOrigin || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return "", false
	}
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	if scheme != "https" && scheme != "http" {
		return "", false
	}
	host, err := idna.Lookup.ToASCII(u.Hostname())
	if ip := net.ParseIP(u.Hostname()); ip != nil {
		host, err = ip.String(), nil
		if ip.To4() == nil {
			host = "[" + host + "]"
		}
	}
	if err != nil || host == "" || strings.HasSuffix(u.Host, ":") {
		return "", false
	}
	if port == "" || scheme == "https" && port == "443" || scheme == "http" && port == "80" {
		return scheme + "://" + host, true
	}
	return scheme + "://" + host + ":" + port, true
}

// Allows tells whether pages of an origin are answered.
func (s Settings) Allows(origin string) bool {
	return origin != "" && slices.Contains(strings.Split(s.Origins, "\n"), origin)
}

// Any tells whether the script has anything to show.
func (s Settings) Any() bool { return s.Search || s.Papercut || s.Request || s.Chat }

// ChatWords say how live chats are set, for the record of changes.
func (s Settings) ChatWords() string {
	return fmt.Sprintf("team %d, %d min, %d min", s.ChatTeamID, cmp.Or(s.ChatWait, usualWait), cmp.Or(s.ChatSilence, usualSilence))
}

// String names what is on, for the record of changes.
func (s Settings) String() string {
	var on []string
	for _, part := range []struct {
		name string
		on   bool
	}{{"search", s.Search}, {"request", s.Request}, {"papercut", s.Papercut}, {"live chat", s.Chat}, {"plain form", s.Plain}} {
		if part.on {
			on = append(on, part.name)
		}
	}
	return strings.Join(on, ", ")
}
