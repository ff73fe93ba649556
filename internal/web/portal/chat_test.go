package portal

import (
	"context"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/button"
	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/livechat"
	"goodturn/internal/person"
	"goodturn/internal/ratelimit"
	"goodturn/internal/ticket"
)

// chatRoom is where the world's live chats take place, and what it was asked for.
type chatRoom struct {
	*livechat.Room
	there                   []int64
	told, confirmed, mailed int
	shown                   int64
	provenMail              bool
}

// chatting has live chats be offered to pages of an origin, with Amara at the desk.
func (w *world) chatting(origin string) *chatRoom {
	w.t.Helper()
	r := &chatRoom{there: []int64{w.amara.ID}}
	r.Room = &livechat.Room{
		DB: w.db, Desk: w.desk, There: func() []int64 { return slices.Clone(r.there) },
		Free:  func(_ context.Context, _ *db.Tx, people []int64) ([]int64, error) { return people, nil },
		Hours: func(context.Context, *db.Tx, int64) (*calendar.Calendar, error) { return calendar.Always(), nil },
		Tell: func(_ context.Context, _ *db.Tx, _ ticket.Ticket, people []int64) error {
			r.told += len(people)
			return nil
		},
		Confirm: func(context.Context, *db.Tx, ticket.Ticket) error { r.confirmed++; return nil },
		Mail: func(_ context.Context, _ *db.Tx, _ ticket.Ticket, proven bool) error {
			r.mailed, r.provenMail = r.mailed+1, proven
			return nil
		},
		Shown: func(_ context.Context, _ *db.Tx, _, _, upTo int64) error { r.shown = upTo; return nil },
	}
	w.desk.Later = []ticket.Hook{r.Hook()}
	w.url = w.serve(&Portal{Site: w.site, Tickets: w.desk, Chats: r.Room, Limit: ratelimit.New(ratelimit.Config{})})
	w.write(func(tx *db.Tx) error {
		a, err := person.ActorOf(w.ctx, tx, w.amara.ID)
		if err == nil {
			err = livechat.SetTakes(w.ctx, tx, a, true)
		}
		if err == nil {
			err = button.Save(w.ctx, tx, button.Settings{Chat: true, Origins: origin})
		}
		return err
	})
	return r
}

const aKey = "0123456789abcdef0123456789abcdef"

// chat begins a chat from a page, and gives the secret of its link and the number.
func (v *visitor) chat(text string, fields ...string) (token string, number int64) {
	v.w.t.Helper()
	out := v.do(v.asks("POST", "chats", elsewhere, append([]string{"text", text, "name", "Ada Moss"}, fields...)...)).want(v.w.t, 200).json(v.w.t)
	if out["chat"] != true {
		v.w.t.Fatalf("no chat: %v", out)
	}
	return out["token"].(string), one[int64](v.w, `SELECT max(id) FROM ticket WHERE channel = 'chat'`)
}

func (v *visitor) news(token string, fields ...string) map[string]any {
	v.w.t.Helper()
	return v.do(v.asks("POST", "chats/news", elsewhere, append([]string{"token", token}, fields...)...)).want(v.w.t, 200).json(v.w.t)
}

// texts are the messages in news, "mine" before those of the visitor.
func texts(news map[string]any) (out []string) {
	for _, m := range news["messages"].([]any) {
		m := m.(map[string]any)
		text := m["text"].(string)
		if m["mine"] == true {
			text = "mine: " + text
		}
		out = append(out, text)
	}
	return out
}

