package stint

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/job"
	"goodturn/internal/live"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/stint"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// floor is a desk's server with a lead, a mentor and people of other departments.
type floor struct {
	*testing.T
	db     *db.DB
	url    string
	team   int64
	people map[string]int64
}

func newFloor(t *testing.T, d *db.DB) *floor {
	t.Helper()
	key, err := secret.NewSigner(bytes.Repeat([]byte("k"), 32))
	must(t, err)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	queue := job.NewQueue(d, log, 1)
	site := &page.Site{DB: d, Key: key, Hub: live.New(10), Log: log, Zone: time.UTC, Door: &person.Door{DB: d, Key: key, Log: log}}
	keeper := &stint.Keeper{DB: d, Desk: &ticket.Desk{Queue: queue}, Log: log, Key: key, Papercuts: &papercut.Book{DB: d, Queue: queue, Key: key, Log: log}}
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Handler())
	site.Mount(mux, Routes(&Stints{Site: site, Keeper: keeper}))
	guarded, err := site.Guard(mux)
	must(t, err)
	server := httptest.NewServer(guarded)
	t.Cleanup(server.Close)
	f := &floor{T: t, db: d, url: server.URL, people: map[string]int64{}}
	f.write(func(ctx context.Context, tx *db.Tx) (err error) {
		for _, p := range []struct {
			name string
			role person.Role
		}{{"lena", person.Lead}, {"amara", person.Agent}, {"dana", person.Requester}, {"edda", person.Requester}} {
			who, err := person.Create(ctx, tx, person.New{Name: strings.ToUpper(p.name[:1]) + p.name[1:], Role: p.role, Addresses: []string{p.name + "@firm.example"}})
			if err != nil {
				return err
			}
			f.people[p.name] = who.ID
		}
		if f.team, err = person.SaveTeam(ctx, tx, person.Team{Slug: "a-first", Name: "A first line"}); err != nil {
			return err
		}
		return person.SetMembers(ctx, tx, f.team, []int64{f.people["amara"]})
	})
	return f
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (f *floor) write(do func(ctx context.Context, tx *db.Tx) error) {
	f.Helper()
	must(f, f.db.Write(f.Context(), func(tx *db.Tx) error { return do(f.Context(), tx) }))
}

// as is a browser without scripts in which somebody is signed in.
func (f *floor) as(name string) *http.Client {
	f.Helper()
	jar, err := cookiejar.New(nil)
	must(f, err)
	var token string
	f.write(func(ctx context.Context, tx *db.Tx) (err error) {
		token, err = person.StartSession(ctx, tx, f.people[name], "test", "")
		return err
	})
	at, err := url.Parse(f.url)
	must(f, err)
	jar.SetCookies(at, []*http.Cookie{{Name: "goodturn-session", Value: token, Path: "/"}})
	return &http.Client{Jar: jar}
}

