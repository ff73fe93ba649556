package papercut

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/httpout"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

const (
	handJob      = "papercut_hand"
	handPatience = 10 * time.Second
	handTries    = 8 // about 20 minutes
	maxHandText  = 8000
	maxAnswer    = 300
)

// Handing is a papercut handed on, and what the other side said.
type Handing struct {
	ID        int64
	TrackerID int64
	Tracker   string // its name
	Kind      TrackerKind
	Text      string
	State     HandState
	Tries     int
	NextAt    clock.Instant // when it is tried again; 0 for not
	Answer    string        // what the other side said, or why it could not be reached
	Link      string        // where it stands there, if they said so
	At        clock.Instant
	EndedAt   clock.Instant
}

// HandState is how far a Handing is.
type HandState string

// The states.
const (
	Waiting HandState = "waiting"
	Sent    HandState = "sent"
	Failed  HandState = "failed"
)

// Handings gives to whom a papercut was handed on, the newest first.
func Handings(ctx context.Context, tx *db.Tx, id int64) ([]Handing, error) {
	return db.All[Handing](ctx, tx, `SELECT h.id, h.tracker_id, t.name AS tracker, t.kind, h.text, h.state, h.tries, h.next_at, h.answer, h.link, h.at, h.ended_at
		FROM papercut_handing h JOIN papercut_tracker t ON t.id = h.tracker_id WHERE h.papercut_id = $1 ORDER BY h.id DESC LIMIT 50`, id)
}

// Words is what a papercut is handed on with unless somebody changes it: what was said, without names, and how many have it.
func Words(ctx context.Context, tx *db.Tx, p Papercut) (string, error) {
	taps, err := Taps(ctx, tx, p.ID, 200)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	had := map[string]bool{}
	for _, t := range taps {
		if t.Hidden || had[t.Text] || len(had) == 20 {
			continue
		}
		had[t.Text] = true
		b.WriteString("- " + t.Text + "\n")
	}
	return b.String(), nil
}

// HandOn hands a papercut on with a text: a job sends it, and tries again where that may help. form is random and the same when one form is
// sent twice; "" for none.
func (b *Book) HandOn(ctx context.Context, tx *db.Tx, a person.Actor, id, tracker int64, text, form string) error {
	p, err := take(ctx, tx, a, id)
	if err != nil {
		return err
	}
	text = strings.TrimSpace(strings.ToValidUTF8(text, ""))
	if utf8.RuneCountInString(text) > maxHandText {
		return fault.Invalid(fault.F("text", i18n.M("Please say it in at most {{.Count}} letters.", "Count", i18n.Amount(maxHandText))))
	}
	known, err := db.Exists(ctx, tx, `SELECT 1 FROM papercut_tracker WHERE id = $1 AND removed_at = 0`, tracker)
	if err != nil {
		return err
	}
	if !known {
		return fault.Invalid(fault.F("tracker", i18n.M("Please choose whom it is handed on to.")))
	}
	var mark []byte
	if len(form) >= 16 && len(form) <= 100 {
		sum := sha256.Sum256([]byte("papercut hand\x00" + form))
		mark = sum[:]
	}
	var call [16]byte
	_, _ = rand.Read(call[:])
	made, err := db.All[int64](ctx, tx, `INSERT INTO papercut_handing (papercut_id, tracker_id, text, call_id, next_at, by_id, at, form) VALUES ($1, $2, $3, $4, $5, $6, $5, $7) ON CONFLICT (form) DO NOTHING RETURNING id`,
		id, tracker, text, "msg_"+base64.RawURLEncoding.EncodeToString(call[:]), tx.Now, orNull(a.ID), mark)
	if err != nil || len(made) == 0 {
		return err
	}
	if p.State == Open {
		if _, err := b.SetState(ctx, tx, a, id, HandedOn, ""); err != nil {
			return err
		}
	}
	return b.Queue.Insert(ctx, tx, job.New(handJob, handArgs{made[0]}))
}

