package admin

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/spam"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// protection answers GET /admin/protection.
func (a *Admin) protection(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var p mailbox.Protection
	err := a.Site.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		p, err = mailbox.LoadProtection(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	typed := map[string]string{"mails": strconv.Itoa(p.Mails), "tickets": strconv.Itoa(p.Tickets), "people": strconv.Itoa(p.People), "exempt": strings.Join(p.Exempt, "\n")}
	return a.showProtection(w, r, v, http.StatusOK, p, typed, nil)
}

func (a *Admin) showProtection(w http.ResponseWriter, r *http.Request, v page.Visit, status int, p mailbox.Protection, typed, wrong map[string]string) error {
	field := func(name string) Field { return Field{typed[name], wrong[name]} }
	view := ProtectionView{
		Wrong: len(wrong) > 0, Levels: levels(r.Context(), p.Spam), LevelError: wrong["spam"], BelieveFlag: p.BelieveFlag,
		Mails: field("mails"), Tickets: field("tickets"), People: field("people"), Exempt: field("exempt"),
	}
	if err := a.read(r, v, protectionSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		blocked, err := mailbox.BlockedSenders(ctx, tx)
		for _, b := range blocked {
			view.Blocked = append(view.Blocked, BlockedRow(b))
		}
		return err
	}); err != nil {
		return err
	}
	return page.Render(w, r, status, ProtectionPage(view))
}

// levels are what may be chosen for spam.
func levels(ctx context.Context, chosen spam.Level) []ui.Choice {
	out := []ui.Choice{
		{Value: string(spam.Off), Label: i18n.T(ctx, "Nothing is put aside")},
		{Value: string(spam.Cautious), Label: i18n.T(ctx, "Cautious: what leaves next to no doubt")},
		{Value: string(spam.Normal), Label: i18n.T(ctx, "Normal")},
		{Value: string(spam.Strict), Label: i18n.T(ctx, "Strict: what is more likely spam than not")},
	}
	for i := range out {
		out[i].Chosen = out[i].Value == string(chosen)
	}
	return out
}

// saveProtection answers POST /admin/protection.
func (a *Admin) saveProtection(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	typed := map[string]string{}
	number := func(name string) int {
		typed[name] = strings.TrimSpace(r.PostFormValue(name))
		n, err := strconv.Atoi(typed[name])
		if err != nil {
			return 0 // refused with what is right
		}
		return n
	}
	p := mailbox.Protection{
		Spam: spam.Level(r.PostFormValue("spam")), BelieveFlag: r.PostFormValue("believe_flag") != "",
		Mails: number("mails"), Tickets: number("tickets"), People: number("people"),
	}
	typed["exempt"] = r.PostFormValue("exempt")
	p.Exempt = strings.FieldsFunc(typed["exempt"], func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ' ' || r == '\t' })
	ctx := r.Context()
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error { return mailbox.SaveProtection(ctx, tx, v.Actor, p, v.Remote) })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showProtection(w, r, v, http.StatusUnprocessableEntity, p, typed, wrong)
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "Saved. It holds from the next mail on."), string(protectionSection))
}

// unblock answers POST /admin/protection/blocked: mail from the address in the field comes in like any other again.
func (a *Admin) unblock(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, address := r.Context(), r.PostFormValue("address")
	if err := a.Site.DB.Write(ctx, func(tx *db.Tx) error { return a.Post.Unblock(ctx, tx, v.Actor, address, v.Remote) }); err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "Mail from {{.Address}} comes in like any other again.", "Address", address), string(protectionSection))
}
