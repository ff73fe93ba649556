package outage

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Subject is whose a private feed address is.
type Subject string

// The subjects.
const (
	OfPerson       Subject = "person"
	OfOrganisation Subject = "organisation"
)

const feedPurpose = "outage feed"

// FeedToken is the secret of the feed address of a person or an organisation. It is made of the installation's key and how often it was
// renewed, so that nothing secret is stored.
func (b *Board) FeedToken(ctx context.Context, tx *db.Tx, of Subject, id int64) (string, error) {
	n, err := renewed(ctx, tx, of, id)
	if err != nil {
		return "", err
	}
	who := string(of[:1]) + strconv.FormatInt(id, 10)
	return who + "." + b.Key.Sign(feedPurpose, feedText(who, n)), nil
}

func feedText(who string, n int64) []byte { return []byte(who + " " + strconv.FormatInt(n, 10)) }

func renewed(ctx context.Context, tx *db.Tx, of Subject, id int64) (int64, error) {
	return db.One[int64](ctx, tx, `SELECT coalesce((SELECT renewed FROM outage_feed WHERE subject = $1 AND id = $2), 0)`, of, id)
}

// RenewFeed ends the feed address of a person or an organisation; FeedToken gives another from then on.
func (b *Board) RenewFeed(ctx context.Context, tx *db.Tx, of Subject, id int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO outage_feed (subject, id, renewed) VALUES ($1, $2, 1) ON CONFLICT (subject, id) DO UPDATE SET renewed = outage_feed.renewed + 1`, of, id)
	return err
}

// FeedCircle gives the circle of whoever has a private feed address: that of the person as they are now, or of the organisation. A token
// that was renewed, forged, or is of somebody whose account ended is not found.
func (b *Board) FeedCircle(ctx context.Context, tx *db.Tx, token string) (person.Circle, error) {
	none := fault.NotFound(i18n.M("This address is no longer good."))
	who, sign, _ := strings.Cut(token, ".")
	if len(who) < 2 {
		return person.Circle{}, none
	}
	of := OfPerson
	if who[0] == OfOrganisation[0] {
		of = OfOrganisation
	}
	id, err := strconv.ParseInt(who[1:], 10, 64)
	if err != nil {
		return person.Circle{}, none
	}
	n, err := renewed(ctx, tx, of, id)
	if err != nil {
		return person.Circle{}, err
	}
	if who[0] != of[0] || !b.Key.Verify(feedPurpose, feedText(who, n), sign) {
		return person.Circle{}, none
	}
	if of == OfPerson {
		p, err := person.Get(ctx, tx, id)
		if err != nil || !p.Active || p.MergedInto != 0 {
			return person.Circle{}, none
		}
		return person.CircleOf(ctx, tx, id)
	}
	if _, err := person.OrganisationByID(ctx, tx, id); err != nil {
		return person.Circle{}, none
	}
	c, err := person.CircleOf(ctx, tx, 0)
	c.OrganisationID = id
	return c, err
}

// Feed is what programs read of how things stand.
type Feed struct {
	// Name is what the desk is called, Root its address without a slash at the end, Self the feed's own.
	Name, Root, Self string
	Standing         Standing
}

// Entries of a feed are the news and the beginnings of what is shown: at most this many, the newest first.
const mostEntries = 60

// entry is one thing that a feed tells.
type entry struct {
	id, title, text, link string
	at, published         clock.Instant
}

// entries gives what a feed tells, the newest first.
func (f Feed) entries(ctx context.Context) (all []entry) {
	for _, part := range [][]Shown{f.Standing.Now, f.Standing.Planned, f.Standing.Past} {
		for _, o := range part {
			link := fmt.Sprintf("%s/status/%d", f.Root, o.ID)
			for _, u := range o.Updates {
				all = append(all, entry{fmt.Sprintf("%s#%d", link, u.ID), updateTitle(ctx, o, u), updateText(ctx, u), link, u.At, u.At})
			}
			all = append(all, entry{link, beginTitle(ctx, o), beginText(ctx, o), link, o.CreatedAt, o.CreatedAt})
		}
	}
	// Newest first; of one moment, the news of an outage before its beginning.
	for i := 1; i < len(all); i++ {
		for j := i; j > 0 && all[j].at > all[j-1].at; j-- {
			all[j], all[j-1] = all[j-1], all[j]
		}
	}
	return all[:min(len(all), mostEntries)]
}

func beginTitle(ctx context.Context, o Shown) string {
	if o.Planned {
		return i18n.T(ctx, "Planned: {{.Span}}", "Span", o.Title)
	}
	return o.Title
}

func beginText(ctx context.Context, o Shown) string {
	var all []string
	if o.Planned {
		all = append(all, i18n.DateTime(ctx, o.SinceAt)+" – "+i18n.DateTime(ctx, o.UntilAt))
	}
	if o.What != "" {
		all = append(all, o.What)
	}
	return strings.Join(all, "\n\n")
}

func updateTitle(ctx context.Context, o Shown, u Update) string {
	switch u.Kind {
	case OverUpdate:
		return i18n.T(ctx, "Over: {{.Title}}", "Title", o.Title)
	case CancelledUpdate:
		return i18n.T(ctx, "Called off: {{.Title}}", "Title", o.Title)
	}
	return i18n.T(ctx, "News: {{.Title}}", "Title", o.Title)
}

func updateText(ctx context.Context, u Update) string {
	text := u.Text
	if u.NextAt != 0 {
		text += "\n\n" + i18n.T(ctx, "Next news: {{.When}}", "When", i18n.DateTime(ctx, u.NextAt))
	}
	return strings.TrimSpace(text)
}

type atomText struct {
	Type string `xml:"type,attr,omitempty"`
	Text string `xml:",chardata"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Title     string     `xml:"title"`
	ID        string     `xml:"id"`
	Links     []atomLink `xml:"link"`
	Published string     `xml:"published"`
	Updated   string     `xml:"updated"`
	Content   *atomText  `xml:"content,omitempty"`
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Links   []atomLink  `xml:"link"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Entries []atomEntry `xml:"entry"`
}

// Atom writes a feed as RFC 4287.
func (f Feed) Atom(ctx context.Context) ([]byte, error) {
	out := atomFeed{
		Lang: i18n.LangOf(ctx), Title: f.title(ctx), ID: f.Root + "/status", Author: f.Name, Updated: f.Standing.ChangedAt.Time().Format(time.RFC3339),
		Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: f.Self}, {Rel: "alternate", Type: "text/html", Href: f.Root + "/status"}},
	}
	for _, e := range f.entries(ctx) {
		x := atomEntry{Title: e.title, ID: e.id, Links: []atomLink{{Rel: "alternate", Type: "text/html", Href: e.link}}, Published: e.published.Time().Format(time.RFC3339), Updated: e.at.Time().Format(time.RFC3339)}
		if e.text != "" {
			x.Content = &atomText{Type: "text", Text: e.text}
		} else {
			x.Content = &atomText{Type: "text", Text: e.title}
		}
		out.Entries = append(out.Entries, x)
	}
	return written(out)
}

type rssItem struct {
	Title       string  `xml:"title"`
	Link        string  `xml:"link"`
	Description string  `xml:"description,omitempty"`
	Date        string  `xml:"pubDate"`
	GUID        rssGUID `xml:"guid"`
}

type rssGUID struct {
	Permanent bool   `xml:"isPermaLink,attr"`
	Text      string `xml:",chardata"`
}

type rssFeed struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Channel struct {
		Title       string    `xml:"title"`
		Link        string    `xml:"link"`
		Description string    `xml:"description"`
		Language    string    `xml:"language"`
		Built       string    `xml:"lastBuildDate"`
		Items       []rssItem `xml:"item"`
	} `xml:"channel"`
}

// RSS writes a feed as RSS 2.0.
func (f Feed) RSS(ctx context.Context) ([]byte, error) {
	out := rssFeed{Version: "2.0"}
	c := &out.Channel
	c.Title, c.Link, c.Description, c.Language, c.Built = f.title(ctx), f.Root+"/status", f.title(ctx), i18n.LangOf(ctx), rssDate(f.Standing.ChangedAt)
	for _, e := range f.entries(ctx) {
		c.Items = append(c.Items, rssItem{Title: e.title, Link: e.link, Description: escaped(e.text), Date: rssDate(e.published), GUID: rssGUID{e.id == e.link, e.id}})
	}
	return written(out)
}

// escaped makes HTML of plain text: readers of RSS take a description for HTML.
func escaped(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text))
	return strings.ReplaceAll(b.String(), "&#xA;", "<br>")
}

func rssDate(at clock.Instant) string { return at.Time().Format("Mon, 02 Jan 2006 15:04:05 +0000") }

func (f Feed) title(ctx context.Context) string {
	return i18n.T(ctx, "{{.Site}}: how things stand", "Site", f.Name)
}

func written(v any) ([]byte, error) {
	raw, err := xml.MarshalIndent(v, "", " ")
	return append([]byte(xml.Header), raw...), err
}

// Calendar writes the planned work of a feed as RFC 5545. An entry keeps its UID for good; SEQUENCE grows with each change, and what was
// called off says so.
func (f Feed) Calendar(ctx context.Context, key string) ([]byte, error) {
	c := ical.NewCalendarFor("Goodturn")
	c.SetMethod(ical.MethodPublish)
	c.SetXWRCalName(f.title(ctx))
	c.SetRefreshInterval("PT1H")
	for _, part := range [][]Shown{f.Standing.Now, f.Standing.Planned, f.Standing.Past} {
		for _, o := range part {
			if !o.Planned {
				continue
			}
			e := c.AddEvent(fmt.Sprintf("outage-%d-%s@goodturn", o.ID, key))
			e.SetDtStampTime(o.ChangedAt.Time())
			e.SetCreatedTime(o.CreatedAt.Time())
			e.SetModifiedAt(o.ChangedAt.Time())
			e.SetSequence(int(o.Changed))
			e.SetStartAt(o.SinceAt.Time())
			end := o.UntilAt
			if o.State == Over && o.OverAt > o.SinceAt {
				end = min(end, o.OverAt)
			}
			e.SetEndAt(end.Time())
			e.SetSummary(o.Title)
			if o.What != "" {
				e.SetDescription(o.What)
			}
			e.SetURL(fmt.Sprintf("%s/status/%d", f.Root, o.ID))
			e.SetTimeTransparency(ical.TransparencyTransparent)
			e.SetStatus(ical.ObjectStatusConfirmed)
			if o.State == Cancelled {
				e.SetStatus(ical.ObjectStatusCancelled)
			}
		}
	}
	return []byte(c.Serialize(ical.WithNewLineWindows)), nil
}

// CalendarKey tells the desk's calendar entries from those of other desks, for good.
func (b *Board) CalendarKey() string { return b.Key.Sign("outage calendar", nil)[:12] }
