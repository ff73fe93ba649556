package portal

import (
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/papercut"
)

// cutPeople is how many said the papercut with the most.
func (w *world) cutPeople() (n int) {
	w.t.Helper()
	if err := w.db.Read(w.ctx, func(tx *db.Tx) (err error) {
		n, err = db.One[int](w.ctx, tx, `SELECT coalesce(max(people), 0) FROM papercut`)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) tickets() (n int) {
	w.t.Helper()
	if err := w.db.Read(w.ctx, func(tx *db.Tx) (err error) {
		n, err = db.One[int](w.ctx, tx, `SELECT count(*) FROM ticket`)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestSomethingSmallInTwoTaps(t *testing.T) {
	each(t, func(w *world) {
		const text = "The timesheet forgets my project"
		hana := w.signedIn(w.hana)
		hana.get("/requests").want(w.t, 200).shows(w.t, `Something small bugs me`)
		hana.post("/papercut", "text", text, "from", "/requests/12?secret=1#x").want(w.t, 200).shows(w.t, "Noted, thank you", text, "We tell you when it is gone")
		hana.post("/papercut", "text", text).want(w.t, 200)
		omar := w.signedIn(w.omar)
		omar.get("/papercut").want(w.t, 200).shows(w.t, text, "1 person said so.", "Me too")
		omar.post("/papercut", "same", "1").want(w.t, 200).shows(w.t, "You and 1 other said so.")
		omar.post("/papercut", "same", "1").want(w.t, 200).shows(w.t, "You and 1 other said so.")
		w.signedIn(w.zoe).get("/papercut").want(w.t, 200).hides(w.t, "timesheet", "said so") // of another firm
		w.signedIn(w.zoe).post("/papercut", "same", "1").want(w.t, 404)
		w.visitor().get("/papercut").want(w.t, 200).hides(w.t, "timesheet")
		if w.cutPeople() != 2 || w.tickets() != 0 {
			w.t.Errorf("%d people, %d tickets", w.cutPeople(), w.tickets())
		}
		omar.post("/papercut/back", "id", "1").want(w.t, 200).shows(w.t, "Taken back")
		if w.cutPeople() != 1 {
			w.t.Errorf("%d people after taking back", w.cutPeople())
		}
		hana.post("/papercut", "text", " ").want(w.t, 422).shows(w.t, "Please say in a few words")
		long := strings.Repeat("word ", 80)
		tooLong := hana.post("/papercut", "text", long).want(w.t, 422)
		tooLong.shows(w.t, "at most 300 letters")
		if !strings.Contains(tooLong.body, strings.TrimSpace(long)) {
			w.t.Error("what was typed is lost")
		}
	})
}

func TestAVisitorOfWhomNothingIsKnown(t *testing.T) {
	each(t, func(w *world) {
		v := w.visitor()
		form := v.get("/papercut").want(w.t, 200)
		_, rest, _ := strings.Cut(form.body, `name="visitor" value="`)
		key, _, _ := strings.Cut(rest, `"`)
		if len(key) < 16 {
			w.t.Fatalf("the form has no key: %q", key)
		}
		v.post("/papercut", "text", "The lift plays music", "visitor", key).want(w.t, 200).shows(w.t, "Noted, thank you", "Tell me when it is gone")
		w.visitor().post("/papercut", "text", "The lift plays music", "visitor", key).want(w.t, 200) // sent twice, the cookie not come yet
		if w.cutPeople() != 1 {
			w.t.Errorf("%d people", w.cutPeople())
		}
		v.post("/papercut/tell", "noted", "1", "address", "hana").want(w.t, 422).shows(w.t, "is not a mail address")
		v.post("/papercut/tell", "noted", "1", "address", "hana@acme.example").want(w.t, 200).shows(w.t, "look into your mail")
		w.visitor().post("/papercut/tell", "noted", "1", "address", "zoe@apart.example").want(w.t, 404)
		if len(w.cutMails) != 1 || w.cutMails[0].Person != w.hana.ID {
			w.t.Fatalf("mails %v", w.cutMails)
		}
		at := "/papercut-tell/" + papercut.Token(w.site.Key, papercut.Confirm, 1, w.hana.ID)
		told := func() (n int) {
			w.write(func(tx *db.Tx) (err error) { n, err = papercut.Reached(w.ctx, tx, 1); return err })
			return n
		}
		asked := w.visitor().get(at).want(w.t, 200)
		asked.shows(w.t, "Tell me when it is gone")
		asked.hides(w.t, "lift") // who forged it chose the words
		if told() != 0 {
			w.t.Error("opening the link says it already")
		}
		w.visitor().post(at).want(w.t, 200).shows(w.t, "You hear from us when it is gone.")
		if told() != 1 || w.cutPeople() != 1 {
			w.t.Errorf("%d told, %d people", told(), w.cutPeople())
		}
		stop := "/papercut-stop/" + papercut.Token(w.site.Key, papercut.Quiet, 1, w.hana.ID)
		w.visitor().get(stop).want(w.t, 200).shows(w.t, "No more mails about small things")
		w.visitor().post(stop).want(w.t, 200)
		if told() != 0 {
			w.t.Error("who wants no mails gets them")
		}
		back := "/papercut-back/" + papercut.Token(w.site.Key, papercut.Back, 1, w.hana.ID)
		w.visitor().get(back).want(w.t, 200).shows(w.t, "The lift plays music", "Take it back")
		w.visitor().post(back).want(w.t, 200)
		again := w.visitor().get(back).want(w.t, 200)
		again.shows(w.t, "Taken back")
		again.hides(w.t, "lift")
		if w.cutPeople() != 0 {
			w.t.Errorf("%d people", w.cutPeople())
		}
	})
}

func TestPlaceOf(t *testing.T) {
	for address, want := range map[string]string{
		"/": "/", "/?service=vpn&text=my+secret": "/?service=vpn", "/?service=../x": "/", "/requests/1042?x=1#y": "/requests/1042", "/help/set-up-the-vpn": "/help/set-up-the-vpn",
		"/t/secret": "", "/handed/12.secret": "", "/status-join/1.2.x": "", "//evil.example/": "/", "https://evil.example/requests": "/requests", "": "", "requests": "",
		"/requests/Secret_Token": "/requests", "/me/help": "/me/help", "/status/" + strings.Repeat("a", 100): "/status", "%": "",
	} {
		if got := placeOf(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

func FuzzPlaceOf(f *testing.F) {
	f.Add("/?service=vpn")
	f.Add("/requests/1/../../t/x")
	f.Fuzz(func(t *testing.T, address string) {
		got := placeOf(address)
		if got != "" && (!strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || len(got) > 300 || placeOf(got) != got) {
			t.Errorf("%q gives %q", address, got)
		}
	})
}
