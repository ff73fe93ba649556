package papercut

import (
	"context"
	"encoding/json"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/job"
)

const tellJob = "papercut_gone"

// TellAfter is how long after a papercut was said to be gone whoever has it is told, so that a slip can be mended.
const TellAfter = 10 * time.Minute

type tellArgs struct {
	Papercut int64         `json:"papercut"`
	Gone     clock.Instant `json:"gone"`
}

// chunk is how many are told in one transaction.
const chunk = 50

// Handlers names the handlers of our jobs on the queue. It is called once, before the queue runs.
func (b *Book) Handlers() {
	b.Queue.Handle(tellJob, b.tell)
	b.Queue.Handle(handJob, b.hand)
}

func (b *Book) tellLater(ctx context.Context, tx *db.Tx, id int64, gone clock.Instant) error {
	j := job.New(tellJob, tellArgs{id, gone})
	j.At = tx.Now.Add(TellAfter)
	return b.Queue.Insert(ctx, tx, j)
}

// tell is the job that tells whoever has a papercut that it is gone. What it is about may have changed since; then nobody is told.
func (b *Book) tell(ctx context.Context, raw json.RawMessage) error {
	var args tellArgs
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	for {
		over := false
		err := b.DB.Write(ctx, func(tx *db.Tx) (err error) {
			over, err = b.tellSome(ctx, tx, args)
			return err
		})
		if err != nil || over {
			return err
		}
	}
}

func (b *Book) tellSome(ctx context.Context, tx *db.Tx, args tellArgs) (over bool, err error) {
	if b.Mail == nil {
		return true, nil
	}
	if err := tx.Lock(ctx, "papercut", args.Papercut); err != nil {
		return false, err
	}
	current, err := db.Exists(ctx, tx, `SELECT 1 FROM papercut WHERE id = $1 AND state = 'gone' AND gone_at = $2 AND NOT hidden AND merged_into IS NULL`, args.Papercut, args.Gone)
	if err != nil || !current {
		return true, err
	}
	who, err := db.All[int64](ctx, tx, `SELECT DISTINCT t.person_id FROM papercut_tap t JOIN person r ON r.id = t.person_id WHERE t.papercut_id = $1 AND t.tell AND NOT t.hidden AND r.active AND t.at <= $2
		AND NOT EXISTS (SELECT 1 FROM papercut_told x WHERE x.papercut_id = $1 AND x.gone_at = $2 AND x.person_id = t.person_id)
		AND NOT EXISTS (SELECT 1 FROM papercut_quiet q WHERE q.person_id = t.person_id) ORDER BY t.person_id LIMIT $3`, args.Papercut, args.Gone, chunk)
	if err != nil {
		return false, err
	}
	for _, id := range who {
		if _, err := tx.Exec(ctx, `INSERT INTO papercut_told (papercut_id, gone_at, person_id, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, args.Papercut, args.Gone, id, tx.Now); err != nil {
			return false, err
		}
		if err := b.Mail(ctx, tx, Letter{Kind: LetterGone, Person: id, About: args.Papercut}); err != nil {
			return false, err
		}
	}
	return len(who) < chunk, nil
}

// Told is how many were told that it is gone, the last time that it was.
func Told(ctx context.Context, tx *db.Tx, p Papercut) (int, error) {
	return db.One[int](ctx, tx, `SELECT count(*) FROM papercut_told WHERE papercut_id = $1 AND gone_at = $2`, p.ID, p.GoneAt)
}

// Reached is how many are told when it is gone: of those who have it, who have proven an address and want to hear of it.
func Reached(ctx context.Context, tx *db.Tx, id int64) (int, error) {
	return db.One[int](ctx, tx, `SELECT count(DISTINCT t.person_id) FROM papercut_tap t JOIN person r ON r.id = t.person_id
		WHERE t.papercut_id = $1 AND t.tell AND NOT t.hidden AND r.active AND NOT EXISTS (SELECT 1 FROM papercut_quiet q WHERE q.person_id = t.person_id)`, id)
}

// Hush ends the mails about papercuts for somebody; with hush false they begin again.
func Hush(ctx context.Context, tx *db.Tx, personID int64, hush bool) error {
	if !hush {
		_, err := tx.Exec(ctx, `DELETE FROM papercut_quiet WHERE person_id = $1`, personID)
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO papercut_quiet (person_id, at) VALUES ($1, $2) ON CONFLICT (person_id) DO NOTHING`, personID, tx.Now)
	return err
}

// Hushed tells that somebody wants no mails about papercuts.
func Hushed(ctx context.Context, tx *db.Tx, personID int64) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM papercut_quiet WHERE person_id = $1`, personID)
}
