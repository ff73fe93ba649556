package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func TestTokens(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		challenge := func(r reply, want string) {
			t.Helper()
			if got := r.problem(401).Header.Get("Www-Authenticate"); got != want {
				t.Errorf("WWW-Authenticate: %s", got)
			}
		}
		const invalid = `Bearer realm="Goodturn", error="invalid_token"`
		challenge(k.call("", "GET", "/api/v1/mailboxes", nil), `Bearer realm="Goodturn"`)
		challenge(k.call("", "POST", "/api/v1/tickets", `{`), `Bearer realm="Goodturn"`)
		challenge(k.call("", "GET", "/api/v1/me", nil, "Authorization", "Basic YTpi"), `Bearer realm="Goodturn"`)
		challenge(k.call("", "GET", "/api/v1/me", nil, "Authorization", "Bearer gt_nothing"), invalid)
		challenge(k.call("", "GET", "/api/v1/me", nil, "Authorization", "Bearer "+strings.Repeat("a", 5000)), `Bearer realm="Goodturn"`)
		k.call("", "GET", "/api/v1/me", nil, "Authorization", "bearer "+k.tokens["hana"]).is(200)

		var cookie string
		k.write(func(tx *db.Tx) (err error) {
			cookie, err = person.StartSession(context.Background(), tx, k.ids["admin"], "test", "test")
			return err
		})
		for _, name := range []string{"session", "__Host-session", "goodturn"} {
			k.call("", "GET", "/api/v1/me", nil, "Cookie", name+"="+cookie).problem(401)
		}

		if n := k.count(`SELECT count(*) FROM token WHERE used_at > 0`); n != 1 {
			t.Errorf("%d tokens have a last use", n)
		}
		k.write(func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), `UPDATE token SET revoked_at = 1 WHERE person_id = $1`, k.ids["hana"])
			return err
		})
		challenge(k.call("hana", "GET", "/api/v1/me", nil), invalid)
		k.write(func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), `UPDATE token SET expires_at = $2 WHERE person_id = $1`, k.ids["omar"], tx.Now)
			return err
		})
		challenge(k.call("omar", "GET", "/api/v1/me", nil), invalid)
		off := false
		k.write(func(tx *db.Tx) error {
			return person.Update(context.Background(), tx, k.ids["bo"], person.Change{Active: &off})
		})
		challenge(k.call("bo", "GET", "/api/v1/me", nil), invalid)
	})
}

func TestReadOnlyToken(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		path, _ := k.ticket("amara", nil)
		for _, get := range []string{"/api/v1/me", "/api/v1/tickets", path, "/api/v1/people", "/api/v1/teams", "/api/v1/mailboxes"} {
			k.call("reader", "GET", get, nil).is(200)
		}
		for _, c := range [][2]string{{"POST", "/api/v1/tickets"}, {"PATCH", path}, {"POST", path + "/replies"}, {"POST", path + "/notes"}, {"POST", "/api/v1/people"}, {"PATCH", "/api/v1/people/1"}} {
			k.call("reader", c[0], c[1], m{"text": "x"}).problem(403).equal("This token may only look.", "detail")
		}
		k.call("reader", "GET", "/api/v1/me", nil).equal(true, "token", "read_only").equal("Amara", "name")
	})
}

// A narrowed token has the rights of its role and no more.
func TestNarrowToken(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		path, _ := k.ticket("amara", nil)
		k.write(func(tx *db.Tx) (err error) {
			k.tokens["narrow"], err = k.token(context.Background(), tx, k.ids["admin"], person.Token{Name: "n", Role: person.Requester})
			return err
		})
		k.call("narrow", "GET", path, nil).problem(404)
		k.call("narrow", "GET", "/api/v1/people", nil).problem(403)
		k.call("narrow", "GET", "/api/v1/me", nil).is(200).equal("administrator", "role").equal("requester", "token", "role")
	})
}

