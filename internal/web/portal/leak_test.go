package portal

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

const marked = "Quokka7391"

// plant puts the marked word wherever only staff may see it.
func plant(w *world, number int64) (noteFile int64) {
	w.change(func(tx *db.Tx, by ticket.By) error {
		team, err := person.SaveTeam(w.ctx, tx, person.Team{Slug: strings.ToLower(marked), Name: marked + " team"})
		if err != nil {
			return err
		}
		lurker, err := person.Create(w.ctx, tx, person.New{Name: marked + " Lurker", Addresses: []string{marked + "@x.example"}, Role: person.Requester})
		if err != nil {
			return err
		}
		amara := "Amara " + marked
		if err := person.Update(w.ctx, tx, w.amara.ID, person.Change{Name: &amara}); err != nil {
			return err
		}
		return firstError(
			func() error {
				_, err := w.desk.Note(w.ctx, tx, by, number, ticket.Draft{Text: "They said " + marked, Quoted: marked, HTML: "<p>" + marked, Files: []ticket.File{w.stored("inside "+marked, marked+".png", "image/png")}})
				return err
			},
			func() error { return takenBack(w, tx, by, number) },
			func() error { return w.desk.SetTags(w.ctx, tx, by, number, []string{marked}) },
			func() error { return w.desk.SetPriority(w.ctx, tx, by, number, ticket.Urgent) },
			func() error { return w.desk.Follow(w.ctx, tx, by, number, lurker.ID) },
			func() error { return w.desk.MoveTo(w.ctx, tx, by, number, team) },
			func() error { return w.desk.Assign(w.ctx, tx, by, number, w.amara.ID) },
			func() error {
				b := by
				b.Cause = "rule " + marked
				return w.desk.SetStatus(w.ctx, tx, b, number, ticket.OnHold)
			},
			func() error {
				m, err := w.desk.Reply(w.ctx, tx, by, number, ticket.Draft{Text: "We are on it"}, ticket.Pending)
				if err != nil {
					return err
				}
				return w.desk.FailDelivery(w.ctx, tx, m, marked+"@x.example", "refused: "+marked)
			},
		)
	})
	return one[int64](w, `SELECT id FROM attachment WHERE name = $1`, marked+".png")
}

// takenBack tells the requester of a note, and takes it back.
func takenBack(w *world, tx *db.Tx, by ticket.By, number int64) error {
	note, err := w.desk.Note(w.ctx, tx, by, number, ticket.Draft{Text: "Between us: " + marked})
	if err != nil {
		return err
	}
	if err := w.desk.Tell(w.ctx, tx, by, number, ticket.Telling{Text: "Too early: " + marked, MessageID: note.ID}); err != nil {
		return err
	}
	told, err := ticket.Told(w.ctx, tx, number)
	if err != nil {
		return err
	}
	return w.desk.Untell(w.ctx, tx, by, number, told[0].ID)
}

func firstError(steps ...func() error) error {
	for _, s := range steps {
		if err := s(); err != nil {
			return err
		}
	}
	return nil
}

// TestNotesNeverLeak walks every route of the portal, as everybody who has a part in a request, and looks for a word
// that only staff may see.
func TestNotesNeverLeak(t *testing.T) {
	each(t, func(w *world) {
		number := w.ticket(w.hana, "Half pages", "The printer prints half pages")
		w.mail(number, w.hana, "A picture of it", w.stored("public", "public.txt", "text/plain"))
		noteFile := plant(w, number)
		publicFile := one[int64](w, `SELECT id FROM attachment WHERE name = 'public.txt'`)
		byLink := func(proven bool) *visitor {
			v := w.visitor()
			v.get("/t/"+w.givenLink(number, w.hana, proven)).want(w.t, 200)
			return v
		}
		visitors := map[string]*visitor{
			"link": byLink(true), "unproven link": byLink(false), "requester": w.signedIn(w.hana), "colleague": w.signedIn(w.omar), "stranger": w.signedIn(w.zoe), "anybody": w.visitor(),
		}
		walked := map[string]bool{}
		for name, v := range visitors {
			w.t.Run(name, func(t *testing.T) {
				token := w.givenLink(number, w.hana, true)
				replace := strings.NewReplacer("{number}", fmt.Sprint(number), "{id}", fmt.Sprint(noteFile), "{token}", token, "{$}", "", "{rest...}", "")
				for _, rt := range Routes(&Portal{}) {
					method, pattern, _ := strings.Cut(rt.Pattern, " ")
					if strings.HasPrefix(pattern, "/t/{token}") && name != "link" {
						continue // following it would make a link's holder of everybody
					}
					walked[rt.Pattern] = true
					path := replace.Replace(pattern)
					if method == "GET" {
						for _, p := range []string{path, path + "?all", path + "?q=" + marked, path + "?q=tag:" + marked, path + "?q=team:" + strings.ToLower(marked), path + "?q=half"} {
							a := v.get(p)
							if strings.Contains(strings.ToLower(p), strings.ToLower(marked)) && a.doc != nil && len(subjects(a)) > 0 {
								t.Errorf("%s finds %v", p, subjects(a))
							}
							a.body = withoutTyped(a.body)
							check(t, p, a)
						}
						continue
					}
					if strings.HasPrefix(path, "/me/") {
						continue // would sign this visitor out; it shows nothing
					}
					check(t, rt.Pattern, v.post(path))
					check(t, rt.Pattern, v.post(path, "text", "", "works", "", "name", "Hana Sato", "address", "hana@acme.example"))
				}
				if a := v.get(fileURL(number, noteFile)); a.status == 200 && a.doc == nil {
					t.Error("a note's file is sent")
				}
				if a := v.get(fileURL(number, publicFile)); slices.Contains([]string{"link", "requester", "colleague"}, name) != (a.body == "public") {
					t.Errorf("the public file: %d %.40q", a.status, a.body)
				}
				for _, c := range v.client.Jar.Cookies(v.address()) {
					if strings.Contains(c.Value, marked) {
						t.Errorf("the cookie %s tells", c.Name)
					}
				}
			})
		}
		for _, rt := range Routes(&Portal{}) {
			if !walked[rt.Pattern] && !strings.HasPrefix(rt.Pattern, "POST /me/") {
				w.t.Errorf("%s was not walked", rt.Pattern)
			}
		}
	})
}

