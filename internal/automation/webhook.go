package automation

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"net"
	"net/http"
	"strconv"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/httpout"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/ticket"
)

// Webhooks are called after the Standard Webhooks specification: the headers webhook-id, webhook-timestamp (seconds) and
// webhook-signature ("v1," and the HMAC-SHA256 of "id.timestamp.body" in base64).
const (
	hookJob      = "rule.webhook"
	hookPatience = 10 * time.Second
	hookTries    = 8 // about 20 minutes; what is older than that helps nobody
	maxCalling   = 3 // at the same time
	secretPrefix = "whsec_"
	secretLength = 24 // bytes
)

// hookCall is a webhook to be called.
type hookCall struct {
	Rule    int64           `json:"rule"`
	Version int64           `json:"version"`
	Part    int             `json:"part"`
	Ticket  int64           `json:"ticket"`
	URL     string          `json:"url"`
	ID      string          `json:"id"`
	Body    json.RawMessage `json:"body"`
	Tries   int             `json:"tries,omitempty"`
}

// hookBody is what is sent.
type hookBody struct {
	Type      string     `json:"type"`
	Timestamp string     `json:"timestamp"`
	Data      hookedData `json:"data"`
}

type hookedData struct {
	Rule   hookedRule   `json:"rule"`
	Event  moment       `json:"event"`
	Ticket hookedTicket `json:"ticket"`
}

type hookedRule struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type hookedTicket struct {
	Number    int64         `json:"number"`
	Subject   string        `json:"subject"`
	Status    string        `json:"status"`
	Priority  string        `json:"priority"`
	Kind      string        `json:"kind"`
	Channel   string        `json:"channel"`
	Team      string        `json:"team"`
	Assignee  *hookedPerson `json:"assignee"`
	Requester *hookedPerson `json:"requester"`
	Tags      []string      `json:"tags"`
	CreatedAt string        `json:"created_at"`
}

type hookedPerson struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Address string `json:"address"`
}

// queueHook has a webhook called once this transaction is durable, with the ticket as it is now.
func (g *Engine) queueHook(ctx context.Context, tx *db.Tx, x trigger, m moment, address string, ticketID int64) error {
	t, gone, err := getTicket(ctx, tx, ticketID)
	if err != nil || gone {
		return err
	}
	shown, err := hooked(ctx, tx, t)
	if err != nil {
		return err
	}
	if m.On == "" {
		m.On = x.on
	}
	body, err := json.Marshal(hookBody{Type: "ticket.rule", Timestamp: tx.Now.RFC3339(), Data: hookedData{hookedRule{x.ID, x.Name}, m, shown}})
	if err != nil {
		return err
	}
	var id [16]byte
	_, _ = rand.Read(id[:])
	return g.Queue.Insert(ctx, tx, job.New(hookJob, hookCall{Rule: x.ID, Version: x.VersionID, Part: x.part, Ticket: t.ID, URL: address, ID: "msg_" + base64.RawURLEncoding.EncodeToString(id[:]), Body: body}))
}

func hooked(ctx context.Context, tx *db.Tx, t ticket.Ticket) (hookedTicket, error) {
	f, err := ticket.FactsOf(ctx, tx, t)
	out := hookedTicket{
		Number: t.ID, Subject: t.Subject, Status: string(t.Status), Priority: string(t.Priority), Kind: string(t.Kind), Channel: string(t.Channel),
		Team: f.Team.Slug, Tags: append([]string{}, f.Tags...), CreatedAt: t.CreatedAt.RFC3339(),
	}
	if err != nil {
		return out, err
	}
	people, err := db.All[hookedPerson](ctx, tx, `SELECT p.id, p.name, coalesce(a.address, '') AS address FROM person p LEFT JOIN person_address a ON a.person_id = p.id AND a.first WHERE p.id IN ($1, $2)`, t.RequesterID, t.AssigneeID)
	for _, p := range people {
		if p.ID == t.RequesterID {
			out.Requester = &p
		}
		if p.ID == t.AssigneeID {
			out.Assignee = &p
		}
	}
	return out, err
}

