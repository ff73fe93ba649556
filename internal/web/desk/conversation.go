package desk

import (
	"context"
	"slices"
	"strings"

	"goodturn/internal/care"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/routing"
	"goodturn/internal/stint"
	"goodturn/internal/thanks"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui"
)

// conversation is all that is needed to show what happened to a ticket.
type conversation struct {
	ticket   ticket.Ticket
	site     string
	bodies   *bodies
	showing  showing
	place    place   // of the list beside the ticket
	stretch  stretch // the part of it that is shown
	reading  reading
	messages []ticket.Message
	events   []ticket.Event
	files    map[int64][]ticket.Attachment // by message
	fates    map[int64][]Fate              // by message
	raw      map[int64]bool                // messages whose mail is kept
	facts    map[int64]mailbox.Facts       // by message
	who      names
	teams    map[int64]string // names of those that the visitor may know of
	kin      kin
	now      clock.Instant
	rules    ruled
	folds    bool                  // strong language is folded
	cards    map[int64]thanks.Card // what messages were taken for, by message
	// follower are the addresses of those who get copies.
	follower []string
}

// conversation loads what was said and done, as far as it is to be shown.
func (d *Desk) conversation(ctx context.Context, l *look, t ticket.Ticket, p place, how showing) (c conversation, err error) {
	tx := l.tx
	c = conversation{ticket: t, now: tx.Now, showing: how, place: p, bodies: &d.bodies, site: orElse(d.Site.Name, "Goodturn"), files: map[int64][]ticket.Attachment{}, fates: map[int64][]Fate{}, raw: map[int64]bool{}, teams: map[int64]string{}}
	if l.visit.Fragments == nil {
		how.since = 0 // only a page that brings itself up to date goes on from where it was opened
	}
	if c.reading, err = readingOf(ctx, tx, l.visit.Actor, t, how.since); err != nil {
		return c, err
	}
	if how.message != 0 {
		if how.stretch, err = stretchAround(ctx, tx, t, how.message); err != nil {
			return c, err
		}
	}
	c.stretch = how.stretch.chosen(t.Messages, c.reading)
	if err := c.loadSaid(ctx, tx); err != nil {
		return c, err
	}
	if err := c.loadFiles(ctx, tx); err != nil {
		return c, err
	}
	if err := c.loadKin(ctx, l); err != nil {
		return c, err
	}
	if d.Fates != nil {
		fates, err := d.Fates(ctx, tx, t.ID)
		if err != nil {
			return c, err
		}
		for _, f := range fates {
			c.fates[f.MessageID] = append(c.fates[f.MessageID], f)
		}
	}
	if d.Facts != nil {
		if c.facts, err = d.Facts(ctx, tx, t.ID); err != nil {
			return c, err
		}
	}
	teams, err := l.allTeams(ctx)
	if err != nil {
		return c, err
	}
	for _, x := range teams {
		c.teams[x.ID] = x.Name
	}
	if c.follower, err = followerAddresses(ctx, tx, t.ID); err != nil {
		return c, err
	}
	if c.folds, err = folds(ctx, tx); err != nil {
		return c, err
	}
	if !t.IsOpen { // only then is there something to take back
		if c.cards, err = thanks.OfMessage(ctx, tx, t.ID); err != nil {
			return c, err
		}
	}
	if c.rules, err = loadRules(ctx, tx, l.visit.Actor, c.events); err != nil {
		return c, err
	}
	c.who, err = loadNames(ctx, tx, c.people())
	return c, err
}

// loadFiles loads what hangs on the messages shown: files, and which of their mails are kept.
func (c *conversation) loadFiles(ctx context.Context, tx *db.Tx) error {
	last := c.stretch.last(c.ticket.Messages)
	files, err := ticket.AttachmentsBetween(ctx, tx, c.ticket.ID, c.stretch.from, last)
	if err != nil {
		return err
	}
	for _, f := range files {
		c.files[f.MessageID] = append(c.files[f.MessageID], f)
	}
	raw, err := db.All[int64](ctx, tx, `SELECT r.message_id FROM message m JOIN mail r ON r.message_id = m.id WHERE m.ticket_id = $1 AND m.seq >= $2 AND m.seq <= $3`, c.ticket.ID, c.stretch.from, last)
	for _, id := range raw {
		c.raw[id] = true
	}
	return err
}

