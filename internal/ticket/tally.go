package ticket

import (
	"context"
	"fmt"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// Tally is how many tickets there are, as far as the standing lists ask. The store keeps it with every write (triggers, so
// that no statement can forget it) as appended differences; one tally serves everybody, for it knows the teams.
type Tally struct{ rows []tallied }

// tallied are the tickets of one sort. AssigneeID is 0 for nobody, and for what is not open.
type tallied struct {
	TeamID     int64
	Turn       Turn
	IsOpen     bool
	AssigneeID int64
	N          int64
}

// Nobody is the assignee of Which for tickets that nobody has.
const Nobody int64 = -1

// Which says which tickets of a Tally are meant. What is empty means all.
type Which struct {
	Turns    []Turn
	Assignee int64 // only tickets that are not done, of the reader; or Nobody. Of a colleague no number is given
	Teams    []int64
}

// ReadTally reads the counts as they are now.
func ReadTally(ctx context.Context, tx *db.Tx) (Tally, error) {
	rows, err := db.All[tallied](ctx, tx, `SELECT team_id, turn, is_open, assignee_id, CAST(sum(n) AS BIGINT) AS n FROM ticket_count GROUP BY team_id, turn, is_open, assignee_id`)
	return Tally{rows}, err
}

// Count tells how many tickets of a sort somebody may see as staff. It is exact.
func (t Tally) Count(a person.Actor, s Which) int {
	n := int64(0)
	if s.Assignee != 0 && s.Assignee != Nobody && s.Assignee != a.ID {
		return 0
	}
	for _, r := range t.rows {
		who := r.AssigneeID
		if who == 0 {
			who = Nobody
		}
		if len(s.Turns) > 0 && !slices.Contains(s.Turns, r.Turn) || s.Assignee != 0 && (!r.IsOpen || s.Assignee != who) ||
			len(s.Teams) > 0 && !slices.Contains(s.Teams, r.TeamID) || !person.Can(a, person.SeeTicket, person.Thing{TeamID: r.TeamID}) {
			continue
		}
		n += r.N
	}
	return int(n)
}

// CountFollowed tells how many tickets that are not done somebody follows, of those that they may see as staff. It is
// exact, and kept by writes as a Tally is.
func CountFollowed(ctx context.Context, tx *db.Tx, a person.Actor) (int, error) {
	args := db.Args{a.ID}
	return db.One[int](ctx, tx, `SELECT CAST(coalesce(sum(t.n), 0) AS BIGINT) FROM follow_count t WHERE t.person_id = $1 AND `+person.Visible(a, person.SeeTicket, &args), args...)
}

// foldAt is how many rows of differences are worth folding, and foldMost how many are folded at once.
const (
	foldAt   = 500
	foldMost = 10_000
)

// TallyDue tells whether there are so many differences that FoldTally is worth its writing: many, and more than the sums.
func TallyDue(ctx context.Context, tx *db.Tx) (bool, error) {
	type sizes struct{ Rows, Sums int }
	for _, text := range []string{
		`SELECT count(*) AS rows, (SELECT count(*) FROM (SELECT 1 FROM ticket_count GROUP BY team_id, turn, is_open, assignee_id) AS sums) AS sums FROM ticket_count`,
		`SELECT count(*) AS rows, (SELECT count(*) FROM (SELECT 1 FROM follow_count GROUP BY person_id, team_id) AS sums) AS sums FROM follow_count`,
	} {
		s, err := db.One[sizes](ctx, tx, text)
		if err != nil || s.Rows >= foldAt && s.Rows > 2*s.Sums {
			return err == nil, err
		}
	}
	return false, nil
}

// FoldTally adds up the oldest differences; again says that there were more. It changes no count, and whoever reads or
// appends meanwhile need not wait.
func FoldTally(ctx context.Context, tx *db.Tx) (again bool, err error) {
	tickets, err := foldTickets(ctx, tx)
	if err != nil {
		return false, err
	}
	followers, err := foldFollowers(ctx, tx)
	return max(tickets, followers) == foldMost, err
}

// foldTickets replaces the oldest rows by their sums, and gives how many it took.
func foldTickets(ctx context.Context, tx *db.Tx) (int, error) {
	rows, err := db.All[tallied](ctx, tx, `DELETE FROM ticket_count WHERE id IN (SELECT id FROM ticket_count ORDER BY id LIMIT $1) RETURNING team_id, turn, is_open, assignee_id, n`, foldMost)
	if err != nil {
		return 0, err
	}
	sums := map[tallied]int64{}
	for _, r := range rows {
		n := r.N
		r.N = 0
		sums[r] += n
	}
	var keep [][]any
	for r, n := range sums {
		if n != 0 {
			keep = append(keep, []any{r.TeamID, r.Turn, r.IsOpen, r.AssigneeID, n})
		}
	}
	return len(rows), db.InsertRows(ctx, tx, `ticket_count (team_id, turn, is_open, assignee_id, n)`, keep)
}

func foldFollowers(ctx context.Context, tx *db.Tx) (int, error) {
	type row struct{ PersonID, TeamID, N int64 }
	rows, err := db.All[row](ctx, tx, `DELETE FROM follow_count WHERE id IN (SELECT id FROM follow_count ORDER BY id LIMIT $1) RETURNING person_id, team_id, n`, foldMost)
	if err != nil {
		return 0, err
	}
	sums := map[row]int64{}
	for _, r := range rows {
		sums[row{PersonID: r.PersonID, TeamID: r.TeamID}] += r.N
	}
	var keep [][]any
	for r, n := range sums {
		if n != 0 {
			keep = append(keep, []any{r.PersonID, r.TeamID, n})
		}
	}
	return len(rows), db.InsertRows(ctx, tx, `follow_count (person_id, team_id, n)`, keep)
}

// CheckTally counts all tickets and followers anew and says where the kept counts differ, one line each; nothing is right.
// It reads everything: a test or an administrator asks for it, no page.
func CheckTally(ctx context.Context, tx *db.Tx) ([]string, error) {
	kept, err := ReadTally(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, err := db.All[tallied](ctx, tx, `SELECT team_id, turn, is_open, CASE WHEN is_open THEN coalesce(assignee_id, 0) ELSE 0 END AS assignee_id, count(*) AS n FROM ticket GROUP BY 1, 2, 3, 4`)
	if err != nil {
		return nil, err
	}
	differ := map[string]int64{}
	note := func(sign int64, all []tallied) {
		for _, r := range all {
			differ[fmt.Sprintf("team %d, turn %q, open %t, assignee %d", r.TeamID, r.Turn, r.IsOpen, r.AssigneeID)] += sign * r.N
		}
	}
	note(1, kept.rows)
	note(-1, rows)
	type followed struct{ PersonID, TeamID, N int64 }
	follows, err := db.All[followed](ctx, tx, `SELECT person_id, team_id, CAST(sum(n) AS BIGINT) AS n FROM follow_count GROUP BY person_id, team_id`)
	if err != nil {
		return nil, err
	}
	truth, err := db.All[followed](ctx, tx, `SELECT f.person_id, t.team_id, count(*) AS n FROM follower f JOIN ticket t ON t.id = f.ticket_id WHERE t.is_open GROUP BY 1, 2`)
	for _, f := range follows {
		differ[fmt.Sprintf("followed by %d in team %d", f.PersonID, f.TeamID)] += f.N
	}
	for _, f := range truth {
		differ[fmt.Sprintf("followed by %d in team %d", f.PersonID, f.TeamID)] -= f.N
	}
	var out []string
	for what, n := range differ {
		if n != 0 {
			out = append(out, fmt.Sprintf("%s: the kept count differs by %d", what, n))
		}
	}
	slices.Sort(out)
	return out, err
}
