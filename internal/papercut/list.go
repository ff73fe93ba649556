package papercut

import (
	"context"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// Place is where a page of a list goes on: after the papercut with this number of people and id.
type Place struct {
	Recent int
	ID     int64
}

// Page says which papercuts are wanted.
type Page struct {
	State  State  // "" is what is open or handed on
	Team   int64  // whose it is; 0 for any
	Query  string // words, any of which is enough
	Hidden bool   // those out of sight, instead of the others
	After  Place
	Size   int
}

// List gives the papercuts that somebody of the desk may see, those first which most have said within the last weeks.
func List(ctx context.Context, tx *db.Tx, a person.Actor, page Page) ([]Papercut, error) {
	var args db.Args
	where := `p.merged_into IS NULL AND ` + seen(a, &args)
	if page.Hidden {
		where += ` AND p.hidden`
	} else {
		where += ` AND NOT p.hidden AND p.people > 0`
	}
	switch page.State {
	case "":
		if !page.Hidden {
			where += ` AND p.state IN ('open', 'handed_on')`
		}
	default:
		where += ` AND p.state = ` + args.Add(page.State)
	}
	if page.Team != 0 {
		where += ` AND p.team_id = ` + args.Add(page.Team)
	}
	if page.Query != "" {
		var forms []string
		for _, w := range search.Words(clip(page.Query, 200)) {
			forms = append(forms, search.Stems(w)...)
		}
		where += ` AND EXISTS (SELECT 1 FROM papercut_word w JOIN papercut_tap t ON t.id = w.tap_id WHERE t.papercut_id = p.id AND w.word IN (` + db.List(&args, forms) + `))`
	}
	if page.After.ID != 0 {
		where += ` AND (p.recent, p.id) < (` + args.Add(page.After.Recent) + `, ` + args.Add(page.After.ID) + `)`
	}
	return db.All[Papercut](ctx, tx, `SELECT `+columns+from+`WHERE `+where+` ORDER BY p.recent DESC, p.id DESC LIMIT `+args.Add(page.Size), args...)
}

// Tap is one saying as staff see it. Names are left out: whose it was does not matter for what it is.
type Tap struct {
	ID     int64
	Text   string
	More   string
	How    How
	Place  string
	Ticket int64 `db:"ticket_id"`
	TeamID int64
	Known  bool
	Hidden bool
	FromID int64
	At     clock.Instant
}

// Taps gives the sentences of a papercut, the newest first, hidden ones too; at most limit.
func Taps(ctx context.Context, tx *db.Tx, id int64, limit int) ([]Tap, error) {
	return db.All[Tap](ctx, tx, `SELECT id, text, more, how, place, ticket_id, team_id, known, hidden, from_id, at FROM papercut_tap WHERE papercut_id = $1 AND text <> '' ORDER BY id DESC LIMIT $2`, id, limit)
}

// LikeThis gives the papercuts that are like one, the likest first, what is gone too.
func LikeThis(ctx context.Context, tx *db.Tx, a person.Actor, p Papercut, limit int) (out []Papercut, err error) {
	like, err := likeTo(ctx, tx, p.Name(), p.PrivateID, true, Near)
	for _, n := range like {
		if n.id == p.ID || len(out) == limit || err != nil {
			continue
		}
		var other Papercut
		if other, err = Get(ctx, tx, a, n.id); err == nil && other.ID != p.ID {
			out = append(out, other)
		}
	}
	return out, err
}

// Event is something that staff did with a papercut.
type Event struct {
	What   string
	Detail string
	Name   string
	At     clock.Instant
}

// Events gives what staff did with it, the newest first.
func Events(ctx context.Context, tx *db.Tx, id int64, limit int) ([]Event, error) {
	return db.All[Event](ctx, tx, `SELECT e.what, e.detail, coalesce(p.name, '') AS name, e.at FROM papercut_event e LEFT JOIN person p ON p.id = e.by_id WHERE e.papercut_id = $1 ORDER BY e.id DESC LIMIT $2`, id, limit)
}

// Shown is a papercut as the requester's side sees it, within a circle.
type Shown struct {
	ID     int64
	Text   string // staff's title, or the first sentence of the circle
	State  State
	Reason string
	People int // of the circle
	Mine   bool
	GoneAt clock.Instant
}

// Offered gives what others in a circle have said, for a tap: what is like a text first, then what most have said of late. What the asker
// said themselves is left out.
func Offered(ctx context.Context, tx *db.Tx, c person.Circle, who Who, text string, limit int) ([]Shown, error) {
	var first []int64
	if text != "" {
		like, err := likeTo(ctx, tx, text, 0, false, Near)
		if err != nil {
			return nil, err
		}
		for _, n := range like {
			first = append(first, n.id)
		}
	}
	var out []Shown
	had := map[int64]bool{}
	for _, id := range first {
		s, err := See(ctx, tx, c, who, id)
		if fault.Is(err, fault.KindNotFound) || err == nil && (s.Mine || had[s.ID]) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if had[s.ID] = true; len(out) < limit {
			out = append(out, s)
		}
	}
	ids, err := most(ctx, tx, c, limit+len(first)+10)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if len(out) >= limit {
			break
		}
		s, err := See(ctx, tx, c, who, id)
		if fault.Is(err, fault.KindNotFound) || err == nil && (s.Mine || had[s.ID]) {
			continue
		}
		if err != nil {
			return nil, err
		}
		had[s.ID] = true
		out = append(out, s)
	}
	return out, nil
}

