package bench

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"goodturn/internal/db"
)

const (
	intakeConnections = 8
	settleWithin      = 2 * time.Minute
)

// intake sends mails by LMTP and waits until the last one is a ticket.
func (b *bench) intake(ctx context.Context) error {
	run := int(time.Now().Unix())
	mails := make([][]byte, b.Mails)
	for i := range mails {
		mails[i] = makeMail(benchMailbox, run, i)
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make(chan error, intakeConnections)
	began := time.Now()
	for range intakeConnections {
		wg.Go(func() {
			if err := b.sendMails(mails, &next); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	select {
	case err := <-errs:
		return err
	default:
	}
	b.IntakePerS = float64(b.Mails) / took.Seconds()
	if pss, _, err := b.server.memory(); err == nil {
		b.LoadPSS = max(b.LoadPSS, pss)
	}
	return b.settle(ctx, time.Now())
}

func (b *bench) sendMails(mails [][]byte, next *atomic.Int64) error {
	conn, err := net.Dial("unix", filepath.Join(b.dir, "lmtp.sock"))
	if err != nil {
		return err
	}
	c := gosmtp.NewClientLMTP(conn)
	defer c.Close()
	for {
		i := int(next.Add(1)) - 1
		if i >= len(mails) {
			return c.Quit()
		}
		if err := c.SendMail("sender@mail.example", []string{benchMailbox}, bytes.NewReader(mails[i])); err != nil {
			return fmt.Errorf("mail %d: %w", i, err)
		}
	}
}

// settle waits until every mail is a ticket.
func (b *bench) settle(ctx context.Context, since time.Time) error {
	for time.Since(since) < settleWithin {
		n, err := b.countMails(ctx)
		if err != nil {
			return err
		}
		if n == b.Mails {
			b.IntakeSettledS = time.Since(since).Seconds()
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return fmt.Errorf("not every mail was a ticket after %v", settleWithin)
}

// countMails counts the tickets that came by mail, through a connection of its own to the store.
func (b *bench) countMails(ctx context.Context) (int, error) {
	address := b.Database
	if address == "" {
		address = filepath.Join(b.dir, "desk.db")
	}
	d, err := db.Open(ctx, address)
	if err != nil {
		return 0, err
	}
	defer d.Close()
	var n int
	err = d.Read(ctx, func(tx *db.Tx) (err error) {
		n, err = db.One[int](ctx, tx, `SELECT count(*) FROM mail WHERE state <> 'waiting' AND ticket_id IS NOT NULL`)
		return err
	})
	return n, err
}
