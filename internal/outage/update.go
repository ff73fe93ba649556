package outage

import (
	"context"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

// UpdateKind is what an update says.
type UpdateKind string

// The kinds of updates.
const (
	NewsUpdate      UpdateKind = "news"
	OverUpdate      UpdateKind = "over"      // it is over: what it was, and what was done
	ChangedUpdate   UpdateKind = "changed"   // planned work is at another time
	CancelledUpdate UpdateKind = "cancelled" // planned work will not be
)

// Update is news of an outage.
type Update struct {
	ID       int64
	OutageID int64
	Kind     UpdateKind
	Text     string // may be "" where the kind says enough
	NextAt   clock.Instant
	At       clock.Instant
	ByID     int64
	Solve    bool // linked tickets are solved with it
	Telling  bool // it is still being told
	People   int  // how many had it when it was posted
	Told     int  // how many it was mailed to so far
}

const updateColumns = `u.id, u.outage_id, u.kind, u.text, u.next_at, u.at, u.by_id, u.solve, u.telling, u.people, u.told`

// News is an update to be told.
type News struct {
	Text   string
	NextAt clock.Instant // 0 for not said
	Solve  bool          // of Close: linked tickets are solved with it
	// Form is random and the same when one form is sent twice, which tells it once; "" for none.
	Form string
}

// maxNews is the longest text of an update, in bytes.
const maxNews = 10_000

// Tell posts news of an outage and has everybody told who has it. What cannot be is fault.Invalid with the field.
func (b *Board) Tell(ctx context.Context, tx *db.Tx, by person.Actor, id int64, n News) (Update, error) {
	return b.tellAs(ctx, tx, by, id, NewsUpdate, n)
}

// Close says that an outage is over: what it was, and what was done.
func (b *Board) Close(ctx context.Context, tx *db.Tx, by person.Actor, id int64, n News) (Update, error) {
	return b.tellAs(ctx, tx, by, id, OverUpdate, n)
}

// Cancel says that planned work will not be.
func (b *Board) Cancel(ctx context.Context, tx *db.Tx, by person.Actor, id int64, n News) (Update, error) {
	return b.tellAs(ctx, tx, by, id, CancelledUpdate, n)
}

func (b *Board) tellAs(ctx context.Context, tx *db.Tx, by person.Actor, id int64, kind UpdateKind, n News) (Update, error) {
	o, err := take(ctx, tx, by, id)
	if err != nil {
		return Update{}, err
	}
	form := formOf(n.Form, "tell")
	if form != nil {
		before, err := db.All[Update](ctx, tx, `SELECT `+updateColumns+` FROM outage_update u WHERE u.form = $1 AND u.outage_id = $2`, form, id)
		if err != nil {
			return Update{}, err
		}
		if len(before) > 0 {
			return before[0], nil
		}
	}
	switch {
	case !o.State.Current():
		return Update{}, fault.Conflict(i18n.M("This is over already. Nothing was told."))
	case kind == CancelledUpdate && o.State != Planned:
		return Update{}, fault.Conflict(i18n.M("This work has begun already. It can be ended, but not called off."))
	}
	n.Text = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(n.Text, ""), "\r\n", "\n"))
	var wrong []fault.Field
	if n.Text == "" && kind != CancelledUpdate {
		said := i18n.M("Please write the news, one sentence is enough.")
		if kind == OverUpdate {
			said = i18n.M("Please say what it was and what was done, one sentence is enough.")
		}
		wrong = append(wrong, fault.F("text", said))
	}
	if len(n.Text) > maxNews {
		wrong = append(wrong, fault.F("text", i18n.M("Please say it in at most {{.Count}} letters.", "Count", i18n.Amount(maxNews))))
	}
	if kind != NewsUpdate {
		n.NextAt = 0
	}
	checkNext(n.NextAt, tx.Now, func(field string, m i18n.Text) { wrong = append(wrong, fault.F(field, m)) })
	if err := fault.Check(wrong); err != nil {
		return Update{}, err
	}
	return b.post(ctx, tx, by, o, kind, n, form)
}

// post stores an update, says where the outage stands now, and begins to tell it.
func (b *Board) post(ctx context.Context, tx *db.Tx, by person.Actor, o Outage, kind UpdateKind, n News, form []byte) (Update, error) {
	counts, err := Counts(ctx, tx, []int64{o.ID})
	if err != nil {
		return Update{}, err
	}
	id, err := db.One[int64](ctx, tx, `INSERT INTO outage_update (outage_id, kind, text, next_at, at, by_id, solve, telling, people, form)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`, o.ID, kind, n.Text, n.NextAt, tx.Now, orNull(by.ID), n.Solve && kind == OverUpdate, true, counts[o.ID].All(), form)
	if err != nil {
		return Update{}, err
	}
	u, err := UpdateByID(ctx, tx, id)
	if err != nil {
		return u, err
	}
	state, over, changed := o.State, clock.Instant(0), o.Changed
	switch kind {
	case OverUpdate:
		state, over, changed = Over, tx.Now, changed+1
	case CancelledUpdate:
		state, over, changed = Cancelled, tx.Now, changed+1
	}
	if _, err := tx.Exec(ctx, `UPDATE outage SET state = $2, over_at = $3, next_at = $4, reminded_at = 0, changed = $5, changed_at = $6 WHERE id = $1`,
		o.ID, state, over, n.NextAt, changed, max(tx.Now, o.ChangedAt+1)); err != nil {
		return u, err
	}
	if err := b.plan(ctx, tx, o.ID); err != nil {
		return u, err
	}
	return u, b.Queue.Insert(ctx, tx, job.New(tellJob, tellArgs{u.ID}))
}

// UpdateByID gives an update.
func UpdateByID(ctx context.Context, tx *db.Tx, id int64) (Update, error) {
	return db.One[Update](ctx, tx, `SELECT `+updateColumns+` FROM outage_update u WHERE u.id = $1`, id)
}

// updates gives the news of some outages, the newest first.
func updates(ctx context.Context, tx *db.Tx, ids []int64) (map[int64][]Update, error) {
	out := make(map[int64][]Update, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var args db.Args
	all, err := db.All[Update](ctx, tx, `SELECT `+updateColumns+` FROM outage_update u WHERE u.outage_id IN (`+db.List(&args, ids)+`) ORDER BY u.id DESC`, args...)
	for _, u := range all {
		out[u.OutageID] = append(out[u.OutageID], u)
	}
	return out, err
}

// Updates gives the news of an outage, the newest first.
func Updates(ctx context.Context, tx *db.Tx, id int64) ([]Update, error) {
	all, err := updates(ctx, tx, []int64{id})
	return all[id], err
}
