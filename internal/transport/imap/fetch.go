package imap

import (
	"errors"
	"io"
	"math"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// item is a mail that is known to be in the folder, before its text.
type item struct {
	uid      uint32
	size     int64 // 0 when the server did not say
	received time.Time
}

// body is what a fetch gave of one mail.
type body struct {
	raw   []byte
	size  int64 // of the literal
	large bool  // over the limit, so raw is nil
}

var (
	whole  = &imap.FetchItemBodySection{Peek: true}
	header = &imap.FetchItemBodySection{Peek: true, Specifier: imap.PartSpecifierHeader}
)

// newer lists the UIDs above last, ascending.
func (s *session) newer(last uint32) ([]uint32, error) {
	if last == math.MaxUint32 {
		return nil, nil
	}
	var above imap.UIDSet
	above.AddRange(imap.UID(last+1), 0)
	found, err := s.client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{above}}, nil).Wait()
	if err != nil {
		return nil, err
	}
	var uids []uint32
	for _, uid := range found.AllUIDs() {
		// "n:*" means the last mail too when nothing is above n (RFC 3501 §6.4.8).
		if uint32(uid) > last {
			uids = append(uids, uint32(uid))
		}
	}
	slices.Sort(uids)
	return slices.Compact(uids), nil
}

// items asks for size and date of mails. Those the server says nothing of are given with neither.
func (s *session) items(uids []uint32, dates bool) ([]item, error) {
	var span imap.UIDSet
	span.AddRange(imap.UID(uids[0]), imap.UID(uids[len(uids)-1]))
	cmd := s.client.Fetch(span, &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: dates})
	known := make(map[uint32]item, len(uids))
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		var it item
		for data := msg.Next(); data != nil; data = msg.Next() {
			switch data := data.(type) {
			case imapclient.FetchItemDataUID:
				it.uid = uint32(data.UID)
			case imapclient.FetchItemDataRFC822Size:
				it.size = data.Size
			case imapclient.FetchItemDataInternalDate:
				it.received = data.Time
			}
		}
		known[it.uid] = it
	}
	if err := cmd.Close(); err != nil && !refused(err) {
		return nil, err
	}
	items := make([]item, len(uids))
	for i, uid := range uids {
		items[i] = known[uid]
		items[i].uid = uid
	}
	return items, nil
}

// bodies fetches a section of mails, up to limit bytes each. With an error of the server it gives what came before.
func (s *session) bodies(set imap.NumSet, section *imap.FetchItemBodySection, limit int64) (map[uint32]body, error) {
	cmd := s.client.Fetch(set, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	got := make(map[uint32]body)
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		var uid uint32
		var b *body
		for data := msg.Next(); data != nil; data = msg.Next() {
			switch data := data.(type) {
			case imapclient.FetchItemDataUID:
				uid = uint32(data.UID)
			case imapclient.FetchItemDataBodySection:
				if data.Literal == nil || !data.MatchCommand(section) {
					continue
				}
				if b = read(data.Literal, limit); b == nil {
					// The library must not be asked for more: it would read what its own decoder reads by now.
					s.kill()
					return got, errCut
				}
			}
		}
		if uid != 0 && b != nil {
			got[uid] = *b
		}
	}
	return got, cmd.Close()
}

var errCut = errors.New("connection ended within a mail")

// read gives a literal, or nil when the connection ended within it.
func read(literal imap.LiteralReader, limit int64) *body {
	b := &body{size: literal.Size()}
	if b.size > limit {
		b.large = true
		return b
	}
	b.raw = make([]byte, b.size)
	if _, err := io.ReadFull(literal, b.raw); err != nil {
		return nil
	}
	return b
}

// one fetches a section of a single mail in every way there is. Without an error, nil means that the mail is gone.
func (s *session) one(uid uint32, section *imap.FetchItemBodySection, limit int64) (*body, error) {
	got, err := s.bodies(imap.UIDSetNum(imap.UID(uid)), section, limit)
	if b, ok := got[uid]; ok && err == nil {
		return &b, nil
	}
	if err != nil {
		return nil, err
	}
	seq, err := s.locate(uid)
	if err != nil || seq == 0 {
		return nil, err
	}
	// Some servers give the UID behind the text, and then the library cannot tell whose text it is, unless it was asked
	// for by sequence number.
	got, err = s.bodies(imap.SeqSetNum(seq), section, limit)
	if b, ok := got[uid]; ok && err == nil {
		return &b, nil
	}
	if err == nil {
		err = &imap.Error{Type: imap.StatusResponseTypeNo, Text: "The server has the mail and gives no text"}
	}
	return nil, err
}

// locate gives the sequence number of a mail, or 0 when it is gone.
func (s *session) locate(uid uint32) (uint32, error) {
	cmd := s.client.Fetch(imap.UIDSetNum(imap.UID(uid)), &imap.FetchOptions{UID: true})
	var seq uint32
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		seq = msg.SeqNum
	}
	return seq, cmd.Close()
}

// refused tells whether err is the server's NO or BAD, after which the session goes on.
func refused(err error) bool {
	e := (*imap.Error)(nil)
	return errors.As(err, &e)
}

// headerCost stands for a header when batches are planned.
const headerCost = 64 << 10

// plan cuts items into batches for one take each. Order is kept.
func plan(items []item, o Options) [][]item {
	var batches [][]item
	var bytes int64
	for i, it := range items {
		cost := it.size
		if cost > o.MaxSize {
			cost = headerCost
		}
		if i == 0 || len(batches[len(batches)-1]) >= o.BatchMails || bytes+cost > o.BatchBytes {
			batches, bytes = append(batches, nil), 0
		}
		last := len(batches) - 1
		batches[last] = append(batches[last], it)
		bytes += cost
	}
	return batches
}