// most gives the papercuts that most have said of late within a circle.
func most(ctx context.Context, tx *db.Tx, c person.Circle, limit int) ([]int64, error) {
	const current = `p.merged_into IS NULL AND NOT p.hidden AND p.private_id IS NULL AND p.state IN ('open', 'handed_on')`
	if c.All {
		return db.All[int64](ctx, tx, `SELECT p.id FROM papercut p WHERE `+current+` AND p.people > 0 AND (p.known_id IS NOT NULL OR p.looked) ORDER BY p.recent DESC, p.id DESC LIMIT $1`, limit)
	}
	return db.All[int64](ctx, tx, `SELECT p.id FROM papercut_count k JOIN papercut p ON p.id = k.papercut_id WHERE k.organisation_id = $1 AND k.organisation_id > 0 AND `+current+`
		AND (k.known_id IS NOT NULL OR p.looked) ORDER BY k.recent DESC, p.id DESC LIMIT $2`, c.OrganisationID, limit)
}

// See gives a papercut as it may be told in a circle; NotFound where it may not. Who said it themselves sees it always.
func See(ctx context.Context, tx *db.Tx, c person.Circle, who Who, id int64) (Shown, error) {
	p, err := load(ctx, tx, id)
	for hops := 0; err == nil && p.MergedInto != 0 && hops < 20; hops++ {
		p, err = load(ctx, tx, p.MergedInto)
	}
	if err != nil {
		return Shown{}, err
	}
	s := Shown{ID: p.ID, Text: p.Title, State: p.State, Reason: p.Reason, GoneAt: p.GoneAt}
	own, err := db.All[string](ctx, tx, `SELECT text FROM papercut_tap WHERE papercut_id = $1 AND (person_id = $2 OR visitor = $3 AND visitor > 0) ORDER BY text = '', id LIMIT 1`, p.ID, who.Person, who.Visitor)
	if err != nil {
		return s, err
	}
	s.Mine = len(own) > 0 && who != Who{}
	type row struct {
		People  int
		FirstID int64
		KnownID int64
	}
	var in row
	if c.All {
		in, err = db.One[row](ctx, tx, `SELECT people, first_id, known_id FROM papercut WHERE id = $1`, p.ID)
	} else if c.OrganisationID != 0 {
		var rows []row
		if rows, err = db.All[row](ctx, tx, `SELECT people, first_id, known_id FROM papercut_count WHERE papercut_id = $1 AND organisation_id = $2`, p.ID, c.OrganisationID); len(rows) > 0 {
			in = rows[0]
		}
	}
	if err != nil {
		return s, err
	}
	told := !p.Hidden && p.PrivateID == 0 && in.People > 0 && (in.KnownID != 0 || p.Looked)
	if !told {
		if !s.Mine {
			return Shown{}, NotFound()
		}
		s.Text, s.People = own[0], 1
		return s, nil
	}
	s.People = in.People
	if s.Text != "" {
		return s, nil
	}
	from := in.KnownID
	if from == 0 {
		from = in.FirstID
	}
	if s.Mine && own[0] != "" {
		s.Text = own[0]
		return s, nil
	}
	texts, err := db.All[string](ctx, tx, `SELECT text FROM papercut_tap WHERE id = $1`, from)
	if len(texts) > 0 {
		s.Text = texts[0]
	}
	return s, err
}

// Mine gives what somebody said, the newest first, each as it stands now.
func Mine(ctx context.Context, tx *db.Tx, c person.Circle, who Who, limit int) (out []Shown, err error) {
	if who == (Who{}) {
		return nil, nil
	}
	ids, err := db.All[int64](ctx, tx, `SELECT papercut_id FROM papercut_tap WHERE (person_id = $1 OR visitor = $2 AND visitor > 0) GROUP BY papercut_id ORDER BY max(id) DESC LIMIT $3`, who.Person, who.Visitor, limit)
	for _, id := range ids {
		s, err := See(ctx, tx, c, who, id)
		if fault.Is(err, fault.KindNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, err
}

// NearTo gives what others in a circle have said that may be the same as something, the likest first.
func NearTo(ctx context.Context, tx *db.Tx, c person.Circle, who Who, of Shown, limit int) (out []Shown, err error) {
	like, err := likeTo(ctx, tx, of.Text, 0, false, Near)
	if err != nil {
		return nil, err
	}
	for _, n := range like {
		s, err := See(ctx, tx, c, who, n.id)
		switch {
		case fault.Is(err, fault.KindNotFound), err == nil && (s.ID == of.ID || s.Mine):
			continue
		case err != nil:
			return nil, err
		}
		if out = append(out, s); len(out) == limit {
			break
		}
	}
	return out, nil
}

// LikeText gives the papercuts that are like a text, for somebody of the desk beside a ticket of a team.
func LikeText(ctx context.Context, tx *db.Tx, a person.Actor, text string, team int64, private bool, limit int) (out []Papercut, err error) {
	if !private {
		team = 0
	}
	like, err := likeTo(ctx, tx, text, team, false, Near)
	if err != nil {
		return nil, err
	}
	for _, n := range like {
		p, err := Get(ctx, tx, a, n.id)
		switch {
		case fault.Is(err, fault.KindNotFound):
			continue
		case err != nil:
			return nil, err
		}
		if out = append(out, p); len(out) == limit {
			break
		}
	}
	return out, nil
}
