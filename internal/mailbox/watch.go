package mailbox

import (
	"context"
	"sync"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/transport/imap"
)

// Mailboxes that another process changed are noticed this late.
const lookEvery = 5 * time.Second

// watcher fetches the mail of one mailbox until it is stopped.
type watcher struct {
	receiving Receiving
	stop      context.CancelFunc
	ended     chan struct{}
}

// watch keeps a watcher for each active mailbox with a receiving account, and a new one when its settings
// change.
func (p *Post) watch(ctx context.Context) {
	running := map[int64]*watcher{}
	var wg sync.WaitGroup
	defer wg.Wait()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := p.tend(ctx, running, &wg); err != nil && ctx.Err() == nil {
			p.Log.Error("mailboxes could not be read", "error", err)
		}
		select {
		case <-p.saved.channel():
		case <-tick.C:
			p.addresses.Store(nil)
		case <-ctx.Done():
		}
	}
}

// tend starts and stops watchers so that they fit the mailboxes as they are, and renews the list of
// addresses for the pipe.
func (p *Post) tend(ctx context.Context, running map[int64]*watcher, wg *sync.WaitGroup) error {
	d, err := p.directory(ctx)
	if err != nil {
		return err
	}
	if p.Data != "" {
		if err := writeAddresses(p.Data, d); err != nil {
			p.Log.Error("addresses for the pipe could not be written", "error", err)
		}
	}
	var all []Mailbox
	err = p.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = p.List(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	wanted := map[int64]Receiving{}
	for _, m := range all {
		if m.Active && m.Receiving.Host != "" {
			wanted[m.ID] = m.Receiving
		}
	}
	for id, w := range running {
		if r, ok := wanted[id]; !ok || r != w.receiving {
			w.stop()
			<-w.ended
			delete(running, id)
		}
	}
	for id, r := range wanted {
		if running[id] == nil {
			running[id] = p.startWatcher(ctx, id, r, wg)
		}
	}
	return nil
}

func (p *Post) startWatcher(ctx context.Context, id int64, r Receiving, wg *sync.WaitGroup) *watcher {
	ctx, stop := context.WithCancel(ctx)
	w := &watcher{receiving: r, stop: stop, ended: make(chan struct{})}
	wg.Go(func() {
		defer close(w.ended)
		defer stop()
		for ctx.Err() == nil {
			err := p.fetch(ctx, id, r)
			if ctx.Err() != nil {
				return
			}
			p.Log.Error("fetching mail ended", "mailbox", id, "error", err)
			select {
			case <-time.After(lookEvery):
			case <-ctx.Done():
			}
		}
	})
	return w
}

// fetch takes mail from an account until ctx ends.
func (p *Post) fetch(ctx context.Context, id int64, r Receiving) error {
	state, err := p.fetched(ctx, id)
	if err != nil {
		return err
	}
	take := func(ctx context.Context, s imap.State, mails []imap.Mail) error {
		in := make([]Incoming, len(mails))
		for i, m := range mails {
			in[i] = Incoming{MailboxID: id, Raw: m.Raw, Source: SourceIMAP, Problem: p.truncated(ctx, m)}
		}
		return p.takeWith(ctx, in, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE mailbox SET uid_validity = $2, last_uid = $3 WHERE id = $1`, id, int64(s.UIDValidity), int64(s.LastUID))
			return err
		})
	}
	var told imap.Health
	report := func(h imap.Health) {
		news := h.State != told.State || h.Err.String() != told.Err.String() || h.Warning.String() != told.Warning.String()
		if told = h; !news {
			return
		}
		if err := p.noteHealth(context.WithoutCancel(ctx), id, h); err != nil {
			p.Log.Error("health of a mailbox could not be noted", "mailbox", id, "error", err)
		}
	}
	return imap.Run(ctx, p.imapAccount(r), state, imap.Options{MarkSeen: true, MoveTo: r.MoveTo}, take, report)
}

func (p *Post) fetched(ctx context.Context, id int64) (imap.State, error) {
	type uids struct {
		UIDValidity int64 `db:"uid_validity"`
		LastUID     int64 `db:"last_uid"`
	}
	var u uids
	err := p.DB.Read(ctx, func(tx *db.Tx) (err error) {
		u, err = db.One[uids](ctx, tx, `SELECT uid_validity, last_uid FROM mailbox WHERE id = $1`, id)
		return err
	})
	return imap.State{UIDValidity: uint32(u.UIDValidity), LastUID: uint32(u.LastUID)}, err
}

// truncated says in words why a mail did not come whole, "" for one that did.
func (p *Post) truncated(ctx context.Context, m imap.Mail) string {
	words := p.locale(ctx, "", "")
	switch {
	case m.Problem != "":
		return m.Problem
	case m.Truncated:
		return i18n.T(words, "it is larger than the desk takes ({{.Size}})", "Size", i18n.Size(m.Size))
	}
	return ""
}

// noteHealth writes down how a connection is. Connecting anew says nothing by itself.
func (p *Post) noteHealth(ctx context.Context, id int64, h imap.Health) error {
	words := p.locale(ctx, "", "")
	switch h.State {
	case imap.Connected:
		return p.DB.Write(ctx, func(tx *db.Tx) error {
			at := tx.Now
			if h.Warning.IsZero() {
				at = 0
			}
			_, err := tx.Exec(ctx, `UPDATE mailbox SET connected_at = $2, error = $3, error_at = $4 WHERE id = $1`, id, tx.Now, plainText(i18n.Print(words, h.Warning)), at)
			return err
		})
	case imap.Failed:
		return p.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE mailbox SET error = $2, error_at = $3 WHERE id = $1`, id, plainText(i18n.Print(words, h.Err)), tx.Now)
			return err
		})
	}
	return nil
}
