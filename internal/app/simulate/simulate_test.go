package simulate

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
)

var (
	tickets = flag.Int("tickets", 500, "how many tickets come")
	days    = flag.Int("days", 14, "over how many days")
	seeds   = flag.Int("seeds", 1, "how many different lives")
)

// TestEveryPromiseAgreesWithTheSpine lives through two weeks (with the last Sunday of March, and a year of many tickets in the long
// runs) and counts every promise again from the spine.
func TestEveryPromiseAgreesWithTheSpine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for seed := range *seeds {
			t.Run(fmt.Sprint(seed), func(t *testing.T) { lives(t, dbtest.Open(t, d.Engine()), uint64(seed)) })
		}
	})
}

func lives(t *testing.T, d *db.DB, seed uint64) {
	c := Config{Seed: seed, Tickets: *tickets, Days: *days}
	if *days < 60 { // over the change of the clocks
		c.From = summerTime(*days / 2)
	}
	r, err := Run(t.Context(), d, c)
	if err != nil {
		t.Fatal(err)
	}
	f, found, err := Audit(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v\n%+v", r, f)
	for i, x := range found {
		if i == 20 {
			t.Errorf("and %d more", len(found)-i)
			break
		}
		t.Error(x)
	}
	if f.Kept < 100 || f.Missed < 10 || f.Breaches != f.Missed || f.Warnings < 10 {
		t.Errorf("too little has happened to prove anything: %+v", f)
	}
	finds(t, d)
}

// finds makes sure that the audit sees what is wrong.
func finds(t *testing.T, d *db.DB) {
	for what, change := range map[string]string{
		"what was used":            `UPDATE sla_clock SET used = used + 1 WHERE id = (SELECT max(id) FROM sla_clock WHERE state = 'ended')`,
		"when it was missed":       `UPDATE sla_clock SET breached_at = breached_at + 1 WHERE id = (SELECT max(id) FROM sla_clock WHERE breached_at > 0)`,
		"sla_breach":               `DELETE FROM event WHERE id = (SELECT max(id) FROM event WHERE what = 'sla_breach')`,
		"sla_warning":              `UPDATE event SET at = at + 1000 WHERE id = (SELECT max(id) FROM event WHERE what = 'sla_warning')`,
		"the number of promises":   `UPDATE sla_clock SET ticket_id = ticket_id + 1 WHERE id = (SELECT min(id) FROM sla_clock)`,
		"the ticket's due time is": `UPDATE ticket SET due_at = due_at + 1 WHERE id = (SELECT max(id) - 7 FROM ticket)`,
	} {
		if err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), change); return err }); err != nil {
			t.Fatal(err)
		}
		_, found, err := Audit(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		seen := false
		for _, x := range found {
			seen = seen || strings.Contains(x.String(), what)
		}
		if !seen {
			t.Errorf("the audit does not see a wrong %q", what)
		}
	}
}

func TestTextsAreReadAsLinesOrJSON(t *testing.T) {
	all, err := ReadTexts(strings.NewReader("The printer is sad\n\n{\"subject\": \"VPN\", \"text\": \"It is away\"}\n"))
	if err != nil || len(all) != 2 || all[0] != (Text{"", "The printer is sad"}) || all[1] != (Text{"VPN", "It is away"}) {
		t.Errorf("%+v, %v", all, err)
	}
	for _, bad := range []string{"", "fine\n{\"subject\":", "\n\n"} {
		if all, err := ReadTexts(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is taken: %+v", bad, all)
		}
	}
}

// summerTime is so many days before the Sunday on which the clocks of Berlin go forward.
func summerTime(before int) time.Time {
	berlin, _ := time.LoadLocation("Europe/Berlin")
	return time.Date(2026, time.March, 29-before, 0, 0, 0, 0, berlin)
}

// TestARotaIsLived has the first line work five weeks by proposed rotas, with leave, swaps and shifts given back.
//
//	go test ./internal/app/simulate -run RotaIsLived -v
func TestARotaIsLived(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, err := Run(t.Context(), d, Config{Seed: 3, Tickets: 450, Days: 35, Rota: true})
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		r.Rota.Print(&out)
		r.Turns.Print(&out)
		t.Log(out.String())
		a := r.Rota
		if a.Weeks < 4 || a.Asked == 0 || a.Forecast[0].Weeks == 0 {
			t.Fatalf("too little has happened: %+v", a)
		}
		if empty := a.Shifts - a.Filled; empty > a.GivenBack+int(a.Missing/(6*time.Hour)) { // none is shorter
			t.Errorf("%d of %d shifts had nobody, which is more than was given back or could not be filled", empty, a.Shifts)
		}
		if a.Most-a.Least > 24*time.Hour {
			t.Errorf("unloved hours are between %s and %s", a.Least, a.Most)
		}
		if g := r.Turns; g.Invited == 0 || g.Took == 0 || g.Drafts == 0 || g.Debriefs == 0 || g.Replaced+g.Alone == 0 || g.Letters < 3*g.Invited {
			t.Errorf("too little has happened beside it: %+v", g)
		} else if len(g.Wrong) > 0 {
			t.Errorf("%d things that must not be: %v", len(g.Wrong), g.Wrong[0])
		}
	})
}
