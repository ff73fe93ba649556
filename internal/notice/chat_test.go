package notice

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/httpout"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
)

// room is a chat's server on this machine.
type room struct {
	*httptest.Server
	sync.Mutex
	got    []string
	status int // of the next answers; 0 is 200
	after  string
}

func newRoom(s *stage) *room {
	r := &room{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.Lock()
		defer r.Unlock()
		body, _ := io.ReadAll(q.Body)
		if r.status != 0 {
			w.Header().Set("Retry-After", r.after)
			w.WriteHeader(r.status)
			return
		}
		var m struct{ Text string }
		if err := json.Unmarshal(body, &m); err != nil {
			s.t.Error(err)
		}
		r.got = append(r.got, m.Text)
	}))
	s.t.Cleanup(r.Close)
	at := netip.MustParseAddrPort(r.Listener.Addr().String())
	s.center.Out = httpout.New(httpout.Config{Timeout: 2 * time.Second, Allow: func(to netip.AddrPort) bool { return to == at }})
	s.center.Plain = true
	return r
}

// took gives what arrived since the last time.
func (r *room) took() []string {
	r.Lock()
	defer r.Unlock()
	got := r.got
	r.got = nil
	return got
}

func (r *room) answers(status int, after string) {
	r.Lock()
	defer r.Unlock()
	r.status, r.after = status, after
}

func (s *stage) actor(who string) (a person.Actor) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = person.ActorOf(ctx, tx, s.people[who].ID)
		return err
	})
	return a
}

// chooses changes what somebody wants to be told.
func (s *stage) chooses(who string, change func(c *Choice)) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) error {
		c, err := ChoiceOf(ctx, tx, s.people[who].ID)
		if err != nil {
			return err
		}
		change(&c)
		return s.center.SetChoice(ctx, tx, s.people[who].ID, c)
	})
}

// chats gives somebody a chat of their own, where they are told everything.
func (s *stage) chats(who string, r *room) {
	s.t.Helper()
	a := s.actor(who)
	s.write(func(ctx context.Context, tx *db.Tx) error {
		return s.center.SaveOwn(ctx, tx, a, Slack, secret.Redacted(r.URL+"/services/T0/B0/secret"))
	})
	s.chooses(who, func(c *Choice) {
		for _, k := range Kinds() {
			c.Chat[k] = true
		}
	})
}

func TestOwnChat(t *testing.T) {
	each(t, func(s *stage) {
		r := newRoom(s)
		s.chats("amara", r)
		tk := s.made("first-line")
		s.assign("jonas", tk.ID, "amara")
		s.run()
		if got := r.took(); got != nil {
			t.Errorf("told before the moment is over: %q", got)
		}
		s.passes(gather)
		s.is(r.took(), "<https://desk.example/tickets/1001|#1001 Printer>: Jonas gave it to you")
		s.passes(time.Hour)
		s.is(r.took())

		// What was read on the page meanwhile is not told.
		s.answers(tk.ID)
		s.write(func(ctx context.Context, tx *db.Tx) error { return Read(ctx, tx, s.people["amara"].ID, tk.ID) })
		s.passes(time.Minute)
		s.is(r.took())

		// Nor what they may not see any more when it would be told.
		s.answers(tk.ID)
		s.by("jonas", func(ctx context.Context, tx *db.Tx, by ticket.By) error {
			return s.desk.MoveTo(ctx, tx, by, tk.ID, s.teams["people"])
		})
		s.passes(time.Minute)
		s.is(r.took())
	})
}

func TestManyThingsAreOneMessage(t *testing.T) {
	each(t, func(s *stage) {
		r := newRoom(s)
		s.chats("amara", r)
		for range 14 {
			s.assign("jonas", s.made("first-line").ID, "amara")
		}
		s.passes(time.Minute)
		got := r.took()
		if len(got) != 1 || strings.Count(got[0], "\n") != chatMost || !strings.HasSuffix(got[0], "\n<https://desk.example/notices|and 4 more things>") {
			t.Errorf("%d messages: %q", len(got), got)
		}
		if n := strings.Count(s.told("amara"), "assigned"); n != 14 {
			t.Errorf("%d stand on the page", n)
		}
	})
}

