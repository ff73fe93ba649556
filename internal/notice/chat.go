package notice

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/httpout"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
)

// Program is a chat program, or one that takes the same form of messages.
type Program string

// The programs.
const (
	Slack      Program = "slack"
	Mattermost Program = "mattermost"
	Teams      Program = "teams"
)

// Programs lists them.
func Programs() []Program { return []Program{Slack, Mattermost, Teams} }

// Name is what a program is called.
func (p Program) Name() string {
	switch p {
	case Slack:
		return "Slack"
	case Mattermost:
		return "Mattermost"
	}
	return "Microsoft Teams"
}

// Hook is where a chat takes what is told: somebody's own, or a channel of a team. Its address is a secret: whoever knows it can write
// there. Only its host is ever shown.
type Hook struct {
	ID         int64
	PersonID   int64 // whose own it is; 0 for a channel
	TeamID     int64 // of a channel
	Name       string
	Program    Program `db:"form"`
	Host       string
	Kinds      string // of a channel, parted by spaces: ChannelKinds
	Filter     string // of which tickets; "" for all of the team
	Everywhere bool   // of other teams' tickets too, never of private ones
	Language   string
	Active     bool
	MadeBy     int64
	CreatedAt  clock.Instant
	SaidAt     clock.Instant // when a message last arrived; 0 for never
	FailingAt  clock.Instant // since when none does; 0 for all is well
	Tries      int64         // in vain since then
	NextAt     clock.Instant // when it is tried again
	Error      string        // why, for Trouble
	ToldAt     clock.Instant // when whoever made it was told

	TeamSlug, TeamName string
}

const hookColumns = `h.id, coalesce(h.person_id, 0) AS person_id, coalesce(h.team_id, 0) AS team_id, h.name, h.form, h.host, h.kinds, h.filter, h.everywhere, h.language, h.active,
	h.made_by, h.created_at, h.said_at, h.failing_at, h.tries, h.next_at, h.error, h.told_at, coalesce(m.slug, '') AS team_slug, coalesce(m.name, '') AS team_name`

const hookFrom = ` FROM chat_hook h LEFT JOIN team m ON m.id = h.team_id `

// Tells tells whether a channel is told of a kind.
func (h Hook) Tells(k Kind) bool { return slices.Contains(strings.Fields(h.Kinds), string(k)) }

// Page is the path of the page where a hook is set.
func (h Hook) Page() string {
	if h.PersonID != 0 {
		return "/account/chat"
	}
	return fmt.Sprintf("/channels/%d", h.ID)
}

// OwnHook gives somebody's own chat; its ID is 0 when they have none.
func OwnHook(ctx context.Context, tx *db.Tx, personID int64) (Hook, error) {
	h, err := db.One[Hook](ctx, tx, `SELECT `+hookColumns+hookFrom+`WHERE h.person_id = $1`, personID)
	if errors.Is(err, db.ErrNoRow) {
		return Hook{}, nil
	}
	return h, err
}

// Channels lists the channels of the teams that an actor may know of, by team and name.
func Channels(ctx context.Context, tx *db.Tx, a person.Actor) ([]Hook, error) {
	if !person.Can(a, person.ManageChannels, person.Thing{}) {
		return nil, fault.Denied(i18n.M("Channels are set by those who lead."))
	}
	all, err := db.All[Hook](ctx, tx, `SELECT `+hookColumns+hookFrom+`WHERE h.team_id IS NOT NULL ORDER BY m.name, h.name, h.id`)
	return slices.DeleteFunc(all, func(h Hook) bool { return !person.Can(a, person.ManageChannels, person.Thing{TeamID: h.TeamID}) }), err
}

// Channel gives one of them.
func Channel(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Hook, error) {
	h, err := db.One[Hook](ctx, tx, `SELECT `+hookColumns+hookFrom+`WHERE h.id = $1 AND h.team_id IS NOT NULL`, id)
	if errors.Is(err, db.ErrNoRow) || err == nil && !person.Can(a, person.ManageChannels, person.Thing{TeamID: h.TeamID}) {
		return Hook{}, fault.NotFound(i18n.M("There is no such channel."))
	}
	return h, err
}

