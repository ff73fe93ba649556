package desk

import (
	"context"

	"goodturn/internal/clock"
	"goodturn/internal/draft"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/sanitize"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// DraftPart is what the composer tells of the draft in it, beside the text: its files, what another tab or person wrote
// meanwhile, and who was asked for a look.
type DraftPart struct {
	Number int64
	// Which is "reply" or "note".
	Which string
	// ID is 0 where nothing is saved. Foreign says that Author, somebody else, writes it.
	ID      int64
	Foreign bool
	Author  string
	Version int64
	Saved   clock.Instant
	// TakenBack says that it was sent and taken back.
	TakenBack bool
	Files     []DraftFile
	Copies    []DraftCopy
	// Asked says who is looking, or is "". Colleagues may be asked; the first is everybody.
	Asked      string
	Colleagues []ui.Choice
	// Wrong says what is wrong with what was just sent, or is "".
	Wrong string

	text, html string
	lines      addressLines
	follow     bool
	addressed  bool
}

// DraftFile is a file of a draft.
type DraftFile struct {
	ID   int64
	Name string
	// Size is in bytes.
	Size int64
	URL  string
	// Inline says that it is a picture in the text.
	Inline, Picture bool
}

// DraftCopy is a text that was written over.
type DraftCopy struct {
	ID int64
	// Who wrote it, "" for the reader in another tab.
	Who  string
	At   clock.Instant
	Text string
}

// DraftCard is a draft of a colleague who asks for a look.
type DraftCard struct {
	ID, Version int64
	Author      string
	Comment     string
	Text        string
	Mail        *ui.Mail
	To          string
	Files       []DraftFile
	At          clock.Instant
	// EditURL opens it in the composer. MaySend says that the reader may send it.
	EditURL string
	MaySend bool
}

// draftPart is what the composer tells of a draft.
func (d *Desk) draftPart(ctx context.Context, l *look, number int64, which string, k kept) (DraftPart, error) {
	p := DraftPart{Number: number, Which: which}
	if which == "reply" {
		staff, err := l.allStaff(ctx)
		if err != nil {
			return p, err
		}
		p.Colleagues = []ui.Choice{{Value: "", Label: i18n.T(ctx, "anybody on this ticket")}}
		for _, s := range staff {
			if s.ID != l.visit.Actor.ID {
				p.Colleagues = append(p.Colleagues, ui.Choice{Value: decimal(s.ID), Label: s.Name, Chosen: s.ID == k.AskedID})
			}
		}
	}
	if k.ID == 0 {
		return p, nil
	}
	ids := []int64{k.PersonID, k.AskedID}
	for _, c := range k.Copies {
		ids = append(ids, c.EditorID)
	}
	who, err := loadNames(ctx, l.tx, ids)
	if err != nil {
		return p, err
	}
	me := l.visit.Actor.ID
	p.ID, p.Version, p.Saved, p.TakenBack = k.ID, k.Version, k.UpdatedAt, k.TakenBack
	p.Foreign, p.Author = k.PersonID != me, who.full(k.PersonID, d.Site.Name)
	p.text, p.html, p.lines, p.follow, p.addressed = k.Text, k.shownHTML(), addressLines{k.To, k.CC, k.BCC}, k.Follow, k.Addressed
	if k.Shared {
		p.Asked = i18n.T(ctx, "anybody on this ticket")
		if k.AskedID != 0 {
			p.Asked = who.full(k.AskedID, "")
		}
	}
	p.Files = draftFiles(number, k.Files)
	for _, c := range k.Copies {
		shown := DraftCopy{ID: c.ID, At: c.At, Text: c.Text}
		if c.EditorID != me {
			shown.Who = who.full(c.EditorID, "")
		}
		p.Copies = append(p.Copies, shown)
	}
	return p, nil
}

func draftFiles(number int64, files []draft.File) (out []DraftFile) {
	for _, f := range files {
		out = append(out, DraftFile{ID: f.ID, Name: f.Name, Size: f.Size, URL: draftFileURL(number, f.ID), Inline: f.Inline, Picture: page.IsPicture(f.Type)})
	}
	return out
}

// showDrafts puts what the visitor is writing into the composer, and cards of what they are asked to look at on the page.
// open is the draft of a colleague that they have opened, 0 for none.
func (d *Desk) showDrafts(ctx context.Context, l *look, t ticket.Ticket, view *TicketView, open int64) error {
	all, err := draft.On(ctx, l.tx, l.visit.Actor, t.ID)
	if err != nil {
		return err
	}
	var reply, note kept
	for _, x := range all {
		switch {
		case x.PersonID == l.visit.Actor.ID && x.Internal:
			note = kept{x}
		case x.ID == open || (x.PersonID == l.visit.Actor.ID && reply.ID == 0):
			reply = kept{x}
		}
	}
	for _, x := range all {
		if x.PersonID != l.visit.Actor.ID && x.ID != reply.ID {
			if err := d.addCard(ctx, l, t, view, kept{x}); err != nil {
				return err
			}
		}
	}
	c := &view.Composer
	c.Me, c.Seen = l.visit.Actor.ID, t.Messages
	if c.ReplyDraft, err = d.draftPart(ctx, l, t.ID, "reply", reply); err != nil {
		return err
	}
	if c.NoteDraft, err = d.draftPart(ctx, l, t.ID, "note", note); err != nil {
		return err
	}
	c.Reply, c.ReplyHTML, c.Note, c.NoteHTML = c.ReplyDraft.text, c.ReplyDraft.html, c.NoteDraft.text, c.NoteDraft.html
	c.OnNote = note.ID != 0 && reply.ID == 0
	if reply.ID != 0 {
		c.Follow = reply.Follow
		if reply.Addressed {
			c.To, c.CC, c.BCC = reply.To, reply.CC, reply.BCC
		}
	}
	return nil
}

func (d *Desk) addCard(ctx context.Context, l *look, t ticket.Ticket, view *TicketView, k kept) error {
	who, err := loadNames(ctx, l.tx, []int64{k.PersonID})
	if err != nil {
		return err
	}
	card := DraftCard{
		ID: k.ID, Version: k.Version, Author: who.full(k.PersonID, d.Site.Name), Comment: k.Comment, Text: k.Text, Files: draftFiles(t.ID, k.Files), At: k.UpdatedAt,
		EditURL: ticketURL(t.ID) + "?draft=" + decimal(k.ID) + "#composer", MaySend: person.Can(l.visit.Actor, person.SendDraft, t.Thing()), Mail: writtenBody("d"+decimal(k.ID), k.Text, k.HTML, k.pictureURLs()),
		To: orElse(view.Composer.FirstName, view.Composer.To),
	}
	if k.Addressed {
		card.To = addressLines{k.To, k.CC, k.BCC}.all(ctx)
	}
	view.Cards = append(view.Cards, card)
	return nil
}

// pictureURLs are where the pictures in the text are, by their Content-ID.
func (k kept) pictureURLs() map[string]string {
	out := map[string]string{}
	for _, f := range k.Files {
		if f.ContentID != "" && page.IsPicture(f.Type) {
			out[f.ContentID] = draftFileURL(k.TicketID, f.ID)
		}
	}
	return out
}

// writtenBody shows the HTML of something that is not a message yet; nil where its text says it all.
func writtenBody(id, text, html string, pictures map[string]string) *ui.Mail {
	if html == "" {
		return nil
	}
	shown := sanitize.Show(html, sanitize.ShowOptions{New: text, Picture: func(contentID string) (string, bool) {
		url, ok := pictures[contentID]
		return url, ok
	}})
	if !shown.Rich {
		return nil
	}
	return &ui.Mail{ID: id, Key: decimal(int64(len(html))), HTML: shown.HTML, Rest: shown.Rest, CSS: shown.CSS, Paper: shown.Paper, Text: text}
}
