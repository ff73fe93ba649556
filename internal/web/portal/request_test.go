package portal

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui/uitest"
)

func TestLinkLeavesTheAddressBar(t *testing.T) {
	each(t, func(w *world) {
		number := w.ticket(w.hana, "Half pages", "The printer prints half pages")
		token := w.givenLink(number, w.hana, true)
		v := w.visitor()
		v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		before := one[int](w, `SELECT count(*) FROM event`)
		a := v.get("/t/"+token).want(w.t, 303)
		if got := a.header.Get("Location"); got != requestURL(number) {
			w.t.Errorf("leads to %q", got)
		}
		c, err := http.ParseSetCookie(a.header.Get("Set-Cookie"))
		if err != nil {
			w.t.Fatal(err)
		}
		if c.Path != requestURL(number) || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Value != token || !strings.HasSuffix(c.Name, "-"+strings.TrimPrefix(requestURL(number), "/requests/")) {
			w.t.Errorf("cookie %v", c)
		}
		b := v.get(requestURL(number)).want(w.t, 200)
		b.shows(w.t, "Half pages", "The printer prints half pages")
		v.get("/requests").want(w.t, 303)
		if after := one[int](w, `SELECT count(*) FROM event`); after != before {
			w.t.Error("looking changed something")
		}
		w.site.Secure = true
		if c, _ := http.ParseSetCookie(w.visitor().with(v.client.CheckRedirect).get("/t/" + token).header.Get("Set-Cookie")); c == nil || !c.Secure {
			w.t.Errorf("over https the cookie is %v", c)
		}
	})
}

func TestLinkGoesOnWithinItsRequest(t *testing.T) {
	each(t, func(w *world) {
		number := w.ticket(w.hana, "Half pages", "The printer prints half pages")
		token := w.givenLink(number, w.hana, true)
		v := w.visitor().with(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse })
		for rest, want := range map[string]string{
			"/worked?answer=yes": "/worked?answer=yes", "/": "", "/a/%2e%2e/%2e%2e/admin": "/admin", "/%2F%2Fevil.example": "/evil.example",
			"/x%3Fy%23z": "/x%3Fy%23z", "/%5Cevil.example": "/%5Cevil.example", "/worked?answer=%0d%0aX:1": "/worked?answer=%0D%0AX%3A1",
		} {
			if got := v.get("/t/"+token+rest).want(w.t, 303).header.Get("Location"); got != requestURL(number)+want {
				w.t.Errorf("%s leads to %q", rest, got)
			}
		}
		v.get("/t/forged/worked?answer=yes").want(w.t, 404)
	})
}

func (v *visitor) with(redirect func(*http.Request, []*http.Request) error) *visitor {
	v.client.CheckRedirect = redirect
	return v
}

