package portal

import (
	"fmt"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/outcome"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// solves has the desk of a world keep notes and outcomes, and gives the book.
func (w *world) solves() *fixnote.Book {
	k := &outcome.Keeper{DB: w.db, Desk: w.desk}
	book := &fixnote.Book{Settled: k.NoteSettled}
	w.desk.Later = []ticket.Hook{book.Hook(), k.Hook()}
	w.url = w.serve(&Portal{Site: w.site, Tickets: w.desk, Outcomes: k})
	return book
}

// solved makes a ticket that is solved, with a note.
func (w *world) solved(book *fixnote.Book, who person.Person, subject, next string) (number int64) {
	w.t.Helper()
	number = w.ticket(who, subject, "It does not work, please help me.")
	w.change(func(tx *db.Tx, by ticket.By) error {
		if err := w.desk.Solve(w.ctx, tx, by, number); err != nil || next == "" {
			return err
		}
		_, err := book.Write(w.ctx, tx, by.Actor, number, fixnote.Content{Next: next})
		return err
	})
	return number
}

func at(number int64, rest string) string { return fmt.Sprintf("/requests/%d%s", number, rest) }

func TestANoteIsForWhomItIsFor(t *testing.T) {
	each(t, func(w *world) {
		book := w.solves()
		number := w.solved(book, w.hana, "VPN drops", "Pull the plug of the router")
		other := w.solved(book, w.zoe, "Mouse", "Breathe on it")
		w.signedIn(w.hana).get(at(number, "")).want(w.t, 200).shows(w.t, "For next time", "Pull the plug of the router", "Did it work?")
		proven, unproven := w.visitor(), w.visitor()
		proven.get(linkURL(w.givenLink(number, w.hana, true))).want(w.t, 200).shows(w.t, "Pull the plug of the router")
		a := unproven.get(linkURL(w.givenLink(number, w.hana, false))).want(w.t, 200)
		a.shows(w.t, "Did it work?")
		a.hides(w.t, "Pull the plug")

		a = w.signedIn(w.hana).get("/answers").want(w.t, 200)
		a.shows(w.t, "VPN drops", "Pull the plug of the router")
		a.hides(w.t, "Breathe on it")
		w.signedIn(w.hana).get("/answers?q=plugs").want(w.t, 200).shows(w.t, "VPN drops")
		a = w.signedIn(w.hana).get("/answers?q=elephant").want(w.t, 200)
		a.shows(w.t, "No answer has the words")
		a.hides(w.t, "Pull the plug")
		w.signedIn(w.omar).get("/answers").want(w.t, 200).hides(w.t, "Pull the plug")
		w.signedIn(w.omar).get("/answers?colleagues").want(w.t, 200).shows(w.t, "Pull the plug of the router", "asked by Hana")
		w.signedIn(w.yan).get("/answers?colleagues").want(w.t, 200).hides(w.t, "Breathe on it")
		if a = proven.get("/answers"); strings.Contains(a.body, "Pull the plug") || a.path == "/answers" {
			w.t.Errorf("the holder of a link sees %s", a.path)
		}
		w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.Reopen(w.ctx, tx, by, number) })
		w.signedIn(w.hana).get("/answers").want(w.t, 200).hides(w.t, "Pull the plug")
		w.signedIn(w.hana).get(at(number, "")).want(w.t, 200).hides(w.t, "Pull the plug", "Did it work?")
		_ = other
	})
}

