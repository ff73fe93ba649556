package portal

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ratelimit"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui/uitest"
)

func TestFormAsksFourThings(t *testing.T) {
	each(t, func(w *world) {
		a := w.visitor().get("/").want(w.t, 200)
		fields := 0
		for _, label := range uitest.Named(a.doc, "label") {
			// A phone's camera is another way into the field for files; what is folded is not asked.
			if uitest.Attr(label, "for") != "f-trap" && !uitest.HasClass(label, "camera") && !folded(label) {
				fields++
			}
		}
		if fields != 4 {
			w.t.Errorf("%d fields, want 4", fields)
		}
		if got := uitest.Text(uitest.Named(a.doc, "h1")[0]); got != "What do you need help with?" {
			w.t.Errorf("h1 is %q", got)
		}
		a.shows(w.t, "What happens then", "Sign in")
	})
}

func TestFormSpeaksTheVisitorsLanguage(t *testing.T) {
	each(t, func(w *world) {
		v := w.visitor()
		req := v.posted("/requests", "text", "", "name", "Ada")
		req.Header.Set("Accept-Language", "de-AT,de;q=0.9")
		a := v.do(req).want(w.t, 422)
		a.shows(w.t, "Wobei brauchen Sie Hilfe?", "Es ist noch nichts gesendet.")
		if !strings.Contains(a.wrong("text"), "Bitte schreiben Sie") {
			w.t.Errorf("says %q", a.wrong("text"))
		}
	})
}

func TestLinkMayBringTheStart(t *testing.T) {
	each(t, func(w *world) {
		v := w.visitor()
		a := v.get("/?subject=New+laptop&text=I+need+%3Cb%3E").want(w.t, 200)
		a.shows(w.t, "It is about: New laptop")
		if got := a.field(w.t, "text"); got != "I need <b>" {
			w.t.Errorf("text is %q", got)
		}
		b := v.post("/requests", "key", a.field(w.t, "key"), "subject", a.field(w.t, "subject"), "text", "I need one", "name", "Ada").want(w.t, 200)
		if got := uitest.Text(uitest.Named(b.doc, "h1")[0]); got != "New laptop" {
			w.t.Errorf("the subject is %q", got)
		}
	})
}

func TestFormWithAnAddress(t *testing.T) {
	each(t, func(w *world) {
		v := w.visitor()
		a := v.post("/requests", "text", "Hello,\nThe printer on floor 3 prints half pages\n\nSince Monday.", "name", "Ada Moss", "address", " Ada@Acme.example ", "@half page.txt", "a picture").want(w.t, 200)
		number := a.number(w.t)
		a.shows(w.t, "We have it. Its number is", "The printer on floor 3 prints half pages", "Since Monday.", "half page.txt", "You")
		if got := one[string](w, `SELECT subject FROM ticket WHERE id = $1 AND channel = 'form'`, number); got != "The printer on floor 3 prints half pages" {
			w.t.Errorf("subject %q", got)
		}
		if got := one[string](w, `SELECT a.address FROM ticket t JOIN person_address a ON a.person_id = t.requester_id WHERE t.id = $1`, number); got != "ada@acme.example" {
			w.t.Errorf("requester %q", got)
		}
		if one[bool](w, `SELECT proven FROM access_link WHERE ticket_id = $1`, number) {
			w.t.Error("an address that was only typed is taken for proven")
		}
		f := v.get(fileURL(number, one[int64](w, `SELECT id FROM attachment WHERE ticket_id = $1`, number))).want(w.t, 200)
		if f.body != "a picture" || !strings.HasPrefix(f.header.Get("Content-Disposition"), "attachment") {
			w.t.Errorf("the file is %q, %v", f.body, f.header)
		}
	})
}

func TestFormWithoutAnAddressGivesALinkToKeep(t *testing.T) {
	each(t, func(w *world) {
		a := w.visitor().post("/requests", "text", "The lift is stuck", "name", "Ada").want(w.t, 200)
		number := a.number(w.t)
		a.shows(w.t, "Please keep this address")
		if n := one[int](w, `SELECT count(*) FROM person_address x JOIN ticket t ON t.requester_id = x.person_id WHERE t.id = $1`, number); n != 0 {
			w.t.Errorf("%d addresses out of nothing", n)
		}
		link := uitest.Text(a.classed("kept")[0])
		other := w.visitor()
		b := other.get(strings.TrimPrefix(link, w.url)).want(w.t, 200)
		if b.number(w.t) != number {
			w.t.Errorf("the link leads to %s", b.path)
		}
		b.shows(w.t, "The lift is stuck")
	})
}

