package notice

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Part is a part of the overview.
type Part string

// The parts, in their order. What stands in one of them is not repeated in a later one.
const (
	PartDue    Part = "due"    // theirs, or nobody's in a team of theirs: overdue, or due before the next overview
	PartWaits  Part = "waits"  // theirs, and our turn
	PartNews   Part = "news"   // who answered, where they were mentioned: what was neither read nor mailed
	PartTeams  Part = "teams"  // what nobody has in their teams
	PartSolved Part = "solved" // theirs, solved by somebody else since the last overview
)

// Section is a part of the overview with its lines.
type Section struct {
	Part  Part
	Lines []Line
	More  bool // there are more
}

// Line is one ticket in the overview, or one team, or one notice without a ticket.
type Line struct {
	ID           int64
	Subject      string
	DueAt        clock.Instant
	WaitingSince clock.Instant
	// News is what is new about it.
	News []Notice
	// Of a team: its name and short name, and how many tickets nobody has, up to CountBound.
	Team, Slug string
	Count      int
}

const (
	overviewJob = "notice_overview"
	// partMost is how many lines a part has.
	partMost = 10
)

type overviewArgs struct {
	Person int64         `json:"person"`
	At     clock.Instant `json:"at"` // that it is for; quiet hours may put it off
}

// next is when an overview comes after a moment.
func (o Overview) next(after clock.Instant, where *time.Location) clock.Instant {
	return nextHour(after, o.Hour, where, func(d time.Weekday) bool { return o.Every == EveryDay || d == o.Weekday })
}

// planOverview has somebody's next overview written when they want it.
func (c *Center) planOverview(ctx context.Context, tx *db.Tx, personID int64, choice Choice) error {
	if choice.Overview.Every == Never {
		return nil
	}
	a, err := person.ActorOf(ctx, tx, personID)
	if err != nil {
		return err
	}
	return c.overviewAfter(ctx, tx, a, choice, tx.Now)
}

func (c *Center) overviewAfter(ctx context.Context, tx *db.Tx, a person.Actor, choice Choice, after clock.Instant) error {
	where := c.zone(a.Zone)
	at := choice.Overview.next(after, where)
	end, _ := choice.Quiet.until(at, where)
	return c.Queue.Insert(ctx, tx, job.Job{Kind: overviewJob, Args: overviewArgs{a.ID, at}, Unique: fmt.Sprintf("%s %d %d", overviewJob, a.ID, at), At: end})
}