func TestFailingChat(t *testing.T) {
	each(t, func(s *stage) {
		r := newRoom(s)
		s.chats("amara", r)
		hook := func() (h Hook) {
			s.t.Helper()
			s.write(func(ctx context.Context, tx *db.Tx) (err error) {
				h, err = OwnHook(ctx, tx, s.people["amara"].ID)
				return err
			})
			return h
		}
		r.answers(http.StatusTooManyRequests, "600")
		tk := s.made("first-line")
		s.assign("jonas", tk.ID, "amara")
		s.passes(time.Minute)
		h := hook()
		if h.Error != "429" || h.FailingAt == 0 || h.NextAt.Sub(s.now) < 9*time.Minute {
			t.Errorf("after 429 with Retry-After: %+v", h)
		}
		if w := h.Trouble(t.Context()); !strings.Contains(w, "asks for patience") {
			t.Error(w)
		}
		r.answers(http.StatusNotFound, "")
		for range 80 {
			s.passes(time.Minute)
		}
		if h = hook(); h.Tries < 4 || h.Tries > 10 || h.ToldAt == 0 || !h.Active {
			t.Errorf("after 80 minutes: %+v", h)
		}
		s.want("amara", "assigned Jonas ×1, failing  ×1")
		r.answers(0, "")
		if wrong, err := s.center.TestHook(t.Context(), h.ID); wrong != "" || err != nil {
			t.Errorf("a test: %s %v", wrong, err)
		}
		r.took()
		s.passes(time.Minute) // what waited goes on as soon as a test arrives
		if got := r.took(); len(got) != 1 || !strings.Contains(got[0], "Jonas gave it to you") || !strings.Contains(got[0], "no longer knows this address") {
			t.Errorf("afterwards: %q", got)
		}
		if h = hook(); h.FailingAt != 0 || h.Error != "" || h.SaidAt == 0 {
			t.Errorf("afterwards: %+v", h)
		}
	})
}

