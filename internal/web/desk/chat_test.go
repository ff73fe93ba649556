package desk_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/httpout"
	"goodturn/internal/notice"
	"goodturn/internal/person"
	"goodturn/internal/secret"
)

// room is a chat's server on this machine, whose answers have a status.
func (s *stage) room(status *int) (url string, got *[]string) {
	s.t.Helper()
	got = &[]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var m struct{ Text string }
		if err := json.Unmarshal(body, &m); err != nil {
			s.t.Error(err)
		}
		*got = append(*got, m.Text)
		w.WriteHeader(*status)
	}))
	s.t.Cleanup(server.Close)
	at := netip.MustParseAddrPort(server.Listener.Addr().String())
	key, err := secret.NewSigner([]byte(strings.Repeat("k", 32)))
	if err != nil {
		s.t.Fatal(err)
	}
	s.desk.Notices.Key, s.desk.Notices.Plain = key, true
	s.desk.Notices.Out = httpout.New(httpout.Config{Allow: func(to netip.AddrPort) bool { return to == at }})
	return server.URL + "/services/T0/B0/verysecret", got
}

func TestOwnChat(t *testing.T) {
	each(t, func(s *stage) {
		status := http.StatusOK
		address, got := s.room(&status)
		s.get("amara", "/account/notices").want(http.StatusOK).has("main", "Be told in your chat")
		s.post("amara", "/account/chat", "address", "nonsense").want(http.StatusUnprocessableEntity).has("main", "This is not an address that can be called")
		s.post("amara", "/account/chat", "address", address).want(http.StatusUnprocessableEntity).has("main", "does not tell which chat program")
		s.post("amara", "/account/chat", "address", address, "form", "slack").to("/account/chat")
		s.get("amara", "/account/chat").want(http.StatusOK).has("main", "127.0.0.1").hasNot("main", "verysecret")
		s.post("amara", "/account/chat/test").want(http.StatusOK).has("main", "took the test")
		if len(*got) != 1 || !strings.Contains((*got)[0], "This is a test") {
			t.Errorf("the chat got %q", *got)
		}
		status = http.StatusForbidden
		s.post("amara", "/account/chat/test").want(http.StatusOK).has("main", "The test did not arrive.").has("main", "does not allow it (status 403)")
		s.get("amara", "/account/notices").has("main", "Your chat: Slack")
		s.post("amara", "/account/notices", "with-chat", "1", "chat-mentioned", "1", "page-mentioned", "1", "digest", "off", "every", "").to("/account/notices")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			c, err := notice.ChoiceOf(ctx, tx, s.people["amara"].ID)
			if !c.Chat[notice.Mentioned] || c.Chat[notice.Assigned] {
				t.Errorf("kept: %+v", c.Chat)
			}
			stored, err2 := db.One[[]byte](ctx, tx, `SELECT address FROM chat_hook WHERE person_id = $1`, s.people["amara"].ID)
			if err2 != nil || strings.Contains(string(stored), "verysecret") {
				t.Errorf("the address is stored open: %v", err2)
			}
			return err
		})
		s.post("amara", "/account/chat/removal").to("/account/notices")
		s.get("amara", "/account/notices").has("main", "Be told in your chat")
		s.post("amara", "/account/notices", "digest", "off", "from-1", "20:00", "to-1", "").want(http.StatusUnprocessableEntity).has("main", "Please give both times")
	})
}

func TestChannels(t *testing.T) {
	each(t, func(s *stage) {
		status := http.StatusOK
		address, got := s.room(&status)
		team, teamID := "", int64(0)
		s.write(func(ctx context.Context, tx *db.Tx) error {
			id, err := db.One[int64](ctx, tx, `SELECT id FROM team WHERE NOT private ORDER BY id LIMIT 1`)
			team, teamID = idText(id), id
			return err
		})
		s.get("amara", "/channels").want(http.StatusForbidden)
		s.get("priya", "/channels").want(http.StatusOK).has("main", "No channel yet")
		s.post("priya", "/channels", "name", "#ours", "team", team, "address", address, "form", "slack", "kind", "came", "filter", "colour:blue status:blue").want(http.StatusUnprocessableEntity).has("main", "Nothing has been saved yet.")
		s.post("priya", "/channels", "name", "#ours", "team", team, "address", address, "form", "slack", "kind", "came", "filter", "priority:>=high").want(http.StatusSeeOther)
		var id int64
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			id, err = db.One[int64](ctx, tx, `SELECT id FROM chat_hook WHERE team_id IS NOT NULL`)
			return err
		})
		at := "/channels/" + idText(id)
		s.get("priya", at).want(http.StatusOK).has("main", "#ours").hasNot("main", "verysecret")
		s.post("priya", at+"/test").want(http.StatusOK).has("main", "took the test")
		if len(*got) != 1 {
			t.Errorf("the channel got %q", *got)
		}
		s.post("priya", at, "name", "", "kind", "came").want(http.StatusUnprocessableEntity).has("main", "Please give a name.").has("h1", "#ours")

		// The team becomes private: its channel is there for its members alone.
		s.write(func(ctx context.Context, tx *db.Tx) error {
			t, err := db.One[person.Team](ctx, tx, `SELECT id, slug, name, private FROM team WHERE id = $1`, teamID)
			if err != nil {
				return err
			}
			t.Private = true
			if _, err = person.SaveTeam(ctx, tx, t); err != nil {
				return err
			}
			return person.SetMembers(ctx, tx, t.ID, nil)
		})
		s.get("priya", at).want(http.StatusNotFound)
		s.get("priya", "/channels").hasNot("main", "#ours")
		s.post("priya", at+"/test").want(http.StatusNotFound)
		s.post("priya", at, "name", "Mine").want(http.StatusNotFound)
	})
}
