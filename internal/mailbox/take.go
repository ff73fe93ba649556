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
	SourceLMTP Source = "lmtp" // the listener, for a mail server of ours
	SourceOpen Source = "smtp" // the listener, where other machines may reach it: nobody's mail server stands before it
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
// The rows of all that call at once share one transaction. Their files are flushed side by side, which the
// file system groups by itself: one batch of files for all made the quick wait for the slow, and was half
// as fast with eight connections.
func (p *Post) Take(ctx context.Context, mails []Incoming) error {
	return p.takeWith(ctx, mails, nil)
}

// takeWith is Take with something else to store in the same transaction.
func (p *Post) takeWith(ctx context.Context, mails []Incoming, also func(ctx context.Context, tx *db.Tx) error) error {
	d, err := p.directory(ctx)
	if err != nil {
		return err
	}
	bodies := make([][]byte, len(mails))
	r := &request{mails: mails, also: also, done: make(chan error, 1)}
	for i, m := range mails {
		bodies[i] = m.Raw
		targets := d.targets(m)
		if len(targets) == 0 {
			return &fault.Error{Kind: fault.KindNotFound, Message: i18n.M("{{.Address}} is no address of this desk.", "Address", strings.Join(m.To, ", ")), Cause: ErrUnknownAddress}
		}
		r.targets = append(r.targets, targets)
	}
	if r.refs, err = p.Blobs.PutMany(ctx, bodies); err != nil {
		return fmt.Errorf("store mails: %w", err)
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

// request is what one caller of Take wants stored. Its files are on the disk already.
type request struct {
	mails   []Incoming
	targets [][]target // of each mail
	refs    []blob.Ref // of each mail
	also    func(ctx context.Context, tx *db.Tx) error
	done    chan error
}

// intake gathers requests: while one batch is on its way to the disk, the next one collects.
type intake struct {
	mu      sync.Mutex
	waiting []*request
	busy    bool
}

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
	batch := q.waiting
	q.waiting = nil
	q.busy = len(batch) > 0
	return batch
}

// storeBatch stores the rows of requests together, and one by one when that fails, so that each gets its own answer.
// Callers that stopped waiting do not undo the others.
func (p *Post) storeBatch(batch []*request) {
	ctx := context.Background()
	err := p.storeRows(ctx, batch)
	if err != nil && len(batch) > 1 {
		for _, r := range batch {
			r.done <- p.storeRows(ctx, []*request{r})
		}
		return
	}
	for _, r := range batch {
		r.done <- err
	}
}

func (p *Post) storeRows(ctx context.Context, batch []*request) error {
	err := p.DB.Write(ctx, func(tx *db.Tx) error {
		for _, r := range batch {
			for i, m := range r.mails {
				if err := insertMail(ctx, tx, m, r.refs[i], r.targets[i]); err != nil {
					return err
				}
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