func TestChatOfTheButton(t *testing.T) {
	each(t, func(w *world) {
		r := w.chatting(elsewhere)
		v := w.signedIn(w.hana) // whoever is signed in here is nobody there
		if o := v.do(v.asks("GET", "chats", elsewhere)).want(t, 200).json(t); o["now"] != true || !strings.HasPrefix(o["said"].(string), "Somebody is here now") {
			t.Errorf("with somebody there: %v", o)
		}
		token, number := v.chat("The lift is stuck", "key", aKey, "from", elsewhere+"/lifts?secret=1")
		if n := v.news(token); n["state"] != "waiting" || !slices.Equal(texts(n), []string{"mine: The lift is stuck"}) || r.told != 1 || r.confirmed != 0 {
			t.Errorf("begun: %v, told %d, confirmed %d", n, r.told, r.confirmed)
		}
		// Sent again it is the same; what was changed since is said there too.
		again, same := v.chat("The lift is stuck", "key", aKey)
		other, _ := v.chat("The lift is stuck on four", "key", aKey)
		if n := one[int64](w, `SELECT count(*) FROM ticket`); n != 1 || same != number {
			t.Errorf("sent again it is %d tickets", n)
		}
		for _, token := range []string{token, again, other} {
			if n := v.news(token); !slices.Equal(texts(n), []string{"mine: The lift is stuck", "mine: The lift is stuck on four"}) {
				t.Errorf("the conversation is %v", texts(n))
			}
		}
		// A message is said once, however often it comes.
		var n map[string]any
		for range 3 {
			n = v.do(v.asks("POST", "chats/messages", elsewhere, "token", token, "key", aKey, "text", "Hello?")).want(t, 200).json(t)
		}
		if got := texts(n); len(got) != 3 {
			t.Errorf("said %v", got)
		}
		// What comes to the requester's own hands is not for the holder of a link that proved nothing; what the desk says is.
		var answer ticket.Message
		w.change(func(tx *db.Tx, by ticket.By) (err error) {
			answer, err = w.desk.Reply(w.ctx, tx, by, number, ticket.Draft{Text: "Which floor?"}, "")
			return err
		})
		w.write(func(tx *db.Tx) error {
			id, err := db.One[int64](w.ctx, tx, `SELECT requester_id FROM ticket WHERE id = $1`, number)
			if err != nil {
				return err
			}
			a, err := person.ActorOf(w.ctx, tx, id)
			if err == nil {
				_, err = w.desk.Answer(w.ctx, tx, ticket.By{Actor: a, Cause: "mail"}, number, ticket.Draft{Text: "By mail", Channel: ticket.ByMail})
			}
			return err
		})
		n = v.news(token, "after", numeral(answer.ID-1))
		if n["state"] != "talking" || !slices.Equal(texts(n), []string{"Which floor?"}) || n["said"] != "Amara is here for you." {
			t.Errorf("answered: %v", n)
		}
		v.news(token, "shown", numeral(answer.ID), "typing", "1")
		if r.shown != answer.ID {
			t.Errorf("shown %d, want %d", r.shown, answer.ID)
		}
		if n := v.do(v.asks("POST", "chats/end", elsewhere, "token", token)).want(t, 200).json(t); n["state"] != "ended" || n["said"] != "You ended the chat." {
			t.Errorf("ended: %v", n)
		}
		v.do(v.asks("POST", "chats/mail", elsewhere, "token", token)).want(t, 200)
		v.do(v.asks("POST", "chats/mail", elsewhere, "token", token)).want(t, 200)
		if r.mailed != 1 || r.provenMail {
			t.Errorf("mailed %d times, proven %v", r.mailed, r.provenMail)
		}
		// After the end it is an ordinary ticket: what is written still reaches it.
		v.do(v.asks("POST", "chats/messages", elsewhere, "token", token, "key", aKey+"2", "text", "One more thing")).want(t, 200)
		if by := one[string](w, `SELECT channel FROM message WHERE text = 'One more thing'`); by != "form" {
			t.Errorf("after the end it came by %s", by)
		}
	})
}

// TestChatWithNobody has what is written become an ordinary request.
func TestChatWithNobody(t *testing.T) {
	each(t, func(w *world) {
		r := w.chatting(elsewhere)
		r.there = nil
		v := w.visitor()
		if o := v.do(v.asks("GET", "chats", elsewhere, "language", "de")).want(t, 200).json(t); o["now"] != false || o["said"] != "Gerade ist niemand für einen Chat frei." {
			t.Errorf("with nobody there: %v", o)
		}
		out := v.do(v.asks("POST", "chats", elsewhere, "text", "The lift is stuck", "name", "Ada Moss", "key", aKey)).want(t, 200).json(t)
		if out["chat"] != false || out["token"] != nil || out["said"] != "We have it. Its number is 1001. Nobody is free for a chat right now." {
			t.Errorf("sent: %v", out)
		}
		if by := one[string](w, `SELECT channel FROM ticket WHERE id = 1001`); by != "form" || r.told != 0 || one[int64](w, `SELECT count(*) FROM live_chat`) != 0 {
			t.Errorf("it came by %s, told %d", by, r.told)
		}
		w.visitor().get("/").want(t, 200).hides(t, "Chat now")
		r.there = []int64{w.amara.ID}
		w.visitor().get("/").want(t, 200).shows(t, "Chat now")
	})
}