// withoutTyped takes out of a page the word as the visitor typed it into the address.
func withoutTyped(body string) string {
	for _, echo := range []string{"q=" + marked, "tag:" + marked, "team:" + strings.ToLower(marked), `value="` + marked + `"`, "“" + marked + "”"} {
		body = strings.ReplaceAll(body, echo, "")
	}
	return body
}

func check(t *testing.T, what string, a answered) {
	t.Helper()
	all := a.body
	for k, values := range a.header {
		all += k + strings.Join(values, " ")
	}
	if i := strings.Index(strings.ToLower(all), strings.ToLower(marked)); i >= 0 {
		t.Errorf("%s (%d) tells what only staff may see: …%s…", what, a.status, all[max(0, i-100):min(len(all), i+60)])
	}
	if a.status >= 500 {
		t.Errorf("%s: %d", what, a.status)
	}
}

// TestUnprovenLinkShowsWhatWasTypedAlone: somebody types Hana's address into the form.
func TestUnprovenLinkShowsWhatWasTypedAlone(t *testing.T) {
	each(t, func(w *world) {
		w.ticket(w.hana, "Salary letter", "my salary")
		v := w.visitor()
		a := v.post("/requests", "text", "Typed words", "name", "Mallory", "address", "HANA@acme.example", "@typed.txt", "x").want(w.t, 200)
		number := a.number(w.t)
		a.shows(w.t, "Typed words", "You", "typed.txt")
		v.post(requestURL(number)+"/answers", "text", "Typed again").want(w.t, 200).shows(w.t, "Typed again")

		w.mail(number, w.hana, "Private words of Hana", w.stored("her file", "hers.txt", "text/plain"))
		w.signedIn(w.hana).post(requestURL(number)+"/answers", "text", "Signed-in words of Hana").want(w.t, 200).shows(w.t, "Typed words", "Private words of Hana", "hers.txt")
		w.change(func(tx *db.Tx, by ticket.By) error {
			_, err := w.desk.Reply(w.ctx, tx, by, number, ticket.Draft{Text: "Public answer", Quoted: "> Private words of Hana"}, "")
			return err
		})
		hers := one[int64](w, `SELECT id FROM attachment WHERE name = 'hers.txt'`)
		for _, path := range []string{requestURL(number), requestURL(number) + "?all"} {
			b := v.get(path).want(w.t, 200)
			b.shows(w.t, "Typed words", "Typed again", "Public answer", "Something came by mail")
			b.hides(w.t, "Hana", "Sato", "acme", "Acme", "Private words", "Signed-in words", "hers.txt", "Salary")
		}
		v.get(fileURL(number, hers)).want(w.t, 404)
		v.get("/requests").want(w.t, 200).hides(w.t, "Hana", "Salary")
		v.get(requestURL(number-1)).want(w.t, 200).hides(w.t, "Salary")
		if b := w.visitor(); true {
			b.get("/t/"+w.givenLink(number, w.hana, true)).want(w.t, 200).shows(w.t, "Private words of Hana", "hers.txt")
		}
	})
}
