package portal

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/mailmsg"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// posted posts an outage as Amara.
func (w *world) posted(n outage.New) (id int64) {
	w.t.Helper()
	w.change(func(tx *db.Tx, by ticket.By) error {
		o, err := w.board.Post(w.ctx, tx, by.Actor, n)
		id = o.ID
		return err
	})
	return id
}

func (w *world) told(id int64, text string) {
	w.t.Helper()
	w.change(func(tx *db.Tx, by ticket.By) error {
		_, err := w.board.Tell(w.ctx, tx, by.Actor, id, outage.News{Text: text})
		return err
	})
}

func (w *world) has(id int64, who person.Person) (has bool) {
	w.t.Helper()
	if err := w.db.Read(w.ctx, func(tx *db.Tx) (err error) {
		has, err = outage.Has(w.ctx, tx, id, who.ID)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return has
}

func TestMeTooInOneTap(t *testing.T) {
	each(t, func(w *world) {
		id := w.posted(outage.New{Title: "VPN is down", NextAt: clock.Now().Add(time.Hour)})
		v := w.signedIn(w.hana)
		v.get("/status").want(w.t, 200).shows(w.t, "VPN is down", "Me too", "Next news")
		v.post(statusURL(id)+"/me-too", "from", "status").want(w.t, 200)
		v.post(statusURL(id)+"/me-too", "from", "status").want(w.t, 200).shows(w.t, "You have it.", "No more news of this")
		w.signedIn(w.omar).post(statusURL(id)+"/me-too").want(w.t, 200).shows(w.t, "You and 1 other have it.")
		w.signedIn(w.zoe).get(statusURL(id)).want(w.t, 200).hides(w.t, "have it", "has it") // of another firm
		anybody := w.visitor().get("/status").want(w.t, 200)
		anybody.shows(w.t, "VPN is down")
		anybody.hides(w.t, "has it", "have it")
		v.post(statusURL(id)+"/leave").want(w.t, 200)
		if w.has(id, w.hana) || !w.has(id, w.omar) {
			w.t.Error("who left has it, or who did not has not")
		}
	})
}

func TestAStrangerConfirmsByMail(t *testing.T) {
	each(t, func(w *world) {
		id := w.posted(outage.New{Title: "VPN is down"})
		v := w.visitor()
		v.post(statusURL(id)+"/me-too", "address", "no address").want(w.t, 422).shows(w.t, "is not a mail address", "no address")
		v.post(statusURL(id)+"/me-too", "address", "hana@acme.example").want(w.t, 200).shows(w.t, "look into your mail")
		if len(w.mails) != 1 || w.mails[0].Person != w.hana.ID || w.has(id, w.hana) {
			w.t.Fatalf("mails %v, and she has it: %v", w.mails, w.has(id, w.hana))
		}
		token := outage.Token(w.site.Key, outage.Join, id, w.hana.ID)
		for range 3 { // programs look at every link
			v.get("/status-join/"+token).want(w.t, 200).shows(w.t, "Yes, me too")
		}
		if w.has(id, w.hana) {
			w.t.Error("opening the link was enough")
		}
		v.get("/status-join/"+token+"x").want(w.t, 404)
		v.post("/status-join/"+outage.Token(w.site.Key, outage.Part, id, w.hana.ID)).want(w.t, 404)
		v.post("/status-join/"+token).want(w.t, 200).shows(w.t, "Noted")
		leave := outage.Token(w.site.Key, outage.Part, id, w.hana.ID)
		v.get("/status-leave/"+leave).want(w.t, 200).shows(w.t, "No more news of this")
		if !w.has(id, w.hana) {
			w.t.Error("opening the way out left it")
		}
		v.post("/status-leave/"+leave).want(w.t, 200)
		if w.has(id, w.hana) {
			w.t.Error("she still has it")
		}
	})
}

func TestARequestIsWhatManyHave(t *testing.T) {
	each(t, func(w *world) {
		id := w.posted(outage.New{Title: "VPN is down"})
		number := w.ticket(w.hana, "No vpn", "The vpn says no since this morning")
		v := w.visitor()
		page := v.get("/t/"+w.givenLink(number, w.hana, true)).want(w.t, 200)
		page.shows(w.t, "Is it this?", "Yes, that is it")
		v.get(requestURL(number)+"/outage?id="+numeral(id)).want(w.t, 200).shows(w.t, "Yes, that is it")
		if w.has(id, w.hana) {
			w.t.Fatal("opening the page linked it")
		}
		w.visitor().post(requestURL(number)+"/outage", "id", numeral(id)).hides(w.t, "VPN is down")
		v.post(requestURL(number)+"/outage", "id", numeral(id)).want(w.t, 200).shows(w.t, "We know of this:", "It is something that many have.")
		if !w.has(id, w.hana) {
			w.t.Fatal("she does not have it")
		}
		w.told(id, "The router is being exchanged.")
		v.get(requestURL(number)).want(w.t, 200).shows(w.t, "The router is being exchanged.")
		v.post(requestURL(number)+"/outage", "id", numeral(id), "do", "leave").want(w.t, 200)
		if w.has(id, w.hana) {
			w.t.Error("she still has it")
		}
	})
}

func TestAnotherFirmsOutageIsNowhere(t *testing.T) {
	each(t, func(w *world) {
		id := w.posted(outage.New{Title: "Payroll portal is down", Audience: outage.SomeOrganisations, Organisations: []int64{w.hana.OrganisationID}})
		number := w.ticket(w.zoe, "Payroll portal", "the payroll portal is down")
		zoe, nobody := w.signedIn(w.zoe), w.visitor()
		for _, path := range []string{"/status", "/status.atom", "/status.rss", "/status.ics"} {
			zoe.get(path).want(w.t, 200).hides(w.t, "Payroll")
			nobody.get(path).want(w.t, 200).hides(w.t, "Payroll")
		}
		for _, v := range []*visitor{zoe, nobody} {
			v.get(statusURL(id)).want(w.t, 404)
			v.post(statusURL(id)+"/me-too", "address", "zoe@apart.example").want(w.t, 404)
		}
		zoe.get(requestURL(number)).want(w.t, 200).hides(w.t, "Is it this?")
		zoe.post(requestURL(number)+"/outage", "id", numeral(id)).want(w.t, 404)
		// Somebody who only typed an address of the firm learns nothing of it either.
		typed := w.ticket(w.hana, "Payroll portal", "the payroll portal is down")
		stranger := w.visitor()
		stranger.get("/t/"+w.givenLink(typed, w.hana, false)).want(w.t, 200).hides(w.t, "Payroll portal is down", "Is it this?")
		stranger.post(requestURL(typed)+"/outage", "id", numeral(id)).want(w.t, 404)
		w.signedIn(w.hana).get("/status").want(w.t, 200).shows(w.t, "Payroll portal is down")
	})
}

// feedsOf are a visitor's own feed addresses, as the page has them.
func (w *world) feedOf(who person.Person) string {
	w.t.Helper()
	var token string
	if err := w.db.Read(w.ctx, func(tx *db.Tx) (err error) {
		token, err = w.board.FeedToken(w.ctx, tx, outage.OfPerson, who.ID)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return "/status-feed/" + token
}

func TestFeeds(t *testing.T) {
	each(t, func(w *world) {
		w.posted(outage.New{Title: "VPN <is> down & out", What: "Nobody\ncomes in"})
		own := w.posted(outage.New{Title: "Acme alone", Audience: outage.SomeOrganisations, Organisations: []int64{w.hana.OrganisationID}})
		w.told(own, "We look.")
		v := w.visitor()
		for _, root := range []string{"", w.feedOf(w.hana)} {
			for _, form := range []string{"/status.atom", "/status.rss"} {
				a := v.get(root+form).want(w.t, 200)
				well(w.t, a.body)
				a.shows(w.t, "VPN &lt;is&gt; down &amp; out")
				if private := root != ""; strings.Contains(a.body, "Acme alone") != private {
					w.t.Errorf("%s tells of the firm: %v", root+form, !private)
				}
				r, err := http.NewRequestWithContext(w.ctx, "GET", w.url+root+form, nil)
				if err != nil {
					w.t.Fatal(err)
				}
				r.Header.Set("If-None-Match", a.header.Get("ETag"))
				again, err := v.client.Do(r)
				if err != nil {
					w.t.Fatal(err)
				}
				again.Body.Close()
				if again.StatusCode != http.StatusNotModified || a.header.Get("Last-Modified") == "" {
					w.t.Errorf("asked again: %d, last modified %q", again.StatusCode, a.header.Get("Last-Modified"))
				}
			}
		}
		old := w.feedOf(w.hana)
		w.signedIn(w.hana).post("/status/feed").want(w.t, 200)
		v.get(old+"/status.atom").want(w.t, 404)
		v.get(w.feedOf(w.hana)+"/status.atom").want(w.t, 200)
		v.get("/status-feed/p1.forged/status.atom").want(w.t, 404)
		v.get(w.feedOf(w.hana)+"/else").want(w.t, 404)
	})
}

// well reads a document as XML to its end.
func well(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	}
}

func TestCalendarOfPlannedWork(t *testing.T) {
	each(t, func(w *world) {
		from := clock.From(time.Date(2100, 3, 2, 20, 0, 0, 0, time.UTC))
		w.db.SetClock(func() clock.Instant { return from.Add(-48 * time.Hour) })
		n := outage.New{Title: "Der Mailserver zieht um, und das ist eine lange Überschrift, die gefaltet werden muß", What: "a; b, c\nd", Planned: true, Since: from, Until: from.Add(2 * time.Hour)}
		id := w.posted(n)
		read := func() *mailmsg.Calendar {
			w.t.Helper()
			text := w.visitor().get("/status.ics").want(w.t, 200).body
			for line := range strings.Lines(text) {
				if len(line) > 77 || !strings.HasSuffix(line, "\r\n") { // 75 octets and the line break
					w.t.Errorf("not folded: %q", line)
				}
			}
			c := mailmsg.ParseCalendar(text, "")
			if c == nil {
				w.t.Fatalf("nothing is read of %s", text)
			}
			return c
		}
		first := read()
		if first.Summary != n.Title || !first.Start.Equal(from.Time()) || first.Sequence != 0 || first.Status != "CONFIRMED" {
			w.t.Errorf("read back as %+v", first)
		}
		n.Since, n.Until = from.Add(time.Hour), from.Add(3*time.Hour)
		w.change(func(tx *db.Tx, by ticket.By) error {
			_, err := w.board.Change(w.ctx, tx, by.Actor, id, n, 0)
			return err
		})
		second := read()
		if second.UID != first.UID || second.Sequence != 1 || !second.Start.Equal(n.Since.Time()) {
			w.t.Errorf("moved it reads %+v", second)
		}
		w.change(func(tx *db.Tx, by ticket.By) error {
			_, err := w.board.Cancel(w.ctx, tx, by.Actor, id, outage.News{})
			return err
		})
		if third := read(); third.UID != first.UID || third.Sequence != 2 || third.Status != "CANCELLED" {
			w.t.Errorf("called off it reads %+v", third)
		}
	})
}
