package admin

import (
	"cmp"
	"context"
	"html"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/button"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// button answers GET /admin/button: what the help button offers, on whose pages, and what to put there.
func (a *Admin) button(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showButton(w, r, v, http.StatusOK, nil, nil)
}

func (a *Admin) showButton(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed *button.Settings, wrong map[string]string) error {
	var view ButtonView
	err := a.read(r, v, buttonSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		s, err := button.Load(ctx, tx)
		if err != nil {
			return err
		}
		if typed != nil {
			s = *typed
		}
		view.Set, view.Origins, view.Wrong = s, Field{s.Origins, wrong["origins"]}, len(wrong) > 0
		view.Wait, view.Silence, view.TeamError = minutesField(s.ChatWait, 3, wrong["chat_wait"], r, "chat_wait"), minutesField(s.ChatSilence, 15, wrong["chat_silence"], r, "chat_silence"), wrong["chat_team"]
		if view.Teams, err = chatTeams(ctx, tx, v, s.ChatTeamID); err != nil {
			return err
		}
		address := a.address(r)
		view.Script = `<script src="` + address + `/button.js" async></script>`
		view.Policy = "script-src " + address + "; connect-src " + address
		view.Form = plainForm(ctx, address)
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, ButtonPage(view))
}

// minutesField is a field as it was typed, or as it is stored.
func minutesField(stored, usual int, wrong string, r *http.Request, name string) Field {
	if r.PostForm.Has(name) {
		return Field{r.PostFormValue(name), wrong}
	}
	return Field{strconv.Itoa(cmp.Or(stored, usual)), wrong}
}

// chatTeams are the teams to which live chats may go, as far as the visitor may know of them; one of which they may not stays chosen.
func chatTeams(ctx context.Context, tx *db.Tx, v page.Visit, chosen int64) ([]ui.Choice, error) {
	all, err := person.VisibleTeams(ctx, tx, v.Actor)
	out := []ui.Choice{{Value: "0", Label: i18n.T(ctx, "where tickets usually go"), Chosen: chosen == 0}}
	shown := chosen == 0
	for _, t := range all {
		out = append(out, ui.Choice{Value: strconv.FormatInt(t.ID, 10), Label: t.Name, Chosen: t.ID == chosen})
		shown = shown || t.ID == chosen
	}
	if !shown {
		out = append(out, ui.Choice{Value: strconv.FormatInt(chosen, 10), Label: i18n.T(ctx, "the team that has them now"), Chosen: true})
	}
	return out, err
}

// checkChatTeam tells that a team was chosen which is none, or none of the visitor's to know.
func checkChatTeam(ctx context.Context, tx *db.Tx, v page.Visit, was, chosen int64) error {
	all, err := chatTeams(ctx, tx, v, was)
	if err != nil || slices.ContainsFunc(all, func(c ui.Choice) bool { return c.Value == strconv.FormatInt(chosen, 10) }) {
		return err
	}
	return fault.Invalid(fault.F("chat_team", i18n.M("Please choose one of the teams.")))
}

// address is how this browser reaches us, without a slash at the end.
func (a *Admin) address(r *http.Request) string {
	if a.Site.Secure {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// plainForm is the form for pages that want no script, in the language of whoever copies it.
func plainForm(ctx context.Context, address string) string {
	label := func(words string) string { return html.EscapeString(words) }
	return strings.Join([]string{
		`<form action="` + address + `/button/form" method="post" lang="` + i18n.LangOf(ctx) + `" dir="` + i18n.Dir(ctx) + `">`,
		`  <p><label>` + label(i18n.T(ctx, "What do you need help with?")) + `<br><textarea name="text" rows="5" cols="40" required></textarea></label></p>`,
		`  <p><label>` + label(i18n.T(ctx, "Your name")) + `<br><input name="name" autocomplete="name"></label></p>`,
		`  <p><label>` + label(i18n.T(ctx, "Mail address, to write back to")) + `<br><input name="address" type="email" autocomplete="email"></label></p>`,
		`  <p hidden><input name="leave_empty" tabindex="-1" autocomplete="off"></p>`,
		`  <p><button>` + label(i18n.T(ctx, "Send")) + `</button></p>`,
		`</form>`,
	}, "\n")
}

// saveButton answers POST /admin/button.
func (a *Admin) saveButton(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	on := func(name string) bool { return r.PostFormValue(name) != "" }
	ctx := r.Context()
	s := button.Settings{Search: on("search"), Papercut: on("papercut"), Request: on("request"), Chat: on("chat"), Plain: on("plain"), Origins: r.PostFormValue("origins")}
	s.ChatTeamID, _ = strconv.ParseInt(r.PostFormValue("chat_team"), 10, 64)
	s.ChatWait, s.ChatSilence = typedMinutes(r, "chat_wait"), typedMinutes(r, "chat_silence")
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		was, err := button.Load(ctx, tx)
		if err != nil {
			return err
		}
		if err := checkChatTeam(ctx, tx, v, was.ChatTeamID, s.ChatTeamID); err != nil {
			return err
		}
		if err := button.Save(ctx, tx, s); err != nil {
			return err
		}
		now, err := button.Load(ctx, tx)
		if err != nil {
			return err
		}
		return audit(ctx, tx, v, "button changed", "button", 1, changes(change("sites", oneLine(was.Origins), oneLine(now.Origins)), change("offers", was.String(), now.String()),
			change("live chats", was.ChatWords(), now.ChatWords())))
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showButton(w, r, v, http.StatusUnprocessableEntity, &s, wrong)
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "Saved."), string(buttonSection))
}

// typedMinutes reads a number; what is none is -1, which is out of bounds. A field that is not there, or empty, is the usual number.
func typedMinutes(r *http.Request, name string) int {
	text := strings.TrimSpace(r.PostFormValue(name))
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n == 0 {
		return -1
	}
	return n
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
