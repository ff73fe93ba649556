package mailbox

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/spam"
)

// Protection is what keeps spam, storms and loops from the desk, and the desk from being used against others. The zero
// value is not the usual one: see LoadProtection.
type Protection struct {
	// Spam is how much is put aside as suspect.
	Spam spam.Level `json:"spam"`
	// BelieveFlag says that mail comes through a server that sets X-Spam-Flag and lets no other through.
	BelieveFlag bool `json:"believe_flag"`
	// Mails is how many automatic mails one address gets an hour.
	Mails int `json:"mails"`
	// Tickets is how many tickets one sender makes an hour; what comes after is gathered in one.
	Tickets int `json:"tickets"`
	// People is how many new addresses an hour are a flood, in which no automatic mail goes to any that has not proven
	// itself. A desk that usually has more is held to its own measure.
	People int `json:"people"`
	// Exempt are addresses, or domains as "@example.com", whose tickets are not counted.
	Exempt []string `json:"exempt"`
}

const protectionSetting = "protection"

// The most that a limit can be, and that can be exempt.
const (
	maxLimit  = 100_000
	maxExempt = 200
)

func usualProtection() Protection {
	return Protection{Spam: spam.Cautious, Mails: 5, Tickets: 20, People: 100}
}

// LoadProtection gives what is set, or what is usual.
func LoadProtection(ctx context.Context, tx *db.Tx) (Protection, error) {
	p := usualProtection()
	text, err := db.All[string](ctx, tx, `SELECT value FROM setting WHERE name = $1`, protectionSetting)
	if err != nil || len(text) == 0 {
		return p, err
	}
	return p, json.Unmarshal([]byte(text[0]), &p)
}

// SaveProtection stores it. What is wrong is a field error of spam, mails, tickets, people or exempt.
func SaveProtection(ctx context.Context, tx *db.Tx, by person.Actor, p Protection, remote string) error {
	if !person.Can(by, person.Administer, person.Thing{}) {
		return fault.Denied(i18n.M("Only an administrator can change this."))
	}
	p.Exempt = tidyExempt(p.Exempt)
	if err := fault.Check(p.check()); err != nil {
		return err
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, protectionSetting, string(raw)); err != nil {
		return err
	}
	return person.Audit(ctx, tx, by, "protection changed", "desk", string(raw), remote)
}

func tidyExempt(all []string) []string {
	out := []string{}
	for _, a := range all {
		if a = strings.ToLower(strings.TrimSpace(a)); a != "" && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

func (p Protection) check() (wrong []fault.Field) {
	if !slices.Contains(spam.Levels(), p.Spam) {
		wrong = append(wrong, fault.F("spam", i18n.M("Please choose one of: {{.Values}}.", "Values", "off, cautious, normal, strict")))
	}
	for name, n := range map[string]int{"mails": p.Mails, "tickets": p.Tickets, "people": p.People} {
		if n < 1 || n > maxLimit {
			wrong = append(wrong, fault.F(name, i18n.M("Please give a number from 1 to {{.Most}}.", "Most", maxLimit)))
		}
	}
	if len(p.Exempt) > maxExempt {
		wrong = append(wrong, fault.F("exempt", i18n.M("There can be up to {{.Most}} of them.", "Most", maxExempt)))
	}
	for _, a := range p.Exempt {
		if !person.ValidAddress(strings.TrimPrefix("x"+a, "x@")) && !person.ValidAddress("x"+a) || !strings.Contains(a, "@") {
			wrong = append(wrong, fault.F("exempt", i18n.M("“{{.Address}}” is neither an address nor a domain such as @example.com.", "Address", a)))
			break
		}
	}
	return wrong
}

func (p Protection) exempts(address string) bool {
	at := strings.LastIndexByte(address, '@')
	return at > 0 && (slices.Contains(p.Exempt, address) || slices.Contains(p.Exempt, address[at:]))
}

// guard is the protection as a batch of mails finds it.
type guard struct {
	Protection
	learnt spam.Count // mails that people judged
}

func loadGuard(ctx context.Context, tx *db.Tx) (*guard, error) {
	p, err := LoadProtection(ctx, tx)
	if err != nil {
		return nil, err
	}
	all, err := db.All[spam.Count](ctx, tx, `SELECT spam, ham FROM spam_word WHERE word = ''`)
	if err != nil {
		return nil, err
	}
	g := &guard{Protection: p}
	if len(all) > 0 {
		g.learnt = all[0]
	}
	return g, nil
}
