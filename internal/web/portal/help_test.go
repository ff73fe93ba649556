package portal

import (
	"context"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/handoff"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ratelimit"
	"goodturn/internal/ticket"
)

// helped is the world with people whom others ask for help, and the paths of the letters that they get.
func helped(w *world) *[]string {
	told := &[]string{}
	keeper := &handoff.Keeper{Key: w.site.Key, Desk: w.desk, Letter: func(_ context.Context, _ *db.Tx, _ handoff.Handed, path string) error {
		*told = append(*told, path)
		return nil
	}}
	w.url = w.serve(&Portal{Site: w.site, Tickets: w.desk, Limit: ratelimit.New(ratelimit.Config{}), Helping: keeper, URL: func() string { return "https://desk.example" }})
	return told
}

// shared switches the link of somebody on, on the page for it, and gives its path.
func (v *visitor) shared() string {
	v.w.t.Helper()
	page := v.post("/me/help", "do", "on").want(v.w.t, 200)
	_, rest, _ := strings.Cut(page.text(), "https://desk.example")
	path, _, _ := strings.Cut(rest, " ")
	return path
}

func TestWhoOpensASharedLinkBecomesTheRequester(t *testing.T) {
	each(t, func(w *world) {
		told := helped(w)
		omar := w.signedIn(w.omar)
		at := omar.shared()
		asker := w.visitor()
		form := asker.get(at).want(w.t, 200)
		form.shows(w.t, "Omar asked you to write here; Omar will be told that we have it.")
		wrong := asker.post("/requests", "with", form.field(w.t, "with"), "key", form.field(w.t, "key"), "text", "", "name", "Hana Sato", "address", "hana@acme.example").want(w.t, 422)
		wrong.shows(w.t, "Omar asked you to write here")
		page := asker.post("/requests", "with", wrong.field(w.t, "with"), "key", wrong.field(w.t, "key"), "text", "It prints half pages.", "name", "Hana Sato", "address", "hana@acme.example").want(w.t, 200)
		page.shows(w.t, "Omar handed it on to us.", "It prints half pages.")
		number := page.number(w.t)
		if who := one[int64](w, `SELECT requester_id FROM ticket WHERE id = $1`, number); who != w.hana.ID {
			w.t.Errorf("the requester is %d", who)
		}
		if len(*told) != 1 {
			w.t.Fatalf("told %v", *told)
		}
		letter := w.visitor().get((*told)[0]).want(w.t, 200)
		letter.shows(w.t, "We have it", "It is Hana’s now")
		letter.hides(w.t, "half pages")
		if n := one[int](w, `SELECT count(*) FROM follower`); n != 0 {
			w.t.Error("looking at the letter's page has Omar follow")
		}
		omar.get("/requests/"+strings.TrimPrefix(page.path, "/requests/")).want(w.t, 200) // acme shares requests among colleagues
		w.visitor().post((*told)[0], "answer", "follow").want(w.t, 200).shows(w.t, "You are kept in the loop")
		asker.get(page.path).shows(w.t, "Omar asked to be kept in the loop, and reads along.")
		w.change(func(tx *db.Tx, by ticket.By) error {
			_, err := w.desk.Reply(w.ctx, tx, by, number, ticket.Draft{Text: "Done.", Channel: ticket.ByDesk}, ticket.Solved)
			return err
		})
		w.visitor().post((*told)[0], "answer", "let_go").want(w.t, 200).shows(w.t, "It is solved", "You have let go.")
		if n := one[int](w, `SELECT count(*) FROM follower`); n != 0 {
			w.t.Error("Omar let go and still follows")
		}
	})
}

func TestALetterToAnotherFirmSaysNoMoreThanThatWeHaveIt(t *testing.T) {
	each(t, func(w *world) {
		told := helped(w)
		at := w.signedIn(w.omar).shared()
		asker := w.visitor()
		form := asker.get(at)
		asker.post("/requests", "with", form.field(w.t, "with"), "text", "The secret plan.", "name", "Zoe Lind", "address", "zoe@apart.example").want(w.t, 200)
		letter := w.visitor().get((*told)[0]).want(w.t, 200)
		letter.hides(w.t, "Zoe", "secret plan", "Keep me in the loop")
		w.visitor().post((*told)[0], "answer", "follow").want(w.t, 403)
		if n := one[int](w, `SELECT count(*) FROM follower`); n != 0 {
			w.t.Error("Omar follows what is none of his firm's")
		}
	})
}

func TestAnEndedLinkHoldsNoRequestUp(t *testing.T) {
	each(t, func(w *world) {
		told := helped(w)
		omar := w.signedIn(w.omar)
		at := omar.shared()
		asker := w.visitor()
		form := asker.get(at)
		omar.post("/me/help", "do", "off").want(w.t, 200).shows(w.t, "Switch it on")
		asker.get(at).want(w.t, 404).shows(w.t, "Ask for help")
		asker.post("/requests", "with", form.field(w.t, "with"), "text", "It prints half pages.", "name", "Hana").want(w.t, 200).shows(w.t, "It prints half pages.")
		asker.post("/requests", "with", "babab-babab-babab-babab", "text", "And now none.", "name", "Hana").want(w.t, 200)
		if len(*told) != 0 || one[int](w, `SELECT count(*) FROM handed_on`) != 0 {
			w.t.Errorf("told %v", *told)
		}
	})
}

func TestWhoSharesALinkMayAskByItToo(t *testing.T) {
	each(t, func(w *world) {
		told := helped(w)
		omar := w.signedIn(w.omar)
		form := omar.get(omar.shared())
		omar.post("/requests", "with", form.field(w.t, "with"), "text", "My own.", "name", "Omar Haddad").want(w.t, 200).hides(w.t, "handed it on")
		if len(*told) != 0 {
			w.t.Errorf("told %v", *told)
		}
	})
}

func TestTheSharedAddressNeedsAMailboxThatTakesIt(t *testing.T) {
	each(t, func(w *world) {
		helped(w)
		omar := w.signedIn(w.omar)
		omar.shared()
		omar.get("/me/help").hides(w.t, "+with.")
		w.write(func(tx *db.Tx) error {
			_, err := tx.Exec(w.ctx, `INSERT INTO mailbox (address, name, team_id, active, subaddress, receiving, sending, created_at) VALUES ('help@desk.example', 'Help', (SELECT min(id) FROM team), TRUE, TRUE, '', '', 1)`)
			return err
		})
		token := strings.TrimPrefix(omar.shared(), "/with/")
		omar.get("/me/help").shows(w.t, "help+with."+token+"@desk.example")
		var address string
		w.write(func(tx *db.Tx) (err error) {
			address, err = mailbox.HelperAddress(w.ctx, tx, token)
			return err
		})
		if local, _, _ := strings.Cut(address, "@"); len(local) > 64 || !person.ValidAddress(address) {
			w.t.Errorf("%s", address)
		}
	})
}
