package mailbox

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
)

// waitingMail is a row of mail that is to become a message.
type waitingMail struct {
	ID           int64
	MailboxID    int64
	SHA256       string `db:"sha256"`
	Size         int64
	EnvelopeFrom string
	EnvelopeTo   string
	Source       Source
	Problem      string
	Attempts     int
	ReceivedAt   clock.Instant
}

const (
	// Mails of one transaction: few enough that others who want to write do not wait long.
	batchMails = 32
	// Raw bytes of one batch; mails are read into memory together.
	batchBytes = 32 << 20
	// After this many failures the raw mail becomes the ticket.
	maxAttempts = 3
	// While mails come in, so much time is given to them to gather: every transaction costs a flush.
	gather = 40 * time.Millisecond
	// Mails that failed are looked at again this often.
	retryEvery = 3 * time.Second
)

// process files what was taken in: at once when something arrives, and now and then what failed before.
func (p *Post) process(ctx context.Context) {
	retry := true
	tick := time.NewTicker(retryEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		err := p.processNew(ctx)
		if retry && err == nil {
			retry = false
			err = p.processOld(ctx)
		}
		if err != nil && ctx.Err() == nil {
			p.Log.Error("mails could not be filed", "error", err)
			wait(ctx, retryEvery)
		}
		select {
		case <-p.arrived.channel():
		case <-tick.C:
			retry = true
		case <-ctx.Done():
		}
	}
}

// processNew files all that has not been tried yet. While one batch is filed, which is for one core, the next is read.
func (p *Post) processNew(ctx context.Context) error {
	type read struct {
		letters []*letter
		err     error
	}
	for ctx.Err() == nil {
		letters, err := p.readWaiting(ctx, waitingNew, 0)
		if err != nil || len(letters) == 0 {
			return err
		}
		for len(letters) > 0 {
			next := make(chan read, 1)
			go func() {
				if len(letters) < batchMails {
					wait(ctx, gather)
				}
				ahead, err := p.readWaiting(ctx, waitingNew, letters[len(letters)-1].row.ID)
				next <- read{ahead, err}
			}()
			err := p.fileBatch(ctx, letters)
			ahead := <-next
			if err := errors.Join(err, ahead.err); err != nil {
				return err
			}
			letters = ahead.letters
		}
	}
	return ctx.Err()
}

// processOld tries once more some mails that failed before.
func (p *Post) processOld(ctx context.Context) error {
	letters, err := p.readWaiting(ctx, waitingAgain, 0)
	if err != nil || len(letters) == 0 {
		return err
	}
	return p.fileBatch(ctx, letters)
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// readWaiting reads some mails that wait after the row given, and finds out who vouches for them, and makes their attachments durable.
func (p *Post) readWaiting(ctx context.Context, query string, after int64) ([]*letter, error) {
	rows, err := p.waiting(ctx, query, after)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	d, err := p.directory(ctx)
	if err != nil {
		return nil, err
	}
	letters := p.readAll(ctx, rows)
	for _, l := range letters {
		l.facts.forgetTags(d)
	}
	p.authenticateAll(ctx, d, letters)
	return letters, p.storeFiles(ctx, letters)
}

// fileBatch files letters in one transaction, or each by itself when that fails.
func (p *Post) fileBatch(ctx context.Context, letters []*letter) error {
	d, err := p.directory(ctx)
	if err != nil {
		return err
	}
	err = p.fileAll(ctx, d, letters, false)
	if err != nil && ctx.Err() == nil && !fault.Is(err, fault.KindUnavailable) {
		// Savepoints make the search index flush after each mail, so they are for batches that need them.
		err = p.fileAll(ctx, d, letters, true)
	}
	return err
}

// fileAll files a batch in one transaction. apart makes a mail that fails undo itself alone.
func (p *Post) fileAll(ctx context.Context, d *directory, letters []*letter, apart bool) error {
	return p.DB.Write(ctx, func(tx *db.Tx) error {
		b, err := newBatch(ctx, tx, d, letters)
		if err != nil {
			return err
		}
		seen := map[int64]bool{}
		for _, l := range letters {
			file := p.fileOne
			if apart {
				file = p.tryOne
			}
			if err := file(ctx, tx, b, l); err != nil {
				return err
			}
			if seen[l.row.MailboxID] {
				continue
			}
			seen[l.row.MailboxID] = true
			if _, err := tx.Exec(ctx, `UPDATE mailbox SET last_mail_at = $2 WHERE id = $1 AND last_mail_at < $2`, l.row.MailboxID, l.row.ReceivedAt); err != nil {
				return err
			}
		}
		return nil
	})
}

const (
	waitingColumns = `SELECT id, mailbox_id, sha256, size, envelope_from, envelope_to, source, problem, attempts, received_at FROM mail WHERE state = 'waiting' `
	waitingNew     = waitingColumns + `AND attempts = 0 AND id > $1 ORDER BY id LIMIT $2`
	waitingAgain   = waitingColumns + `AND attempts > 0 AND id > $1 ORDER BY attempts, id LIMIT $2`
)

func (p *Post) waiting(ctx context.Context, query string, after int64) (rows []waitingMail, err error) {
	err = p.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err = db.All[waitingMail](ctx, tx, query, after, batchMails)
		return err
	})
	bytes := int64(0)
	for i, r := range rows {
		if bytes += r.Size; bytes > batchBytes && i > 0 {
			return rows[:i], err
		}
	}
	return rows, err
}

