package api

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

type m = map[string]any

var moment = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)

func TestCreateTicket(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		r := k.call("amara", "POST", "/api/v1/tickets", m{"subject": "Printer", "text": "It prints half pages.", "requester": m{"email": "Lena@Example.com", "name": "Lena Maier"}}).is(201)
		n := r.number("number")
		r.equal("Printer", "subject").equal("new", "status").equal("normal", "priority").equal("incident", "kind").equal("api", "channel").equal("ours", "turn").
			equal("lena@example.com", "requester", "email").equal("Lena Maier", "requester", "name").equal("network", "team").equal(nil, "assignee").equal([]any{}, "tags").equal(nil, "solved_at")
		if at := r.text("created_at"); !moment.MatchString(at) {
			t.Errorf("created_at %q", at)
		}
		if got := r.Header.Get("Location"); got != fmt.Sprintf("/api/v1/tickets/%d", n) {
			t.Errorf("Location %q", got)
		}
		all := k.call("amara", "POST", "/api/v1/tickets", m{
			"subject": "VPN", "text": "No way in.", "requester": m{"email": "lena@example.com", "name": "Somebody else"}, "team": "desk", "mailbox": "help@desk.example",
			"priority": "high", "kind": "question", "assignee": "Amara@example.com", "tags": []string{"#VPN", "home"}, "channel": "phone",
		}).is(201)
		all.equal("Lena Maier", "requester", "name").equal("desk", "team").equal("high", "priority").equal("question", "kind").equal("amara@example.com", "assignee").
			equal("Amara", "assignee_name").equal([]string{"home", "vpn"}, "tags").equal("phone", "channel")
		k.call("amara", "POST", "/api/v1/tickets", m{"text": "Only a text", "requester": m{"email": "hana@example.com"}, "mailbox": "help@desk.example"}).is(201).
			equal("Only a text", "subject").equal("network", "team")
	})
}

func TestCreateTicketRefused(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		with := func(more m) m {
			out := m{"subject": "Printer", "text": "Half pages.", "requester": m{"email": "hana@example.com"}}
			for name, v := range more {
				if out[name] = v; v == nil {
					delete(out, name)
				}
			}
			return out
		}
		for _, c := range []struct {
			body  m
			where []string
		}{
			{with(m{"text": nil}), []string{"body.text"}},
			{with(m{"text": " \n"}), []string{"body.text"}},
			{with(m{"text": strings.Repeat("a", ticket.MaxText+1)}), []string{"body.text"}},
			{with(m{"text": "\u0001", "subject": "\u0002"}), []string{"body.subject"}},
			{with(m{"subject": strings.Repeat("a", 301)}), []string{"body.subject"}},
			{with(m{"subject": 7}), []string{"body.subject"}},
			{with(m{"requester": nil}), []string{"body.requester.email"}},
			{with(m{"requester": m{}}), []string{"body.requester.email"}},
			{with(m{"requester": "hana@example.com"}), []string{"body.requester"}},
			{with(m{"requester": m{"email": "hana"}}), []string{"body.requester.email"}},
			{with(m{"requester": m{"email": "ha\x00na@example.com"}}), []string{"body.requester.email"}},
			{with(m{"requester": m{"email": "help@desk.example"}}), []string{"body.requester.email"}},
			{with(m{"requester": m{"email": "new@example.com", "name": strings.Repeat("ä", 61)}}), []string{"body.requester.name"}},
			{with(m{"team": "nowhere"}), []string{"body.team"}},
			{with(m{"team": "a\x00b"}), []string{"body.team"}},
			{with(m{"team": "hr"}), []string{"body.team"}},
			{with(m{"mailbox": "hr@desk.example"}), []string{"body.mailbox"}},
			{with(m{"mailbox": "no\x00body"}), []string{"body.mailbox"}},
			{with(m{"priority": "huge"}), []string{"body.priority"}},
			{with(m{"kind": "fault"}), []string{"body.kind"}},
			{with(m{"channel": "pigeon"}), []string{"body.channel"}},
			{with(m{"assignee": "nobody@example.com"}), []string{"body.assignee"}},
			{with(m{"assignee": "a\x00b"}), []string{"body.assignee"}},
			{with(m{"assignee": "hana@example.com"}), []string{"body.assignee"}},
			{with(m{"tags": []string{"two words"}}), []string{"body.tags"}},
			{with(m{"tags": "vpn"}), []string{"body.tags"}},
			{with(m{"tags": []any{1}}), []string{"body.tags[0]"}},
			{with(m{"colour": "red"}), []string{"body.colour"}},
			{with(m{"Priority": "high"}), []string{"body.Priority"}},
			{with(m{"team": "nowhere", "assignee": "nobody@example.com", "mailbox": "none@desk.example"}), []string{"body.team", "body.assignee", "body.mailbox"}},
		} {
			k.call("amara", "POST", "/api/v1/tickets", c.body).problem(422, c.where...)
		}
		r := k.call("amara", "POST", "/api/v1/tickets", with(m{"requester": m{"email": "hana"}})).problem(422, "body.requester.email")
		r.equal("hana", "errors", 0, "value")
		if n := k.count(`SELECT count(*) FROM ticket`); n != 0 {
			t.Errorf("%d tickets were made", n)
		}
		if n := k.count(`SELECT count(*) FROM person WHERE name LIKE 'new%'`); n != 0 {
			t.Error("a person was made for a refused ticket")
		}
	})
}