// people are all whose names are told.
func (c *conversation) people() []int64 {
	ids := []int64{c.ticket.RequesterID}
	for _, m := range c.messages {
		ids = append(ids, m.AuthorID)
	}
	for _, e := range c.events {
		ids = append(ids, e.PersonID)
		switch e.What {
		case ticket.Assigned, ticket.Followed, ticket.LinkRevoked, ticket.LookAsked, ticket.HandedBack, ticket.Offer:
			ids = append(ids, idOf(e.FromValue), idOf(e.ToValue))
		}
		if r, ok := routing.ReadReason(e.Cause); ok {
			ids = append(ids, r.Away)
		}
	}
	return ids
}

// entries is the timeline in the order of the spine.
func (c *conversation) entries(ctx context.Context) []Entry {
	byID := make(map[int64]*ticket.Message, len(c.messages))
	for i := range c.messages {
		byID[c.messages[i].ID] = &c.messages[i]
	}
	out := make([]Entry, 0, len(c.events))
	shown := 0
	c.askFirst()
	told := map[int64]bool{}
	for _, e := range ticket.StillTold(c.events) {
		told[e.ID] = true
	}
	for i, e := range c.events {
		switch e.What {
		case ticket.Messaged, ticket.Noted:
			if m := byID[e.MessageID]; m != nil {
				said := c.message(ctx, *m)
				if said.Ours && e.PersonID != 0 && m.AuthorID != 0 && e.PersonID != m.AuthorID {
					said.SentBy, said.Reviewed = c.who.full(e.PersonID, ""), e.Cause == stint.CauseReview
				}
				if e.RuleID != 0 {
					said.SentBy = c.rules.name(ctx, e.RuleID)
				}
				out = append(out, Entry{Message: said})
				delete(byID, m.ID)
				shown++
			}
		default:
			if kin, ok := c.kinEvent(ctx, e); ok {
				out = append(out, Entry{Event: &kin})
			} else if text, why := c.words(ctx, i); text != "" {
				line := Event{Text: text, At: e.At, Why: why}
				if told[e.ID] {
					line.Undo = ticketAction(e.TicketID, "tellings/"+decimal(e.ID)+"/removal")
				}
				if card, ok := c.cards[e.MessageID]; ok && e.What == ticket.Thanked {
					line.Undo, line.UndoText = ticketAction(e.TicketID, "thanks/"+decimal(card.ID)+"/reopening"), i18n.T(ctx, "No, reopen")
				}
				c.rules.tell(ctx, e, &line)
				out = append(out, Entry{Event: &line})
			}
		}
	}
	if shown == len(c.messages) {
		return out
	}
	// Messages whose event lies beyond what was loaded come first: they are the older ones.
	var lost []Entry
	for _, m := range c.messages {
		if byID[m.ID] != nil {
			lost = append(lost, Entry{Message: c.message(ctx, m)})
		}
	}
	return append(lost, out...)
}

// askFirst puts the first message before what was set when the ticket was made: first somebody asks.
func (c *conversation) askFirst() {
	if len(c.events) == 0 || c.events[0].What != ticket.Created {
		return
	}
	for i, e := range c.events {
		if e.At != c.events[0].At {
			return
		}
		if e.What == ticket.Messaged {
			c.events = slices.Insert(slices.Delete(c.events, i, i+1), 1, e)
			return
		}
	}
}

