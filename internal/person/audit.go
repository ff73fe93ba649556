package person

import (
	"context"
	"strconv"

	"goodturn/internal/clock"
	"goodturn/internal/db"
)

// AuditEntry is one line of the record of who came in and who changed rights.
type AuditEntry struct {
	ID       int64
	At       clock.Instant
	PersonID int64  // 0 for nobody known
	Person   string // the name, or ""
	Action   string // "signed in", "role changed", "mailbox changed"
	Thing    string // "person 7", "token 3"
	Detail   string
	Remote   string // the address it came from
}

// Audit writes a line of the record. It holds no secrets.
func Audit(ctx context.Context, tx *db.Tx, by Actor, action, thing, detail, remote string) error {
	_, err := tx.Exec(ctx, `INSERT INTO audit (at, person_id, action, thing, detail, remote) VALUES ($1, $2, $3, $4, $5, $6)`, tx.Now, orNull(by.ID), action, thing, detail, remote)
	return err
}

const auditColumns = `e.id, e.at, e.person_id, coalesce(p.name, '') AS person, e.action, e.thing, e.detail, e.remote`

// AuditLog lists the record, newest first, before a cursor (0 for the start).
func AuditLog(ctx context.Context, tx *db.Tx, before int64, limit int) ([]AuditEntry, error) {
	if before == 0 {
		before = documentBase
	}
	return db.All[AuditEntry](ctx, tx, `SELECT `+auditColumns+` FROM audit e LEFT JOIN person p ON p.id = e.person_id WHERE e.id < $1 ORDER BY e.id DESC LIMIT $2`, before, limit)
}

// AuditOf is AuditLog for one person: what they did, and what was done to their record.
func AuditOf(ctx context.Context, tx *db.Tx, personID, before int64, limit int) ([]AuditEntry, error) {
	if before == 0 {
		before = documentBase
	}
	return db.All[AuditEntry](ctx, tx, `SELECT `+auditColumns+` FROM audit e LEFT JOIN person p ON p.id = e.person_id
		WHERE e.id < $1 AND (e.person_id = $2 OR e.thing = $3) ORDER BY e.id DESC LIMIT $4`, before, personID, "person "+strconv.FormatInt(personID, 10), limit)
}
