package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"goodturn/internal/api"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/report"
	"goodturn/internal/ticket"
	"goodturn/internal/view"
	"goodturn/internal/web/ui/uitest"
)

// export are addresses that give a file.
var export = regexp.MustCompile(`\.(csv|txt|zip|xml|json|atom|rss|ics|js)$`)

// TestEveryReportIsListed holds every export, every reading call of the API and every kind of letter to the list, and the list to what there is.
func TestEveryReportIsListed(t *testing.T) {
	a := seed(t).open(t)
	there, wanted := map[string]bool{}, map[string]bool{}
	for _, rt := range a.Routes() {
		there[rt.Pattern] = true
		if method, path, _ := strings.Cut(rt.Pattern, " "); method == http.MethodGet && export.MatchString(path) {
			wanted[rt.Pattern] = true
		}
	}
	for _, rt := range api.Routes() {
		there[rt.Pattern] = true
		if strings.HasPrefix(rt.Pattern, "GET ") {
			wanted[rt.Pattern] = true
		}
	}
	for kind := range a.Post.Writers {
		there["letter "+kind], wanted["letter "+kind] = true, true
	}
	listed := map[string]bool{}
	for _, r := range report.Reports() {
		if len(r.At) == 0 || r.Adds == "" || r.To == "" || (r.By == "") != (r.Adds == report.Nothing) {
			t.Errorf("a row leaves something out: %+v", r)
		}
		for _, at := range r.At {
			if listed[at] = true; !there[at] {
				t.Errorf("the list has a row for %q, which is not there", at)
			}
		}
	}
	for at := range wanted {
		if !listed[at] {
			t.Errorf("%q has no row in internal/report/reports.go: what does it add up, by what, and who reads it?", at)
		}
	}
}

// planted is what one colleague did and has, each as a number that is nothing else.
var planted = map[string]int{"open tickets": 131, "solved tickets": 151, "answers in the last week": 113, "cards": 127}

// TestNoPageTellsHowMuchSomebodyDid gives a colleague so much of everything, among what others have, and looks for the numbers on every page, in every export and call that a
// lead or an administrator can open.
func TestNoPageTellsHowMuchSomebodyDid(t *testing.T) {
	seeded := seed(t)
	a := seeded.open(t)
	if err := a.DB.Write(t.Context(), func(tx *db.Tx) error { return plant(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
	telling := regexp.MustCompile(`(^|[^\d.,:#/-])(131|151|113|127|282|264)($|[^\d:-])`) // and their sums
	looked := 0
	look := func(who, path string) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
		for _, c := range seeded.cookies[who] {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK || strings.HasSuffix(path, ".js") || strings.HasSuffix(path, ".zip") {
			return
		}
		looked++
		text := w.Body.String()
		if strings.Contains(w.Header().Get("Content-Type"), "html") {
			doc, err := html.Parse(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			text = uitest.Text(doc)
		}
		for _, line := range strings.Split(text, "\n") {
			if m := telling.FindStringIndex(line); m != nil {
				t.Errorf("%s as %s tells how much a colleague did: …%s…", path, who, line[max(0, m[0]-80):min(len(line), m[1]+80)])
			}
		}
	}
	paths := []string{"/tickets?q=assignee:zebulon", "/tickets?q=assignee:zebulon+status:solved", "/search?q=assignee:zebulon", "/load?team=1", "/rota/need?team=1"}
	for _, rt := range a.Routes() {
		if method, path, _ := strings.Cut(rt.Pattern, " "); method == http.MethodGet && path != "/live" {
			paths = append(paths, seeded.fill(path, "open"))
		}
	}
	var colleague int64
	if err := a.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		colleague, err = db.One[int64](t.Context(), tx, `SELECT id FROM person WHERE name = 'Zebulon Quill'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	paths = append(paths, "/people/"+text(colleague), "/people/"+text(colleague)+"/absence", "/admin/people/"+text(colleague))
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		look("lead", path)
		look("administrator", path)
	}
	if looked < 150 {
		t.Errorf("only %d pages were looked at", looked)
	}
}

// plant has Zebulon Quill have and do so much, and others a little; the lead keeps lists of his tickets.
func plant(ctx context.Context, tx *db.Tx) error {
	made := must(person.Create(ctx, tx, person.New{Name: "Zebulon Quill", Role: person.Agent, Addresses: []string{"zebulon@elsewhere.example"}}))
	team := must(db.One[int64](ctx, tx, `SELECT min(id) FROM team`))
	lead := must(person.ActorOf(ctx, tx, must(db.One[int64](ctx, tx, `SELECT id FROM person WHERE name = 'lead'`))))
	other := must(db.One[int64](ctx, tx, `SELECT id FROM person WHERE name = 'other agent'`))
	asks := must(db.One[int64](ctx, tx, `SELECT id FROM person WHERE name = 'colleague'`))
	var all []ticket.Past
	add := func(n int, who int64, status ticket.Status, answers int) {
		for i := range n {
			at := tx.Now.Add(-time.Duration(i+1) * time.Hour)
			p := ticket.Past{Subject: "Screen", Status: status, Priority: ticket.Normal, Kind: ticket.Incident, Channel: ticket.ByMail, Team: team, Assignee: who, Requester: asks, At: at, Messages: []ticket.PastMessage{{Author: asks, Inbound: true, Text: "It is dark.", At: at}}}
			if i < answers {
				p.Messages = append(p.Messages, ticket.PastMessage{Author: who, Text: "Press the button.", At: at.Add(time.Minute)})
			}
			all = append(all, p)
		}
	}
	add(planted["open tickets"], made.ID, ticket.Open, planted["answers in the last week"])
	add(planted["solved tickets"], made.ID, ticket.Solved, 0)
	add(9, other, ticket.Open, 4)
	add(17, other, ticket.Solved, 2)
	add(5, 0, ticket.StatusNew, 0)
	first := must(ticket.BringIn(ctx, tx, all))
	must(tx.Exec(ctx, `UPDATE event SET cause = '' WHERE ticket_id >= $1`, first)) // it happened here
	for i := range planted["cards"] {
		must(tx.Exec(ctx, `INSERT INTO card (ticket_id, from_id, to_id, text, how, at) VALUES ($1, $2, $3, 'Thank you', 'page', $4)`, first+int64(i), asks, made.ID, tx.Now.Add(-time.Duration(30+i%100)*time.Hour)))
	}
	check(person.SetMembers(ctx, tx, team, []int64{made.ID, other}))
	for name, filter := range map[string]string{"His": "assignee:zebulon status:unsolved", "Solved by him": "assignee:zebulon status:solved", "Not his": "-assignee:zebulon"} {
		must(view.Save(ctx, tx, lead, view.View{Name: name, Filter: filter, Shared: true}))
	}
	return nil
}
