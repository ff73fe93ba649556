package mailbox

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/transport/dial"
)

// Save adds a mailbox (ID 0) or changes it, and gives its id. An empty password keeps the stored one, as
// long as host and user stay. What is wrong is a field error of address, name, team, authserv_id, from_name, signature, receiving_host,
// receiving_port, receiving_security, receiving_user, receiving_password, receiving_folder,
// receiving_move_to, sending_host, sending_port, sending_security, sending_user, sending_password, sign_in,
// oauth_flow, oauth_tenant, oauth_client_id, oauth_client_secret, oauth_auth_url, oauth_token_url or
// oauth_scopes.
func (p *Post) Save(ctx context.Context, tx *db.Tx, by person.Actor, m Mailbox, remote string) (int64, error) {
	if !person.Can(by, person.Administer, person.Thing{}) {
		return 0, fault.Denied(i18n.M("Only an administrator can change mailboxes."))
	}
	m.tidy()
	var was Mailbox
	if m.ID == 0 {
		m.OAuth.GrantedAt = 0
	} else {
		if err := tx.Lock(ctx, "mailbox", m.ID); err != nil {
			return 0, err
		}
		var err error
		if was, err = p.Get(ctx, tx, m.ID); err != nil {
			return 0, err
		}
		m.keepOAuth(was)
		m.keepPasswords(was)
	}
	wrong := m.check()
	more, err := m.checkStored(ctx, tx)
	if err != nil {
		return 0, err
	}
	if err := fault.Check(append(wrong, more...)); err != nil {
		return 0, err
	}
	if m.ID, err = p.store(ctx, tx, m, was); err != nil {
		return 0, err
	}
	tx.AfterCommit(p.changed)
	return m.ID, person.Audit(ctx, tx, by, "mailbox changed", "mailbox "+strconv.FormatInt(m.ID, 10), m.Address, remote)
}

func (m *Mailbox) tidy() {
	m.Address, m.Name = person.FoldAddress(m.Address), person.CleanName(m.Name)
	m.AuthservID = strings.ToLower(strings.TrimSpace(m.AuthservID))
	m.FromName, m.Signature = FromName(orElse(string(m.FromName), string(FromBoth))), plainText(strings.TrimSpace(strings.ReplaceAll(m.Signature, "\r\n", "\n")))
	r, s := &m.Receiving, &m.Sending
	for _, v := range []*string{&r.Host, &r.User, &r.MoveTo, &s.Host, &s.User} {
		*v = strings.TrimSpace(*v)
	}
	if r.Host == "" {
		*r = Receiving{}
	} else {
		r.Folders = tidyFolders(r.Folders)
		r.Security = orTLS(r.Security)
		r.Port = orPort(r.Port, r.Security, 993, 143)
	}
	if s.Host == "" {
		*s = Sending{}
	} else {
		s.Security = orTLS(s.Security)
		s.Port = orPort(s.Port, s.Security, 465, 587)
	}
	m.tidyOAuth()
}

func orTLS(s dial.Security) dial.Security {
	if s == "" {
		return dial.TLS
	}
	return s
}

func orPort(port int, s dial.Security, tls, other int) int {
	switch {
	case port != 0:
		return port
	case s == dial.TLS:
		return tls
	}
	return other
}

// keepPasswords lets a form leave passwords empty. They never go to another server or user than those
// they were given for. With tokens an empty one means to use them, unless a password was stored beside them.
func (m *Mailbox) keepPasswords(was Mailbox) {
	if m.OAuth.Provider != Password {
		if was.OAuth.Provider == m.OAuth.Provider && m.Sending.Password == "" && m.Sending.Host == was.Sending.Host && m.Sending.User == was.Sending.User {
			m.Sending.Password = was.Sending.Password
		}
		return
	}
	if m.Receiving.Password == "" && m.Receiving.Host == was.Receiving.Host && m.Receiving.User == was.Receiving.User {
		m.Receiving.Password = was.Receiving.Password
	}
	if m.Sending.Password == "" && m.Sending.Host == was.Sending.Host && m.Sending.User == was.Sending.User {
		m.Sending.Password = was.Sending.Password
	}
}

// Longest names that servers are known to take.
const (
	maxHost = 253
	maxUser = 320
)