func TestLinksThatOpenNothing(t *testing.T) {
	each(t, func(w *world) {
		number := w.ticket(w.hana, "Half pages", "secret words")
		other := w.ticket(w.zoe, "Other", "other words")
		for _, c := range []struct {
			name  string
			spoil func(token string) string
		}{
			{"guessed", func(string) string { return secret.Token() }},
			{"cut", func(token string) string { return token[:20] }},
			{"nonsense", func(string) string { return url.PathEscape("'; DROP TABLE ticket --") }},
			{"expired", func(token string) string {
				w.write(func(tx *db.Tx) error {
					_, err := tx.Exec(w.ctx, `UPDATE access_link SET expires_at = $2 WHERE hash = $1`, secret.Hash(token), clock.Now().Add(-1))
					return err
				})
				return token
			}},
			{"revoked", func(token string) string {
				w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.RevokeLinks(w.ctx, tx, by, number, w.hana.ID) })
				return token
			}},
			{"no follower any more", func(string) string {
				w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.Follow(w.ctx, tx, by, number, w.zoe.ID) })
				token := w.givenLink(number, w.zoe, true)
				w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.Unfollow(w.ctx, tx, by, number, w.zoe.ID) })
				return token
			}},
			{"a colleague's, whose right is not the link's", func(string) string { return w.givenLink(number, w.omar, true) }},
			{"of a merged person", func(token string) string {
				w.change(func(tx *db.Tx, by ticket.By) error {
					_, err := person.MergeInto(w.ctx, tx, by.Actor, w.omar.ID, w.hana.ID, "")
					return err
				})
				return token
			}},
		} {
			w.t.Run(c.name, func(t *testing.T) {
				v := w.visitor()
				token := c.spoil(w.givenLink(number, w.hana, true))
				a := v.get("/t/"+token).want(t, 404)
				a.shows(t, "This link is no longer good", "Answer it: that always works.")
				a.hides(t, "secret words", "Half pages")
				v.setCookie("goodturn-request-"+strings.TrimPrefix(requestURL(number), "/requests/"), token, requestURL(number))
				b := v.get(requestURL(number))
				b.hides(t, "secret words", "Half pages")
				if b.status != 404 {
					t.Errorf("with the cookie: %d", b.status)
				}
				v.post(requestURL(number)+"/answers", "text", "me too").want(t, 404)
			})
		}
		w.t.Run("another request's cookie", func(t *testing.T) {
			v := w.visitor()
			token := w.givenLink(other, w.zoe, true)
			v.get("/t/"+token).want(t, 200)
			v.setCookie("goodturn-request-"+strings.TrimPrefix(requestURL(number), "/requests/"), token, requestURL(number))
			v.get(requestURL(number)).want(t, 404).hides(t, "secret words")
			v.post(requestURL(number)+"/answers", "text", "me too").want(t, 404)
			v.get(requestURL(other)).want(t, 200).shows(t, "other words")
		})
	})
}

func TestWhoSeesARequest(t *testing.T) {
	each(t, func(w *world) {
		hanas := w.ticket(w.hana, "Half pages", "of Hana")
		zoes := w.ticket(w.zoe, "No sound", "of Zoe")
		followed := w.ticket(w.zoe, "Followed", "of Zoe too")
		w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.Follow(w.ctx, tx, by, followed, w.omar.ID) })
		hidden := w.ticket(w.hana, "Private", "about pay")
		w.change(func(tx *db.Tx, by ticket.By) error {
			team, err := person.SaveTeam(w.ctx, tx, person.Team{Slug: "pay", Name: "Pay", Private: true})
			if err != nil {
				return err
			}
			_, err = tx.Exec(w.ctx, `UPDATE ticket SET team_id = $2 WHERE id = $1`, hidden, team)
			return err
		})
		for _, c := range []struct {
			who    string
			v      *visitor
			number int64
			status int
			path   string
		}{
			{"requester", w.signedIn(w.hana), hanas, 200, requestURL(hanas)},
			{"requester, private team", w.signedIn(w.hana), hidden, 200, requestURL(hidden)},
			{"colleague", w.signedIn(w.omar), hanas, 200, requestURL(hanas)},
			{"colleague, private team", w.signedIn(w.omar), hidden, 404, requestURL(hidden)},
			{"follower", w.signedIn(w.omar), followed, 200, requestURL(followed)},
			{"stranger", w.signedIn(w.zoe), hanas, 404, requestURL(hanas)},
			{"colleague where nothing is shared", w.signedIn(w.yan), zoes, 404, requestURL(zoes)},
			{"anybody", w.visitor(), hanas, 200, "/sign-in?next=%2Frequests%2F" + strings.TrimPrefix(requestURL(hanas), "/requests/")},
			{"anybody, no such request", w.visitor(), 99, 200, "/sign-in?next=%2Frequests%2F99"},
			{"signed in, no such request", w.signedIn(w.hana), 99, 404, "/requests/99"},
			{"staff", w.signedIn(w.amara), hanas, 404, "/tickets/" + strings.TrimPrefix(requestURL(hanas), "/requests/")},
			{"staff, private team", w.signedIn(w.amara), hidden, 404, requestURL(hidden)},
		} {
			w.t.Run(c.who, func(t *testing.T) {
				a := c.v.get(requestURL(c.number))
				if a.status != c.status || a.path != c.path {
					t.Errorf("status %d at %s, want %d at %s", a.status, a.path, c.status, c.path)
				}
			})
		}
	})
}

