package imap

import (
	"context"
	"fmt"
	"slices"

	"github.com/emersion/go-imap/v2"

	"goodturn/internal/i18n"
)

// memory is what outlives a connection, but not the process.
type memory struct {
	attempts map[uint32]int    // how often a troublesome mail was asked for
	reason   map[uint32]string // what the server said then
	owed     map[uint32]bool   // mails that are in the folder and were not taken; State stays below the first
	done     map[uint32]bool   // mails above an owed one that were taken
	after    []uint32          // mails that were taken and are not yet marked or moved
	broken   int               // connections that broke while texts were fetched, since the last good look
	rewound  bool              // UIDs had gone backwards once
	warning  i18n.Text         // why marking or moving does not work
}

func newMemory() *memory {
	m := &memory{}
	m.reset()
	return m
}

// reset forgets what was remembered by UID.
func (m *memory) reset() {
	m.attempts, m.reason = map[uint32]int{}, map[uint32]string{}
	m.owed, m.done = map[uint32]bool{}, map[uint32]bool{}
	m.after = nil
}

func (m *memory) settle(uid uint32) {
	delete(m.attempts, uid)
	delete(m.reason, uid)
	delete(m.owed, uid)
}

func (m *memory) fail(uid uint32, reason string) {
	m.attempts[uid]++
	m.reason[uid] = reason
}

// reader takes the mails of one folder over one session.
type reader struct {
	*session
	account Account
	options Options
	state   State
	mem     *memory
	take    Take
	took    func()      // after each successful take
	left    func(n int) // how many mails are known to be in the folder and not taken
}

// look opens the folder anew, which also tells whether UIDs still mean the same, and takes what is new.
func (r *reader) look(ctx context.Context) error {
	folder := r.account.folder()
	data, err := r.client.Select(folder, &imap.SelectOptions{ReadOnly: r.options.readOnly()}).Wait()
	if err != nil {
		return r.explainFolder(ctx, folder, err)
	}
	if data.UIDValidity != r.state.UIDValidity {
		if r.state != (State{}) {
			r.mem.reset()
		}
		r.state = State{UIDValidity: data.UIDValidity}
		if err := r.begin(ctx, data); err != nil {
			return err
		}
	}
	// A server restored from a backup may forget to change UIDVALIDITY, and then new mail hides below LastUID.
	rewind := data.UIDNext != 0 && uint32(data.UIDNext) <= r.state.LastUID && !r.mem.rewound
	if rewind {
		r.mem.reset()
		r.state.LastUID = 0
		if err := r.begin(ctx, data); err != nil {
			return err
		}
	}
	if data.NumMessages == 0 {
		return nil // some servers take offence at a range in an empty folder
	}
	err = r.news(ctx)
	if rewind && err == nil {
		r.mem.rewound = true // once is enough, should the server's UIDNEXT be wrong for ever
	}
	return err
}

// chunk bounds how many mails are asked about at once.
const chunk = 500

// news takes what is new in the folder.
func (r *reader) news(ctx context.Context) error {
	uids, err := r.newer(r.state.LastUID)
	if err != nil {
		return r.explain(ctx, err)
	}
	for uid := range r.mem.owed {
		if !slices.Contains(uids, uid) {
			r.mem.settle(uid) // somebody deleted it
		}
	}
	uids = slices.DeleteFunc(uids, func(uid uint32) bool { return r.mem.done[uid] })
	left := len(uids)
	r.left(left)
	for part := range slices.Chunk(uids, chunk) {
		items, err := r.items(part, r.mem.broken < 3) // a date that cannot be read breaks the connection
		if err != nil {
			r.breaks(ctx)
			return r.explain(ctx, err)
		}
		options := r.options
		if r.mem.broken > 0 {
			options.BatchMails = 1 // so that only the culprit suffers
		}
		for _, batch := range plan(items, options) {
			if err := r.batch(ctx, batch); err != nil {
				return err
			}
			left -= len(batch)
			r.left(left + len(r.mem.owed))
		}
	}
	r.mem.broken = 0
	return r.tidy(ctx)
}

func (r *reader) breaks(ctx context.Context) {
	if ctx.Err() == nil {
		r.mem.broken++
	}
}

// batch fetches mails and has them taken.
func (r *reader) batch(ctx context.Context, items []item) error {
	got := map[uint32]body{}
	if small := r.small(items); len(small) > 1 {
		var err error
		got, err = r.bodies(uidSet(small), whole, r.options.MaxSize)
		if err != nil && !refused(err) {
			r.breaks(ctx)
			return r.explain(ctx, err)
		}
	}
	var mails []Mail
	for _, it := range items {
		mail, err := r.mail(ctx, it, got)
		if err != nil {
			r.breaks(ctx)
			return r.explain(ctx, err)
		}
		if mail != nil {
			mails = append(mails, *mail)
		}
	}
	return r.hand(ctx, items, mails)
}

