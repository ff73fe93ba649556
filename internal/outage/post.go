package outage

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// New is an outage to be posted, or how one is to be from now on.
type New struct {
	Planned       bool
	Title         string
	What          string
	Words         string
	Audience      Audience // "" is Everybody
	Organisations []int64
	Team          int64
	Since         clock.Instant // 0 is now
	Until         clock.Instant // of planned work
	NextAt        clock.Instant
	// Form is random and the same when one form is sent twice, which posts one outage; "" for none.
	Form string
}

// Limits in bytes and in time.
const (
	maxTitle = 150
	maxWhat  = 4000
	maxWords = 600
	maxSpan  = 366 * 24 * time.Hour
)

// Post posts an outage, or planned work. What cannot be is fault.Invalid with the field.
func (b *Board) Post(ctx context.Context, tx *db.Tx, by person.Actor, n New) (Outage, error) {
	if !person.Can(by, person.PostOutages, person.Thing{TeamID: n.Team}) {
		return Outage{}, fault.Denied(i18n.M("Only the desk's staff can post an outage."))
	}
	if n.Since == 0 && !n.Planned {
		n.Since = tx.Now
	}
	if err := n.check(ctx, tx); err != nil {
		return Outage{}, err
	}
	form := formOf(n.Form, "post")
	state := Open
	if n.Planned && n.Since > tx.Now {
		state = Planned
	}
	made, err := db.All[int64](ctx, tx, `INSERT INTO outage (planned, title, what, words, audience, team_id, state, since_at, until_at, next_at, by_id, created_at, changed_at, form)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13) ON CONFLICT (form) DO NOTHING RETURNING id`,
		n.Planned, n.Title, n.What, n.Words, n.Audience, orNull(n.Team), state, n.Since, n.Until, n.NextAt, orNull(by.ID), tx.Now, form)
	if err != nil {
		return Outage{}, err
	}
	if len(made) == 0 { // this form was sent before
		before, err := db.One[int64](ctx, tx, `SELECT id FROM outage WHERE form = $1`, form)
		if err != nil {
			return Outage{}, err
		}
		return Get(ctx, tx, by, before)
	}
	id := made[0]
	if err := concerns(ctx, tx, id, n); err != nil {
		return Outage{}, err
	}
	if err := b.plan(ctx, tx, id); err != nil {
		return Outage{}, err
	}
	return load(ctx, tx, id)
}

// Change says anew what an outage is. was is its ChangedAt as the form had it, 0 for no check: one that was changed meanwhile is
// fault.Conflict.
func (b *Board) Change(ctx context.Context, tx *db.Tx, by person.Actor, id int64, n New, was clock.Instant) (Outage, error) {
	o, err := take(ctx, tx, by, id)
	if err != nil {
		return o, err
	}
	if was != 0 && was != o.ChangedAt {
		return o, fault.Conflict(i18n.M("Somebody changed this meanwhile. Please look at it as it is now, and change it again."))
	}
	if !o.State.Current() {
		return o, fault.Conflict(i18n.M("This is over. It stays as it was."))
	}
	if n.Planned = o.Planned; n.Since == 0 {
		n.Since = o.SinceAt
	}
	if !person.Can(by, person.PostOutages, person.Thing{TeamID: n.Team}) {
		return o, fault.Denied(i18n.M("You may look at this, but not change it."))
	}
	if n.NextAt == o.NextAt {
		n.NextAt = 0 // that it lies in the past by now is not what is being said
	}
	if err := n.check(ctx, tx); err != nil {
		return o, err
	}
	if n.NextAt == 0 {
		n.NextAt = o.NextAt
	}
	state := o.State
	if o.Planned {
		if state = Open; n.Since > tx.Now {
			state = Planned
		}
	}
	if _, err = tx.Exec(ctx, `UPDATE outage SET title = $2, what = $3, words = $4, audience = $5, team_id = $6, state = $7, since_at = $8, until_at = $9, next_at = $10, changed_at = $11, changed = changed + 1 WHERE id = $1`,
		id, n.Title, n.What, n.Words, n.Audience, orNull(n.Team), state, n.Since, n.Until, n.NextAt, max(tx.Now, o.ChangedAt+1)); err != nil {
		return o, err
	}
	if err := concerns(ctx, tx, id, n); err != nil {
		return o, err
	}
	if err := b.plan(ctx, tx, id); err != nil {
		return o, err
	}
	return load(ctx, tx, id)
}

// check cleans what was typed and tells what cannot be.
func (n *New) check(ctx context.Context, tx *db.Tx) error {
	n.Title = strings.Join(strings.Fields(strings.ToValidUTF8(n.Title, "")), " ")
	n.What, n.Words = strings.TrimSpace(strings.ToValidUTF8(n.What, "")), strings.Join(strings.Fields(strings.ToValidUTF8(n.Words, "")), " ")
	if n.Audience == "" {
		n.Audience = Everybody
	}
	var wrong []fault.Field
	add := func(field string, m i18n.Text) { wrong = append(wrong, fault.F(field, m)) }
	switch {
	case n.Title == "":
		add("title", i18n.M("Please say what does not work, in a few plain words."))
	case len(n.Title) > maxTitle:
		add("title", i18n.M("Please say it in at most {{.Count}} letters; there is room for more below.", "Count", maxTitle))
	}
	if len(n.What) > maxWhat {
		add("what", i18n.M("Please say it in at most {{.Count}} letters.", "Count", i18n.Amount(maxWhat)))
	}
	if len(n.Words) > maxWords {
		add("words", i18n.M("Please give fewer words."))
	}
	if err := n.checkAudience(ctx, tx, add); err != nil {
		return err
	}
	n.checkTimes(tx.Now, add)
	return fault.Check(wrong)
}

