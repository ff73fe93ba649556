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

// reading is a folder of a mailbox with all that matters for fetching from it.
type reading struct {
	id      int64
	folder  string
	first   bool // of the mailbox's folders
	account imap.Account
	moveTo  string
	all     bool
}

// watched names a folder of a mailbox.
type watched struct {
	id     int64
	folder string
}

// watcher fetches the mail of one folder until it is stopped.
type watcher struct {
	reading reading
	stop    context.CancelFunc
	ended   chan struct{}
}

// watch keeps a watcher for each folder of the active mailboxes with a receiving account, and a new one when its settings
// change.
func (p *Post) watch(ctx context.Context) {
	running := map[watched]*watcher{}
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
func (p *Post) tend(ctx context.Context, running map[watched]*watcher, wg *sync.WaitGroup) error {
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
	wanted := map[watched]reading{}
	for _, m := range all {
		if !m.Active || m.Receiving.Host == "" || m.OAuth.NeedsConsent() {
			continue
		}
		for i, folder := range m.Receiving.folders() {
			wanted[watched{m.ID, folder}] = reading{m.ID, folder, i == 0, p.imapAccount(m.Receiving, folder), m.Receiving.MoveTo, m.Receiving.All}
		}
	}
	for at, w := range running {
		if r, ok := wanted[at]; !ok || r != w.reading {
			w.stop()
			<-w.ended
			delete(running, at)
		}
	}
	for at, r := range wanted {
		if running[at] == nil {
			running[at] = p.startWatcher(ctx, r, wg)
		}
	}
	return nil
}

func (p *Post) startWatcher(ctx context.Context, r reading, wg *sync.WaitGroup) *watcher {
	ctx, stop := context.WithCancel(ctx)
	w := &watcher{reading: r, stop: stop, ended: make(chan struct{})}
	wg.Go(func() {
		defer close(w.ended)
		defer stop()
		for ctx.Err() == nil {
			err := p.fetch(ctx, r)
			if ctx.Err() != nil {
				return
			}
			p.Log.Error("fetching mail ended", "mailbox", r.id, "folder", r.folder, "error", err)
			select {
			case <-time.After(lookEvery):
			case <-ctx.Done():
			}
		}
	})
	return w
}

// fetch takes mail from a folder until ctx ends.
func (p *Post) fetch(ctx context.Context, r reading) error {
	at, err := p.placeOf(ctx, r.id, r.folder, r.first)
	if err != nil {
		return err
	}
	take := func(ctx context.Context, s imap.State, mails []imap.Mail) error {
		in := make([]Incoming, len(mails))
		for i, m := range mails {
			in[i] = Incoming{MailboxID: r.id, Raw: m.Raw, Source: SourceIMAP, Problem: p.truncated(ctx, m)}
		}
		return p.takeWith(ctx, in, func(ctx context.Context, tx *db.Tx) error { return keepPlace(ctx, tx, r.id, r.folder, at, s) })
	}
	tell := &reporter{post: p, id: r.id, folder: r.folder}
	options := imap.Options{MarkSeen: true, MoveTo: r.moveTo, Since: at.since()}
	return imap.Run(ctx, r.account, at.state(), options, take, func(h imap.Health) { tell.report(ctx, h) })
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
