package demo

import (
	"context"
	"net/http"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// box is a mailbox of the desk.
type box struct{ Address, Name string }

// writePage is the form for a new mail; whoever the visitor is now stands in it as the sender.
func (d *Demo) writePage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	view, err := d.writeView(r, v)
	if err != nil {
		return err
	}
	if v.Actor.SignedIn() && !v.Actor.Staff() {
		ctx := r.Context()
		err = d.Site.DB.Read(ctx, func(tx *db.Tx) error {
			me, err := person.Get(ctx, tx, v.Actor.ID)
			view.Name, view.Address = me.Name, me.Address
			return err
		})
		if err != nil {
			return err
		}
	}
	return page.Render(w, r, http.StatusOK, WritePage(view))
}

// writeView is the form with the mailboxes to choose from and people to be.
func (d *Demo) writeView(r *http.Request, v page.Visit) (WriteView, error) {
	ctx := r.Context()
	view := WriteView{Frame: d.frame(r, v)}
	err := d.Site.DB.Read(ctx, func(tx *db.Tx) error {
		boxes, err := db.All[box](ctx, tx, `SELECT address, name FROM mailbox WHERE active ORDER BY id`)
		if err != nil {
			return err
		}
		for _, b := range boxes {
			view.Mailboxes = append(view.Mailboxes, ui.Choice{Value: b.Address, Label: mailmsg.Address{Name: b.Name, Address: b.Address}.String()})
		}
		people, err := db.All[box](ctx, tx, `SELECT a.address, p.name FROM person p JOIN person_address a ON a.person_id = p.id AND a.first
			WHERE p.role = 'requester' AND p.active AND p.merged_into IS NULL ORDER BY p.id LIMIT 60`)
		for _, p := range people {
			view.People = append(view.People, ui.Suggestion{Value: p.Address, Label: p.Name})
		}
		return err
	})
	return view, err
}

// write hands a new mail to the desk.
func (d *Demo) write(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	view, err := d.writeView(r, v)
	if err != nil {
		return err
	}
	view.Frame.Path = "/demo/mail/new"
	view.Name, view.Address = oneLine(r.PostFormValue("name")), strings.TrimSpace(r.PostFormValue("address"))
	view.Subject, view.Text = oneLine(r.PostFormValue("subject")), r.PostFormValue("text")
	to := ""
	for i, b := range view.Mailboxes {
		if b.Value == r.PostFormValue("to") {
			to, view.Mailboxes[i].Chosen = b.Value, true
		}
	}
	if wrong := wrongFields(ctx, view, to); len(wrong) > 0 {
		view.put(wrong)
		return page.Render(w, r, http.StatusUnprocessableEntity, WritePage(view))
	}
	raw, err := mailmsg.Compose(mailmsg.Outgoing{
		From: mailmsg.Address{Name: view.Name, Address: view.Address}, To: []mailmsg.Address{{Address: to}}, Subject: view.Subject,
		Date: v.Now.Time().In(i18n.ZoneOf(ctx)), MessageID: mailmsg.NewMessageID("", domain(view.Address)), Text: lines(view.Text) + "\n",
	})
	if err == nil {
		err = d.Deliver(ctx, view.Address, to, raw)
	}
	if err != nil {
		var status int
		view.Alert, status = d.refused(r, err)
		return page.Render(w, r, status, WritePage(view))
	}
	return page.Goto(w, r, "/demo/mail?delivered=1")
}

// wrongFields tells by field what keeps a mail from being sent. A mail without a name or subject is a mail.
func wrongFields(ctx context.Context, v WriteView, to string) map[string]string {
	wrong := map[string]string{}
	if !person.ValidAddress(v.Address) {
		wrong["address"] = i18n.T(ctx, "Please give a whole mail address, such as hana@example.com.")
	}
	if to == "" {
		wrong["to"] = i18n.T(ctx, "Please choose one of the mailboxes.")
	}
	if strings.TrimSpace(v.Text) == "" {
		wrong["text"] = i18n.T(ctx, "Please write something first.")
	}
	return wrong
}

// oneLine makes what was typed fit for a header.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