// SaveOwn keeps somebody's own chat. address is the one that the chat program gave, or "" to keep the one that is stored. What is wrong
// is a field error: address or form.
func (c *Center) SaveOwn(ctx context.Context, tx *db.Tx, a person.Actor, p Program, address secret.Redacted) error {
	h, err := OwnHook(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	h.PersonID, h.Program, h.Active = a.ID, p, true
	_, err = c.saveHook(ctx, tx, a, h, address, nil)
	return err
}

// SaveChannel adds a channel (ID 0) or changes it, and gives its id. address is as for SaveOwn. What is wrong is a field error: name,
// team, address, form, kinds or filter.
func (c *Center) SaveChannel(ctx context.Context, tx *db.Tx, a person.Actor, h Hook, address secret.Redacted) (int64, error) {
	if h.ID != 0 {
		kept, err := Channel(ctx, tx, a, h.ID)
		if err != nil {
			return 0, err
		}
		h.Host, h.TeamID = kept.Host, kept.TeamID
	}
	var wrong []fault.Field
	if h.Name = person.CleanName(h.Name); h.Name == "" {
		wrong = append(wrong, fault.F("name", i18n.M("Please give a name.")))
	}
	if h.TeamID == 0 || !person.Can(a, person.ManageChannels, person.Thing{TeamID: h.TeamID}) {
		wrong = append(wrong, fault.F("team", i18n.M("Please choose one of the teams.")))
	}
	var kinds []string
	for _, k := range ChannelKinds() {
		if h.Tells(k) {
			kinds = append(kinds, string(k))
		}
	}
	if h.Kinds = strings.Join(kinds, " "); len(kinds) == 0 {
		wrong = append(wrong, fault.F("kinds", i18n.M("Please choose at least one thing that the channel is told.")))
	}
	h.Filter = strings.TrimSpace(h.Filter)
	if err := ticket.CheckFilter(ctx, tx, person.System, h.Filter); err != nil {
		bad, ok := fault.Of(err)
		if !ok || bad.Kind != fault.KindInvalid {
			return 0, err
		}
		for _, f := range bad.Fields {
			wrong = append(wrong, fault.F("filter", f.Message))
		}
	}
	return c.saveHook(ctx, tx, a, h, address, wrong)
}

func (c *Center) saveHook(ctx context.Context, tx *db.Tx, a person.Actor, h Hook, address secret.Redacted, wrong []fault.Field) (int64, error) {
	if address != "" {
		u, faults := c.readAddress(address, &h)
		wrong = append(wrong, faults...)
		if u != nil {
			h.Host = u.Hostname()
		}
	} else if h.ID == 0 {
		wrong = append(wrong, fault.F("address", i18n.M("Please paste the address that the chat program gave you.")))
	}
	if h.Program != "" && !slices.Contains(Programs(), h.Program) || h.Program == "" && address == "" && h.ID != 0 {
		wrong = append(wrong, fault.F("form", i18n.M("Please choose the chat program.")))
	}
	if err := fault.Check(wrong); err != nil {
		return 0, err
	}
	var team, who any
	if h.PersonID != 0 {
		who = h.PersonID
	} else {
		team = h.TeamID
	}
	var err error
	if h.ID == 0 {
		h.ID, err = db.One[int64](ctx, tx, `INSERT INTO chat_hook (person_id, team_id, name, form, host, address, kinds, filter, everywhere, language, active, made_by, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id`,
			who, team, h.Name, h.Program, h.Host, []byte{}, h.Kinds, h.Filter, h.Everywhere, i18n.LangOf(ctx), h.Active, a.ID, tx.Now)
	} else {
		_, err = tx.Exec(ctx, `UPDATE chat_hook SET name = $2, form = $3, host = $4, kinds = $5, filter = $6, everywhere = $7, active = $8, language = $9 WHERE id = $1`,
			h.ID, h.Name, h.Program, h.Host, h.Kinds, h.Filter, h.Everywhere, h.Active, i18n.LangOf(ctx))
	}
	if err != nil {
		return 0, err
	}
	if address != "" {
		sealed := c.Key.Seal(hookPurpose(h.ID), []byte(address.Reveal()))
		_, err = tx.Exec(ctx, `UPDATE chat_hook SET address = $2, failing_at = 0, tries = 0, next_at = 0, error = '', told_at = 0 WHERE id = $1`, h.ID, sealed)
	}
	if err == nil {
		err = c.goOn(ctx, tx, h)
	}
	if err == nil && h.TeamID != 0 {
		err = person.Audit(ctx, tx, a, "chat channel saved", h.Name, h.Program.Name()+" at "+h.Host, "")
	}
	return h.ID, err
}

func hookPurpose(id int64) string { return fmt.Sprintf("chat hook %d", id) }

// longestAddress is in bytes; those of Teams have several hundred.
const longestAddress = 2000

// readAddress judges an address before it is kept, and finds the program by it when none was chosen.
func (c *Center) readAddress(address secret.Redacted, h *Hook) (*url.URL, []fault.Field) {
	text := strings.TrimSpace(address.Reveal())
	u, err := url.Parse(text)
	switch {
	case err != nil || len(text) > longestAddress || u.Hostname() == "" || u.User != nil:
		return nil, []fault.Field{fault.F("address", i18n.M("This is not an address that can be called. One looks like https://hooks.slack.com/services/…"))}
	case u.Scheme != "https" && !c.Plain:
		return nil, []fault.Field{fault.F("address", i18n.M("The address must begin with https://, so that nobody on the way can read what is told."))}
	case !c.Plain && httpout.Inside(u.Hostname()):
		return nil, []fault.Field{fault.F("address", i18n.M("{{.Host}} is in a private network. The desk calls addresses on the Internet only, so that nobody can use it to reach what is inside.", "Host", u.Hostname()))}
	case !c.Plain && u.Port() != "" && u.Port() != "443":
		return nil, []fault.Field{fault.F("address", i18n.M("The desk calls the usual port of https only (443), not {{.Port}}.", "Port", u.Port()))}
	}
	if h.Program == "" {
		if h.Program = detect(u); h.Program == "" {
			return u, []fault.Field{fault.F("form", i18n.M("The address does not tell which chat program it is. Please choose it."))}
		}
	}
	return u, nil
}

// detect finds the program by its address, or gives "".
func detect(u *url.URL) Program {
	host := strings.ToLower(u.Hostname())
	switch {
	case host == "hooks.slack.com" || host == "hooks.slack-gov.com":
		return Slack
	case strings.HasSuffix(host, ".webhook.office.com") || strings.HasSuffix(host, ".logic.azure.com") || strings.HasSuffix(host, ".api.powerplatform.com"):
		return Teams
	case strings.HasPrefix(u.Path, "/hooks/") || strings.Contains(u.Path, "/mattermost/hooks/"):
		return Mattermost
	case strings.HasSuffix(u.Path, "/slack"): // what other programs call theirs that takes the form of Slack
		return Slack
	}
	return ""
}

// RemoveOwn forgets somebody's own chat.
func RemoveOwn(ctx context.Context, tx *db.Tx, personID int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM chat_hook WHERE person_id = $1`, personID)
	return err
}

// RemoveChannel forgets a channel, and what waited for it.
func RemoveChannel(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	h, err := Channel(ctx, tx, a, id)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM chat_line WHERE hook_id = $1`, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM chat_hook WHERE id = $1`, id); err != nil {
		return err
	}
	return person.Audit(ctx, tx, a, "chat channel removed", h.Name, h.Host, "")
}
