package person

import (
	"context"
	"strconv"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/secret"
)

// Session is one browser in which somebody is signed in.
type Session struct {
	ID        int64
	PersonID  int64
	CreatedAt clock.Instant
	SeenAt    clock.Instant // to the nearest few minutes
	ExpiresAt clock.Instant
	UserAgent string
	Remote    string
}

// A session ends when it was not used for this long; its last use is written down at most every few
// minutes.
const (
	SessionLife  = 30 * 24 * time.Hour
	seenInterval = 5 * time.Minute
)

// RightsChanged is the signal (db.Tx.Signal) that what a person may do may have changed, or that a session of theirs ended:
// what was opened by that right looks again whether it still holds. Its id is the person's, 0 for everybody.
const RightsChanged = "rights"

// StartSession signs a browser in and gives the secret for its cookie.
func StartSession(ctx context.Context, tx *db.Tx, personID int64, userAgent, remote string) (string, error) {
	token := secret.Token()
	if len(userAgent) > 300 {
		userAgent = userAgent[:300]
	}
	_, err := tx.Exec(ctx, `INSERT INTO session (hash, person_id, created_at, seen_at, expires_at, user_agent, remote) VALUES ($1, $2, $3, $3, $4, $5, $6)`,
		secret.Hash(token), personID, tx.Now, tx.Now.Add(SessionLife), CleanName(userAgent), remote)
	return token, err
}

// SessionActor gives who is signed in with that cookie, and the session; Nobody when it has ended.
// stale says that SeenAt should be written down with TouchSession.
func SessionActor(ctx context.Context, tx *db.Tx, token string) (a Actor, s Session, stale bool, err error) {
	s, err = db.One[Session](ctx, tx, `SELECT id, person_id, created_at, seen_at, expires_at, user_agent, remote FROM session WHERE hash = $1 AND expires_at > $2`, secret.Hash(token), tx.Now)
	if err != nil {
		return Nobody, s, false, err
	}
	a, err = ActorOf(ctx, tx, s.PersonID)
	return a, s, tx.Now.Sub(s.SeenAt) > seenInterval, err
}

// TouchSession notes that a session is in use, which keeps it.
func TouchSession(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, `UPDATE session SET seen_at = $2, expires_at = $3 WHERE id = $1`, id, tx.Now, tx.Now.Add(SessionLife))
	return err
}

// Sessions lists where somebody is signed in, the last used first.
func Sessions(ctx context.Context, tx *db.Tx, personID int64) ([]Session, error) {
	return db.All[Session](ctx, tx, `SELECT id, person_id, created_at, seen_at, expires_at, user_agent, remote FROM session WHERE person_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, id DESC`, personID, tx.Now)
}

// EndSession ends one of somebody's sessions.
func EndSession(ctx context.Context, tx *db.Tx, by Actor, id int64, remote string) error {
	n, err := tx.Exec(ctx, `DELETE FROM session WHERE id = $1 AND person_id = $2`, id, by.ID)
	if err != nil || n == 0 {
		return err
	}
	tx.Signal(RightsChanged, by.ID)
	return Audit(ctx, tx, by, "session ended", "session "+strconv.FormatInt(id, 10), "", remote)
}

// EndSessions ends all sessions of a person but one (0: none is kept).
func EndSessions(ctx context.Context, tx *db.Tx, personID, but int64) error {
	tx.Signal(RightsChanged, personID)
	_, err := tx.Exec(ctx, `DELETE FROM session WHERE person_id = $1 AND id <> $2`, personID, but)
	return err
}

// Sweep removes what has expired. A job calls it now and then.
func Sweep(ctx context.Context, tx *db.Tx) error {
	for _, text := range []string{
		`DELETE FROM session WHERE expires_at < $1`,
		`DELETE FROM sign_in_link WHERE expires_at < $1`,
		`DELETE FROM attempt WHERE since < $1 - 86400000`,
	} {
		if _, err := tx.Exec(ctx, text, tx.Now); err != nil {
			return err
		}
	}
	return nil
}
