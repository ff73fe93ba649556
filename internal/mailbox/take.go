package mailbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Source is the way a mail came in.
type Source string

// The sources.
const (
	SourceLMTP Source = "lmtp" // the listener, whatever it speaks
	SourceIMAP Source = "imap"
	SourcePipe Source = "pipe"
	SourceWeb  Source = "web" // written in the demo's mail catcher
)

// Incoming is a mail as it was handed over.
type Incoming struct {
	From      string   // the return path; "" for bounces, or when it is not known
	To        []string // the recipients that it was handed over for
	MailboxID int64    // the mailbox it was fetched from; 0: the one that To names
	Raw       []byte
	Source    Source
	Problem   string // why Raw is not the whole mail, in words; "" when it is
}

// ErrUnknownAddress says that no recipient is an address of the desk.
var ErrUnknownAddress = errors.New("no recipient is an address of the desk")

// Take makes mails durable: when it returns nil, each would survive a power cut and will become a message.
// All that call at once share one batch of files and one transaction.
func (p *Post) Take(ctx context.Context, mails []Incoming) error {
	return p.takeWith(ctx, mails, nil)
}

// takeWith is Take with something else to store in the same transaction.
func (p *Post) takeWith(ctx context.Context, mails []Incoming, also func(ctx context.Context, tx *db.Tx) error) error {
	d, err := p.directory(ctx)
	if err != nil {
		return err
	}
	r := &request{mails: mails, also: also, done: make(chan error, 1)}
	for _, m := range mails {
		targets := d.targets(m)
		if len(targets) == 0 {
			return &fault.Error{Kind: fault.KindNotFound, Message: i18n.M("{{.Address}} is no address of this desk.", "Address", strings.Join(m.To, ", ")), Cause: ErrUnknownAddress}
		}
		r.targets = append(r.targets, targets)
	}
	p.intake.add(r, p.storeBatch)
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// target is a mailbox that a mail is for, with the addresses of it that were given.
type target struct {
	mailbox int64
	to      []string
}

func (d *directory) targets(m Incoming) (out []target) {
	if m.MailboxID != 0 {
		return []target{{m.MailboxID, m.To}}
	}
recipients:
	for _, to := range m.To {
		k, ok := d.accepts(to)
		if !ok {
			continue
		}
		for i := range out {
			if out[i].mailbox == k.id {
				out[i].to = append(out[i].to, to)
				continue recipients
			}
		}
		out = append(out, target{k.id, []string{to}})
	}
	return out
}

// request is what one caller of Take wants stored.
type request struct {
	mails   []Incoming
	targets [][]target // of each mail
	also    func(ctx context.Context, tx *db.Tx) error
	done    chan error
}

// intake gathers requests: while one batch is on its way to the disk, the next one collects.
type intake struct {
	mu      sync.Mutex
	waiting []*request
	busy    bool
}

// Above this many bytes a batch is closed, so that many large mails do not meet in memory.
const maxBatch = 64 << 20

func (q *intake) add(r *request, store func([]*request)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, r)
	if q.busy {
		return
	}
	q.busy = true
	go func() {
		for batch := q.next(); batch != nil; batch = q.next() {
			store(batch)
		}
	}()
}

// next takes what has gathered, nil and the end of the loop when that is nothing.
func (q *intake) next() []*request {
	q.mu.Lock()
	defer q.mu.Unlock()
	n, bytes := 0, 0
	for n < len(q.waiting) && bytes < maxBatch {
		for _, m := range q.waiting[n].mails {
			bytes += len(m.Raw)
		}
		n++
	}
	batch := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	if n == 0 {
		q.waiting, q.busy = nil, false
		return nil
	}
	return batch
}

// storeBatch stores requests together, and one by one when that fails, so that each gets its own answer.
// Callers that stopped waiting do not undo the others.
func (p *Post) storeBatch(batch []*request) {
	ctx := context.Background()
	err := p.store1(ctx, batch)
	if err != nil && len(batch) > 1 {
		for _, r := range batch {
			r.done <- p.store1(ctx, []*request{r})
		}
		return
	}
	for _, r := range batch {
		r.done <- err
	}
}

func (p *Post) store1(ctx context.Context, batch []*request) error {
	var bodies [][]byte
	for _, r := range batch {
		for _, m := range r.mails {
			bodies = append(bodies, m.Raw)
		}
	}
	refs, err := p.Blobs.PutMany(ctx, bodies)
	if err != nil {
		return fmt.Errorf("store mails: %w", err)
	}
	err = p.DB.Write(ctx, func(tx *db.Tx) error {
		next := 0
		for _, r := range batch {
			for i, m := range r.mails {
				if err := insertMail(ctx, tx, m, refs[next], r.targets[i]); err != nil {
					return err
				}
				next++
			}
			if r.also != nil {
				if err := r.also(ctx, tx); err != nil {
					return err
				}
			}
		}
		tx.AfterCommit(p.arrived.wake)
		return nil
	})
	if err != nil {
		return fmt.Errorf("store mails: %w", err)
	}
	return nil
}

func insertMail(ctx context.Context, tx *db.Tx, m Incoming, ref blob.Ref, targets []target) error {
	for _, t := range targets {
		_, err := tx.Exec(ctx, `INSERT INTO mail (mailbox_id, sha256, size, envelope_from, envelope_to, source, problem, state, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8)`,
			t.mailbox, ref.SHA256, ref.Size, plainText(m.From), plainText(strings.Join(t.to, "\n")), m.Source, plainText(m.Problem), tx.Now)
		if err != nil {
			return err
		}
	}
	return nil
}

// plainText keeps what both databases can hold.
func plainText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
