package admin

import (
	"context"
	"net/http"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/web/page"
)

// Jobs shown on the overview; more of them fail for the same few reasons.
const maxDead = 20

// deadJob is background work that has been given up.
type deadJob struct {
	ID    int64
	Kind  string
	Error string
	RunAt clock.Instant // when it failed last
}

func deadJobs(ctx context.Context, tx *db.Tx) ([]deadJob, error) {
	return db.All[deadJob](ctx, tx, `SELECT id, kind, error, run_at FROM job WHERE state = 'dead' ORDER BY run_at DESC, id DESC LIMIT $1`, maxDead+1)
}

// jobAgain has a job that was given up tried once more, with all its tries before it.
func (a *Admin) jobAgain(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.changeJob(w, r, v, "job run again", i18n.M("It is being tried again."), func(ctx context.Context, tx *db.Tx, id int64) ([]string, error) {
		tx.AfterCommit(a.Post.Queue.Wake)
		return db.All[string](ctx, tx, `UPDATE job SET state = 'waiting', attempts = 0, run_at = $2 WHERE id = $1 AND state = 'dead' RETURNING kind`, id, tx.Now)
	})
}

// forgetJob drops a job that was given up.
func (a *Admin) forgetJob(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.changeJob(w, r, v, "job forgotten", i18n.M("It is forgotten."), func(ctx context.Context, tx *db.Tx, id int64) ([]string, error) {
		return db.All[string](ctx, tx, `DELETE FROM job WHERE id = $1 AND state = 'dead' RETURNING kind`, id)
	})
}

// changeJob does something to one dead job, which gives its kind, and tells what happened. A job that is not there any
// more is no fault of whoever pressed the button.
func (a *Admin) changeJob(w http.ResponseWriter, r *http.Request, v page.Visit, action string, done i18n.Text, do func(ctx context.Context, tx *db.Tx, id int64) ([]string, error)) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx, words := r.Context(), done
	err = a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		kinds, err := do(ctx, tx, id)
		if err != nil {
			return err
		}
		if len(kinds) == 0 {
			words = i18n.M("Somebody was quicker: this work is not in the list any more.")
			return nil
		}
		words = done
		return audit(ctx, tx, v, action, "job", id, kinds[0])
	})
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.Print(ctx, words), string(overviewSection))
}

// jobWord says what a kind of job does.
func jobWord(ctx context.Context, kind string) string {
	switch kind {
	case "delivery":
		return i18n.T(ctx, "Sending an answer by mail")
	case "sign_in_letter":
		return i18n.T(ctx, "Mailing a link to sign in")
	case "invitation_letter":
		return i18n.T(ctx, "Mailing an invitation")
	}
	return kind
}