func TestAddressIsNotToBeKeptWhereMailWorks(t *testing.T) {
	each(t, func(w *world) {
		w.write(func(tx *db.Tx) error {
			_, err := tx.Exec(w.ctx, `INSERT INTO mailbox (address, name, team_id, active, subaddress, receiving, sending, created_at) SELECT 'help@desk.example', 'Help', id, TRUE, TRUE, '{}', '{}', 0 FROM team`)
			return err
		})
		a := w.visitor().post("/requests", "text", "The lift is stuck", "name", "Ada", "address", "ada@home.example").want(w.t, 200)
		a.shows(w.t, "Answers come to your mail address as well.")
		if strings.Contains(a.body, "/t/") {
			w.t.Error("the page holds the secret for nothing")
		}
		b := w.visitor().post("/requests", "text", "x", "name", "Ada", "address", "help@desk.example").want(w.t, 422)
		if !strings.Contains(b.wrong("address"), "address of the desk itself") {
			w.t.Errorf("the desk asks itself for help: %q", b.wrong("address"))
		}
	})
}

func TestFormKeepsWhatWasTyped(t *testing.T) {
	long := strings.Repeat("long ", 300_000)
	each(t, func(w *world) {
		for _, c := range []struct {
			name, text, person, address, trap string
			field, wrong                      string
		}{
			{"no text", "  \n ", "Ada", "ada@home.example", "", "text", "a few words are enough"},
			{"long text", long, "Ada", "ada@home.example", "", "text", "longer than 1 MB"},
			{"no name", "Help <me>", " ", "", "", "name", "Please write your name"},
			{"no address", "Help", "Ada \"A\"", "ada at home", "", "address", "“ada at home” is not a mail address"},
			{"two addresses", "Help", "Ada", "a@home.example, b@home.example", "", "address", "is not a mail address"},
			{"a program", "Buy", "Bot", "bot@spam.example", "http://spam.example", "trap", "programs fill it in"},
		} {
			w.t.Run(c.name, func(t *testing.T) {
				a := w.visitor().post("/requests", "key", strings.Repeat("k", 43), "text", c.text, "name", c.person, "address", c.address, trapField, c.trap, "subject", "About it", "@a.txt", "x").want(t, 422)
				if !strings.Contains(a.wrong(c.field), c.wrong) {
					t.Errorf("says %q of %s, want %q", a.wrong(c.field), c.field, c.wrong)
				}
				for name, want := range map[string]string{"text": strings.TrimSpace(c.text), "name": strings.TrimSpace(c.person), "address": c.address, "subject": "About it", "key": strings.Repeat("k", 43), trapField: c.trap} {
					if got := a.field(t, name); strings.TrimSpace(got) != want {
						t.Errorf("%s was %.60q and is %.60q", name, want, got)
					}
				}
				if !strings.Contains(a.wrong("files"), "once more") {
					t.Errorf("says %q of the files", a.wrong("files"))
				}
			})
		}
		if n := one[int](w, `SELECT count(*) FROM ticket`); n != 0 {
			w.t.Errorf("%d tickets", n)
		}
	})
}

func TestTooLargeNamesTheLimit(t *testing.T) {
	each(t, func(w *world) {
		v := w.visitor()
		req := v.posted("/requests", "text", "x", "name", "Ada", "@big.bin", string(bytes.Repeat([]byte("x"), page.MaxFiles)))
		a := v.do(req).want(w.t, 413)
		a.shows(w.t, strings.Join(strings.Fields(i18n.Bytes(w.ctx, page.MaxFiles)), " "))
	})
}

func TestHalfAFormIsNoFault(t *testing.T) {
	each(t, func(w *world) {
		v := w.visitor()
		whole := v.posted("/requests", "text", "x", "name", "Ada")
		body, _ := io.ReadAll(whole.Body)
		req, err := http.NewRequestWithContext(w.ctx, "POST", w.url+"/requests", bytes.NewReader(body[:len(body)-30]))
		if err != nil {
			w.t.Fatal(err)
		}
		req.Header = whole.Header
		v.do(req).want(w.t, 422).shows(w.t, "did not arrive whole")
	})
}

func TestManyFormsMustWait(t *testing.T) {
	each(t, func(w *world) {
		v := w.visitor()
		v.url = w.serve(&Portal{Site: w.site, Tickets: w.desk, Limit: ratelimit.New(ratelimit.Config{Burst: 2, Every: time.Hour})})
		for range 2 {
			v.post("/requests", "text", "", "name", "Ada").want(w.t, 422)
		}
		a := v.post("/requests", "text", "All of it is down", "name", "Ada", "address", "ada@home.example").want(w.t, 429)
		a.shows(w.t, "Please wait", "your text is still here")
		if a.field(w.t, "text") != "All of it is down" || a.header.Get("Retry-After") == "" {
			w.t.Errorf("text %q, Retry-After %q", a.field(w.t, "text"), a.header.Get("Retry-After"))
		}
	})
}