func TestStateAndSteps(t *testing.T) {
	each(t, func(w *world) {
		number := w.ticket(w.hana, "Half pages", "half pages")
		v := w.signedIn(w.hana)
		steps := func(a answered) (out []string) {
			for _, list := range a.classed("steps") {
				for _, li := range uitest.Named(list, "li") {
					text, _, _ := strings.Cut(uitest.Text(li), ".")
					out = append(out, text)
				}
			}
			return out
		}
		state := func() string {
			return uitest.Text(uitest.Named(v.get(requestURL(number)).want(w.t, 200).classed("state")[0], "strong")[0])
		}
		expect := func(want string) {
			w.t.Helper()
			if got := state(); !strings.HasPrefix(got, want) {
				w.t.Errorf("state is %q, want %q", got, want)
			}
		}
		expect("We have it. Its number is 1001")
		w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.Assign(w.ctx, tx, by, number, w.amara.ID) })
		expect("Amara has it.")
		w.change(func(tx *db.Tx, by ticket.By) error {
			_, err := w.desk.Reply(w.ctx, tx, by, number, ticket.Draft{Text: "Which paper?"}, ticket.Pending)
			return err
		})
		expect("We wait for your answer.")
		v.post(requestURL(number)+"/answers", "text", "A4").want(w.t, 200)
		expect("Amara has it.")
		w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.SetStatus(w.ctx, tx, by, number, ticket.OnHold) })
		expect("Amara has it, and waits for somebody else.")
		w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.Assign(w.ctx, tx, by, number, 0) })
		expect("We wait for somebody else.")
		w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.Reopen(w.ctx, tx, by, number) })
		expect("It is our turn.")
		w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.Solve(w.ctx, tx, by, number) })
		expect("Solved on ")
		w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.Close(w.ctx, tx, by, number) })
		expect("Closed on ")
		got := strings.Join(steps(v.get(requestURL(number))), " | ")
		if want := "It came by mail | Amara took it | Amara answered you | It waits for your answer | It is our turn again | It waits for somebody else | It went back into the line | It goes on | It was solved | It was closed"; got != want {
			w.t.Errorf("steps: %s\nwant:  %s", got, want)
		}
	})
}

func TestAnswers(t *testing.T) {
	each(t, func(w *world) {
		number := w.ticket(w.hana, "Half pages", "half pages")
		status := func() string { return one[string](w, `SELECT status FROM ticket WHERE id = $1`, number) }
		v := w.visitor()
		page := v.get("/t/"+w.givenLink(number, w.hana, true)).want(w.t, 200)

		a := v.post(requestURL(number)+"/answers", "text", " \n", "@a.txt", "x").want(w.t, 200)
		a.shows(w.t, "a.txt")
		a = v.post(requestURL(number)+"/answers", "text", " \n").want(w.t, 422)
		if !strings.Contains(a.wrong("text"), "Please write something") {
			w.t.Errorf("says %q", a.wrong("text"))
		}
		long := strings.Repeat("long ", 300_000)
		a = v.post(requestURL(number)+"/answers", "text", long).want(w.t, 422)
		if a.field(w.t, "text") != strings.TrimSpace(long) || !strings.Contains(a.wrong("text"), "1 MB") {
			w.t.Errorf("a long text: %q", a.wrong("text"))
		}

		a = v.post(requestURL(number)+"/answers", "text", "It blinks too", "@blink.txt", "on off").want(w.t, 200)
		a.shows(w.t, "It blinks too", "blink.txt", "We have it. Your words stand below.")
		if n := one[int64](w, `SELECT author_id FROM message WHERE ticket_id = $1 AND text = 'It blinks too' AND channel = 'form' AND inbound`, number); n != w.hana.ID {
			w.t.Errorf("written by %d", n)
		}

		key := page.field(w.t, "key")
		for range 2 {
			v.post(requestURL(number)+"/answers", "key", key, "text", "Once").want(w.t, 200)
		}
		if n := one[int](w, `SELECT count(*) FROM message WHERE ticket_id = $1 AND text = 'Once'`, number); n != 1 {
			w.t.Errorf("said %d times", n)
		}

		a = v.post(requestURL(number)+"/answers", "text", "", "works", "1").want(w.t, 200)
		a.shows(w.t, "Solved on", "It works again.", "Good to hear.", "It works again, we heard from you.")
		if status() != "solved" {
			w.t.Errorf("status %s", status())
		}
		for _, b := range uitest.Named(a.doc, "button") {
			if uitest.Attr(b, "name") == "works" {
				w.t.Error("what is solved can be solved")
			}
		}
		if got := one[string](w, `SELECT actor FROM event WHERE ticket_id = $1 AND what = 'status' AND to_value = 'solved' AND cause = 'requester'`, number); got != "system" {
			w.t.Errorf("solved by %s", got)
		}
		v.post(requestURL(number)+"/answers", "text", "No, it does not").want(w.t, 200).shows(w.t, "It was opened again.")
		if status() != "open" {
			w.t.Errorf("status %s", status())
		}
		w.visitor().post(requestURL(number)+"/answers", "text", "x").want(w.t, 401).shows(w.t, "Sign in", "You were signed out before this was sent")
		w.signedIn(w.zoe).post(requestURL(number)+"/answers", "text", "x", "works", "1").want(w.t, 404)
		if n := one[int](w, `SELECT count(*) FROM message WHERE text = 'x'`); n != 0 {
			w.t.Error("a stranger wrote")
		}
	})
}

