// Package mailbox is where mail becomes tickets and answers become mail.
//
// A Mailbox is an address of the desk with the account that its mail is fetched from and the one that its
// answers are sent through. A Post moves the mail of all of them. In: Take makes raw mails durable (bytes
// in a blob, then a row), a processor reads the rows and files each as a ticket, an answer or a note. Out:
// Hook writes a row a recipient in the transaction of the answer, and a job composes and sends the mail.
//
// Invariants: Take returns only when the mail would survive a power cut; a row leaves the state "waiting"
// in the transaction that makes its message, so every mail becomes exactly one message whatever is killed
// when; the same mail twice makes one message; a mail that cannot be read becomes a ticket with the raw
// file; a mail joins a ticket only by our signed reply address or Message-ID and only from somebody who may
// write there; an answer keeps one Message-ID over all tries; nothing automatic is answered.
//
//	post := &mailbox.Post{DB: d, Blobs: blobs, Key: key, Desk: desk, Queue: queue, Log: log, Data: dataDir, PublicURL: url}
//	desk.Hooks = append(desk.Hooks, post.Hook())
//	post.Handlers()
//	go post.Run(ctx)
//	err := post.Take(ctx, []mailbox.Incoming{{From: from, To: to, Raw: raw, Source: mailbox.SourceLMTP}})
package mailbox

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/secret"
	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/oauth"
)

// Mailbox is an address of the desk.
type Mailbox struct {
	ID         int64
	Address    string // lower case
	Name       string // what requesters see as the sender, "IT help desk"
	TeamID     int64  // gets the tickets
	Active     bool   // takes mail in; answers to its tickets go out in any case
	NoReceipt  bool   // what comes is not confirmed by a mail
	Subaddress bool   // mail to help+anything@ arrives too, which makes answers thread safely
	// AuthservID is the name that the mailbox's own mail server puts in Authentication-Results (RFC 8601 §2.5). Of a field
	// with that name on top of a mail, what it says of the sender is believed. "" believes nobody.
	AuthservID string
	FromName   FromName
	Signature  string // stands below each answer; may hold SignatureVariables
	Receiving  Receiving
	Sending    Sending
	OAuth      OAuth // how to sign in to both where that is not by a password
	Health     Health
}

// Receiving is the IMAP account that mail is fetched from. Without a Host nothing is fetched: the mail
// comes by the listener or the pipe.
type Receiving struct {
	Host     string
	Port     int // 0: 993 for TLS, else 143
	Security dial.Security
	User     string
	Password secret.Redacted
	Folders  []string // that are read; none is INBOX
	All      bool     // a folder that is new here is read from its beginning; otherwise from the moment it is saved
	MoveTo   string   // where mail goes that was taken; "" leaves it, marked as seen

	tokens *oauth.Source // instead of Password
}

// Sending is the SMTP account that answers go out through. Without a Host the desk's default is used.
type Sending struct {
	Host     string
	Port     int // 0: 465 for TLS, else 587
	Security dial.Security
	User     string // "" for a server that asks for no name
	Password secret.Redacted

	tokens *oauth.Source // where there is no Password
}

// row is a Mailbox as it is stored.
type row struct {
	ID         int64
	Address    string
	Name       string
	TeamID     int64
	Active     bool
	Subaddress bool
	NoReceipt  bool
	AuthservID string
	FromName   FromName
	Signature  string
	Receiving  string
	Sending    string
	LastMailAt clock.Instant
	OAuth      string `db:"oauth"`
	GrantedAt  clock.Instant
}

const rowColumns = `id, address, name, team_id, active, subaddress, no_receipt, authserv_id, from_name, signature, receiving, sending, last_mail_at, oauth, granted_at`

// stored is an account in JSON. Password is sealed.
type stored struct {
	Host     string        `json:"host,omitempty"`
	Port     int           `json:"port,omitempty"`
	Security dial.Security `json:"security,omitempty"`
	User     string        `json:"user,omitempty"`
	Password string        `json:"password,omitempty"`
	Folder   string        `json:"folder,omitempty"` // of before there were several
	Folders  []string      `json:"folders,omitempty"`
	All      bool          `json:"all,omitempty"`
	MoveTo   string        `json:"move_to,omitempty"`
}

