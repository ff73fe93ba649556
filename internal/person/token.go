package person

import (
	"context"
	"errors"
	"strconv"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/secret"
)

// Token is a key to the API that carries a person's rights, or fewer.
type Token struct {
	ID        int64
	PersonID  int64
	Name      string
	Role      Role // "" for all that the person may
	ReadOnly  bool
	CreatedAt clock.Instant
	ExpiresAt clock.Instant
	RevokedAt clock.Instant
	UsedAt    clock.Instant // to the nearest few minutes
}

// TokenLife is how long a token lives when nothing else is said; MaxTokenLife is the longest.
const (
	TokenLife    = 90 * 24 * time.Hour
	MaxTokenLife = 2 * 365 * 24 * time.Hour
)

const tokenPrefix = "gt_" // lets secret scanners know one

// CreateToken makes a token for somebody and gives its secret, which is shown once.
func CreateToken(ctx context.Context, tx *db.Tx, by Actor, t Token, life time.Duration, remote string) (string, error) {
	var wrong []fault.Field
	if t.Name = CleanName(t.Name); t.Name == "" {
		wrong = append(wrong, fault.F("name", i18n.M("Please say what the token is for.")))
	}
	if t.Role != "" && t.Role.rank() == 0 {
		wrong = append(wrong, fault.F("role", i18n.M("Please choose one of the roles.")))
	}
	if life <= 0 || life > MaxTokenLife {
		wrong = append(wrong, fault.F("life", i18n.M("A token lives between a day and two years.")))
	}
	if err := fault.Check(wrong); err != nil {
		return "", err
	}
	token := tokenPrefix + secret.Token()
	id, err := db.One[int64](ctx, tx, `INSERT INTO token (hash, person_id, name, role, read_only, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		secret.Hash(token), t.PersonID, t.Name, t.Role, t.ReadOnly, tx.Now, tx.Now.Add(life))
	if err != nil {
		return "", err
	}
	return token, Audit(ctx, tx, by, "token created", "token "+strconv.FormatInt(id, 10), t.Name, remote)
}

// TokenActor gives who acts with a token, and the token; Nobody and a fault when it is not, or no longer, good.
func TokenActor(ctx context.Context, tx *db.Tx, token string) (Actor, Token, error) {
	t, err := db.One[Token](ctx, tx, `SELECT id, person_id, name, role, read_only, created_at, expires_at, revoked_at, used_at FROM token WHERE hash = $1`, secret.Hash(token))
	if errors.Is(err, db.ErrNoRow) || (err == nil && (t.RevokedAt != 0 || t.ExpiresAt <= tx.Now)) {
		return Nobody, t, fault.SignIn()
	}
	if err != nil {
		return Nobody, t, err
	}
	a, err := ActorOf(ctx, tx, t.PersonID)
	if errors.Is(err, db.ErrNoRow) {
		return Nobody, t, fault.SignIn()
	}
	return a.Narrow(t.Role, t.ReadOnly), t, err
}

// TouchToken notes that a token was used.
func TouchToken(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, `UPDATE token SET used_at = $2 WHERE id = $1`, id, tx.Now)
	return err
}

// StaleUse tells whether a token's last use should be written down again.
func (t Token) StaleUse(now clock.Instant) bool { return now.Sub(t.UsedAt) > seenInterval }

// Tokens lists a person's tokens that still work, the newest first.
func Tokens(ctx context.Context, tx *db.Tx, personID int64) ([]Token, error) {
	return db.All[Token](ctx, tx, `SELECT id, person_id, name, role, read_only, created_at, expires_at, revoked_at, used_at FROM token
		WHERE person_id = $1 AND revoked_at = 0 AND expires_at > $2 ORDER BY id DESC`, personID, tx.Now)
}

// RevokeToken ends one of the actor's tokens.
func RevokeToken(ctx context.Context, tx *db.Tx, by Actor, id int64, remote string) error {
	n, err := tx.Exec(ctx, `UPDATE token SET revoked_at = $3 WHERE id = $1 AND person_id = $2 AND revoked_at = 0`, id, by.ID, tx.Now)
	if err != nil || n == 0 {
		return err
	}
	return Audit(ctx, tx, by, "token revoked", "token "+strconv.FormatInt(id, 10), "", remote)
}