// small picks the mails that are fetched whole, and together.
func (r *reader) small(items []item) []uint32 {
	var uids []uint32
	for _, it := range items {
		if it.size <= r.options.MaxSize && r.mem.attempts[it.uid] == 0 {
			uids = append(uids, it.uid)
		}
	}
	return uids
}

// mail gives a mail, from what was fetched or on its own. It is nil when the mail is gone or stays owed for now.
func (r *reader) mail(ctx context.Context, it item, got map[uint32]body) (*Mail, error) {
	b, ok := got[it.uid]
	if !ok || b.large {
		it.size = max(it.size, b.size)
		found, err := r.alone(ctx, it, b.large)
		switch {
		case err != nil:
			return nil, err
		case found == nil && r.mem.owed[it.uid]:
			return r.unreadable(it)
		case found == nil:
			r.mem.settle(it.uid)
			return nil, nil
		}
		b = *found
	}
	r.mem.settle(it.uid)
	return &Mail{UID: it.uid, Raw: b.raw, Received: it.received, Size: max(it.size, b.size), Truncated: b.large}, nil
}

// unreadable gives a mail with a Problem, and with its header where there is one, after enough attempts; before, nil.
func (r *reader) unreadable(it item) (*Mail, error) {
	if r.mem.attempts[it.uid] < r.options.Attempts {
		return nil, nil
	}
	mail := &Mail{UID: it.uid, Received: it.received, Size: it.size, Truncated: true, Problem: r.mem.reason[it.uid]}
	if r.mem.attempts[it.uid] == r.options.Attempts {
		r.mem.attempts[it.uid]++ // the header is asked for once, because it, too, may take the connection with it
		b, err := r.one(it.uid, header, r.options.MaxSize)
		if err != nil && !refused(err) {
			return nil, err
		}
		if b != nil {
			mail.Raw = b.raw
		}
	}
	r.mem.settle(it.uid)
	return mail, nil
}

// alone fetches one mail on its own: whole, or its header when it is too large. A refusal makes it owed and gives nil; so
// does a mail that is gone, but it is not owed then.
func (r *reader) alone(ctx context.Context, it item, large bool) (*body, error) {
	if r.mem.attempts[it.uid] >= r.options.Attempts {
		r.mem.owed[it.uid] = true
		return nil, nil
	}
	// Counted before, because it may take the connection with it.
	r.mem.owed[it.uid] = true
	r.mem.fail(it.uid, "The connection ended when the mail was fetched")
	b, err := r.fetch(it, large)
	switch {
	case err != nil && !refused(err):
		if ctx.Err() != nil {
			r.mem.attempts[it.uid]--
		}
		return nil, err
	case err != nil:
		r.mem.reason[it.uid] = err.Error()
		return nil, nil
	case b == nil:
		delete(r.mem.owed, it.uid)
	}
	return b, nil
}

// fetch gives the text of a mail or, for one over the limit, its header, marked as large.
func (r *reader) fetch(it item, large bool) (*body, error) {
	if !large && it.size <= r.options.MaxSize {
		b, err := r.one(it.uid, whole, r.options.MaxSize)
		if b == nil || err != nil || !b.large {
			return b, err
		}
		it.size = b.size
	}
	b, err := r.one(it.uid, header, r.options.MaxSize)
	if b != nil {
		b.large, b.size = true, it.size
	}
	return b, err
}

// hand has mails taken together with the state after them, and only then touches the server.
func (r *reader) hand(ctx context.Context, items []item, mails []Mail) error {
	state := r.after(items)
	if len(mails) > 0 {
		if err := r.take(ctx, state, mails); err != nil {
			return &takeError{err}
		}
		r.took()
	}
	r.state = state
	for _, m := range mails {
		if len(r.mem.owed) > 0 {
			r.mem.done[m.UID] = true
		}
		if m.Problem == "" && !r.options.readOnly() {
			r.mem.after = append(r.mem.after, m.UID)
		}
	}
	if len(r.mem.owed) == 0 {
		clear(r.mem.done)
	}
	return r.tidy(ctx)
}

// after is the state once items are dealt with: below the first mail that is still owed.
func (r *reader) after(items []item) State {
	state := r.state
	for _, it := range items {
		state.LastUID = max(state.LastUID, it.uid)
	}
	for uid := range r.mem.done {
		state.LastUID = max(state.LastUID, uid)
	}
	for uid := range r.mem.owed {
		state.LastUID = min(state.LastUID, uid-1)
	}
	return state
}

// takeError says that the mails were fetched and could not be stored.
type takeError struct{ err error }

func (e *takeError) Error() string { return fmt.Sprintf("take mails: %v", e.err) }
func (e *takeError) Unwrap() error { return e.err }

func uidSet(uids []uint32) imap.UIDSet {
	var set imap.UIDSet
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	return set
}
