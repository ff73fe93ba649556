package desk

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Warning is something to look at before an answer is sent. Each is told once; "Send anyway" sends.
type Warning struct {
	// Kind names it in the form: the next try says that it was told.
	Kind string
	Text string
	// Said is what was written meanwhile.
	Said []Said
}

// Said is what somebody wrote since a page was shown.
type Said struct {
	Author string
	At     clock.Instant
	Text   string
}

// warned is the error of an answer that should be looked at first.
type warned struct{ all []Warning }

func (w *warned) Error() string { return "the answer should be looked at before it is sent" }

// warn gives *warned when there is something to look at that the form has not been told yet.
func (d *Desk) warn(ctx context.Context, tx *db.Tx, by ticket.By, number int64, m ticket.Draft, r *http.Request) error {
	var all []Warning
	if len(m.Files) == 0 && mentionsFile(newWords(m.Text)) {
		all = append(all, Warning{Kind: "file", Text: i18n.T(ctx, "The text speaks of a file, and there is none with it.")})
	}
	if gap := placeholder.FindString(m.Text); gap != "" {
		all = append(all, Warning{Kind: "gap", Text: i18n.T(ctx, "There is a gap to fill in: “{{.Gap}}”.", "Gap", gap)})
	}
	visitor, err := chatVisitor(ctx, tx, number)
	if err != nil {
		return err
	}
	said, err := d.saidSince(ctx, tx, by, number, idOf(r.PostFormValue("seen")), visitor)
	if err != nil {
		return err
	}
	if len(said) > 0 {
		all = append(all, Warning{Kind: "meanwhile", Text: i18n.T(ctx, "Something was written while you were writing:"), Said: said})
	}
	strangers, err := strangersAmong(ctx, tx, number, m.Recipients)
	if err != nil {
		return err
	}
	if len(strangers) > 0 {
		all = append(all, Warning{Kind: "outside", Text: i18n.T(ctx, "This also goes to {{.Addresses}}, who are new to this ticket and not of the requester's organisation.", "Addresses", strings.Join(strangers, ", "))})
	}
	told := r.PostForm["warned"]
	if !slices.ContainsFunc(all, func(w Warning) bool { return !slices.Contains(told, w.Kind) }) {
		return nil
	}
	for _, kind := range told { // a form shown again must not forget what it was told before
		if !slices.ContainsFunc(all, func(w Warning) bool { return w.Kind == kind }) {
			all = append(all, Warning{Kind: kind})
		}
	}
	return &warned{all}
}

// The words for a file that goes with a mail, in languages that people write in. A word of the language's own ends each.
var fileWords = regexp.MustCompile(`(?i)(^|[^\pL])(attached|attachment|attachments|attaching|enclosed|anbei|angehängt|angehängte[nrs]?|anhang|anhänge|beigefügt|beigefügte[nrs]?|beiliegend|` +
	`ci-joint|ci-jointe|pièces? jointes?|adjunto|adjunta|adjuntos|adjuntas|allegato|allegati|in allegato|bijgevoegd|bijlage|em anexo|anexo|anexado|bifogad|bifogat|bifogar|vedhæftet|vedlagt|w załączniku|załączam|liitteenä)([^\pL]|$)`)

func mentionsFile(text string) bool { return fileWords.MatchString(text) }

// placeholder is a gap that a text was left with.
var placeholder = regexp.MustCompile(`\{\{[^{}\n]{0,60}\}\}|_{3,}|\[\[[^\[\]\n]{1,60}\]\]`)

// newWords are the lines of a text that quote nobody.
func newWords(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), ">") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// maxSaid bounds what a warning shows of each message.
const maxSaid = 400

// saidSince gives the public messages and the waiting answers of others since a message number; 0 asks for nothing.
func (d *Desk) saidSince(ctx context.Context, tx *db.Tx, by ticket.By, number, seen, besides int64) ([]Said, error) {
	if seen == 0 {
		return nil, nil
	}
	type row struct {
		Seq       int64
		AuthorID  int64
		Text      string
		CreatedAt clock.Instant
	}
	rows, err := db.All[row](ctx, tx, `SELECT seq, author_id, text, created_at FROM message WHERE ticket_id = $1 AND seq > $2 AND NOT internal AND NOT automatic AND author_id <> $3 AND author_id <> $4 ORDER BY seq LIMIT 5`, number, seen, by.ID, besides)
	if err != nil {
		return nil, err
	}
	held, err := ticket.HeldOf(ctx, tx, number)
	for _, h := range held {
		if h.SenderID != by.ID {
			rows = append(rows, row{AuthorID: h.AuthorID, Text: h.Draft.Text, CreatedAt: h.HeldAt})
		}
	}
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var ids []int64
	for _, x := range rows {
		ids = append(ids, x.AuthorID)
	}
	who, err := loadNames(ctx, tx, ids)
	var out []Said
	for _, x := range rows {
		text := []rune(strings.TrimSpace(x.Text))
		if len(text) > maxSaid {
			text = append(text[:maxSaid], '…')
		}
		out = append(out, Said{Author: who.full(x.AuthorID, d.Site.Name), At: x.CreatedAt, Text: string(text)})
	}
	return out, err
}

// sharedDomains give everybody an address: two people there have nothing to do with each other.
var sharedDomains = map[string]bool{
	"gmail.com": true, "googlemail.com": true, "outlook.com": true, "hotmail.com": true, "live.com": true, "msn.com": true, "yahoo.com": true, "icloud.com": true, "me.com": true,
	"gmx.de": true, "gmx.net": true, "web.de": true, "t-online.de": true, "freenet.de": true, "proton.me": true, "protonmail.com": true, "aol.com": true, "mail.com": true, "yandex.ru": true, "mail.ru": true,
}

// strangersAmong are the addresses of an answer that are new to a ticket and belong to nobody of the requester's side or the desk.
func strangersAmong(ctx context.Context, tx *db.Tx, number int64, to *ticket.Recipients) ([]string, error) {
	if to == nil {
		return nil, nil
	}
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, number)
	if err != nil {
		return nil, err
	}
	known, err := db.All[string](ctx, tx, `SELECT address FROM person_address WHERE person_id = $2 OR person_id IN (SELECT person_id FROM follower WHERE ticket_id = $1)
		UNION SELECT d.address FROM delivery d JOIN message m ON m.id = d.message_id WHERE m.ticket_id = $1`, number, t.RequesterID)
	if err != nil {
		return nil, err
	}
	domains := map[string]bool{}
	for _, a := range known {
		if _, domain, _ := strings.Cut(a, "@"); !sharedDomains[domain] {
			domains[domain] = true
		}
	}
	var out []string
	for _, x := range slices.Concat(to.To, to.CC, to.BCC) {
		address := person.FoldAddress(x.Address)
		_, domain, _ := strings.Cut(address, "@")
		if domains[domain] || slices.Contains(known, address) {
			continue
		}
		p, err := person.Get(ctx, tx, x.PersonID)
		if err != nil {
			return nil, err
		}
		if p.Role.AtLeast(person.Agent) || t.OrganisationID != 0 && (p.OrganisationID == t.OrganisationID || person.OrganisationOf(ctx, tx, address) == t.OrganisationID) {
			continue
		}
		out = append(out, x.Address)
	}
	return out, nil
}