// callWebhook is the job that calls a webhook. A few are called at a time: those that hang must not keep the workers from other jobs.
func (g *Engine) callWebhook(ctx context.Context, args json.RawMessage) error {
	if g.calling.Add(1) > maxCalling {
		g.calling.Add(-1)
		return job.After(time.Second, errMore)
	}
	defer g.calling.Add(-1)
	var c hookCall
	if err := json.Unmarshal(args, &c); err != nil {
		return job.Permanent(err)
	}
	var secret string
	var at time.Time
	err := g.DB.Write(ctx, func(tx *db.Tx) (err error) {
		at = tx.Now.Time()
		secret, err = g.Secret(ctx, tx, c.Rule)
		return err
	})
	if err != nil {
		return err
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	header := http.Header{"Content-Type": {"application/json"}, "User-Agent": {"Goodturn"}, "Webhook-Id": {c.ID}, "Webhook-Timestamp": {stamp}, "Webhook-Signature": {Sign(secret, c.ID, stamp, c.Body)}}
	calling, cancel := context.WithTimeout(ctx, cmp.Or(g.Patience, hookPatience))
	defer cancel()
	answer, err := g.Out.Post(calling, c.URL, header, c.Body)
	return g.called(ctx, c, answer, err)
}

// called keeps how a call went. What may help later is tried again.
func (g *Engine) called(ctx context.Context, c hookCall, answer httpout.Answer, failure error) error {
	words, fine := i18n.M("The other side answered {{.Status}}.", "Status", strconv.Itoa(answer.Status)+" "+http.StatusText(answer.Status)), answer.Status >= 200 && answer.Status < 300
	if failure != nil {
		words, fine = webhookWords(failure, cmp.Or(g.Patience, hookPatience)), false
	}
	final := fine || errors.Is(failure, httpout.ErrRefused) || answer.Status == http.StatusGone
	again := false
	err := g.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := Get(ctx, tx, c.Rule)
		if err != nil || c.Part >= len(r.Definition.When) {
			return nil // the rule is gone for good
		}
		x := trigger{armed: &armed{Rule: r}, part: c.Part}
		x.VersionID = c.Version
		_, gone, err := getTicket(ctx, tx, c.Ticket)
		if err != nil {
			return err
		}
		about := c.Ticket
		if gone {
			about = 0
		}
		if fine {
			return g.note(ctx, tx, x, about, runSent, g.say(ctx, words))
		}
		if again = !final && c.Tries+1 < hookTries; again {
			c.Tries++
			if c.Tries == 1 { // the first failure is shown, and the last
				if err := g.note(ctx, tx, x, about, runHeld, g.say(ctx, i18n.M("{{.Why}} It is tried again.", "Why", words))); err != nil {
					return err
				}
			}
			return g.Queue.Insert(ctx, tx, job.Job{Kind: hookJob, Args: c, At: tx.Now.Add(10 * time.Second << (c.Tries - 1))})
		}
		if err := g.note(ctx, tx, x, about, runFailed, g.say(ctx, words)); err != nil {
			return err
		}
		return g.tellOwner(ctx, tx, x, i18n.M("Its webhook failed: {{.Why}}", "Why", words))
	})
	return err
}

// webhookWords say why a webhook was not called.
func webhookWords(err error, patience time.Duration) i18n.Text {
	var slow net.Error
	switch {
	case errors.Is(err, httpout.ErrRefused):
		return i18n.M("This address is not called: only http and https to a place on the public Internet are, on the usual ports; nothing inside a network.")
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return i18n.M("The other side did not answer within {{.Count}} seconds.", "Count", int(math.Ceil(patience.Seconds())))
	}
	return i18n.M("The other side could not be reached.")
}

// Sign makes the signature of a webhook: "v1," and the HMAC-SHA256 of "id.timestamp.body", in base64.
func Sign(secret, id, timestamp string, body []byte) string {
	key, _ := base64.StdEncoding.DecodeString(secret[min(len(secretPrefix), len(secret)):])
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func secretPurpose(ruleID int64) string {
	return "rule " + strconv.FormatInt(ruleID, 10) + " webhook"
}

// Secret gives the key that signs what a rule's webhooks send ("whsec_…"), and makes it when there is none.
func (g *Engine) Secret(ctx context.Context, tx *db.Tx, ruleID int64) (string, error) {
	sealed, err := db.One[[]byte](ctx, tx, `SELECT secret FROM rule WHERE id = $1`, ruleID)
	if err != nil {
		return "", err
	}
	if len(sealed) > 0 {
		plain, err := g.Key.Open(secretPurpose(ruleID), sealed)
		return string(plain), err
	}
	return g.NewSecret(ctx, tx, ruleID)
}

// NewSecret replaces the key that signs what a rule's webhooks send.
func (g *Engine) NewSecret(ctx context.Context, tx *db.Tx, ruleID int64) (string, error) {
	var key [secretLength]byte
	_, _ = rand.Read(key[:])
	secret := secretPrefix + base64.StdEncoding.EncodeToString(key[:])
	_, err := tx.Exec(ctx, `UPDATE rule SET secret = $2 WHERE id = $1`, ruleID, g.Key.Seal(secretPurpose(ruleID), []byte(secret)))
	return secret, err
}

// Handlers names the handlers of our jobs on the queue. It is called once, before the queue runs.
func (g *Engine) Handlers() {
	g.Queue.Handle(calmJob, g.calm)
	g.Queue.Handle(hookJob, g.callWebhook)
	g.Queue.Handle(trialJob, g.trialJob)
}