func TestNoRoute(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		for _, path := range []string{"/api", "/api/", "/api/v1", "/api/v2/tickets", "/api/v1/tickets/", "/api/v1//tickets", "/api/v1/../v1/tickets", "/api/v1/tickets/1/nothing", "/api/openapi.yaml"} {
			k.call("amara", "GET", path, nil).problem(404)
			k.call("", "GET", path, nil).problem(404)
		}
		r := k.call("amara", "DELETE", "/api/v1/tickets", nil).problem(405)
		if got := r.Header.Get("Allow"); got != "GET, HEAD, POST, OPTIONS" {
			t.Errorf("Allow: %s", got)
		}
		k.call("amara", "PUT", "/api/v1/tickets/7", m{}).problem(405)
		o := k.call("", "OPTIONS", "/api/v1/tickets", nil).is(204)
		if o.Header.Get("Allow") != "GET, HEAD, POST, OPTIONS" || o.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("OPTIONS gives %v", o.Header)
		}
		k.call("", "OPTIONS", "/api/v1/nothing", nil).problem(404)
		if h := k.call("amara", "HEAD", "/api/v1/tickets", nil).is(200); h.Raw != "" || h.Header.Get("Content-Type") != "application/json" {
			t.Errorf("HEAD gives %v %q", h.Header, h.Raw)
		}
		if h := k.call("", "HEAD", "/api/v1/tickets", nil).is(401); h.Raw != "" {
			t.Errorf("HEAD gives %q", h.Raw)
		}
	})
}

func TestBadBody(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		for body, place := range map[string]string{
			"":                              "line 1, column 1",
			"{":                             "line 1, column 2",
			"{\"text\": \"ä\",\n  \"a\" 7}": "line 2, column 7",
			"{\"text\": 'x'}":               "line 1, column 10",
			"{\"text\": \"a\nb\"}":          "line 1, column 12",
			"{} x":                          "line 1, column 4",
			"{\"text\": \"a\xff\"}":         "line 1, column 12",
			"\xef\xbb\xbf{}":                "line 1, column 1",
			strings.Repeat("[", 20000):      "column 10",
			"{\"text\": \"" + strings.Repeat("ü", 10): "line 1, column 21",
		} {
			r := k.call("amara", "POST", "/api/v1/tickets", body).problem(400, "body")
			if !strings.Contains(r.text("detail"), place) {
				t.Errorf("%.40q: %s", body, r.text("detail"))
			}
		}
		long := `{"text":"` + strings.Repeat("a", MaxBody) + `"}`
		r := k.call("amara", "POST", "/api/v1/tickets", long).problem(413)
		if !strings.Contains(r.text("detail"), "2") {
			t.Errorf("the limit is not named: %s", r.Raw)
		}
		k.call("amara", "POST", "/api/v1/tickets", "text=x", "Content-Type", "application/x-www-form-urlencoded").problem(415)
		k.call("amara", "POST", "/api/v1/tickets", "{}", "Content-Encoding", "gzip").problem(415)
		k.call("hana", "POST", "/api/v1/tickets", `{"text":"x"}`, "Content-Type", "application/json; charset=utf-8").is(201)
		k.call("hana", "POST", "/api/v1/tickets", `{"text":"x"}`, "Content-Type", "").is(201)
		k.call("amara", "GET", "/api/v1/me", nil, "Accept", "text/html").is(200)
		for _, body := range []string{"null", "7", `"x"`, "[]", "true"} {
			k.call("amara", "POST", "/api/v1/tickets", body).problem(422, "body")
		}
	})
}