func TestChannel(t *testing.T) {
	each(t, func(s *stage) {
		r := newRoom(s)
		lead := s.actor("priya")
		save := func(h Hook) (id int64, err error) {
			err = s.db.Write(s.t.Context(), func(tx *db.Tx) (err error) {
				h.Active = true
				id, err = s.center.SaveChannel(s.t.Context(), tx, lead, h, secret.Redacted(r.URL+"/services/x"))
				return err
			})
			return id, err
		}
		if _, err := save(Hook{Name: "Ours", TeamID: s.teams["first-line"], Program: Slack, Kinds: "came answered done", Filter: "-tag:quiet", Everywhere: true}); err != nil {
			t.Fatal(err)
		}
		if _, err := save(Hook{Name: "Theirs", TeamID: s.teams["people"], Program: Slack, Kinds: "came"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a lead makes a channel of a private team that they are not in: %v", err)
		}
		for _, bad := range []Hook{
			{TeamID: s.teams["first-line"], Program: Slack, Kinds: "came"},
			{Name: "No kinds", TeamID: s.teams["first-line"], Program: Slack},
			{Name: "Bad filter", TeamID: s.teams["first-line"], Program: Slack, Kinds: "came", Filter: "status:blue"},
			{Name: "No program", TeamID: s.teams["first-line"], Program: "carrier pigeon", Kinds: "came"},
		} {
			if _, err := save(bad); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		tk := s.made("first-line")
		s.made("people")
		s.passes(time.Minute)
		s.is(r.took(), "<https://desk.example/tickets/1001|#1001 Printer>: a ticket of Hana came")
		s.answers(tk.ID)
		s.answers(tk.ID)
		s.passes(time.Minute)
		s.is(r.took(), "<https://desk.example/tickets/1001|#1001 Printer>: Hana answered · 2 times")

		// It becomes private before the message is written.
		s.answers(tk.ID)
		s.by("jonas", func(ctx context.Context, tx *db.Tx, by ticket.By) error {
			return s.desk.MoveTo(ctx, tx, by, tk.ID, s.teams["people"])
		})
		s.passes(time.Minute)
		s.is(r.took())
	})
}

func TestAddressOfAChat(t *testing.T) {
	c := &Center{}
	for _, x := range []struct{ address, wrong, program string }{
		{"https://hooks.slack.com/services/T0/B0/x", "", "slack"},
		{"https://prod-12.westeurope.logic.azure.com:443/workflows/x", "", "teams"},
		{"https://chat.example.com/hooks/abcdef", "", "mattermost"},
		{"https://chat.example.com/else", "form", ""},
		{"http://hooks.slack.com/services/x", "address", ""},
		{"https://user:word@hooks.slack.com/", "address", ""},
		{"https://127.0.0.1/hooks/x", "address", ""},
		{"https://10.1.2.3/hooks/x", "address", ""},
		{"https://[::1]/hooks/x", "address", ""},
		{"https://chat.internal/hooks/x", "address", ""},
		{"https://chat.example.com:8065/hooks/x", "address", ""},
		{"hooks.slack.com", "address", ""},
		{"https://" + strings.Repeat("a", 2000) + ".com/", "address", ""},
	} {
		var h Hook
		_, wrong := c.readAddress(secret.Redacted(x.address), &h)
		name := ""
		if len(wrong) > 0 {
			name = wrong[0].Name
		}
		if name != x.wrong || string(h.Program) != x.program {
			t.Errorf("%.60s: wrong %q, program %q", x.address, name, h.Program)
		}
	}
}

func TestFormsOfChats(t *testing.T) {
	s := said{lines: []saidLine{{about: "#7 <!channel> & *all* @here | [x](y)", link: "https://d.example/tickets/7?a=1&b=2", text: "Hana <b> answered"}, {text: "Alone"}}, more: "and 2 more things", moreLink: "https://d.example/notices"}
	text := func(p Program) string {
		raw, err := s.body(p)
		if err != nil {
			t.Fatal(err)
		}
		var m struct{ Text string }
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatal(err)
		}
		return m.Text
	}
	want := "<https://d.example/tickets/7?a=1&amp;b=2|#7 &lt;!channel&gt; &amp; *all* @here ¦ [x](y)>: Hana &lt;b&gt; answered\nAlone\n<https://d.example/notices|and 2 more things>"
	if got := text(Slack); got != want {
		t.Errorf("Slack: %s", got)
	}
	if got := text(Mattermost); strings.Contains(got, "@here") || strings.Contains(got, "<!") || !strings.Contains(got, `\*all\*`) || !strings.Contains(got, `\[x\]\(y\)`) {
		t.Errorf("Mattermost: %s", got)
	}
	raw, err := s.body(Teams)
	if err != nil {
		t.Fatal(err)
	}
	var card struct {
		Type        string
		Attachments []struct {
			ContentType string
			Content     struct {
				Type string
				Body []struct {
					Inlines []struct {
						Text         string
						SelectAction struct{ URL string }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(raw, &card); err != nil || card.Type != "message" || len(card.Attachments) != 1 || card.Attachments[0].ContentType != "application/vnd.microsoft.card.adaptive" {
		t.Fatalf("%s %v", raw, err)
	}
	body := card.Attachments[0].Content.Body
	if card.Attachments[0].Content.Type != "AdaptiveCard" || len(body) != 3 || body[0].Inlines[0].Text != s.lines[0].about || body[0].Inlines[0].SelectAction.URL != s.lines[0].link || body[0].Inlines[1].Text != ": Hana <b> answered" {
		t.Errorf("%s", raw)
	}
}

// FuzzSlackText looks for a text that says more than it shows: a call of everybody, or a link elsewhere.
func FuzzSlackText(f *testing.F) {
	f.Add("<!channel>")
	f.Add("a|b>c&lt;")
	f.Fuzz(func(t *testing.T, text string) {
		for _, escape := range []func(string) string{escapeSlack, escapeMattermost} {
			if got := escape(text); strings.ContainsAny(got, "<>|\n") {
				t.Errorf("%q", got)
			}
		}
		if link := escapeLink("https://d.example/" + url.PathEscape(text)); strings.ContainsAny(link, "<>|") {
			t.Errorf("%q", link)
		}
	})
}

// passes lets time go by, in steps, and the jobs run that are due.
func (s *stage) passes(d time.Duration) {
	s.t.Helper()
	for end := s.now.Add(d); s.now < end; {
		s.now = min(end, s.now.Add(max(d/20, 5*time.Second)))
		s.run()
	}
}

func (s *stage) run() {
	s.t.Helper()
	if _, err := s.center.Queue.Drain(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) assign(by string, id int64, to string) {
	s.t.Helper()
	s.by(by, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		return s.desk.Assign(ctx, tx, by, id, s.people[to].ID)
	})
}

// answers has the requester write.
func (s *stage) answers(id int64) {
	s.t.Helper()
	s.by("hana", func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		_, err := s.desk.Answer(ctx, tx, by, id, ticket.Draft{Text: "Any news?"})
		return err
	})
}

func (s *stage) is(got []string, want ...string) {
	s.t.Helper()
	if strings.Join(got, " // ") != strings.Join(want, " // ") {
		s.t.Errorf("told %q, want %q", got, want)
	}
}