// overview is the job that mails one, and plans the next. It ends when they want none any more, or another; one that comes so late that
// the next is due already is left out.
func (c *Center) overview(ctx context.Context, raw json.RawMessage) error {
	var args overviewArgs
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	m := Mail{Form: Overall, PersonID: args.Person, Key: fmt.Sprintf("overview.%d.%d", args.Person, args.At)}
	err := c.DB.Write(ctx, func(tx *db.Tx) error {
		m.Sections, m.Notices, m.Now = nil, nil, tx.Now
		a, choice, ok, err := reader(ctx, tx, raw)
		if err != nil || !ok || choice.Overview.Every == Never {
			return err
		}
		where := c.zone(a.Zone)
		if choice.Overview.next(args.At.Add(-time.Millisecond), where) != args.At {
			return nil // they chose another time since
		}
		if err := c.overviewAfter(ctx, tx, a, choice, max(tx.Now, args.At)); err != nil {
			return err
		}
		next := choice.Overview.next(args.At, where)
		if tx.Now >= next || c.Mail == nil {
			return nil
		}
		return c.compile(ctx, tx, a, &m, next)
	})
	if err != nil || len(m.Sections) == 0 {
		return err
	}
	if err := c.Mail(ctx, m); err != nil {
		return err
	}
	return c.DB.Write(ctx, func(tx *db.Tx) error {
		for _, n := range m.Notices {
			if _, err := tx.Exec(ctx, `UPDATE notice SET mail = 2 WHERE id = $1 AND at = $2`, n.ID, n.At); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO notice_pace (person_id, overview_at) VALUES ($1, $2) ON CONFLICT (person_id) DO UPDATE SET overview_at = excluded.overview_at`, args.Person, tx.Now)
		return err
	})
}

// lineOf are the columns of a Line.
const lineOf = `SELECT t.id, t.subject, t.due_at, t.waiting_since FROM ticket t WHERE t.trashed_at = 0`

// compile gathers what the overview says. With nothing to say there are no sections.
func (c *Center) compile(ctx context.Context, tx *db.Tx, a person.Actor, m *Mail, next clock.Instant) error {
	news, err := c.news(ctx, tx, a)
	if err != nil {
		return err
	}
	m.Notices = news
	told := map[int64][]Notice{}
	for _, n := range news {
		told[n.TicketID] = append(told[n.TicketID], n)
	}
	stands := map[int64]bool{}
	add := func(p Part, lines []Line) {
		s := Section{Part: p}
		for _, l := range lines {
			if l.ID != 0 && stands[l.ID] {
				continue
			}
			if len(s.Lines) == partMost {
				s.More = true
				break
			}
			if l.ID != 0 {
				stands[l.ID] = true
				l.News = told[l.ID]
			}
			s.Lines = append(s.Lines, l)
		}
		if len(s.Lines) > 0 {
			m.Sections = append(m.Sections, s)
		}
	}
	due, err := dueLines(ctx, tx, a, next)
	if err != nil {
		return err
	}
	add(PartDue, due)
	args := db.Args{a.ID, 2*partMost + 1}
	waits, err := db.All[Line](ctx, tx, lineOf+` AND t.assignee_id = $1 AND t.is_open AND t.turn = 'ours' AND `+person.Visible(a, person.SeeTicket, &args)+`
		ORDER BY t.waiting_since = 0, t.waiting_since, t.id LIMIT $2`, args...)
	if err != nil {
		return err
	}
	add(PartWaits, waits)
	var others []Line
	seen := map[string]bool{}
	for _, n := range news {
		if l := (Line{ID: n.TicketID, Subject: n.Subject, News: []Notice{n}}); !seen[n.Path()] || n.TicketID == 0 {
			seen[n.Path()] = true
			others = append(others, l)
		}
	}
	add(PartNews, others)
	teams, err := teamLines(ctx, tx, a)
	if err != nil {
		return err
	}
	add(PartTeams, teams)
	solved, err := solvedLines(ctx, tx, a)
	add(PartSolved, solved)
	return err
}

// news are the notices that somebody has neither read nor been sent.
func (c *Center) news(ctx context.Context, tx *db.Tx, a person.Actor) ([]Notice, error) {
	args := db.Args{a.ID, digestMost}
	return db.All[Notice](ctx, tx, `SELECT `+columns+from+`
		WHERE n.person_id = $1 AND n.read_at = 0 AND n.mail <> 2 AND n.chat <> 2 AND `+mayBeTold(a, &args)+` ORDER BY n.at DESC, n.id DESC LIMIT $2`, args...)
}

func dueLines(ctx context.Context, tx *db.Tx, a person.Actor, next clock.Instant) ([]Line, error) {
	args := db.Args{a.ID, next, partMost + 1}
	return db.All[Line](ctx, tx, lineOf+` AND t.is_open AND t.due_at > 0 AND t.due_at < $2
		AND (t.assignee_id = $1 OR t.assignee_id IS NULL AND t.team_id IN (SELECT team_id FROM team_member WHERE person_id = $1)) AND `+person.Visible(a, person.SeeTicket, &args)+`
		ORDER BY t.due_at, t.id LIMIT $3`, args...)
}

// teamLines are the teams of somebody in which something waits that nobody has.
func teamLines(ctx context.Context, tx *db.Tx, a person.Actor) (out []Line, err error) {
	teams, err := person.TeamsOf(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	const nobodys = `t.team_id = $1 AND t.is_open AND t.turn = 'ours' AND t.assignee_id IS NULL AND t.trashed_at = 0`
	for _, team := range teams {
		l := Line{Team: team.Name, Slug: team.Slug}
		if l.Count, err = db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM ticket t WHERE `+nobodys+` LIMIT $2) AS waiting`, team.ID, CountBound); err != nil {
			return nil, err
		}
		if l.Count == 0 {
			continue
		}
		oldest, err := db.All[clock.Instant](ctx, tx, `SELECT t.waiting_since FROM ticket t WHERE `+nobodys+` AND t.waiting_since > 0 ORDER BY t.waiting_since LIMIT 1`, team.ID)
		if err != nil {
			return nil, err
		}
		if len(oldest) > 0 {
			l.WaitingSince = oldest[0]
		}
		out = append(out, l)
	}
	return out, nil
}

func solvedLines(ctx context.Context, tx *db.Tx, a person.Actor) ([]Line, error) {
	last, err := db.All[clock.Instant](ctx, tx, `SELECT overview_at FROM notice_pace WHERE person_id = $1`, a.ID)
	if err != nil {
		return nil, err
	}
	since := tx.Now.Add(-7 * 24 * time.Hour)
	if len(last) > 0 {
		since = max(since, last[0])
	}
	args := db.Args{a.ID, since, partMost + 1, string(ticket.Solved)}
	lines, err := db.All[Line](ctx, tx, lineOf+` AND t.assignee_id = $1 AND NOT t.is_open AND t.activity_at >= $2 AND t.solved_at >= $2 AND t.merged_into IS NULL
		AND NOT EXISTS (SELECT 1 FROM event e WHERE e.ticket_id = t.id AND e.what = 'status' AND e.to_value = $4 AND e.at = t.solved_at AND e.person_id = $1)
		AND `+person.Visible(a, person.SeeTicket, &args)+` ORDER BY t.solved_at DESC, t.id LIMIT $3`, args...)
	return slices.DeleteFunc(lines, func(l Line) bool { return l.ID == 0 }), err
}
