package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/httpout"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

const (
	// chatMost is how many things one message names; the rest is a number and a link.
	chatMost = 10
	// ownerAfter is how long a chat fails before whoever made it is told.
	ownerAfter = time.Hour
	// tryMost is the longest pause between tries.
	tryMost = time.Hour
)

// Why a message did not arrive, as codes that are kept; a status of HTTP is its number.
const (
	troubleRefused = "refused"
	troubleReach   = "unreachable"
	troubleKey     = "key"
)

// Trouble says in the reader's language why messages do not arrive, "" for all is well.
func (h Hook) Trouble(ctx context.Context) string { return troubleWords(ctx, h.Error, h.Host) }

func troubleWords(ctx context.Context, code, host string) string {
	switch code {
	case "":
		return ""
	case troubleRefused:
		return i18n.T(ctx, "{{.Host}} leads into a private network, or to another port than that of https. The desk does not call such addresses.", "Host", host)
	case troubleReach:
		return i18n.T(ctx, "{{.Host}} could not be reached, or did not answer within ten seconds.", "Host", host)
	case troubleKey:
		return i18n.T(ctx, "The stored address cannot be opened with this desk's key. Please paste it once more.")
	case "404", "410":
		return i18n.T(ctx, "{{.Host}} no longer knows this address (status {{.Status}}). Please make a new one there and paste it here.", "Host", host, "Status", code)
	case "401", "403":
		return i18n.T(ctx, "{{.Host}} does not allow it (status {{.Status}}). Please look there whether the webhook is still switched on.", "Host", host, "Status", code)
	case "429":
		return i18n.T(ctx, "{{.Host}} had too many messages and asks for patience (status 429).", "Host", host)
	}
	return i18n.T(ctx, "{{.Host}} answered with status {{.Status}}, which means no.", "Host", host, "Status", code)
}

// trouble is a message that did not arrive.
type trouble struct {
	code  string
	after time.Duration // that the server asked to wait; 0 for none
}

func (t *trouble) Error() string { return "the chat did not take it: " + t.code }

// post sends a message to a chat.
func (c *Center) post(ctx context.Context, h Hook, sealed []byte, s said) *trouble {
	address, err := c.Key.Open(hookPurpose(h.ID), sealed)
	if err != nil {
		return &trouble{code: troubleKey}
	}
	body, err := s.body(h.Program)
	if err != nil {
		return &trouble{code: troubleReach}
	}
	reply, err := c.Out.Post(ctx, strings.TrimSpace(string(address)), http.Header{"Content-Type": {"application/json"}}, body)
	switch {
	case errors.Is(err, httpout.ErrRefused):
		return &trouble{code: troubleRefused}
	case err != nil && reply.Status == 0:
		return &trouble{code: troubleReach}
	case reply.Status >= 200 && reply.Status < 300:
		return nil
	}
	return &trouble{code: strconv.Itoa(reply.Status), after: retryAfter(reply.Header.Get("Retry-After"))}
}

// retryAfter reads what a server asks to wait (RFC 9110 section 10.2.3), in seconds; a date is not waited for.
func retryAfter(text string) time.Duration {
	seconds, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, tryMost)
}

// keptHook is a hook with its sealed address.
type keptHook struct {
	Hook
	Address []byte
}

func hookBy(ctx context.Context, tx *db.Tx, where string, id int64) (keptHook, error) {
	return db.One[keptHook](ctx, tx, `SELECT `+hookColumns+`, h.address`+hookFrom+where, id)
}

// arrived notes that a message did.
func (c *Center) arrived(ctx context.Context, tx *db.Tx, h Hook) error {
	_, err := tx.Exec(ctx, `UPDATE chat_hook SET said_at = $2, failing_at = 0, tries = 0, next_at = 0, error = '', told_at = 0 WHERE id = $1`, h.ID, tx.Now)
	return err
}

// failed notes that a message did not arrive, and has the job that sends what waits run again: at growing pauses, or when the server asks.
// Once it has lasted, whoever made the hook is told.
func (c *Center) failed(ctx context.Context, h Hook, why *trouble, again job.Job) error {
	return c.DB.Write(ctx, func(tx *db.Tx) error {
		wait := max(min(15*time.Second<<min(h.Tries, 16), tryMost), why.after)
		next := tx.Now.Add(wait)
		_, err := tx.Exec(ctx, `UPDATE chat_hook SET failing_at = CASE WHEN failing_at = 0 THEN $2 ELSE failing_at END, tries = tries + 1, next_at = $3, error = $4 WHERE id = $1`, h.ID, tx.Now, next, why.code)
		if err != nil {
			return err
		}
		again.At, again.Unique = next, fmt.Sprintf("%s again %d %d", again.Kind, h.ID, next)
		if err := c.Queue.Insert(ctx, tx, again); err != nil {
			return err
		}
		if h.ToldAt != 0 || h.FailingAt == 0 || tx.Now.Sub(h.FailingAt) < ownerAfter {
			return nil
		}
		return c.tellOwner(ctx, tx, h, why)
	})
}