// Retry sends once more what could not be.
func (b *Book) Retry(ctx context.Context, tx *db.Tx, a person.Actor, id, handing int64) error {
	if _, err := take(ctx, tx, a, id); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE papercut_handing SET state = 'waiting', tries = 0, next_at = $3 WHERE id = $1 AND papercut_id = $2 AND state = 'failed'`, handing, id, tx.Now)
	if err != nil || n == 0 {
		return err
	}
	return b.Queue.Insert(ctx, tx, job.New(handJob, handArgs{handing}))
}

type handArgs struct {
	Handing int64 `json:"handing"`
}

// out is a handing on its way.
type out struct {
	Handing
	PapercutID int64
	CallID     string
	sealed     sealedTracker
	papercut   Papercut
}

// handBody is what a webhook is sent.
type handBody struct {
	Type      string   `json:"type"`
	Timestamp string   `json:"timestamp"`
	Data      handData `json:"data"`
}

type handData struct {
	ID     int64  `json:"id"`
	Title  string `json:"title"`
	Text   string `json:"text"`
	People int    `json:"people"`
	Recent int    `json:"people_recently"`
	Since  string `json:"since"`
	URL    string `json:"url"`
}

// hand is the job that sends a handing.
func (b *Book) hand(ctx context.Context, raw json.RawMessage) error {
	var args handArgs
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	var h out
	var at clock.Instant
	err := b.DB.Read(ctx, func(tx *db.Tx) (err error) {
		at = tx.Now
		h, err = db.One[out](ctx, tx, `SELECT h.id, h.papercut_id, h.tracker_id, t.kind, h.text, h.call_id, h.state, h.tries, h.at FROM papercut_handing h JOIN papercut_tracker t ON t.id = h.tracker_id WHERE h.id = $1`, args.Handing)
		if err != nil {
			return err
		}
		if h.papercut, err = load(ctx, tx, h.PapercutID); err != nil {
			return err
		}
		h.sealed, err = b.unseal(ctx, tx, h.TrackerID)
		return err
	})
	switch {
	case errors.Is(err, errRemoved):
		return b.handed(ctx, h, answer{words: i18n.M("It is not handed on to there any more."), final: true})
	case errors.Is(err, db.ErrNoRow), err == nil && h.State != Waiting:
		return nil
	case err != nil:
		return err
	}
	if h.Kind == MailTracker {
		return b.handed(ctx, h, b.mailOut(ctx, h))
	}
	return b.handed(ctx, h, b.call(ctx, h, at))
}

// answer is how a try went.
type answer struct {
	words i18n.Text
	link  string
	fine  bool
	final bool // nothing that comes later helps
}

func (b *Book) mailOut(ctx context.Context, h out) answer {
	if b.Send == nil {
		return answer{words: i18n.M("There is no account to send mail through."), final: true}
	}
	text := strings.TrimSpace(h.Text+"\n\n"+b.URL()+path(h.PapercutID)) + "\n"
	if err := b.Send(ctx, h.sealed.Address, h.papercut.Name(), text, "goodturn.papercut."+h.CallID); err != nil {
		return answer{words: i18n.M("The mail could not be given to its server."), final: false}
	}
	return answer{words: i18n.M("The mail is on its way."), fine: true}
}

func path(id int64) string { return "/papercuts/" + strconv.FormatInt(id, 10) }

// call calls a webhook, after the Standard Webhooks specification.
func (b *Book) call(ctx context.Context, h out, at clock.Instant) answer {
	body, err := json.Marshal(handBody{Type: "papercut.handed_on", Timestamp: h.At.RFC3339(), Data: handData{
		ID: h.PapercutID, Title: h.papercut.Name(), Text: h.Text, People: h.papercut.People, Recent: h.papercut.Recent, Since: h.papercut.CreatedAt.RFC3339(), URL: b.URL() + path(h.PapercutID),
	}})
	if err != nil {
		return answer{words: i18n.M("It could not be written."), final: true}
	}
	stamp := strconv.FormatInt(at.Time().Unix(), 10)
	header := http.Header{"Content-Type": {"application/json"}, "User-Agent": {"Goodturn"}, "Webhook-Id": {h.CallID}, "Webhook-Timestamp": {stamp}, "Webhook-Signature": {b.Sign(h.sealed.Secret, h.CallID, stamp, body)}}
	calling, cancel := context.WithTimeout(ctx, handPatience)
	defer cancel()
	got, err := b.Out.Post(calling, h.sealed.Address, header, body)
	switch {
	case errors.Is(err, httpout.ErrRefused):
		return answer{words: i18n.M("This address is not called: only http and https to a place on the public Internet are, on the usual ports; nothing inside a network."), final: true}
	case errors.Is(err, context.DeadlineExceeded):
		return answer{words: i18n.M("The other side did not answer within {{.Count}} seconds.", "Count", int(handPatience.Seconds()))}
	case err != nil:
		return answer{words: i18n.M("The other side could not be reached.")}
	}
	status := strconv.Itoa(got.Status) + " " + http.StatusText(got.Status)
	out := answer{words: i18n.M("The other side answered {{.Status}}.", "Status", status), fine: got.Status >= 200 && got.Status < 300, final: got.Status == http.StatusGone}
	if said := Clean(clip(got.Body, maxAnswer)); said != "" {
		out.words = i18n.M("The other side answered {{.Status}}: {{.Text}}", "Status", status, "Text", said)
	}
	if out.fine {
		out.link = linkOf(got.Body)
	}
	return out
}

// linkOf reads where the other side keeps it, from an answer such as {"url": "https://tracker.example/42"}.
func linkOf(body string) string {
	var said struct {
		URL     string `json:"url"`
		HTMLURL string `json:"html_url"`
	}
	if json.Unmarshal([]byte(body), &said) != nil {
		return ""
	}
	for _, at := range []string{said.HTMLURL, said.URL} {
		if u, err := url.Parse(at); err == nil && u.Scheme == "https" && u.Host != "" && len(at) < 1000 {
			return u.String()
		}
	}
	return ""
}

// handed notes how a try went. What may help later is tried again, with growing pauses.
func (b *Book) handed(ctx context.Context, h out, a answer) error {
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		words := i18n.Print(ctx, a.words)
		if a.fine {
			_, err := tx.Exec(ctx, `UPDATE papercut_handing SET state = 'sent', tries = tries + 1, next_at = 0, answer = $2, link = $3, ended_at = $4 WHERE id = $1`, h.ID, words, a.link, tx.Now)
			return err
		}
		if a.final || h.Tries+1 >= handTries {
			_, err := tx.Exec(ctx, `UPDATE papercut_handing SET state = 'failed', tries = tries + 1, next_at = 0, answer = $2, ended_at = $3 WHERE id = $1`, h.ID, words, tx.Now)
			return err
		}
		next := tx.Now.Add(10 * time.Second << h.Tries)
		if _, err := tx.Exec(ctx, `UPDATE papercut_handing SET tries = tries + 1, next_at = $2, answer = $3 WHERE id = $1`, h.ID, next, words); err != nil {
			return err
		}
		j := job.New(handJob, handArgs{h.ID})
		j.At = next
		return b.Queue.Insert(ctx, tx, j)
	})
}