func TestPlaceOfAVisitor(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "::ffff:192.0.2.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "pipe": "pipe",
	} {
		if got := page.Network(in); got != want {
			t.Errorf("place(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFormSentTwiceIsOneTicket(t *testing.T) {
	each(t, func(w *world) {
		v := w.visitor()
		key := v.get("/").field(w.t, "key")
		send := func(text string) int64 {
			return v.post("/requests", "key", key, "text", text, "name", "Ada", "address", "ada@home.example").want(w.t, 200).number(w.t)
		}
		first := send("The lift is stuck")
		if again := send("The lift is stuck"); again != first {
			w.t.Errorf("sent twice: tickets %d and %d", first, again)
		}
		if other := send("The stairs are stuck"); other == first {
			w.t.Error("another text is the same ticket")
		}
		w.write(func(tx *db.Tx) error {
			_, err := tx.Exec(w.ctx, `UPDATE form_sent SET sent_at = $1`, clock.Now().Add(-onceWindow-time.Second))
			return err
		})
		if later := send("The lift is stuck"); later == first {
			w.t.Error("the same a minute later is the same ticket")
		}
	})
}

func TestFormSentTwiceAtOnceIsOneTicket(t *testing.T) {
	each(t, func(w *world) {
		key := w.visitor().get("/").field(w.t, "key")
		numbers := make([]int64, 4)
		var all sync.WaitGroup
		for i := range numbers {
			v := w.visitor()
			all.Go(func() {
				numbers[i] = v.post("/requests", "key", key, "text", "The lift is stuck", "name", "Ada").number(w.t)
			})
		}
		all.Wait()
		for _, n := range numbers {
			if n != numbers[0] || n == 0 {
				w.t.Errorf("tickets %v", numbers)
			}
		}
		if n := one[int](w, `SELECT count(*) FROM ticket`); n != 1 {
			w.t.Errorf("%d tickets", n)
		}
	})
}

func TestWhoIsSignedInAsksForThemselves(t *testing.T) {
	each(t, func(w *world) {
		v := w.signedIn(w.hana)
		a := v.get("/").want(w.t, 200)
		if a.field(w.t, "name") != "Hana Sato" || a.field(w.t, "address") != "hana@acme.example" {
			w.t.Errorf("name %q, address %q", a.field(w.t, "name"), a.field(w.t, "address"))
		}
		a.shows(w.t, "My requests")
		for _, address := range []string{"hana@acme.example", ""} {
			number := v.post("/requests", "text", "My key is lost", "name", "Hana S.", "address", address).want(w.t, 200).number(w.t)
			if got := one[int64](w, `SELECT requester_id FROM ticket WHERE id = $1`, number); got != w.hana.ID {
				w.t.Errorf("with the address %q the requester is person %d", address, got)
			}
			if !one[bool](w, `SELECT proven FROM access_link WHERE ticket_id = $1`, number) {
				w.t.Error("somebody signed in has not proven to be themselves")
			}
		}
		number := v.post("/requests", "text", "His key is lost", "name", "Zoe", "address", "zoe@apart.example").want(w.t, 200).number(w.t)
		if one[bool](w, `SELECT proven FROM access_link WHERE ticket_id = $1`, number) {
			w.t.Error("another's address is proven by being signed in")
		}
		if got := one[string](w, `SELECT name FROM person WHERE id = $1`, w.hana.ID); got != "Hana Sato" {
			w.t.Errorf("the form changed the name to %q", got)
		}
	})
}

func TestWhoseAccountIsClosedIsHelpedAndNothingIsTold(t *testing.T) {
	each(t, func(w *world) {
		w.write(func(tx *db.Tx) error {
			off := false
			return person.Update(w.ctx, tx, w.hana.ID, person.Change{Active: &off})
		})
		a := w.visitor().post("/requests", "text", "I am back", "name", "H", "address", "hana@acme.example").want(w.t, 200)
		a.hides(w.t, "Sato")
		if got := one[string](w, `SELECT p.name FROM ticket t JOIN person p ON p.id = t.requester_id WHERE t.id = $1`, a.number(w.t)); got != "H (hana@acme.example)" {
			w.t.Errorf("requester %q", got)
		}
	})
}

func TestOpening(t *testing.T) {
	for text, want := range map[string]string{
		"The printer\nis broken":                 "The printer",
		"Hello,\n\nit broke":                     "it broke",
		"Hi\nit broke":                           "it broke",
		"Help!":                                  "Help!",
		"Dear Amara and all,\r\nthe key is gone": "the key is gone",
	} {
		if got := opening(text); got != want {
			t.Errorf("opening(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestRobotsStayOut(t *testing.T) {
	each(t, func(w *world) {
		a := w.visitor().get("/robots.txt").want(w.t, 200)
		a.shows(w.t, "Disallow: /t/\n", "Disallow: /requests\n", "Disallow: /tickets\n", "Disallow: /admin\n")
	})
}
