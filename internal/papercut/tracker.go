package papercut

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/httpout"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// TrackerKind is how a tracker is reached.
type TrackerKind string

// The kinds.
const (
	MailTracker TrackerKind = "mail"
	HookTracker TrackerKind = "webhook"
)

// Tracker is where those who can mend papercuts keep their work.
type Tracker struct {
	ID        int64
	Name      string
	Kind      TrackerKind
	Host      string // what may be shown of its address: the mail address, or the host of the webhook
	CreatedAt clock.Instant
}

// sealedTracker is what is kept of a tracker under the installation's key.
type sealedTracker struct {
	Address string `json:"address"`
	Secret  string `json:"secret,omitempty"` // signs what is sent, "whsec_…"
}

func trackerPurpose(id int64) string { return "papercut tracker " + strconv.FormatInt(id, 10) }

// Trackers gives those that papercuts are handed on to.
func Trackers(ctx context.Context, tx *db.Tx) ([]Tracker, error) {
	return db.All[Tracker](ctx, tx, `SELECT id, name, kind, host, created_at FROM papercut_tracker WHERE removed_at = 0 ORDER BY id`)
}

const maxName = 60

// AddTracker adds one. address is a mail address, or the https address of a webhook. What cannot be is fault.Invalid of name or address.
func (b *Book) AddTracker(ctx context.Context, tx *db.Tx, a person.Actor, name, address string) (Tracker, error) {
	if !person.Can(a, person.ManageRules, person.Thing{}) {
		return Tracker{}, fault.Denied(i18n.M("Whoever leads sets where papercuts are handed on to."))
	}
	t, address := Tracker{Name: Clean(name), CreatedAt: tx.Now}, strings.TrimSpace(address)
	var wrong []fault.Field
	if n := utf8.RuneCountInString(t.Name); n == 0 || n > maxName {
		wrong = append(wrong, fault.F("name", i18n.M("Please give it a name of at most {{.Count}} letters.", "Count", maxName)))
	}
	sealed := sealedTracker{Address: address}
	switch u, err := url.Parse(address); {
	case person.ValidAddress(person.FoldAddress(address)):
		t.Kind, t.Host, sealed.Address = MailTracker, person.FoldAddress(address), person.FoldAddress(address)
		ours, err := person.IsDeskAddress(ctx, tx, sealed.Address)
		if err != nil {
			return t, err
		}
		if ours {
			wrong = append(wrong, fault.F("address", i18n.M("This is an address of the desk itself.")))
		}
	case err == nil && u.Scheme == "https" && httpout.Check(address) == nil && len(address) < 2000:
		t.Kind, t.Host, sealed.Secret = HookTracker, u.Hostname(), newSecret()
	default:
		wrong = append(wrong, fault.F("address", i18n.M("Please give a mail address, or an address that begins with https:// and leads to a place on the public Internet.")))
	}
	if err := fault.Check(wrong); err != nil {
		return t, err
	}
	var err error
	if t.ID, err = db.One[int64](ctx, tx, `INSERT INTO papercut_tracker (name, kind, host, sealed, made_by, created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`, t.Name, t.Kind, t.Host, []byte{}, orNull(a.ID), tx.Now); err != nil {
		return t, err
	}
	raw, err := json.Marshal(sealed)
	if err != nil {
		return t, err
	}
	if _, err := tx.Exec(ctx, `UPDATE papercut_tracker SET sealed = $2 WHERE id = $1`, t.ID, b.Key.Seal(trackerPurpose(t.ID), raw)); err != nil {
		return t, err
	}
	return t, person.Audit(ctx, tx, a, "papercut tracker added", t.Name, t.Host, "")
}

// RemoveTracker ends one. What was handed on to it stays listed.
func (b *Book) RemoveTracker(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	if !person.Can(a, person.ManageRules, person.Thing{}) {
		return fault.Denied(i18n.M("Whoever leads sets where papercuts are handed on to."))
	}
	n, err := tx.Exec(ctx, `UPDATE papercut_tracker SET removed_at = $2, sealed = $3 WHERE id = $1 AND removed_at = 0`, id, tx.Now, []byte{})
	if err != nil || n == 0 {
		return err
	}
	return person.Audit(ctx, tx, a, "papercut tracker removed", strconv.FormatInt(id, 10), "", "")
}

// Secret gives the key that signs what a webhook is sent; "" for a tracker that is mailed. Whoever may add trackers may read it.
func (b *Book) Secret(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (string, error) {
	if !person.Can(a, person.ManageRules, person.Thing{}) {
		return "", nil
	}
	s, err := b.unseal(ctx, tx, id)
	return s.Secret, err
}

// errRemoved says that a tracker is there no more.
var errRemoved = errors.New("the tracker was removed")

func (b *Book) unseal(ctx context.Context, tx *db.Tx, id int64) (s sealedTracker, err error) {
	raw, err := db.One[[]byte](ctx, tx, `SELECT sealed FROM papercut_tracker WHERE id = $1`, id)
	if err != nil {
		return s, err
	}
	if len(raw) == 0 {
		return s, errRemoved
	}
	plain, err := b.Key.Open(trackerPurpose(id), raw)
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(plain, &s)
}

func newSecret() string {
	var key [24]byte
	_, _ = rand.Read(key[:])
	return "whsec_" + base64.StdEncoding.EncodeToString(key[:])
}