// message is a message as the page shows it.
func (c *conversation) message(ctx context.Context, m ticket.Message) *Message {
	out := &Message{
		ID: m.ID, Seq: m.Seq, Author: c.who.full(m.AuthorID, c.site), Ours: !m.Inbound, Note: m.Internal, At: m.CreatedAt, Channel: channelShown(m.Channel), Text: m.Text, Quoted: m.Quoted,
	}
	out.Strong = c.folds && m.Inbound && care.Look(m.Text).Any()
	if f, ok := c.facts[m.ID]; ok {
		out.Head = mailHead(ctx, f)
		out.Suspect = doubtWords(ctx, string(f.Doubt), out.Author)
	}
	inline := c.addBody(m, out)
	if out.Mail == nil && strings.TrimSpace(m.Text) == "" && m.HTML == "" && m.Quoted == "" && len(c.files[m.ID]) == 0 {
		out.Text = i18n.T(ctx, "(This message is empty.)")
	}
	for _, f := range c.files[m.ID] {
		if f.ContentID != "" && inline[f.ContentID] {
			continue
		}
		out.Attachments = append(out.Attachments, attachmentShown(f))
	}
	if c.raw[m.ID] {
		out.RawURL = ticketAction(m.TicketID, "messages/"+decimal(m.ID)+"/raw")
	}
	if c.kin.subjects[m.HomeID] != "" {
		out.Home = m.HomeID
	}
	c.addFate(ctx, m, out)
	c.fold(out, m.Automatic)
	return out
}

// addBody shows the HTML of a mail where it says more than its text, unless the reader wants the text. It gives the
// pictures that stand in it.
func (c *conversation) addBody(m ticket.Message, out *Message) (inline map[string]bool) {
	pictures := slices.Contains(c.showing.pictures, m.ID)
	shown := c.bodies.of(m, c.files[m.ID], pictures)
	if !shown.Rich {
		return nil
	}
	if slices.Contains(c.showing.plain, m.ID) {
		out.FormattedURL = c.shownAs(m, inPlain, false)
		return nil
	}
	out.Mail = &ui.Mail{ID: "b" + decimal(m.ID), Key: "closed", HTML: shown.HTML, Rest: shown.Rest, CSS: shown.CSS, Paper: shown.Paper, Text: m.Text}
	if pictures {
		out.Mail.Key = "pictures"
	} else if len(shown.Remote) > 0 {
		out.Pictures, out.PicturesURL = len(shown.Remote), c.shownAs(m, inPictures, true)
	}
	if strings.TrimSpace(m.Text) != "" {
		out.PlainURL = c.shownAs(m, inPlain, true)
	}
	return shown.Inline
}

// shownAs is the address of the same page with one message shown in another way.
func (c *conversation) shownAs(m ticket.Message, list func(*showing) *[]int64, add bool) string {
	how := c.showing.with(list, m.ID, add)
	how.stretch = c.stretch
	return c.url(how) + "#m" + decimal(m.ID)
}

// url is the address of the page in which the conversation is shown in some way.
func (c *conversation) url(how showing) string {
	return at(ticketURL(c.ticket.ID), strings.Trim(c.place.query()+"&"+how.query(), "&"))
}

func fileURL(f ticket.Attachment) string {
	return ticketAction(f.TicketID, "files/"+decimal(f.ID))
}

// addFate tells of the mail that went worst, and to whom all went when that is not the requester alone.
func (c *conversation) addFate(ctx context.Context, m ticket.Message, out *Message) {
	fates := c.fates[m.ID]
	if len(fates) == 0 {
		return
	}
	worst := fates[0]
	var to addressLines
	for _, f := range fates {
		if f.badness() > worst.badness() {
			worst = f
		}
		to.add(f)
	}
	if len(fates) > 1 || worst.PersonID != c.ticket.RequesterID {
		out.To = to.all(ctx)
	}
	out.Delivery = worst.shown(m.TicketID)
}

// badness orders the fates: sent, on its way, on its way after a try that went wrong, given up.
func (f Fate) badness() int {
	switch {
	case f.State == "sent":
		return 0
	case f.State == "queued" && f.Reason == "":
		return 1
	case f.State == "queued":
		return 2
	}
	return 3
}

// shown is a fate as the page tells it: one that waits after a try that went wrong is a failure with a next try.
func (f Fate) shown(ticketID int64) *Delivery {
	d := &Delivery{State: f.State, At: f.At}
	if f.badness() < 2 {
		return d
	}
	d.State, d.Reason = "failed", strings.TrimRight(f.Reason, ".")
	if f.State == "queued" {
		d.NextTry = f.NextAt
	}
	d.RetryURL = ticketAction(ticketID, "deliveries/"+decimal(f.ID)+"/again")
	return d
}