// Every kind of fault has its status; what is ours to mend is a reference and nothing else.
func TestFaults(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		path, _ := k.ticket("amara", nil)
		var fails error
		k.api.Tickets.Hooks = append(k.api.Tickets.Hooks, func(context.Context, *db.Tx, ticket.Event, ticket.Ticket, *ticket.Message) error {
			if fails != nil && fails.Error() == "panic" {
				panic("secret panic")
			}
			return fails
		})
		say := i18n.M("No ticket for you.")
		for status, err := range map[int]error{
			403: fault.Denied(say), 404: fault.NotFound(say), 409: fault.Conflict(say), 413: fault.TooLarge(say), 429: fault.Limited(say), 503: fault.Unavailable(say, errors.New("secret cause")),
		} {
			fails = err
			if r := k.call("amara", "PATCH", path, m{"status": "solved"}).problem(status); r.text("detail") != "No ticket for you." {
				t.Errorf("%d: %s", status, r.Raw)
			}
		}
		for _, what := range []string{"secret failure", "panic"} {
			fails = errors.New(what)
			r := k.call("amara", "PATCH", path, m{"status": "solved"}).problem(500)
			if strings.Contains(r.Raw, "secret") || len(r.text("reference")) != 10 || !strings.Contains(r.text("detail"), r.text("reference")) {
				t.Errorf("%s", r.Raw)
			}
			if log := k.log.String(); !strings.Contains(log, r.text("reference")) || !strings.Contains(log, "PATCH /api/v1/tickets/{number}") {
				t.Errorf("the log does not know the reference or the route: %s", log)
			}
		}
		if strings.Contains(k.log.String(), k.tokens["amara"]) {
			t.Error("the log holds a token")
		}
		fails = nil
		k.call("amara", "GET", path, nil).is(200).equal("new", "status")
	})
}

func TestProblemsInTheReadersLanguage(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		r := k.call("amara", "POST", "/api/v1/tickets", m{"text": "x", "priority": "huge", "requester": m{"email": "hana@example.com"}}, "Accept-Language", "de").problem(422, "body.priority")
		if got := r.text("errors", 0, "message"); !strings.HasPrefix(got, "Bitte") {
			t.Errorf("in German: %s", got)
		}
	})
}

func TestRateLimit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		slow := newDesk(t, d, strict)
		for range 3 {
			slow.call("amara", "GET", "/api/v1/me", nil).is(200)
		}
		r := slow.call("amara", "GET", "/api/v1/me", nil).problem(429)
		if got := r.Header.Get("Retry-After"); got != "3600" {
			t.Errorf("Retry-After: %s", got)
		}
		slow.call("hana", "GET", "/api/v1/me", nil).is(200)
	})
}

// Every route asks for its verb before anything else, and the list of routes is whole.
func TestRoutesAskForVerbs(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		actors := map[string]person.Actor{}
		k.must(k.db.Read(t.Context(), func(tx *db.Tx) error {
			for name, token := range k.tokens {
				a, _, err := person.TokenActor(t.Context(), tx, token)
				if err != nil {
					return err
				}
				actors[name] = a
			}
			return nil
		}))
		for _, rt := range Routes() {
			method, path, _ := strings.Cut(rt.Pattern, " ")
			path = strings.NewReplacer("{number}", "4711", "{id}", "4711").Replace(path)
			var body any
			if method != http.MethodGet {
				body = m{}
			}
			if rt.Verb == Anyone {
				k.call("", method, path, body).is(200)
				continue
			}
			k.call("", method, path, body).problem(401)
			for name, a := range actors {
				r := k.call(name, method, path, body)
				if may := person.Can(a, rt.Verb, person.Thing{}); may == (r.Status == 403) || r.Status == 401 {
					t.Errorf("%s as %s: %d, may: %v", rt.Pattern, name, r.Status, may)
				}
			}
		}
	})
}

