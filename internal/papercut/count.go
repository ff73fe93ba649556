package papercut

import (
	"context"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
)

// RecentWeeks is how many weeks the order of papercuts looks back.
const RecentWeeks = 4

const recently = RecentWeeks * 7 * 24 * time.Hour

// whoever is one who has it: a person, or a visitor below zero.
const whoever = `coalesce(t.person_id, -t.visitor)`

// recount counts who has a papercut, in all and by organisation, and notes when that changes by itself.
func recount(ctx context.Context, tx *db.Tx, id int64) error {
	type row struct {
		People, Recent int
		FirstID        int64
		KnownID        int64
		Oldest         clock.Instant
	}
	since := tx.Now.Add(-recently)
	all, err := db.One[row](ctx, tx, `SELECT count(DISTINCT `+whoever+`) AS people, count(DISTINCT CASE WHEN t.at > $2 THEN `+whoever+` END) AS recent,
			min(CASE WHEN t.text <> '' THEN t.id END) AS first_id, min(CASE WHEN t.text <> '' AND t.known THEN t.id END) AS known_id, coalesce(min(CASE WHEN t.at > $2 THEN t.at END), 0) AS oldest
		FROM papercut_tap t WHERE t.papercut_id = $1 AND NOT t.hidden`, id, since)
	if err != nil {
		return err
	}
	due := clock.Instant(0)
	if all.Oldest != 0 {
		due = all.Oldest.Add(recently)
	}
	if _, err := tx.Exec(ctx, `UPDATE papercut SET people = $2, recent = $3, first_id = $4, known_id = $5, recount_at = $6 WHERE id = $1`,
		id, all.People, all.Recent, orNull(all.FirstID), orNull(all.KnownID), due); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM papercut_count WHERE papercut_id = $1`, id); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO papercut_count (papercut_id, organisation_id, people, recent, first_id, known_id)
		SELECT t.papercut_id, t.organisation_id, count(DISTINCT `+whoever+`), count(DISTINCT CASE WHEN t.at > $2 THEN `+whoever+` END),
			min(CASE WHEN t.text <> '' THEN t.id END), min(CASE WHEN t.text <> '' AND t.known THEN t.id END)
		FROM papercut_tap t WHERE t.papercut_id = $1 AND NOT t.hidden GROUP BY t.papercut_id, t.organisation_id`, id, since)
	return err
}

// Sweep counts anew where somebody's word has become old.
func (b *Book) Sweep(ctx context.Context) error {
	for {
		var due []int64
		err := b.DB.Read(ctx, func(tx *db.Tx) (err error) {
			due, err = db.All[int64](ctx, tx, `SELECT id FROM papercut WHERE recount_at > 0 AND recount_at <= $1 ORDER BY recount_at LIMIT 50`, tx.Now)
			return err
		})
		if err != nil || len(due) == 0 {
			return err
		}
		for _, id := range due {
			if err := b.DB.Write(ctx, func(tx *db.Tx) error {
				if err := tx.Lock(ctx, "papercut", id); err != nil {
					return err
				}
				return recount(ctx, tx, id)
			}); err != nil {
				return err
			}
		}
	}
}

// Week is who said so within a week, by team; 0 is of no team.
type Week struct {
	From  time.Time // midnight of its Monday
	Teams map[int64]int
}

// All is how many said so in all; who said it of things of several teams is counted for each.
func (w Week) All() (n int) {
	for _, x := range w.Teams {
		n += x
	}
	return n
}

// mostWeeks is how far back weeks are counted.
const mostWeeks = 26

// Weeks counts by week and team who said something, the newest week first: of one papercut, or with id 0 of all that an actor may see. Whose
// team it is: that of the ticket, mailbox or service where it was said, else the papercut's own.
func Weeks(ctx context.Context, tx *db.Tx, a person.Actor, id int64, weeks int, zone *time.Location) ([]Week, error) {
	weeks = max(1, min(weeks, mostWeeks))
	now := tx.Now.Time().In(zone)
	y, m, d := now.Date()
	monday := time.Date(y, m, d-(int(now.Weekday())+6)%7, 0, 0, 0, 0, zone)
	out := make([]Week, weeks)
	for i := range out {
		out[i] = Week{From: monday.AddDate(0, 0, -7*i), Teams: map[int64]int{}}
	}
	type row struct {
		TeamID int64
		At     clock.Instant
		Who    int64
	}
	var args db.Args
	where := `t.at >= ` + args.Add(clock.From(out[weeks-1].From)) + ` AND NOT t.hidden AND NOT p.hidden AND ` + seen(a, &args)
	if id != 0 {
		where += ` AND t.papercut_id = ` + args.Add(id)
	}
	rows, err := db.All[row](ctx, tx, `SELECT coalesce(t.team_id, p.team_id, 0) AS team_id, t.at, `+whoever+` AS who FROM papercut_tap t JOIN papercut p ON p.id = t.papercut_id WHERE `+where+` ORDER BY t.at DESC LIMIT 50000`, args...)
	if err != nil {
		return nil, err
	}
	type once struct {
		week      int
		team, who int64
	}
	counted := map[once]bool{}
	for _, r := range rows {
		if r.TeamID != 0 && !person.Can(a, person.SeePapercuts, person.Thing{TeamID: r.TeamID}) {
			r.TeamID = 0 // that there is such a team is not told
		}
		week := 0
		for week < weeks-1 && clock.From(out[week].From) > r.At {
			week++
		}
		if k := (once{week, r.TeamID, r.Who}); !counted[k] {
			counted[k] = true
			out[week].Teams[r.TeamID]++
		}
	}
	return out, nil
}

// seen is Can(a, SeePapercuts, papercut) as a predicate over a papercut "p". It adds what it binds to args.
func seen(a person.Actor, args *db.Args) string {
	switch {
	case a.System:
		return "TRUE"
	case !a.Staff():
		return "FALSE"
	case len(a.Hidden) == 0:
		return "TRUE"
	}
	return "coalesce(p.private_id, 0) NOT IN (" + db.List(args, a.Hidden) + ")"
}