func TestRequesterCreatesOwn(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		r := k.call("hana", "POST", "/api/v1/tickets", m{"text": "Help me"}).is(201)
		r.equal("hana@example.com", "requester", "email").equal(nil, "team").equal([]any{}, "tags").equal("api", "channel").equal(nil, "message_count")
		k.call("hana", "POST", "/api/v1/tickets", m{"text": "Help me", "requester": m{"email": "HANA@example.com"}}).is(201)
		k.call("hana", "POST", "/api/v1/tickets", m{"text": "Help", "requester": m{"email": "omar@example.com"}}).problem(403, "body.requester.email")
		k.call("hana", "POST", "/api/v1/tickets", m{"text": "Help", "requester": m{"email": "new@example.com"}}).problem(403, "body.requester.email")
		k.call("hana", "POST", "/api/v1/tickets", m{"text": "Help", "team": "network", "priority": "high"}).problem(403, "body.priority", "body.team")
		if n := k.count(`SELECT count(*) FROM person_address WHERE address = 'new@example.com'`); n != 0 {
			t.Error("a requester made a person")
		}
	})
}

func TestConversation(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		path, n := k.ticket("amara", m{"tags": []string{"printer"}})
		reply := k.call("amara", "POST", path+"/replies", m{"text": "Good morning Hana"}).is(201)
		reply.equal(n, "ticket").equal(2, "seq").equal(false, "internal").equal(false, "inbound").equal("Amara", "author", "name").equal("Good morning Hana", "text").equal([]any{}, "attachments")
		k.call("amara", "POST", path+"/notes", m{"text": "Secret toner"}).is(201).equal(true, "internal")
		k.call("amara", "PATCH", path, m{"priority": "urgent", "assignee": "bo@example.com", "team": "desk"}).is(200)
		k.call("hana", "POST", path+"/replies", m{"text": "Still broken"}).is(201).equal(true, "inbound").equal("Hana", "author", "name")
		k.call("amara", "POST", path+"/replies", m{"text": "Done", "status": "solved"}).is(201)

		staff := k.call("amara", "GET", path, nil).is(200)
		staff.equal("solved", "status").equal("bo@example.com", "assignee").equal("Done", "last_text").equal(5, "message_count")
		if got := len(staff.list("messages")); got != 5 {
			t.Errorf("staff see %d messages: %s", got, staff.Raw)
		}
		staff.equal("It prints half pages.", "messages", 0, "text").equal("hana@example.com", "messages", 0, "author", "email")
		var seen []string
		for i := range staff.list("events") {
			seen = append(seen, fmt.Sprint(staff.at("events", i, "what"), ":", staff.at("events", i, "from"), ">", staff.at("events", i, "to")))
		}
		want := "created:<nil>>api tag:<nil>>printer message:<nil>>in message:<nil>>out status:new>open note:<nil>><nil> priority:normal>urgent team:network>desk assignee:<nil>>bo@example.com message:<nil>>in message:<nil>>out status:open>solved"
		if got := strings.Join(seen, " "); got != want {
			t.Errorf("events:\n%s\nwant:\n%s", got, want)
		}

		own := k.call("hana", "GET", path, nil).is(200)
		own.equal(nil, "assignee").equal("Bo", "assignee_name").equal(nil, "team").equal([]any{}, "tags").equal(nil, "messages", 1, "author", "email").equal("hana@example.com", "messages", 0, "author", "email")
		if len(own.list("messages")) != 4 || strings.Contains(own.Raw, "Secret") || strings.Contains(own.Raw, "note") || strings.Contains(own.Raw, "urgent\",\"to") {
			t.Errorf("a requester sees: %s", own.Raw)
		}
		for i := range own.list("events") {
			if w := own.text("events", i, "what"); w != "created" && w != "message" && w != "status" {
				t.Errorf("a requester sees the event %q", w)
			}
		}
		for _, method := range []string{"GET", "PATCH"} {
			k.call("omar", method, path, m{}).is(map[string]int{"GET": 404, "PATCH": 403}[method])
		}
		k.call("omar", "POST", path+"/replies", m{"text": "Me too"}).problem(404)
		k.call("hana", "POST", path+"/notes", m{"text": "Me too"}).problem(403)
		k.call("hana", "POST", path+"/replies", m{"text": "x", "status": "solved"}).problem(403, "body.status")
		k.call("amara", "POST", path+"/replies", m{"text": " "}).problem(422, "body.text")
		k.call("amara", "POST", path+"/replies", m{"text": "x", "status": "new"}).problem(422, "body.status")
		k.call("amara", "POST", path+"/notes", m{}).problem(422, "body.text")
		k.call("amara", "POST", path+"/notes", m{"text": "x", "status": "open"}).problem(422, "body.status")
		k.call("amara", "GET", "/api/v1/tickets/1", nil).problem(404)
		k.call("amara", "GET", "/api/v1/tickets/x", nil).problem(422, "path.number")
		k.call("amara", "GET", "/api/v1/tickets/99999999999999999999", nil).problem(422, "path.number")
	})
}