// List gives all mailboxes, the oldest first.
func (p *Post) List(ctx context.Context, tx *db.Tx) ([]Mailbox, error) {
	rows, err := db.All[row](ctx, tx, `SELECT `+rowColumns+` FROM mailbox ORDER BY id`)
	if err != nil {
		return nil, err
	}
	folders, err := db.All[folderRow](ctx, tx, `SELECT `+folderColumns+` FROM mailbox_folder ORDER BY id`)
	if err != nil {
		return nil, err
	}
	out := make([]Mailbox, len(rows))
	for i, r := range rows {
		if out[i], err = p.open(r); err != nil {
			return nil, err
		}
		out[i].healthOf(folders)
	}
	return out, nil
}

// Get gives one mailbox, or fault.NotFound.
func (p *Post) Get(ctx context.Context, tx *db.Tx, id int64) (Mailbox, error) {
	r, err := db.One[row](ctx, tx, `SELECT `+rowColumns+` FROM mailbox WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return Mailbox{}, fault.NotFound(i18n.M("There is no such mailbox."))
	}
	if err != nil {
		return Mailbox{}, err
	}
	m, err := p.open(r)
	if err != nil {
		return m, err
	}
	folders, err := db.All[folderRow](ctx, tx, `SELECT `+folderColumns+` FROM mailbox_folder WHERE mailbox_id = $1 ORDER BY id`, id)
	m.healthOf(folders)
	return m, err
}

func (p *Post) open(r row) (Mailbox, error) {
	m := Mailbox{
		ID: r.ID, Address: r.Address, Name: r.Name, TeamID: r.TeamID, Active: r.Active, Subaddress: r.Subaddress, NoReceipt: r.NoReceipt, AuthservID: r.AuthservID,
		FromName: r.FromName, Signature: r.Signature,
		Health: Health{LastMailAt: r.LastMailAt},
	}
	in, inPassword, err := p.unseal(r.Receiving, purpose(r.ID, "imap"))
	if err != nil {
		return m, fmt.Errorf("read the receiving account of %s: %w", r.Address, err)
	}
	out, outPassword, err := p.unseal(r.Sending, purpose(r.ID, "smtp"))
	if err != nil {
		return m, fmt.Errorf("read the sending account of %s: %w", r.Address, err)
	}
	if m.OAuth, err = p.openOAuth(r.ID, r.OAuth, r.GrantedAt); err != nil {
		return m, fmt.Errorf("read how %s signs in: %w", r.Address, err)
	}
	if in.Folder != "" {
		in.Folders = []string{in.Folder}
	}
	m.Receiving = Receiving{Host: in.Host, Port: in.Port, Security: in.Security, User: in.User, Password: inPassword, Folders: tidyFolders(in.Folders), All: in.All, MoveTo: in.MoveTo}
	m.Sending = Sending{Host: out.Host, Port: out.Port, Security: out.Security, User: out.User, Password: outPassword}
	m.giveTokens(p.tokensOf(m.ID, m.OAuth))
	return m, nil
}

func (p *Post) unseal(text, purpose string) (s stored, password secret.Redacted, err error) {
	if text == "" {
		return s, "", nil
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, "", err
	}
	if s.Password == "" {
		return s, "", nil
	}
	sealed, err := base64.StdEncoding.DecodeString(s.Password)
	if err != nil {
		return s, "", err
	}
	plain, err := p.Key.Open(purpose, sealed)
	return s, secret.Redacted(plain), err
}

func (p *Post) seal(s stored, password secret.Redacted, purpose string) (string, error) {
	if password != "" {
		s.Password = base64.StdEncoding.EncodeToString(p.Key.Seal(purpose, []byte(password.Reveal())))
	}
	raw, err := json.Marshal(s)
	return string(raw), err
}

func purpose(id int64, account string) string { return fmt.Sprintf("mailbox %d %s", id, account) }
