package desk

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// typed is what a form held that has to be changed, and what is wrong with it. The zero value is a page that was asked for.
type typed struct {
	reply, replyError         string
	held                      bool // the composer shows what was typed, not what was taken back
	lines                     addressLines
	wrongLines                wrongLines
	follow                    bool
	warnings                  *warned
	then                      string  // what was to follow the answer that is warned of
	macros                    string  // ids of those whose texts are in the reply, with spaces between them
	replyHTML                 string  // of a text that was put in
	consent                   consent // before the risky ones
	fine                      bool    // nothing is wrong: a page that begins with something written
	note, noteError           string
	subject, subjectError     string
	tag, tagError             string
	follower, followerError   string
	personNote                PersonNote
	clash                     *clash // what somebody else set meanwhile
	link, linkKind, linkError string
	// other is wrong with something that has no place of its own on the page.
	other string
}

func (t typed) wrong() bool { return t != typed{} }

// ticket answers GET /tickets/{number}.
func (d *Desk) ticket(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	return d.ticketPage(w, r, v, number, readPlace(r.URL.Query()), typed{})
}

// again shows the page of a ticket once more after a form that has to be changed; any other error passes.
func (d *Desk) again(w http.ResponseWriter, r *http.Request, v page.Visit, number int64, err error, put func(t *typed, message string)) error {
	return d.againWith(w, r, v, number, err, func(t *typed, wrong map[string]string) {
		for _, message := range wrong {
			put(t, message)
		}
	})
}

// againWith is again for forms with several fields that may be wrong.
func (d *Desk) againWith(w http.ResponseWriter, r *http.Request, v page.Visit, number int64, err error, put func(t *typed, wrong map[string]string)) error {
	if c := (*clash)(nil); errors.As(err, &c) {
		return d.ticketPage(w, r, v, number, placeOf(r, number), typed{clash: c})
	}
	wrong, ok := page.FieldErrors(r.Context(), err)
	if !ok {
		return err
	}
	var t typed
	put(&t, wrong)
	return d.ticketPage(w, r, v, number, placeOf(r, number), t)
}

// placeOf is the list beside the page that a form was sent from.
func placeOf(r *http.Request, number int64) (p place) {
	if _, q, ok := strings.Cut(returnTo(r, number), "?"); ok {
		p = readPlaceText(q)
	}
	return p
}

func (d *Desk) ticketPage(w http.ResponseWriter, r *http.Request, v page.Visit, number int64, p place, t typed) error {
	ctx := r.Context()
	how := readShowing(r)
	if r.Method != http.MethodGet {
		_, q, _ := strings.Cut(returnTo(r, number), "?")
		how = readShowingText(q)
	}
	if r.Method == http.MethodGet && !v.Ahead && asks(v, "timeline") {
		if err := d.readNotices(ctx, v, number); err != nil {
			return err
		}
	}
	var view TicketView
	err := d.read(ctx, v, func(l *look) (err error) {
		if view, err = d.ticketView(ctx, l, number, p, how); err != nil {
			return err
		}
		view.Composer.Macros, err = d.macroLines(ctx, l, t)
		view.Composer.Consent = t.consent
		return err
	})
	if err != nil {
		return err
	}
	// Whoever has the page open keeps what they are typing; whoever comes is taken to where it goes on.
	if j := view.Joined; j != nil && j.Into != 0 && r.Method == http.MethodGet && v.Fragments == nil && !r.URL.Query().Has("alone") {
		d.Site.Tell(w, i18n.T(ctx, "#{{.Number}} is part of #{{.Into}} now.", "Number", number, "Into", j.Into))
		return page.Goto(w, r, at(ticketURL(j.Into), p.query()))
	}
	view.Nonce = page.AllowStyle(w)
	status := http.StatusOK
	if t.wrong() {
		if !t.fine {
			status = http.StatusUnprocessableEntity
		}
		view.take(t)
	}
	if c := t.clash; c != nil {
		status = http.StatusConflict
		if view.Conflict, err = d.versions(ctx, view, *c); err != nil {
			return err
		}
	}
	parts := pieces{"ticket-head": TicketHeadFragment(view), "timeline": TimelineFragment(view), "composer": ComposerFragment(view), "side": FactsFragment(view), "conflict": ConflictFragment(view)}
	if view.List != nil {
		parts["list"] = ListFragment(*view.List)
	}
	return d.show(w, r, v, status, view.Frame, TicketPage(view), parts)
}

// take puts back what was typed.
func (v *TicketView) take(t typed) {
	if t.held {
		c := &v.Composer
		c.Reply, c.ReplyHTML, c.ReplyError, c.Wrong, c.Follow = t.reply, t.replyHTML, t.replyError, t.wrongLines, t.follow
		if t.warnings != nil {
			c.Warnings, c.Then = t.warnings.all, t.then
		}
		if r := c.ReplyDraft; lines(t.reply) == r.text {
			c.ReplyHTML = r.html // what was typed is the draft now
		}
		if t.lines != (addressLines{}) || t.wrongLines.any() {
			c.To, c.CC, c.BCC = t.lines.To, t.lines.CC, t.lines.BCC
		}
	}
	if t.noteError != "" {
		c := &v.Composer
		if c.Note, c.NoteError, c.OnNote = t.note, t.noteError, true; lines(t.note) != c.NoteDraft.text {
			c.NoteHTML = ""
		}
	}
	v.SubjectError = t.subjectError
	v.Side.TagValue, v.Side.TagError = t.tag, t.tagError
	v.Side.LinkValue, v.Side.LinkKind, v.Side.LinkError = t.link, t.linkKind, t.linkError
	v.Side.FollowerValue, v.Side.FollowerError = t.follower, t.followerError
	v.Side.Typed = t.personNote
	if t.other != "" {
		v.Frame.Flash = append(v.Frame.Flash, page.Note{Text: t.other, Bad: true})
	}
}