func TestChangeTicket(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		path, _ := k.ticket("amara", nil)
		k.call("amara", "PATCH", path, m{"status": "on_hold", "priority": "low", "kind": "problem", "subject": "Toner", "team": "desk", "assignee": "amara@example.com", "tags": []string{"b", "a"}}).is(200).
			equal("on_hold", "status").equal("low", "priority").equal("problem", "kind").equal("Toner", "subject").equal("desk", "team").equal("amara@example.com", "assignee").equal([]string{"a", "b"}, "tags")
		k.call("amara", "PATCH", path, m{}).is(200).equal("amara@example.com", "assignee").equal([]string{"a", "b"}, "tags")
		k.call("amara", "PATCH", path, m{"assignee": nil}).is(200).equal(nil, "assignee").equal("on_hold", "status")
		k.call("amara", "PATCH", path, m{"tags": []string{}}).is(200).equal([]any{}, "tags")
		for _, s := range []string{"open", "pending", "solved", "closed", "open"} {
			k.call("amara", "PATCH", path, m{"status": s}).is(200).equal(s, "status")
		}

		events := k.count(`SELECT count(*) FROM event`)
		for _, c := range []struct {
			body  any
			where []string
		}{
			{m{"priority": "high", "status": "new"}, []string{"body.status"}},
			{m{"priority": "high", "assignee": "hana@example.com"}, []string{"body.assignee"}},
			{m{"priority": "high", "assignee": "nobody@example.com", "team": "nowhere"}, []string{"body.team", "body.assignee"}},
			{m{"priority": "high", "tags": []string{"a b"}}, []string{"body.tags"}},
			{m{"priority": "high", "status": "done"}, []string{"body.status"}},
			{m{"priority": "high", "team": ""}, []string{"body.team"}},
			{m{"priority": "high", "subject": ""}, []string{"body.subject"}},
			{m{"priority": "high", "subject": strings.Repeat("a", 301)}, []string{"body.subject"}},
			{m{"priority": "high", "due": "2030-01-01"}, []string{"body.due"}},
			{m{"priority": "high", "status": nil, "tags": nil}, []string{"body.status", "body.tags"}},
			{m{"priority": "high", "assignee": 7}, []string{"body.assignee"}},
			{`[]`, []string{"body"}},
			{`null`, []string{"body"}},
		} {
			k.call("amara", "PATCH", path, c.body).problem(422, c.where...)
		}
		if n := k.count(`SELECT count(*) FROM event`); n != events {
			t.Error("a refused change left events")
		}
		k.call("amara", "GET", path, nil).is(200).equal("low", "priority")
		k.call("hana", "PATCH", path, m{"priority": "high"}).problem(403)
		k.call("amara", "PATCH", "/api/v1/tickets/77", m{}).problem(404)
		k.call("amara", "PATCH", path, m{"Assignee": nil}).problem(422, "body.Assignee")
	})
}

