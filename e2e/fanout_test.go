package e2e

import (
	"context"
	"net/http"
	"testing"
	"time"

	"goodturn/internal/app/bench"
	"goodturn/internal/db"
	"goodturn/internal/person"
)

// TestTwoHundredPagesAreTold has a change reach every open page soon. The bound is generous for machines with other work to do; the bench
// measures.
func TestTwoHundredPagesAreTold(t *testing.T) {
	d := browserDemo(t)
	var cookies []*http.Cookie
	for range 2 {
		for _, role := range []person.Role{person.Agent, person.Lead, person.Administrator} {
			cookies = append(cookies, d.session(d.staff(role, 0)))
		}
	}
	for n := range 4 {
		var p person.Person
		d.write(func(ctx context.Context, tx *db.Tx) (err error) {
			p, err = person.Create(ctx, tx, person.New{Name: "Noor", Role: person.Agent, Addresses: []string{string(rune('a'+n)) + "noor@desk.example"}})
			return err
		})
		cookies = append(cookies, d.session(p.ID))
	}
	slowest, err := bench.FanOut(t.Context(), d.url, 200, cookies, func(context.Context) error {
		d.asks("The fan is loud")
		return nil
	})
	must(t, err)
	t.Logf("told after %s", slowest.Round(time.Microsecond))
	if slowest > 2*time.Second {
		t.Errorf("the last of 200 pages was told after %s", slowest)
	}
}