// ticketView fills the page of a ticket. Lists and counts are left out when only other fragments are wanted.
func (d *Desk) ticketView(ctx context.Context, l *look, number int64, p place, how showing) (TicketView, error) {
	v := l.visit
	t, err := ticket.Get(ctx, l.tx, v.Actor, person.SeeTicket, number)
	if err != nil {
		return TicketView{}, err
	}
	if p, _, err = l.open(ctx, p); err != nil {
		return TicketView{}, err
	}
	view := TicketView{
		Frame: Frame{Site: d.Site.Name, Flash: v.Flash, Now: clock.Now()}, Number: t.ID, Subject: t.Subject, Kind: string(t.Kind), Status: string(t.Status), Priority: string(t.Priority),
		Channel: channelShown(t.Channel), Turn: turnShown(t.Turn), Since: since(t), Created: t.CreatedAt, Topic: page.TicketTopic(t.ID), Mine: t.AssigneeID == v.Actor.ID,
		ReadOnly: !person.Can(v.Actor, person.ChangeTicket, t.Thing()), Back: NavBack{Label: p.view().title(ctx), URL: p.url()},
	}
	if asks(v, "views", "list") {
		if view.Frame, err = d.frame(ctx, l, p.here()); err != nil {
			return view, err
		}
	}
	var suggestions []ListRow
	if asks(v, "list", "side") {
		list, err := d.listView(ctx, l, view.Frame, p, paneRows)
		if err != nil {
			return view, err
		}
		list.Open, view.List, suggestions = t.ID, &list, list.Rows
	}
	if view.Pinned, err = person.Pinned(ctx, l.tx, v.Actor.ID, placeOfTicket(t.ID)); err != nil {
		return view, err
	}
	c, err := d.conversation(ctx, l, t, p, how)
	if err != nil {
		return view, err
	}
	c.fill(ctx, &view)
	if view.Hard, err = d.hardOn(ctx, l, t); err != nil {
		return view, err
	}
	if view.Files, err = fileStrip(ctx, l.tx, t); err != nil {
		return view, err
	}
	if view.Hint, err = d.hint(ctx, l, t); err != nil {
		return view, err
	}
	if view.Aside, err = d.aside(ctx, l, t); err != nil {
		return view, err
	}
	if view.Joined, err = d.joined(ctx, l, t); err != nil {
		return view, err
	}
	view.ReadOnly = view.ReadOnly || view.Joined != nil
	if view.PutAside, err = d.putAside(ctx, l, t); err != nil {
		return view, err
	}
	if view.Proposals, err = d.proposals(ctx, l, t); err != nil {
		return view, err
	}
	if view.Side, err = d.side(ctx, l, t); err != nil {
		return view, err
	}
	view.Presence = presenceView(t.ID, d.Site.Others(v, t.ID))
	view.Side.TagSuggestions = suggestedTags(suggestions, view.Side.Tags)
	view.Composer = composer(ctx, view.Side, c.follower)
	if view.LiveChat, err = liveChat(ctx, l.tx, t); err != nil {
		return view, err
	}
	if t.Channel == ticket.ByChat {
		view.Composer.NoReply = "" // the page of whoever asks is a way to them, without any address
	}
	if err := d.showDrafts(ctx, l, t, &view, how.draft); err != nil {
		return view, err
	}
	return view, d.showHeld(ctx, l, t, &view)
}

// since is when the wait began that a ticket's turn is about.
func since(t ticket.Ticket) clock.Instant {
	switch {
	case t.Turn == ticket.Ours && t.WaitingSince != 0:
		return t.WaitingSince
	case t.ClosedAt != 0:
		return t.ClosedAt
	case t.SolvedAt != 0:
		return t.SolvedAt
	}
	return t.ActivityAt
}

// channelShown is a channel in the words of the views.
func channelShown(c ticket.Channel) string {
	if c == ticket.ByForm {
		return "web"
	}
	return string(c)
}

// composer is the place to answer, with everybody to whom an answer goes.
func composer(ctx context.Context, s Side, followers []string) Composer {
	c := Composer{FirstName: firstName(s.Person.Name), MaxBytes: page.MaxFiles}
	for _, a := range s.Person.Addresses {
		if a.Primary {
			usual := usualLines(a.Address, followers)
			c.To, c.CC = usual.To, usual.CC
		}
	}
	if c.To == "" && len(followers) > 0 { // somebody without an address, whom others speak for
		c.CC = strings.Join(followers, ", ")
	} else if c.To == "" {
		c.NoReply = i18n.T(ctx, "There is no address yet to which an answer to {{.Name}} could go. Add one on their page.", "Name", s.Person.Name)
	}
	return c
}

// hint tells of the tickets that this one speaks of, as far as the visitor may know of them.
func (d *Desk) hint(ctx context.Context, l *look, t ticket.Ticket) (*Hint, error) {
	args := db.Args{t.ID, ticket.Quotes}
	ids, err := db.All[int64](ctx, l.tx, `SELECT r.other_id FROM ticket_relation r JOIN ticket t ON t.id = r.other_id
		WHERE r.ticket_id = $1 AND r.kind = $2 AND `+person.Visible(l.visit.Actor, person.SeeTicket, &args)+` ORDER BY r.other_id`, args...)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return &Hint{Quotes: ids}, nil
}