func TestPrivateTeam(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		path, n := k.ticket("bo", m{"team": "hr", "subject": "Salary"})
		k.ticket("bo", m{"team": "network"})
		k.call("bo", "GET", path, nil).is(200).equal("hr", "team")
		for _, who := range []string{"amara", "admin"} {
			k.call(who, "GET", path, nil).problem(404)
			k.call(who, "PATCH", path, m{"status": "open"}).problem(404)
			k.call(who, "POST", path+"/replies", m{"text": "x"}).problem(404)
			k.call(who, "POST", path+"/notes", m{"text": "x"}).problem(404)
			k.call(who, "GET", "/api/v1/tickets?q=team:hr", nil).problem(422, "query.q").equal(5, "errors", 0, "at").equal(2, "errors", 0, "length")
			for _, q := range []string{"", "?q=salary", "?q=-tag:x", "?q=-salary"} {
				if r := k.call(who, "GET", "/api/v1/tickets"+q, nil).is(200); strings.Contains(r.Raw, "Salary") {
					t.Errorf("%s sees with %q: %s", who, q, r.Raw)
				}
			}
			for _, list := range []string{"teams", "mailboxes"} {
				if r := k.call(who, "GET", "/api/v1/"+list, nil).is(200); strings.Contains(r.Raw, "hr") {
					t.Errorf("%s sees in %s: %s", who, list, r.Raw)
				}
			}
		}
		// Where a ticket came from is not told either.
		k.call("bo", "PATCH", path, m{"team": "network"}).is(200)
		if r := k.call("amara", "GET", path, nil).is(200); strings.Contains(r.Raw, `"hr"`) {
			t.Errorf("an event names the private team: %s", r.Raw)
		}
		k.call("hana", "GET", fmt.Sprintf("/api/v1/tickets/%d", n), nil).is(200)
	})
}

// An agent who asks a private team for help is a requester there.
func TestAgentAsRequester(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		path, _ := k.ticket("bo", m{"team": "hr", "requester": m{"email": "amara@example.com"}})
		k.call("bo", "POST", path+"/notes", m{"text": "Secret"}).is(201)
		if r := k.call("amara", "GET", path, nil).is(200); strings.Contains(r.Raw, "Secret") {
			t.Errorf("notes are shown: %s", r.Raw)
		}
		k.call("amara", "POST", path+"/replies", m{"text": "Thanks"}).is(201).equal(true, "inbound")
		k.call("amara", "POST", path+"/notes", m{"text": "x"}).problem(403)
	})
}

func TestListTickets(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		k.call("amara", "GET", "/api/v1/tickets", nil).is(200).equal([]any{}, "items").equal(nil, "next")
		_, first := k.ticket("amara", m{"subject": "Printer jam", "assignee": "amara@example.com", "tags": []string{"paper"}})
		path, second := k.ticket("amara", m{"subject": "VPN", "text": "No way in", "requester": m{"email": "omar@example.com"}, "team": "desk"})
		k.call("amara", "POST", path+"/notes", m{"text": "xylophone"}).is(201)
		numbers := func(who, query string) string {
			r := k.call(who, "GET", "/api/v1/tickets?q="+query, nil).is(200)
			var out []string
			for i := range r.list("items") {
				out = append(out, fmt.Sprint(r.number("items", i, "number")))
			}
			return strings.Join(out, " ")
		}
		one, two := fmt.Sprint(first), fmt.Sprint(second)
		for query, want := range map[string]string{
			"": two + " " + one, "status:unsolved": two + " " + one, "status:solved": "", "assignee:amara@example.com": one, "assignee:me": one, "assignee:nobody": two,
			"team:desk": two, "tag:paper": one, "printer": one, "%22printer+jam%22": one, "xylophone": two, "status:unsolved+way": two, "nothingofthekind": "",
		} {
			if got := numbers("amara", query); got != want {
				t.Errorf("q=%s gives %q, want %q", query, got, want)
			}
		}
		if got := numbers("omar", ""); got != two {
			t.Errorf("a requester lists %q", got)
		}
		if got := numbers("omar", "xylophone"); got != "" {
			t.Error("a requester finds a ticket by a note")
		}
		if got := numbers("omar", "way"); got != two {
			t.Errorf("a requester finds %q", got)
		}
		k.call("amara", "GET", "/api/v1/tickets?q=way", nil).is(200).equal("No way in", "items", 0, "snippet")
		for query, where := range map[string]string{
			"q=status:later": "query.q", "q=assignee:zzz": "query.q", "q=team:%22a%00b%22": "query.q", "q=team:%ff": "query.q", "cursor=%25%25": "query.cursor", "cursor=AAAA": "query.cursor",
			"limit=0": "query.limit", "limit=201": "query.limit", "limit=many": "query.limit", "page=2": "query.page",
		} {
			k.call("amara", "GET", "/api/v1/tickets?"+query, nil).problem(422, where)
		}
		for _, q := range []string{"tag:paper", "team:desk", "assignee:nobody"} {
			k.call("omar", "GET", "/api/v1/tickets?q="+q, nil).problem(422, "query.q")
		}
	})
}

