package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"net/http"
	"net/url"
	"strings"
	"time"

	"goodturn/internal/app"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	queue "goodturn/internal/line"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	"goodturn/internal/service"
	"goodturn/internal/ticket"
)

const (
	askers   = 200  // requesters who type
	waiting  = 5000 // who stand in one line
	looks    = 2000 // how often somebody's place is asked for
	lessons  = 4000 // waits that were learnt from
	noteEach = 2    // of so many solved tickets one has a fix note
)

// askersOf gives what the requester's pages show: services, outages, fix notes, and sessions of people with requests of their own.
func (b *bench) askersOf(ctx context.Context, tx *db.Tx, a *app.App) error {
	for i, thing := range objects[:12] {
		s := service.Service{Name: "Help with the " + thing, Sentence: "It " + troubles[i] + ", or there is none.", Words: thing + "\n" + troubles[i], Shown: true}
		if _, err := service.Save(ctx, tx, person.System, s, nil); err != nil {
			return err
		}
	}
	for i, thing := range objects[12:18] {
		n := outage.New{Title: "The " + thing + " " + troubles[i], What: sentences[2], Words: thing, NextAt: tx.Now.Add(time.Hour)}
		if _, err := a.Board.Post(ctx, tx, person.System, n); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `INSERT INTO fix_note (ticket_id, wrong, did, next, words, version, written_at, given_at)
		SELECT id, 'The cable was loose.', 'We put it back.', 'Press it in until it clicks.', lower(subject), 1, created_at, created_at FROM ticket WHERE NOT is_open AND id % $1 = 0`, noteEach); err != nil {
		return err
	}
	for i := range askers {
		p, err := person.FindByAddress(ctx, tx, fmt.Sprintf("person%05d@bench.example", i))
		if err != nil {
			continue // a small desk has not heard of everybody
		}
		s, err := person.StartSession(ctx, tx, p.ID, "bench", "")
		if err != nil {
			return err
		}
		b.askers = append(b.askers, s)
	}
	return nil
}

// suggest asks for what the first page shows after each letter that requesters type, of the desk's words and of others.
func (b *bench) suggest(ctx context.Context) error {
	var typed []string
	for i := range 40 {
		r := rand.New(rand.NewSource(int64(i)))
		text := fmt.Sprintf("The %s in %s %s again", objects[r.Intn(len(objects))], []string{"accounting", "my room", "the library"}[i%3], troubles[r.Intn(len(troubles))])
		for n := 3; n <= len(text); n++ {
			typed = append(typed, text[:n])
		}
	}
	l := b.load(func(n int64) request {
		// Each is another office, as an office is slowed down that types more than people do.
		from := fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255)
		return request{method: "GET", path: "/suggestions?text=" + url.QueryEscape(strings.TrimSpace(typed[n%int64(len(typed))])), cookie: b.askers[n%int64(len(b.askers))], from: from}
	})
	one, err := l.run(ctx, 1, b.Each)
	if err != nil {
		return err
	}
	eight, err := l.run(ctx, 8, b.Each)
	if err != nil {
		return err
	}
	b.figures = append(b.figures,
		figure{key: "suggestions", name: "suggestions as a requester types, each letter", p50: one.percentile(50), p99: one.percentile(99)},
		figure{key: "suggestions_eight", name: "… eight at once", p50: eight.percentile(50), p99: eight.percentile(99)})
	return nil
}

// line has 5,000 wait in one line, in the store before the program runs, and asks for the place of any of them.
func (b *bench) line(ctx context.Context, a *app.App) error {
	var ids []int64
	if err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		ids, err = stand(ctx, tx)
		return err
	}); err != nil || len(ids) == 0 {
		return err
	}
	if err := a.DB.Analyze(ctx); err != nil {
		return err
	}
	var found, told sample
	for i := range looks {
		err := a.DB.Read(ctx, func(tx *db.Tx) error {
			t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, ids[len(ids)-1-i*7919%len(ids)])
			if err != nil {
				return err
			}
			began := time.Now()
			p, err := queue.PlaceOf(ctx, tx, t)
			if err != nil {
				return err
			}
			found.took = append(found.took, time.Since(began))
			w, err := a.Line.WaitOf(ctx, tx, t, p)
			told.took = append(told.took, time.Since(began))
			if err == nil && (!p.Waits || !w.Known) {
				err = fmt.Errorf("ticket %d stands in no line, or nothing is known of it", t.ID)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	of := fmt.Sprintf("the place among %d who wait", len(ids))
	b.figures = append(b.figures,
		figure{key: "place", name: of, p50: found.percentile(50), p99: found.percentile(99)},
		figure{key: "place_wait", name: "… and how long it takes", p50: told.percentile(50), p99: told.percentile(99)})
	return nil
}

// stand puts those whose turn is ours into a line of their own, of which waits are known, and gives them in no order.
func stand(ctx context.Context, tx *db.Tx) ([]int64, error) {
	team, err := person.SaveTeam(ctx, tx, person.Team{Slug: "bench-line", Name: "Bench line"})
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `UPDATE ticket SET team_id = $1, assignee_id = NULL, waiting_since = activity_at
		WHERE id IN (SELECT id FROM ticket WHERE turn = 'ours' ORDER BY id DESC LIMIT $2)`, team, waiting); err != nil {
		return nil, err
	}
	ids, err := db.All[int64](ctx, tx, `SELECT id FROM ticket WHERE team_id = $1 AND turn = 'ours'`, team)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO line_wait (ticket_id, team_id, again, began_at, look_at) SELECT id, team_id, FALSE, waiting_since, 0 FROM ticket WHERE team_id = $1 AND turn = 'ours'`, team); err != nil {
		return nil, err
	}
	wait, err := db.One[int64](ctx, tx, `SELECT min(id) FROM line_wait WHERE team_id = $1`, team)
	if err != nil {
		return nil, err
	}
	var rows [][]any
	r := rand.New(rand.NewSource(1))
	for i := range lessons {
		traits, err := json.Marshal(queue.Traits{Ahead: r.Intn(waiting), Rank: r.Intn(4), Minute: r.Intn(24 * 60), Day: r.Intn(7), Open: i%3 != 0, Pace: r.Intn(40), Here: 1 + r.Intn(6), Mine: r.Intn(40), Again: i%2 == 0})
		if err != nil {
			return nil, err
		}
		at := tx.Now.Add(-time.Duration(1+i) * time.Hour)
		rows = append(rows, []any{wait, team, at, true, string(traits), "", int64(r.Intn(int(3 * time.Hour / time.Millisecond))), clock.Instant(at + 1)})
	}
	return ids, db.InsertRows(ctx, tx, `line_look (wait_id, team_id, at, arrival, traits, told, worked, ended_at)`, rows)
}

// forwarded says for whom a request is sent, as a proxy does.
func forwarded(h http.Header, from string) {
	if from != "" {
		h.Set("X-Forwarded-For", from)
	}
}
