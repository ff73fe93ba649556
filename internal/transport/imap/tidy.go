package imap

import (
	"context"
	"errors"

	"github.com/emersion/go-imap/v2"

	"goodturn/internal/i18n"
)

// maxAfter bounds how many taken mails are remembered while marking or moving them does not work.
const maxAfter = 5000

// tidy marks and moves what was taken. A refusal is no reason to stop taking mail: it becomes a warning, and the next look
// tries again.
func (r *reader) tidy(ctx context.Context) error {
	for len(r.mem.after) > 0 {
		n := min(len(r.mem.after), 100) // RFC 7162 §4: command lines have their limits
		err := r.mark(uidSet(r.mem.after[:n]))
		if refused(err) {
			r.warn(err)
			r.mem.after = r.mem.after[max(0, len(r.mem.after)-maxAfter):]
			return nil
		}
		if err != nil {
			return r.explain(ctx, err)
		}
		r.mem.after = r.mem.after[n:]
		r.mem.warning = i18n.Text{}
	}
	return nil
}

func (r *reader) warn(err error) {
	e := (*imap.Error)(nil)
	errors.As(err, &e)
	if r.options.MoveTo != "" {
		r.mem.warning = i18n.M("Mails are taken, but the server does not move them to {{.Folder}}: {{.Answer}}", "Folder", r.options.MoveTo, "Answer", e.Text)
		return
	}
	r.mem.warning = i18n.M("Mails are taken, but the server does not mark them as read: {{.Answer}}", "Answer", e.Text)
}

func (r *reader) mark(set imap.UIDSet) error {
	if r.options.MarkSeen {
		if err := r.flag(set, imap.FlagSeen); err != nil {
			return err
		}
	}
	if r.options.MoveTo == "" {
		return nil
	}
	err := r.move(set)
	if e := (*imap.Error)(nil); errors.As(err, &e) && e.Code == imap.ResponseCodeTryCreate {
		if err := r.client.Create(r.options.MoveTo, nil).Wait(); err != nil {
			return err
		}
		return r.move(set)
	}
	return err
}

func (r *reader) flag(set imap.UIDSet, flag imap.Flag) error {
	store := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{flag}}
	return r.client.Store(set, store, nil).Close()
}

// move moves mails. Where the server lacks MOVE (RFC 6851) they are copied and then deleted, one step after the other so
// that nothing is deleted that was not copied. Only UIDPLUS can remove just them; without it they stay, marked as deleted,
// rather than removing what others have marked.
func (r *reader) move(set imap.UIDSet) error {
	caps := r.client.Caps()
	if caps.Has(imap.CapMove) {
		_, err := r.client.Move(set, r.options.MoveTo).Wait()
		return err
	}
	if _, err := r.client.Copy(set, r.options.MoveTo).Wait(); err != nil {
		return err
	}
	if err := r.flag(set, imap.FlagDeleted); err != nil {
		return err
	}
	if caps.Has(imap.CapUIDPlus) {
		return r.client.UIDExpunge(set).Close()
	}
	return nil
}
