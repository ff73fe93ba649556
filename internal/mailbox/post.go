package mailbox

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/mailauth"
	"goodturn/internal/mailmsg"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
	"goodturn/internal/transport/smtp"
)

// Post moves the mail of all mailboxes. The program builds one, puts its Hook on the desk, calls Handlers and
// then Run. What is not marked as optional is required. Its methods are safe for concurrent use.
type Post struct {
	DB    *db.DB
	Blobs *blob.Store
	Key   *secret.Signer
	Desk  *ticket.Desk
	Queue *job.Queue
	Log   *slog.Logger

	// Data is the data folder, in which the spool lies. Optional: without it there is no pipe.
	Data string
	// PublicURL is where browsers find the desk, without a slash at its end.
	PublicURL func() string
	// Default sends for mailboxes without an account of their own. Optional.
	Default Sender
	// Domain is what this machine calls itself to mail servers. Optional.
	Domain string
	// Language and Zone are the desk's own, for people who have not said theirs. Optional: English, UTC.
	Language string
	Zone     *time.Location
	// LookupTXT asks the DNS for the TXT records of a name. Optional: the resolver of the system.
	LookupTXT func(ctx context.Context, name string) ([]string, error)
	// Auth finds out who vouches for a mail. Its zero value will do.
	Auth mailauth.Checker
	// Writers say what letters of a kind say (QueueLetter).
	Writers map[string]LetterWriter
	// Receipt gives, in order, what the mail says that confirms a request, after that it has come.
	Receipt []ReceiptPart
	// Hold is until when the mail of a new answer to somebody waits, since a page may show it to them before; 0 for not at all. Optional.
	Hold func(ctx context.Context, tx *db.Tx, t ticket.Ticket, personID int64) (clock.Instant, error)
	// Called gives the name under which an organisation (0 for nobody's) knows the desk; "" for none. Optional: mailboxes' names stand alone.
	Called func(organisationID int64) string
	// RootCAs may sign the certificates of mail servers. Optional: those of the system.
	RootCAs *x509.CertPool
	// Helping knows people whom others ask for help. Optional.
	Helping Helping
	// Answered takes what came back to an invitation of ours, from an address ("" for none); false for what is not ours. Optional.
	Answered func(ctx context.Context, tx *db.Tx, from string, c *mailmsg.Calendar) (bool, error)
	// Papercut notes something small that was mailed to its own address. Optional; what it refuses with a fault is filed as any mail.
	Papercut func(ctx context.Context, tx *db.Tx, m PapercutMail) error

	addresses atomic.Pointer[directory]
	keys      keyFolder
	intake    intake
	arrived   signal          // a mail waits
	saved     signal          // a mailbox changed
	stuck     map[string]bool // files of the spool that cannot be taken away

	mu      sync.Mutex
	pools   map[smtp.Account]*smtp.Pool
	tokens  map[int64]tokens // of mailboxes that sign in by tokens
	sending map[int64]bool   // deliveries that a job is busy with
}

// Sender is an address with the account that its mail goes out through.
type Sender struct {
	Address string
	Name    string
	Sending Sending
}

// signal wakes one waiter, and is remembered while nobody waits. The zero value is ready.
type signal struct {
	once sync.Once
	c    chan struct{}
}

func (s *signal) channel() chan struct{} {
	s.once.Do(func() { s.c = make(chan struct{}, 1) })
	return s.c
}

func (s *signal) wake() {
	select {
	case s.channel() <- struct{}{}:
	default:
	}
}

// changed makes everything look at the mailboxes anew.
func (p *Post) changed() {
	p.addresses.Store(nil)
	p.saved.wake()
}

// locale is the language and zone that mails are written in and tickets get their own words in.
func (p *Post) locale(ctx context.Context, language, zone string) context.Context {
	at := p.Zone
	if z, err := time.LoadLocation(zone); err == nil && zone != "" {
		at = z
	}
	if language == "" {
		language = p.Language
	}
	return i18n.With(ctx, language, at)
}

// Handlers names the handlers of our jobs on the queue. It is called once, before the queue runs.
func (p *Post) Handlers() {
	p.Queue.Handle(deliveryJob, p.deliver)
	if p.Writers == nil {
		p.Writers = map[string]LetterWriter{}
	}
	p.Writers[KindReceipt] = p.receipt
	p.Queue.Handle(letterJob, p.sendLetter)
	p.Queue.Handle(requesterLetterJob, p.sendRequesterLetter)
	p.Queue.Handle(invitationJob, p.sendInvitation)
	p.Queue.Handle(handoffJob, p.sendHandoffLetter)
}

// Run reads what was taken in, fetches from the IMAP accounts of all active mailboxes and takes what the
// pipe left in the spool, until ctx ends. It returns early only when it cannot begin.
func (p *Post) Run(ctx context.Context) error {
	if _, err := p.loadDirectory(ctx); err != nil {
		return fmt.Errorf("load the mailboxes: %w", err)
	}
	loops := []func(context.Context){p.process, p.watch}
	if p.Data != "" {
		if err := PrepareSpool(p.Data); err != nil {
			return fmt.Errorf("prepare the spool: %w", err)
		}
		loops = append(loops, p.watchSpool)
	}
	var wg sync.WaitGroup
	for _, loop := range loops {
		wg.Go(func() { loop(ctx) })
	}
	wg.Wait()
	p.closePools()
	if err := ctx.Err(); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}