func TestQuotedTextIsFoldedAndAddressesAreLinks(t *testing.T) {
	each(t, func(w *world) {
		number := w.ticket(w.hana, "Half pages", `See https://help.example/a?b=1&c=2. <script>alert(1)</script> javascript:alert(2) http://`)
		w.write(func(tx *db.Tx) error {
			_, err := tx.Exec(w.ctx, `UPDATE message SET quoted = 'On Monday Amara wrote', html = '<b>other words</b>' WHERE ticket_id = $1`, number)
			return err
		})
		a := w.signedIn(w.hana).get(requestURL(number)).want(w.t, 200)
		if folds := a.classed("fold"); len(folds) != 1 || folds[0].Data != "details" || !strings.Contains(uitest.Text(folds[0]), "On Monday") {
			w.t.Errorf("%d folds", len(folds))
		}
		links := 0
		for _, l := range uitest.Named(a.doc, "a") {
			if uitest.Attr(l, "href") == "https://help.example/a?b=1&c=2" {
				links++
			}
		}
		if links != 1 {
			w.t.Errorf("%d links", links)
		}
		a.shows(w.t, "<script>alert(1)</script>")
		a.hides(w.t, "<script>alert", "<b>other")
	})
}

func TestLongConversationBeginsWithItsNewest(t *testing.T) {
	each(t, func(w *world) {
		number := w.ticket(w.hana, "Long", "message 1")
		for i := range 59 {
			w.mail(number, w.hana, "message "+decimal(i+2)+" "+strings.Repeat("word ", 40))
		}
		v := w.signedIn(w.hana)
		a := v.get(requestURL(number)).want(w.t, 200)
		said := uitest.Named(a.classed("said")[0], "li")
		if len(said) < 5 || len(said) > windowMessages || !strings.Contains(uitest.Text(said[len(said)-1]), "message 60") {
			w.t.Errorf("%d messages, the last is %q", len(said), uitest.Text(said[len(said)-1]))
		}
		a.shows(w.t, "Show "+decimal(60-len(said))+" earlier messages")
		if all := v.get(requestURL(number)+"?all").want(w.t, 200); len(uitest.Named(all.classed("said")[0], "li")) != 60 {
			w.t.Errorf("all of them are %d", len(uitest.Named(all.classed("said")[0], "li")))
		}
		w.mail(number, w.hana, strings.Repeat("very long ", 2000)+"end of it")
		v.get(requestURL(number)).want(w.t, 200).hides(w.t, "end of it")
		v.get(requestURL(number)+"?all").want(w.t, 200).shows(w.t, "end of it")
	})
}

func decimal(n int) string { return strings.TrimPrefix(requestURL(int64(n)), "/requests/") }
