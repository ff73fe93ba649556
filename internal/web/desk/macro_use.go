package desk

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"goodturn/internal/bulk"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/macro"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// pickLimit is how many macros are offered at once.
const pickLimit = 30

// pickMacro answers GET /tickets/{number}/macros: the macros as they would be on this ticket, narrowed by the query q or to the one
// of the query macro. Scripts take the list of it for the popover of the composer.
func (d *Desk) pickMacro(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.showPick(w, r, v, 0, consent{}, nil)
}

func (d *Desk) showPick(w http.ResponseWriter, r *http.Request, v page.Visit, only int64, given consent, wrong map[string]string) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx := r.Context()
	q := r.URL.Query()
	view := PickView{Number: number, Query: strings.TrimSpace(q.Get("q")), Consent: given, Wrong: wrong}
	if only == 0 {
		only = idOf(q.Get("macro"))
	}
	err = d.read(ctx, v, func(l *look) error {
		t, err := ticket.Get(ctx, l.tx, v.Actor, person.ChangeTicket, number)
		if err != nil {
			return err
		}
		view.Subject = t.Subject
		if asks(v, "views") {
			if view.Frame, err = d.frame(ctx, l, ""); err != nil {
				return err
			}
		}
		if only == 0 {
			if view.Articles, err = d.articlesNamed(ctx, l, t, view.Query); err != nil {
				return err
			}
		}
		all, err := macro.List(ctx, l.tx, v.Actor)
		if err != nil {
			return err
		}
		filler, err := macro.NewFiller(ctx, l.tx, v.Actor, t, d.Site.Zone)
		if err != nil {
			return err
		}
		for _, m := range macro.Find(all, view.Query) {
			if only != 0 && m.ID != only {
				continue
			}
			shown, err := macroShown(ctx, l, m)
			if err != nil {
				return err
			}
			view.Macros = append(view.Macros, PickMacro{MacroShown: shown, Filled: filler.Fill(ctx, m)})
			if len(view.Macros) == pickLimit {
				break
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if len(wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return d.show(w, r, v, status, view.Frame, PickPage(view), pieces{"slash-list": slashList(view)})
}

// useMacro answers POST /tickets/{number}/macros with the field macro: its text is put into the answer, to be sent; without a
// text it is done at once.
func (d *Desk) useMacro(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, id := r.Context(), idOf(r.PostFormValue("macro"))
	var m macro.Macro
	var filled macro.Filled
	err = d.read(ctx, v, func(l *look) error {
		t, err := ticket.Get(ctx, l.tx, v.Actor, person.ChangeTicket, number)
		if err != nil {
			return err
		}
		if id == 0 {
			return fault.Invalid(fault.F("macro", i18n.M("Please choose a macro.")))
		}
		if m, err = macro.Get(ctx, l.tx, v.Actor, id); err != nil {
			return err
		}
		filler, err := macro.NewFiller(ctx, l.tx, v.Actor, t, d.Site.Zone)
		if err != nil {
			return err
		}
		filled = filler.Fill(ctx, m)
		return nil
	})
	if err != nil {
		return err
	}
	if filled.Text != "" {
		text := filled.Text
		if before := r.PostFormValue("text"); strings.TrimSpace(before) != "" {
			text, filled.HTML = before+"\n\n"+text, ""
		}
		return d.ticketPage(w, r, v, number, place{}, typed{reply: text, replyHTML: filled.HTML, held: true, macros: decimal(id), fine: true})
	}
	given := readConsent(r)
	if m.Risky() {
		if wrong := given.wrong(ctx); len(wrong) > 0 {
			return d.showPick(w, r, v, id, given, wrong)
		}
	}
	if d.Bulks == nil {
		return fault.NotFound(i18n.M("There is no such macro."))
	}
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		if m.Risky() { // noted first: nothing that may lose something is done without
			if err := d.noteConsent(ctx, tx, by, number, []macro.Macro{m}, given); err != nil {
				return err
			}
		}
		return macro.Count(ctx, tx, m.ID)
	})
	if err != nil {
		return err
	}
	b, err := d.Bulks.Start(ctx, v.Actor, bulk.New{Tickets: []int64{number}, Actions: m.Actions})
	if err != nil {
		return err
	}
	switch {
	case b.Failed > 0:
		return page.Goto(w, r, bulkURL(b.ID))
	case b.Changed == 0:
		d.Site.Tell(w, i18n.T(ctx, "There was nothing to change: the ticket was like that already."))
	default:
		d.Site.TellUndo(w, i18n.T(ctx, "“{{.Name}}” is done.", "Name", m.Name), bulkURL(b.ID)+"/undo")
	}
	return page.Goto(w, r, returnTo(r, number))
}

// consent is what was noted before something that may lose somebody's things.
type consent struct {
	backup, agreed bool
	how            string
}

func readConsent(r *http.Request) consent {
	return consent{backup: r.PostFormValue("macro_backup") != "", agreed: r.PostFormValue("macro_agreed") != "", how: strings.TrimSpace(r.PostFormValue("macro_how"))}
}

// wrong says what is still to be noted.
func (c consent) wrong(ctx context.Context) map[string]string {
	if c.backup && c.agreed && c.how != "" {
		return nil
	}
	return map[string]string{"consent": i18n.T(ctx, "This may lose things that cannot be replaced. Please note that a backup was asked for, that they agreed, and how.")}
}

// noteConsent keeps on the ticket what was noted.
func (d *Desk) noteConsent(ctx context.Context, tx *db.Tx, by ticket.By, number int64, risky []macro.Macro, c consent) error {
	names := make([]string, len(risky))
	for i, m := range risky {
		names[i] = "“" + m.Name + "”"
	}
	text := i18n.T(ctx, "Before {{.Macros}}: a backup was made, or they said that none is needed. They agreed: {{.How}}", "Macros", strings.Join(names, ", "), "How", c.how)
	_, err := d.Tickets.Note(ctx, tx, by, number, ticket.Draft{Text: text})
	return err
}

// macrosUsed are the macros whose texts are in an answer, by the fields macro. One that is gone meanwhile is left out, as its text
// was already there.
func macrosUsed(ctx context.Context, tx *db.Tx, a person.Actor, form url.Values) (out []macro.Macro, err error) {
	for _, raw := range form["macro"] {
		m, err := macro.Get(ctx, tx, a, idOf(raw))
		if fault.Is(err, fault.KindNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// withMacros completes an answer with what its macros do, and refuses one in which a variable still stands, or that may lose
// something before that was agreed.
func (d *Desk) withMacros(ctx context.Context, tx *db.Tx, r *http.Request, by ticket.By, number int64, m *ticket.Draft, then ticket.Status) error {
	if open := macro.Unfilled(m.Text); len(open) > 0 {
		return fault.Invalid(fault.F("text", i18n.M("{{.Variable}} still stands in the text. Please write there what belongs there.", "Variable", open[0])))
	}
	used, err := macrosUsed(ctx, tx, by.Actor, r.PostForm)
	if err != nil {
		return err
	}
	var risky []macro.Macro
	m.Actions = nil
	for _, x := range used {
		if x.Risky() {
			risky = append(risky, x)
		}
		for _, a := range x.Actions {
			if a.Do != ticket.DoStatus || then == "" { // the button that was pressed weighs more
				m.Actions = append(m.Actions, a)
			}
		}
		if err := macro.Count(ctx, tx, x.ID); err != nil {
			return err
		}
	}
	if len(risky) == 0 {
		return nil
	}
	given := readConsent(r)
	if wrong := given.wrong(ctx); len(wrong) > 0 {
		return fault.Invalid(fault.F("text", i18n.M("This may lose things that cannot be replaced. Please note that a backup was asked for, that they agreed, and how.")))
	}
	return d.noteConsent(ctx, tx, by, number, risky, given)
}

// macroLines are the macros in the composer after an error, or when one was put in without scripts.
func (d *Desk) macroLines(ctx context.Context, l *look, t typed) ([]PickMacro, error) {
	var out []PickMacro
	for _, raw := range strings.Fields(t.macros) {
		m, err := macro.Get(ctx, l.tx, l.visit.Actor, idOf(raw))
		if fault.Is(err, fault.KindNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		shown, err := macroShown(ctx, l, m)
		if err != nil {
			return nil, err
		}
		out = append(out, PickMacro{MacroShown: shown})
	}
	return out, nil
}