// ask sends a form, or gets a page where form is nil, and wants a status and words on the page that comes of it.
func (f *floor) ask(c *http.Client, path string, form url.Values, status int, words ...string) string {
	f.Helper()
	method := http.MethodPost
	if form == nil {
		method = http.MethodGet
	}
	r, err := http.NewRequestWithContext(f.Context(), method, f.url+path, strings.NewReader(form.Encode()))
	must(f, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", f.url)
	w, err := c.Do(r)
	must(f, err)
	defer w.Body.Close()
	raw, err := io.ReadAll(w.Body)
	must(f, err)
	if w.StatusCode != status {
		f.Errorf("%s %s: status %d, want %d", method, path, w.StatusCode, status)
	}
	for _, word := range words {
		if !strings.Contains(string(raw), word) {
			f.Errorf("%s %s does not say %q", method, path, word)
		}
	}
	return string(raw)
}

// TestDepartmentsAreTakenFromATable: what can be taken is, what cannot is told by row, and what was typed stays.
func TestDepartmentsAreTakenFromATable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFloor(t, d)
		lead := f.as("lena")
		f.ask(lead, "/stint-people", nil, http.StatusOK, "Departments and jobs")
		jobs := func(name string) (out []person.Job) {
			f.write(func(ctx context.Context, tx *db.Tx) (err error) {
				out, err = person.JobsOf(ctx, tx, f.people[name])
				return err
			})
			return out
		}
		f.ask(lead, "/stint-people", url.Values{"rows": {"address;department;job;manager\ndana@firm.example;Engineering;developer;\nDana@firm.example;Finance;auditor;yes\nnobody@firm.example;Sales\n"}},
			http.StatusUnprocessableEntity, "Row 4: nobody has the address nobody@firm.example.", "Dana@firm.example;Finance;auditor;yes")
		if got := jobs("dana"); len(got) != 2 || got[0].Department != "Engineering" || got[1].Department != "Finance" || !got[1].Manager {
			t.Errorf("jobs %+v", got)
		}
		f.ask(lead, "/stint-people", url.Values{"rows": {"edda@firm.example, \"Sales, north\", seller"}}, http.StatusOK, "1 person taken.", "Sales, north")

		many := strings.Repeat("dana@firm.example,Legal\n", mostRows+1)
		f.ask(lead, "/stint-people", url.Values{"rows": {many}}, http.StatusUnprocessableEntity, "At most 5000 rows are taken at once", "dana@firm.example,Legal")
		if got := jobs("dana"); len(got) != 2 {
			t.Errorf("a table that is too long changed something: %+v", got)
		}
		f.ask(f.as("amara"), "/stint-people", nil, http.StatusForbidden)
	})
}

// TestAPolicyOfManyPeople: a policy is checked field by field; of more people than fit on a page the others are counted.
func TestAPolicyOfManyPeople(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFloor(t, d)
		lead := f.as("lena")
		f.write(func(ctx context.Context, tx *db.Tx) error {
			for i := range stint.MostStandings + 12 {
				p, err := person.Create(ctx, tx, person.New{Name: fmt.Sprintf("Engineer %03d", i), Role: person.Requester, Addresses: []string{fmt.Sprintf("engineer%d@firm.example", i)}})
				if err != nil {
					return err
				}
				if err := person.SetJobs(ctx, tx, p.ID, []person.Job{{Department: "Engineering"}}); err != nil {
					return err
				}
			}
			return nil
		})
		form := url.Values{"name": {"Half a day"}, "team": {fmt.Sprint(f.team)}, "departments": {"Engineering"}, "minutes": {"10"}, "length": {"10"}, "months": {"0"}, "active": {"1"}}
		f.ask(lead, "/stint-policies", form, http.StatusUnprocessableEntity, `value="Half a day"`)
		f.write(func(ctx context.Context, tx *db.Tx) error {
			a, err := person.ActorOf(ctx, tx, f.people["lena"])
			if err == nil {
				_, err = stint.SavePolicy(ctx, tx, a, stint.Policy{Name: "Half a day", TeamID: f.team, Departments: []string{"Engineering"}, Minutes: 240, EveryMonths: 12, Active: true})
			}
			return err
		})
		page := f.ask(lead, "/stint-policies/1", nil, http.StatusOK, "and 12 more", "Engineer 000")
		if n := strings.Count(page, "Engineer "); n < stint.MostStandings {
			t.Errorf("%d people are listed, want %d", n, stint.MostStandings)
		}
		f.ask(lead, "/stint-policies/1?department=Engineering", nil, http.StatusOK, "Engineer 000")
		f.ask(lead, "/stint-policies/1/proposals", url.Values{}, http.StatusOK, "Nobody in the team has said that they are glad to be a mentor.")
		f.ask(lead, "/stints", nil, http.StatusOK, fmt.Sprint(stint.MostStandings+12))
		f.ask(f.as("dana"), "/stint-policies/1", nil, http.StatusForbidden)
	})
}