func (n *New) checkAudience(ctx context.Context, tx *db.Tx, add func(string, i18n.Text)) error {
	switch n.Audience {
	case Everybody:
		n.Organisations, n.Team = nil, 0
	case SomeOrganisations:
		n.Team = 0
		slices.Sort(n.Organisations)
		n.Organisations = slices.Compact(n.Organisations)
		var args db.Args
		known, err := db.All[int64](ctx, tx, `SELECT id FROM organisation WHERE id IN (`+db.List(&args, n.Organisations)+`)`, args...)
		if err != nil {
			return err
		}
		if len(known) == 0 || len(known) < len(n.Organisations) {
			add("organisations", i18n.M("Please choose at least one organisation."))
		}
	case OwnTeam:
		n.Organisations = nil
		known, err := db.Exists(ctx, tx, `SELECT 1 FROM team WHERE id = $1`, n.Team)
		if err != nil {
			return err
		}
		if !known {
			add("team", i18n.M("Please choose a team."))
		}
	default:
		add("audience", i18n.M("Please choose whom it concerns."))
	}
	return nil
}

func (n *New) checkTimes(now clock.Instant, add func(string, i18n.Text)) {
	switch {
	case !n.Planned && n.Since > now.Add(time.Minute):
		add("since", i18n.M("This lies ahead. What is to come is planned work."))
	case n.Since != 0 && (n.Since < now.Add(-maxSpan) || n.Since > now.Add(maxSpan)):
		add("since", i18n.M("Please give a time within a year."))
	case n.Planned && n.Since == 0:
		add("since", i18n.M("Please say when it begins."))
	}
	if n.Planned {
		switch {
		case n.Until == 0:
			add("until", i18n.M("Please say when it ends."))
		case n.Until <= n.Since:
			add("until", i18n.M("It has to end after it begins."))
		case n.Until <= now:
			add("until", i18n.M("This is past. Work that is planned ends later than now."))
		case n.Until > n.Since.Add(maxSpan):
			add("until", i18n.M("Please give a time within a year."))
		}
	} else {
		n.Until = 0
	}
	checkNext(n.NextAt, now, add)
}

func checkNext(at, now clock.Instant, add func(string, i18n.Text)) {
	switch {
	case at != 0 && at <= now:
		add("next", i18n.M("This is past. When will there be news?"))
	case at > now.Add(maxSpan):
		add("next", i18n.M("Please give a time within a year."))
	}
}

// concerns stores whom an outage concerns.
func concerns(ctx context.Context, tx *db.Tx, id int64, n New) error {
	if _, err := tx.Exec(ctx, `DELETE FROM outage_organisation WHERE outage_id = $1`, id); err != nil {
		return err
	}
	rows := make([][]any, len(n.Organisations))
	for i, o := range n.Organisations {
		rows[i] = []any{id, o}
	}
	return db.InsertRows(ctx, tx, "outage_organisation (outage_id, organisation_id)", rows)
}

// plan notes when the desk has to look at an outage by itself, and that what is held in memory is old.
func (b *Board) plan(ctx context.Context, tx *db.Tx, id int64) error {
	o, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE outage SET due_at = $2 WHERE id = $1`, id, o.due()); err != nil {
		return err
	}
	changedNow(ctx, tx)
	return nil
}

// due is when the next thing happens to an outage by itself; 0 for never.
func (o Outage) due() (at clock.Instant) {
	sooner := func(t clock.Instant) {
		if t != 0 && (at == 0 || t < at) {
			at = t
		}
	}
	switch {
	case o.State == Planned:
		sooner(o.SinceAt)
	case o.State == Open:
		if o.Planned {
			sooner(o.UntilAt)
		}
		if o.NextAt != o.RemindedAt {
			sooner(o.NextAt)
		}
	}
	return at
}

type changedKey struct{}

// changedNow has what is held in memory read anew. The row that says so is written last, so that nobody waits long for it.
func changedNow(ctx context.Context, tx *db.Tx) {
	if tx.Notes()[changedKey{}] != nil {
		return
	}
	tx.Notes()[changedKey{}] = true
	tx.BeforeCommit(func() error {
		_, err := tx.Exec(ctx, `UPDATE counter SET value = value + 1 WHERE name = 'outage'`)
		return err
	})
}

// formOf is the mark of a form; nil for one without a key, of which nobody can tell whether it was sent before.
func formOf(key, what string) []byte {
	if len(key) < 16 || len(key) > 100 {
		return nil
	}
	sum := sha256.Sum256([]byte(what + "\x00" + key))
	return sum[:]
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// clip cuts a text at so many bytes, between letters.
func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit] + "…"
}

// FromTicket is what a form about an outage begins with when it is asked for from a ticket that the actor may change: its subject, and
// whom it concerns on a desk that serves several organisations.
func FromTicket(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (n New, err error) {
	t, err := ticket.Get(ctx, tx, a, person.ChangeTicket, id)
	if err != nil {
		return n, err
	}
	n = New{Title: clip(t.Subject, maxTitle-3), Audience: Everybody, Since: t.CreatedAt}
	if t.TeamPrivate {
		n.Audience, n.Team = OwnTeam, t.TeamID
		return n, nil
	}
	c, err := person.CircleOf(ctx, tx, t.RequesterID)
	if err == nil && !c.All && t.OrganisationID != 0 {
		n.Audience, n.Organisations = SomeOrganisations, []int64{t.OrganisationID}
	}
	return n, err
}