func TestALinkOnlyOpensThePage(t *testing.T) {
	each(t, func(w *world) {
		book := w.solves()
		number := w.solved(book, w.hana, "VPN drops", "")
		scanner, token := w.visitor(), w.givenLink(number, w.hana, true)
		for _, rest := range []string{"", "/worked?answer=yes", "/worked?answer=no", "/worked?face=1", "/worked?face=3", "/worked?answer=no&text=x", "/worked?answer=%3Cscript%3E"} {
			scanner.get(linkURL(token)+rest).want(w.t, 200)
		}
		if n := one[int](w, `SELECT count(*) FROM outcome WHERE ticket_id = $1 AND (worked <> '' OR face <> 0)`, number); n != 0 {
			w.t.Fatal("opening the links of a mail said something")
		}
		hana := w.visitor()
		a := hana.get(linkURL(token)+"/worked?answer=no").want(w.t, 200)
		a.shows(w.t, "What is still wrong?")
		key := a.field(w.t, "key")
		hana.post(at(number, "/worked"), "key", key, "answer", "no", "text", "It drops at noon").want(w.t, 200).shows(w.t, "It is open again", "It drops at noon")
		hana.post(at(number, "/worked"), "key", key, "answer", "no", "text", "It drops at noon").want(w.t, 200)
		if n := one[int](w, `SELECT count(*) FROM message WHERE ticket_id = $1`, number); n != 2 {
			w.t.Errorf("sent twice it is %d messages", n)
		}
		hana.get(linkURL(token)+"/worked?answer=yes").want(w.t, 200).shows(w.t, "This request is open")
		hana.post(at(number, "/worked"), "answer", "yes").want(w.t, 409).shows(w.t, "This request is open")
	})
}

func TestWhoMaySayThatItWorks(t *testing.T) {
	each(t, func(w *world) {
		book := w.solves()
		number, other := w.solved(book, w.zoe, "Mouse", ""), w.solved(book, w.hana, "VPN", "")
		token := w.givenLink(number, w.zoe, true)
		stranger := w.visitor()
		for _, bad := range []string{token + "x", token[:len(token)-2] + "aa", "none"} {
			stranger.get(linkURL(bad)+"/worked?answer=yes").want(w.t, 404)
		}
		stranger.post(at(number, "/worked"), "answer", "yes").want(w.t, 200).shows(w.t, "Sign in")
		w.signedIn(w.yan).post(at(number, "/worked"), "answer", "no").want(w.t, 404)
		holder := w.visitor()
		holder.get(linkURL(token)).want(w.t, 200)
		holder.post(at(other, "/worked"), "answer", "no").want(w.t, 200).shows(w.t, "Sign in") // a link is for one request
		if n := one[int](w, `SELECT count(*) FROM outcome WHERE worked <> ''`); n != 0 {
			w.t.Fatal("somebody spoke for somebody else")
		}
		zoe := w.signedIn(w.zoe)
		zoe.post(at(number, "/worked"), "answer", "yes", "face", "3", "words", "Thank you <b>all</b>").want(w.t, 200).shows(w.t, "Good to hear", "Our help was: Good")
		zoe.get(at(number, "/worked?face=2")).want(w.t, 200).shows(w.t, "Thank you <b>all</b>")
		zoe.post(at(number, "/worked"), "face", "9").want(w.t, 422).shows(w.t, "Please choose one of the three")
		zoe.post(at(number, "/worked"), "answer", "perhaps").want(w.t, 422)
		zoe.post(at(number, "/worked")).want(w.t, 422)
		// A colleague may say that it does not work, but not how somebody else was served.
		w.signedIn(w.omar).get(at(other, "/worked")).want(w.t, 200).hides(w.t, "How was our help?")
		w.signedIn(w.omar).post(at(other, "/worked"), "answer", "no", "face", "1", "text", "Nor for me").want(w.t, 200)
		if n := one[int](w, `SELECT count(*) FROM outcome WHERE face = 1`); n != 0 {
			w.t.Error("a colleague said how the help was")
		}
		// Expired, it opens nothing.
		w.write(func(tx *db.Tx) error {
			_, err := tx.Exec(w.ctx, `UPDATE access_link SET expires_at = 1`)
			return err
		})
		fresh := w.visitor()
		fresh.get(linkURL(token)+"/worked?answer=no").want(w.t, 404)
	})
}
