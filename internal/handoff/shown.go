package handoff

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// ShownFor is how long a page that somebody shows to others is there.
const ShownFor = 90 * 24 * time.Hour

const shownPurpose = "help cost"

// Shown is a page without names that tells others what help beside somebody's work costs.
type Shown struct {
	ID       int64
	PersonID int64
	// Words says that the kinds of help are on it, in the words of the ledger.
	Words     bool
	MadeAt    clock.Instant
	ExpiresAt clock.Instant
}

const shownColumns = `id, person_id, words, made_at, expires_at`

// ShownPath is where the page is: whoever has it needs not sign in.
func (k *Keeper) ShownPath(id int64) string {
	text := strconv.FormatInt(id, 10)
	return "/cost/" + text + "." + k.Key.Sign(shownPurpose, []byte(text))
}

const mostShown = 10

// Show makes such a page. Who has ten is to end one first.
func Show(ctx context.Context, tx *db.Tx, personID int64, words bool) (int64, error) {
	if err := tx.Lock(ctx, "person", personID); err != nil {
		return 0, err
	}
	all, err := ShownBy(ctx, tx, personID)
	if err != nil {
		return 0, err
	}
	if len(all) >= mostShown {
		return 0, fault.Conflict(i18n.M("You have many such pages already. End one of them first."))
	}
	return db.One[int64](ctx, tx, `INSERT INTO help_shown (person_id, words, made_at, expires_at) VALUES ($1, $2, $3, $4) RETURNING id`, personID, words, tx.Now, tx.Now.Add(ShownFor))
}

// ShownBy lists the pages that somebody shows, the newest first.
func ShownBy(ctx context.Context, tx *db.Tx, personID int64) ([]Shown, error) {
	return db.All[Shown](ctx, tx, `SELECT `+shownColumns+` FROM help_shown WHERE person_id = $1 AND ended_at = 0 AND expires_at > $2 ORDER BY id DESC`, personID, tx.Now)
}

// EndShown ends one of somebody's pages. Nothing happens when it is not theirs, or over.
func EndShown(ctx context.Context, tx *db.Tx, personID, id int64) error {
	_, err := tx.Exec(ctx, `UPDATE help_shown SET ended_at = $3 WHERE id = $1 AND person_id = $2 AND ended_at = 0`, id, personID, tx.Now)
	return err
}

// OpenShown gives the page that a token names; ErrOver when there is none any more.
func (k *Keeper) OpenShown(ctx context.Context, tx *db.Tx, token string) (Shown, error) {
	text, tag, ok := strings.Cut(token, ".")
	id, err := strconv.ParseInt(text, 10, 64)
	if !ok || err != nil || strconv.FormatInt(id, 10) != text || !k.Key.Verify(shownPurpose, []byte(text), tag) {
		return Shown{}, ErrOver
	}
	s, err := db.One[Shown](ctx, tx, `SELECT `+shownColumns+` FROM help_shown WHERE id = $1 AND ended_at = 0 AND expires_at > $2`, id, tx.Now)
	if errors.Is(err, db.ErrNoRow) {
		err = ErrOver
	}
	return s, err
}

// Totals is help beside people's work in the whole house, of those who let it be counted.
type Totals struct {
	// Keepers is how many let their ledger be counted and noted something within four weeks. Under three there is nothing else here, so
	// that nobody's can be told apart.
	Keepers int
	// WeekMinutes is what they noted a week, on the average of the last four.
	WeekMinutes int
	// HandedOn is how many requests were handed on to the desk within thirty days, those of private teams aside.
	HandedOn int
}

// FewestKeepers is how many ledgers there must be before their sum is shown.
const FewestKeepers = 3

// TotalsNow adds up. Nobody is named.
func TotalsNow(ctx context.Context, tx *db.Tx) (t Totals, err error) {
	const weeks = 4
	type sum struct {
		Keepers int
		Minutes int
	}
	s, err := db.One[sum](ctx, tx, `SELECT count(DISTINCT e.person_id) AS keepers, coalesce(CAST(sum(e.minutes) AS BIGINT), 0) AS minutes FROM help_entry e JOIN help_reckoning r ON r.person_id = e.person_id
		WHERE r.counted AND e.removed_at = 0 AND e.at > $1 AND e.at <= $2`, tx.Now.Add(-weeks*7*24*time.Hour), tx.Now)
	if t.Keepers = s.Keepers; err != nil || t.Keepers < FewestKeepers {
		return t, err
	}
	t.WeekMinutes = s.Minutes / weeks
	t.HandedOn, err = db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM handed_on h JOIN ticket t ON t.id = h.ticket_id JOIN team p ON p.id = t.team_id WHERE h.at > $1 AND NOT p.private LIMIT 100000) AS counted`, tx.Now.Add(-30*24*time.Hour))
	return t, err
}