// A walk meets each ticket that was there once, though new ones come all the time.
func TestWalk(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		want := map[int64]bool{}
		k.write(func(tx *db.Tx) error {
			for range 230 {
				n, err := k.api.Tickets.Create(context.Background(), tx, ticket.By{Actor: person.System}, ticket.New{Subject: "Old", Requester: k.ids["hana"], Message: ticket.Draft{Text: "x"}})
				if err != nil {
					return err
				}
				want[n.ID] = true
			}
			return nil
		})
		seen := map[int64]bool{}
		cursor, pages := "", 0
		for {
			r := k.call("amara", "GET", "/api/v1/tickets?limit=20&cursor="+cursor, nil).is(200)
			for i := range r.list("items") {
				n := r.number("items", i, "number")
				if seen[n] {
					t.Fatalf("ticket %d twice", n)
				}
				seen[n] = true
			}
			pages++
			k.ticket("amara", nil)
			if r.at("next") == nil {
				break
			}
			cursor = r.text("next")
		}
		for n := range want {
			if !seen[n] {
				t.Errorf("ticket %d was not met", n)
			}
		}
		if pages != 12 {
			t.Errorf("%d pages", pages)
		}
		if got := len(k.call("amara", "GET", "/api/v1/tickets", nil).list("items")); got != 50 {
			t.Errorf("a page has %d tickets", got)
		}
		if got := len(k.call("amara", "GET", "/api/v1/tickets?limit=200", nil).list("items")); got != 200 {
			t.Errorf("the longest page has %d tickets", got)
		}
	})
}

func TestAttachment(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		page, err := k.api.Blobs.Put(t.Context(), strings.NewReader("<script>alert(1)</script>"), 0)
		k.must(err)
		var number int64
		k.write(func(tx *db.Tx) error {
			by := ticket.By{Actor: person.System}
			n, err := k.api.Tickets.Create(context.Background(), tx, by, ticket.New{Requester: k.ids["hana"], Message: ticket.Draft{Text: "see file", Files: []ticket.File{{Name: "a\"b.html", Type: "text/html", Ref: page}}}})
			if err != nil {
				return err
			}
			number = n.ID
			_, err = k.api.Tickets.Note(context.Background(), tx, by, n.ID, ticket.Draft{Text: "x", Author: k.ids["amara"], Files: []ticket.File{
				{Name: "n.png", Type: "image/png", Ref: page}, {Name: "gone", Type: "text/plain", Ref: blob.Ref{SHA256: strings.Repeat("0", 64), Size: 3}},
			}})
			return err
		})
		path := fmt.Sprintf("/api/v1/tickets/%d", number)
		staff := k.call("amara", "GET", path, nil).is(200)
		own := k.call("hana", "GET", path, nil).is(200)
		if len(own.list("messages")) != 1 {
			t.Fatalf("a requester sees %s", own.Raw)
		}
		url := own.text("messages", 0, "attachments", 0, "url")
		file := k.call("hana", "GET", url, nil).is(200)
		if file.Raw != "<script>alert(1)</script>" || file.Header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment") ||
			file.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(file.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("sent as %v", file.Header)
		}
		k.call("omar", "GET", url, nil).problem(404)
		k.call("", "GET", url, nil).problem(401)
		secret := staff.text("messages", 1, "attachments", 0, "url")
		k.call("amara", "GET", secret, nil).is(200)
		k.call("hana", "GET", secret, nil).problem(404)
		k.call("amara", "GET", staff.text("messages", 1, "attachments", 1, "url"), nil).problem(404)
		k.call("amara", "GET", path+"/attachments/999", nil).problem(404)
		if r := k.call("amara", "GET", url, nil, "Range", "bytes=0-7"); r.Status != http.StatusPartialContent || r.Raw != "<script>" {
			t.Errorf("a part: %d %q", r.Status, r.Raw)
		}
	})
}