// tellOwner tells whoever made a hook that it fails; when they do not work here any more, those who lead.
func (c *Center) tellOwner(ctx context.Context, tx *db.Tx, h Hook, why *trouble) error {
	people := []int64{h.MadeBy}
	owners, err := person.ActorsOf(ctx, tx, people)
	if err != nil {
		return err
	}
	words := ctx
	if a, ok := owners[h.MadeBy]; ok && a.Staff() {
		words = i18n.With(ctx, a.Language, c.zone(a.Zone))
	} else if people, err = db.All[int64](ctx, tx, `SELECT id FROM person WHERE active AND role IN ('lead', 'administrator') ORDER BY id LIMIT 20`); err != nil {
		return err
	}
	text := i18n.T(words, "Nothing arrives at your chat any more.")
	if h.TeamID != 0 {
		text = i18n.T(words, "Nothing arrives at the channel “{{.Name}}” any more.", "Name", h.Name)
	}
	if err := c.TellAbout(ctx, tx, people, Failing, h.Page(), text+" "+troubleWords(words, why.code, h.Host)); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE chat_hook SET told_at = $2 WHERE id = $1`, h.ID, tx.Now)
	return err
}

// goOn has what waits for a chat sent now: it may arrive again.
func (c *Center) goOn(ctx context.Context, tx *db.Tx, h Hook) error {
	if h.PersonID != 0 {
		return c.insert(ctx, tx, chatJob, h.PersonID, tx.Now)
	}
	return c.Queue.Insert(ctx, tx, job.New(channelJob, hookArgs{h.ID}))
}

// TestHook sends a message that says that it is a test, and gives why it did not arrive, in the reader's language; "" when it did.
func (c *Center) TestHook(ctx context.Context, id int64) (wrong string, err error) {
	var h keptHook
	if err := c.DB.Read(ctx, func(tx *db.Tx) (err error) {
		h, err = hookBy(ctx, tx, `WHERE h.id = $1`, id)
		return err
	}); err != nil {
		return "", err
	}
	why := c.post(ctx, h.Hook, h.Address, said{lines: []saidLine{{text: i18n.T(ctx, "This is a test of the help desk. What happens there is told here from now on.")}}})
	if why != nil {
		return troubleWords(ctx, why.code, h.Host), nil
	}
	return "", c.DB.Write(ctx, func(tx *db.Tx) error {
		if err := c.arrived(ctx, tx, h.Hook); err != nil {
			return err
		}
		return c.goOn(ctx, tx, h.Hook)
	})
}

// say is the job that tells somebody in their chat what happened.
func (c *Center) say(ctx context.Context, raw json.RawMessage) error {
	var all []Notice
	var h keptHook
	var a person.Actor
	err := c.DB.Read(ctx, func(tx *db.Tx) error {
		var ok bool
		var err error
		if a, _, ok, err = reader(ctx, tx, raw); err != nil || !ok {
			return err
		}
		h, err = hookBy(ctx, tx, `WHERE h.person_id = $1`, a.ID)
		if errors.Is(err, db.ErrNoRow) || err == nil && h.NextAt > tx.Now {
			return nil // there is no chat, or what waits goes with the next try
		}
		if err != nil {
			return err
		}
		args := db.Args{a.ID, tx.Now, nowMost}
		all, err = db.All[Notice](ctx, tx, `SELECT `+columns+from+`
			WHERE n.person_id = $1 AND n.chat = 1 AND n.read_at = 0 AND n.due_at <= $2 AND `+mayBeTold(a, &args)+` ORDER BY n.at, n.id LIMIT $3`, args...)
		return err
	})
	if err != nil || len(all) == 0 {
		return err
	}
	words := i18n.With(ctx, a.Language, c.zone(a.Zone))
	var s said
	for _, n := range all[:min(len(all), chatMost)] {
		s.lines = append(s.lines, saidLine{about: n.About(), link: c.url(n.Path()), text: n.times(words)})
	}
	s.andMore(words, len(all)-chatMost, c.url("/notices"))
	if why := c.post(ctx, h.Hook, h.Address, s); why != nil {
		return c.failed(ctx, h.Hook, why, job.Job{Kind: chatJob, Args: personArgs{a.ID}})
	}
	return c.DB.Write(ctx, func(tx *db.Tx) error {
		for part := range slices.Chunk(all, 50) {
			for _, n := range part {
				if _, err := tx.Exec(ctx, `UPDATE notice SET chat = 2 WHERE id = $1 AND chat = 1 AND at = $2`, n.ID, n.At); err != nil {
					return err
				}
			}
		}
		if len(all) == nowMost {
			if err := c.insert(ctx, tx, chatJob, a.ID, clock.From(tx.Now.Time().Truncate(gather).Add(gather))); err != nil {
				return err
			}
		}
		return c.arrived(ctx, tx, h.Hook)
	})
}

// andMore adds how many things are not named.
func (s *said) andMore(ctx context.Context, n int, link string) {
	if n > 0 {
		s.more, s.moreLink = i18n.N(ctx, "and {{.Count}} more thing", "and {{.Count}} more things", n), link
	}
}

func (c *Center) url(path string) string {
	if c.PublicURL == nil {
		return path
	}
	return c.PublicURL() + path
}

// times are the words of a notice, with how often it happened.
func (n Notice) times(ctx context.Context) string {
	if n.Count < 2 {
		return n.Words(ctx)
	}
	return n.Words(ctx) + " · " + i18n.N(ctx, "{{.Count}} time", "{{.Count}} times", int(n.Count))
}