// check finds what is wrong with the fields by themselves.
func (m *Mailbox) check() (wrong []fault.Field) {
	add := func(bad bool, name string, text i18n.Text) {
		if bad {
			wrong = append(wrong, fault.F(name, text))
		}
	}
	add(!person.ValidAddress(m.Address), "address", i18n.M("“{{.Address}}” is not a mail address. One looks like name@example.com.", "Address", m.Address))
	local, _, _ := strings.Cut(m.Address, "@")
	add(m.Subaddress && len(local) > maxLocal, "address", i18n.M("The part before the @ may have up to {{.Limit}} characters where mail to {{.Example}} is to arrive.", "Limit", maxLocal, "Example", subaddressOf(m.Address, "…")))
	add(m.Name == "", "name", i18n.M("Please give a name."))
	add(!validHost(m.AuthservID), "authserv_id", i18n.M("“{{.Name}}” is not such a name. It is one word, most often the name of the server: mx.example.com.", "Name", m.AuthservID))
	add(!slices.Contains(FromNames(), m.FromName), "from_name", i18n.M("Please choose one of: {{.Values}}.", "Values", "both, mailbox, agent"))
	wrong = append(wrong, checkSignature(m.Signature)...)
	r, s := m.Receiving, m.Sending
	if r.Host != "" {
		add(!validHost(r.Host), "receiving_host", i18n.M("“{{.Host}}” is not the name of a server. One looks like mail.example.com.", "Host", r.Host))
		add(r.Port < 1 || r.Port > 65535, "receiving_port", i18n.M("Please give a number from 1 to 65535."))
		add(!validSecurity(r.Security), "receiving_security", i18n.M("Please choose one of: {{.Values}}.", "Values", "tls, starttls, none"))
		add(r.User == "", "receiving_user", i18n.M("Please give the user name of the account."))
		add(!validText(r.User, maxUser), "receiving_user", i18n.M("This is too long, or holds characters that cannot be typed."))
		add(r.User != "" && r.Password == "" && m.OAuth.Provider == Password, "receiving_password", i18n.M("Please give the password of the account."))
	}
	if s.Host != "" {
		add(!validHost(s.Host), "sending_host", i18n.M("“{{.Host}}” is not the name of a server. One looks like mail.example.com.", "Host", s.Host))
		add(s.Port < 1 || s.Port > 65535, "sending_port", i18n.M("Please give a number from 1 to 65535."))
		add(!validSecurity(s.Security), "sending_security", i18n.M("Please choose one of: {{.Values}}.", "Values", "tls, starttls, none"))
		add(!validText(s.User, maxUser), "sending_user", i18n.M("This is too long, or holds characters that cannot be typed."))
		add(s.User != "" && s.Password == "" && m.OAuth.Provider == Password, "sending_password", i18n.M("Please give the password of the account."))
	}
	if r.Host != "" {
		wrong = append(wrong, m.checkFolders()...)
	}
	return append(wrong, m.checkOAuth()...)
}

func validSecurity(s dial.Security) bool {
	return s == dial.TLS || s == dial.StartTLS || s == dial.None
}

func validText(s string, limit int) bool {
	return len(s) <= limit && strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) < 0
}

func validHost(h string) bool {
	return len(h) <= maxHost && !strings.ContainsAny(h, " \t\r\n/@,;\"<>\x00")
}

// checkStored finds what is wrong beside what is there already.
func (m *Mailbox) checkStored(ctx context.Context, tx *db.Tx) (wrong []fault.Field, err error) {
	team, err := db.Exists(ctx, tx, `SELECT 1 FROM team WHERE id = $1`, m.TeamID)
	if err != nil {
		return nil, err
	}
	if !team {
		wrong = append(wrong, fault.F("team", i18n.M("Please choose one of the teams.")))
	}
	persons, err := db.Exists(ctx, tx, `SELECT 1 FROM person_address WHERE address = $1`, m.Address)
	if err != nil {
		return nil, err
	}
	if !persons && m.Subaddress {
		local, domain, _ := strings.Cut(m.Address, "@")
		persons, err = db.Exists(ctx, tx, `SELECT 1 FROM person_address WHERE substr(address, 1, $1) = $2 AND substr(address, length(address) - $3 + 1) = $4`,
			len([]rune(local))+1, local+"+", len([]rune(domain))+1, "@"+domain)
		if err != nil {
			return nil, err
		}
	}
	if persons {
		wrong = append(wrong, fault.F("address", i18n.M("{{.Address}} belongs to a person. A mailbox needs an address of its own.", "Address", m.Address)))
	}
	other, err := db.Exists(ctx, tx, `SELECT 1 FROM mailbox WHERE address = $1 AND id <> $2`, m.Address, m.ID)
	if other {
		wrong = append(wrong, fault.F("address", i18n.M("There is a mailbox with this address already.")))
	}
	return wrong, err
}

// store writes the row. Its id is in the purpose that the passwords are sealed for, so a new one is made
// first.
func (p *Post) store(ctx context.Context, tx *db.Tx, m, was Mailbox) (id int64, err error) {
	if m.ID == 0 {
		m.ID, err = db.One[int64](ctx, tx, `INSERT INTO mailbox (address, name, team_id, active, subaddress, receiving, sending, created_at)
			VALUES ($1, $2, $3, $4, $5, '', '', $6) RETURNING id`, m.Address, m.Name, m.TeamID, m.Active, m.Subaddress, tx.Now)
		if errors.Is(err, db.ErrUnique) {
			err = fault.Invalid(fault.F("address", i18n.M("There is a mailbox with this address already.")))
		}
		if err != nil {
			return 0, err
		}
	}
	r, s := m.Receiving, m.Sending
	receiving, err := p.seal(stored{Host: r.Host, Port: r.Port, Security: r.Security, User: r.User, Folders: r.Folders, All: r.All, MoveTo: r.MoveTo}, r.Password, purpose(m.ID, "imap"))
	if err != nil {
		return 0, err
	}
	sending, err := p.seal(stored{Host: s.Host, Port: s.Port, Security: s.Security, User: s.User}, s.Password, purpose(m.ID, "smtp"))
	if err != nil {
		return 0, err
	}
	signIn, err := p.sealOAuth(m.ID, m.OAuth)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `UPDATE mailbox SET address = $2, name = $3, team_id = $4, active = $5, subaddress = $6, receiving = $7, sending = $8, authserv_id = $11, from_name = $12, signature = $13, no_receipt = $14, oauth = $9,
		refresh_token = CASE WHEN CAST($10 AS BIGINT) = 0 THEN '' ELSE refresh_token END, granted_at = $10 WHERE id = $1`,
		m.ID, m.Address, m.Name, m.TeamID, m.Active, m.Subaddress, receiving, sending, signIn, m.OAuth.GrantedAt, m.AuthservID, m.FromName, m.Signature, m.NoReceipt)
	if err != nil {
		return 0, err
	}
	if err := forgetTrouble(ctx, tx, m.ID); err != nil {
		return 0, err
	}
	return m.ID, placeFolders(ctx, tx, m, was)
}