func TestDocument(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		r := k.call("", "GET", "/api/openapi.json", nil).is(200)
		if !strings.HasPrefix(r.text("openapi"), "3.1.") {
			t.Errorf("openapi %s", r.text("openapi"))
		}
		for _, rt := range Routes() {
			method, path, _ := strings.Cut(rt.Pattern, " ")
			r.at("paths", path, strings.ToLower(method), "operationId")
			r.at("paths", path, strings.ToLower(method), "summary")
			if rt.Verb != Anyone {
				r.at("paths", path, strings.ToLower(method), "responses", "default", "content", "application/problem+json", "schema", "$ref")
			}
		}
		r.equal("#/components/schemas/Message", "paths", "/api/v1/tickets/{number}/notes", "post", "responses", "201", "content", "application/json", "schema", "$ref")
		for name, schema := range r.at("components", "schemas").(map[string]any) {
			_, closed := schema.(m)["additionalProperties"]
			if isSent := slices.Contains(sent, name); closed != isSent {
				t.Errorf("%s: closed to other fields: %v, sent by callers: %v", name, closed, isSent)
			}
		}
		operations := 0
		for _, p := range r.at("paths").(map[string]any) {
			operations += len(p.(map[string]any))
		}
		if operations != len(Routes()) {
			t.Errorf("%d operations, %d routes", operations, len(Routes()))
		}
		r.equal("bearer", "components", "securitySchemes", "token", "scheme")
		r.equal([]string{"string", "null"}, "components", "schemas", "TicketChange", "properties", "assignee", "type")
		r.equal("string", "components", "schemas", "TicketChange", "properties", "status", "type")
		// Every reference leads somewhere.
		schemas := r.at("components", "schemas").(map[string]any)
		for _, ref := range references(r.JSON, nil) {
			if _, ok := schemas[strings.TrimPrefix(ref, "#/components/schemas/")]; !ok {
				t.Errorf("%s leads nowhere", ref)
			}
		}
	})
}

func references(v any, out []string) []string {
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			if s, ok := x.(string); ok && name == "$ref" {
				out = append(out, s)
			}
			out = references(x, out)
		}
	case []any:
		for _, x := range v {
			out = references(x, out)
		}
	}
	return out
}

// What is answered holds exactly the fields that the document names.
func TestAnswersAreAsDescribed(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		document := k.call("", "GET", "/api/openapi.json", nil)
		path, _ := k.ticket("amara", m{"assignee": "bo@example.com"})
		k.call("amara", "POST", path+"/notes", m{"text": "x"}).is(201)
		ticket := k.call("amara", "GET", path, nil)
		for name, got := range map[string]any{
			"Conversation": ticket.JSON, "Message": ticket.at("messages", 0), "Event": ticket.at("events", 0), "Somebody": ticket.at("requester"),
			"Ticket": k.call("amara", "GET", "/api/v1/tickets", nil).at("items", 0), "Person": k.call("amara", "GET", "/api/v1/people", nil).at("items", 0),
			"Me": k.call("amara", "GET", "/api/v1/me", nil).JSON, "Mailbox": k.call("amara", "GET", "/api/v1/mailboxes", nil).at("items", 0),
			"Team": k.call("amara", "GET", "/api/v1/teams", nil).at("items", 0), "PageTicket": k.call("amara", "GET", "/api/v1/tickets", nil).JSON,
		} {
			described := document.at("components", "schemas", name, "properties").(map[string]any)
			for field := range got.(map[string]any) {
				if _, ok := described[field]; !ok {
					t.Errorf("%s.%s is not described", name, field)
				}
			}
			for field := range described {
				if _, ok := got.(map[string]any)[field]; !ok {
					t.Errorf("%s.%s is described and not there", name, field)
				}
			}
		}
	})
}

func FuzzMistake(f *testing.F) {
	for _, s := range []string{"", "{}", "{\"a\":1", "[1,\n2,,]", "\xff", "{\"ä\": \"\xff\"}", "nul", "1e", "\"\\u12\""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		offset, what := mistake(raw)
		if good := json.Valid(raw) && utf8.Valid(raw); good != (what == "") {
			t.Fatalf("%q: %q", raw, what)
		}
		if offset < 0 || offset > len(raw) {
			t.Fatalf("%q: offset %d", raw, offset)
		}
		if line, column := place(raw, offset); line < 1 || column < 1 {
			t.Fatalf("%q: line %d, column %d", raw, line, column)
		}
		valueAt(raw, "body.a.b")
	})
}