// TestChatHeldAgainst asks with all that is wrong.
func TestChatHeldAgainst(t *testing.T) {
	each(t, func(w *world) {
		w.chatting(elsewhere)
		v := w.visitor()
		token, number := v.chat("The lift is stuck", "key", aKey)
		mine := w.ticket(w.hana, "Half pages", "The printer prints half pages")
		plain := w.givenLink(mine, w.hana, true)
		for _, c := range []struct {
			name, path string
			status     int
			fields     []string
		}{
			{"nothing said at the beginning", "chats", 422, []string{"name", "Ada"}},
			{"too much said at the beginning", "chats", 422, []string{"name", "Ada", "text", strings.Repeat("x", ticket.MaxText+1)}},
			{"no name", "chats", 422, []string{"text", "Hello"}},
			{"an address that is none", "chats", 422, []string{"text", "Hello", "address", "ada@moss@example"}},
			{"a program", "chats", 422, []string{"text", "Hello", "name", "Ada", trapField, "x"}},
			{"no secret", "chats/news", 404, nil},
			{"a secret of nothing", "chats/news", 404, []string{"token", "nothing"}},
			{"the secret of a request that is no chat", "chats/news", 404, []string{"token", plain}},
			{"the end of what is no chat", "chats/end", 404, []string{"token", plain}},
			{"a message to nothing", "chats/messages", 404, []string{"token", "nothing", "text", "Hello"}},
			{"an empty message", "chats/messages", 422, []string{"token", token, "text", "  "}},
			{"a message that is too long", "chats/messages", 422, []string{"token", token, "text", strings.Repeat("x", ticket.MaxText+1)}},
			{"numbers that are none", "chats/news", 200, []string{"token", token, "after", "-1", "shown", "9999999999999999999999"}},
		} {
			a := v.do(v.asks("POST", c.path, elsewhere, c.fields...)).want(t, c.status)
			if out := a.json(t); c.status == 422 && out["wrong"] == nil || c.status == 404 && out["alert"] == "" {
				t.Errorf("%s: %v", c.name, out)
			}
		}
		for _, path := range []string{"chats", "chats/news", "chats/messages", "chats/end", "chats/mail"} {
			if a := v.do(v.asks("POST", path, "https://evil.example", "token", token, "text", "Hello", "name", "Ada")).want(t, 403); a.header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s is answered to a page that was not named", path)
			}
		}
		script := v.do(v.asks("GET", "chat.js", "https://evil.example")).want(t, 200)
		if script.header.Get("Access-Control-Allow-Origin") != "" || v.do(v.asks("GET", "chat.js", elsewhere)).want(t, 200).header.Get("Access-Control-Allow-Origin") != elsewhere {
			t.Error("the script is for pages that were named, and for no others")
		}
		if n := one[int64](w, `SELECT count(*) FROM message WHERE ticket_id = $1`, number); n != 1 {
			t.Errorf("%d messages came of it", n)
		}
		// A flood is slowed down, and nothing of it is lost: what was refused may be sent again.
		refused := 0
		for i := range sayBurst + 5 {
			a := v.do(v.asks("POST", "chats/messages", elsewhere, "token", token, "key", aKey+numeral(int64(i)), "text", "Buy "+numeral(int64(i))))
			if a.status == 429 {
				refused++
				if a.json(t)["alert"] == "" {
					t.Error("nothing is said to whoever is refused")
				}
			}
		}
		if n := one[int64](w, `SELECT count(*) FROM message WHERE ticket_id = $1`, number); refused == 0 || n != int64(1+sayBurst+5-refused) {
			t.Errorf("%d refused, %d messages", refused, n)
		}
	})
}

// TestChatOnAMergedTicket tells whoever only typed an address that it goes on elsewhere, and nothing of that.
func TestChatOnAMergedTicket(t *testing.T) {
	each(t, func(w *world) {
		w.chatting(elsewhere)
		v := w.visitor()
		token, number := v.chat("The lift is stuck")
		into := w.ticket(w.hana, "The lift", "A secret of Hana's")
		w.change(func(tx *db.Tx, by ticket.By) error {
			_, err := w.desk.Merge(w.ctx, tx, by, into, []int64{number})
			return err
		})
		a := v.do(v.asks("POST", "chats/news", elsewhere, "token", token))
		if strings.Contains(a.body, "secret") || a.status != 200 && a.status != 404 {
			t.Errorf("%d: %s", a.status, a.body)
		}
		if a.status == 200 && a.json(t)["state"] != "ended" {
			t.Errorf("it goes on: %s", a.body)
		}
		b := v.do(v.asks("POST", "chats/messages", elsewhere, "token", token, "key", aKey, "text", "Hello?"))
		if b.status >= 500 || strings.Contains(b.body, "secret") {
			t.Errorf("%d: %s", b.status, b.body)
		}
	})
}

// TestChatSwitchedOff answers nothing, and offers nothing.
func TestChatSwitchedOff(t *testing.T) {
	each(t, func(w *world) {
		w.chatting(elsewhere)
		w.write(func(tx *db.Tx) error {
			return button.Save(w.ctx, tx, button.Settings{Request: true, Origins: elsewhere})
		})
		v := w.visitor()
		v.do(v.asks("GET", "chats", elsewhere)).want(t, 404)
		v.do(v.asks("POST", "chats", elsewhere, "text", "The lift is stuck", "name", "Ada")).want(t, 404)
		if parts := v.do(v.asks("GET", "parts", elsewhere)).want(t, 200).json(t)["parts"].([]any); slices.Contains(parts, any("chat")) {
			t.Errorf("offered: %v", parts)
		}
		w.visitor().get("/").want(t, 200).hides(t, "Chat now")
	})
}