// readAll reads and parses mails side by side, outside any transaction.
func (p *Post) readAll(ctx context.Context, rows []waitingMail) []*letter {
	letters := make([]*letter, len(rows))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, r := range rows {
		group.Go(func() error {
			letters[i] = p.readOne(ctx, r)
			return nil
		})
	}
	_ = group.Wait()
	return letters
}

// readOne reads one mail. One that makes the program stumble stands for itself as it came.
func (p *Post) readOne(ctx context.Context, r waitingMail) (l *letter) {
	defer func() {
		if f := recover(); f != nil {
			p.Log.Error("panic while reading a mail", "mail", r.ID, "error", f)
			l = &letter{row: r, raw: []byte{}, msg: &mailmsg.Message{Broken: true}, dedupe: "raw " + r.SHA256, unread: i18n.M("This mail could not be read. It is attached as it came.")}
		}
	}()
	return p.read(ctx, r)
}

// errTaken says that another process has filed the mail meanwhile.
var errTaken = errors.New("the mail is filed already")

// fileOne files one mail. A mail that makes the program stumble must not end it, or it would do so again
// after every start.
func (p *Post) fileOne(ctx context.Context, tx *db.Tx, b *batch, l *letter) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic while filing a mail: %v", r)
		}
	}()
	r, err := p.file(ctx, tx, b, l)
	if err != nil {
		return err
	}
	if err := l.done(ctx, tx, r); err != nil {
		return err
	}
	b.filed[l.dedupe] = r
	return nil
}

// tryOne files one mail. What goes wrong with it is undone and noted on its row, and the others go on; an
// error of the store itself ends the batch.
func (p *Post) tryOne(ctx context.Context, tx *db.Tx, b *batch, l *letter) error {
	err := tx.Try(ctx, func() error { return p.fileOne(ctx, tx, b, l) })
	switch {
	case err == nil || errors.Is(err, errTaken):
		return nil
	case ctx.Err() != nil || fault.Is(err, fault.KindUnavailable):
		return err
	}
	p.Log.Error("mail could not be filed", "mail", l.row.ID, "attempt", l.row.Attempts+1, "error", err)
	_, err = tx.Exec(ctx, `UPDATE mail SET attempts = attempts + 1, outcome = $2 WHERE id = $1 AND state = 'waiting'`, l.row.ID, plainText("failed: "+cut(err.Error(), 500)))
	return err
}
