// Package imap takes mail in from a folder on an IMAP server (RFC 3501, RFC 9051), and keeps doing so.
//
// It remembers two numbers, the folder's UIDVALIDITY and the last UID that was taken, and asks for whatever is above. So
// an outage of any length loses nothing. New mail is noticed by IDLE (RFC 2177) and, beside it or where the server lacks
// it, by looking from time to time.
//
//	account := imap.Account{Host: "imap.example.org", Port: 993, Security: dial.TLS, User: "help", Password: secret}
//	take := func(ctx context.Context, s imap.State, mails []imap.Mail) error { return storeBoth(ctx, s, mails) }
//	err := imap.Run(ctx, account, state, imap.Options{MarkSeen: true}, take, report) // until ctx ends
//
// Invariants: take gets mails together with the State to store in the same transaction; nothing is marked or moved on the
// server before take returned nil; what take did not accept comes again; a mail the server cannot or will not give holds
// back no other, and becomes a Mail with a Problem in the end. The same mail may come twice (a new UIDVALIDITY, a kill
// between the server's answer and ours), so whoever takes has to recognise it.
package imap

import (
	"context"
	"crypto/x509"
	"time"

	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/oauth"
)

// Account is how to reach a folder.
type Account struct {
	Host               string
	Port               int // 993 for TLS, 143 for STARTTLS
	Security           dial.Security
	User               string
	Password           string
	Tokens             *oauth.Source  // to sign in with instead of Password; nil: with Password
	Folder             string         // INBOX when empty
	RootCAs            *x509.CertPool // nil: those of the system
	InsecureSkipVerify bool
}

func (a Account) target() dial.Target {
	return dial.Target{Host: a.Host, Port: a.Port, Security: a.Security, RootCAs: a.RootCAs, InsecureSkipVerify: a.InsecureSkipVerify}
}

func (a Account) folder() string { return or(a.Folder, "INBOX") }

// State says up to where the folder was taken. The zero value means from its beginning.
type State struct {
	UIDValidity uint32 // RFC 3501 §2.3.1.1; another one means that UIDs count anew
	LastUID     uint32 // all mails up to here were taken
}

// Mail is one mail of the folder.
type Mail struct {
	UID      uint32
	Raw      []byte
	Received time.Time // the server's; zero when it does not say
	Size     int64     // bytes on the server, of which Raw has fewer when Truncated
	// Truncated says that Raw is the header alone, or nothing: the mail is larger than Options.MaxSize or cannot be read.
	Truncated bool
	Problem   string // why the server did not give the mail, in its words; empty for a mail that is only too large
}

// Options are how to watch. The zero value is useful.
type Options struct {
	Poll       time.Duration // between two looks where the server lacks IDLE; 60 s when 0
	Recheck    time.Duration // between two looks beside IDLE, at most 25 min; 5 min when 0
	MaxSize    int64         // bytes of a mail that is fetched whole; 50 MiB when 0
	BatchMails int           // mails for one take; 50 when 0
	BatchBytes int64         // bytes for one take, unless a single mail has more; 16 MiB when 0
	Attempts   int           // how often a mail is asked for before it becomes one with a Problem; 8 when 0
	Patience   time.Duration // with a server that owes an answer and sends nothing; 100 s when 0
	MarkSeen   bool          // set \Seen on what was taken
	// Since leaves what is older in the folder: whenever its UIDs are new, reading begins with the first mail that the server
	// received after it, some minutes earlier because clocks differ. The zero value means from the beginning.
	Since    time.Time
	MoveTo   string        // move what was taken to this folder, which is made when missing; empty: leave it
	RetryMin time.Duration // first pause of Run after a failure; 1 s when 0
	RetryMax time.Duration // longest pause of Run; 2 min when 0
}

func (o Options) complete() Options {
	o.Poll = or(o.Poll, time.Minute)
	o.Recheck = min(or(o.Recheck, 5*time.Minute), 25*time.Minute) // RFC 2177: servers may hang up after 30
	o.MaxSize = or(o.MaxSize, 50<<20)
	o.BatchMails = or(o.BatchMails, 50)
	o.BatchBytes = or(o.BatchBytes, 16<<20)
	o.Attempts = or(o.Attempts, 8)
	o.Patience = or(o.Patience, 100*time.Second)
	o.RetryMin = or(o.RetryMin, time.Second)
	o.RetryMax = or(o.RetryMax, 2*time.Minute)
	return o
}

// readOnly tells whether nothing is to be changed on the server.
func (o Options) readOnly() bool { return !o.MarkSeen && o.MoveTo == "" }

// Take makes mails durable and stores s in the same transaction. Its error leaves everything on the server as it is.
type Take func(ctx context.Context, s State, mails []Mail) error

func or[T comparable](value, fallback T) T {
	if value == *new(T) {
		return fallback
	}
	return value
}
