package lead

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/fixnote"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// noteRoutes are the addresses of fix notes; they are for everybody at the desk.
func (l *Lead) noteRoutes() []page.Route {
	if l.Notes == nil {
		return nil
	}
	routes := []page.Route{
		{Pattern: "GET /tickets/{number}/fix-note", Handle: l.fixNote},
		{Pattern: "POST /tickets/{number}/fix-note", Handle: l.saveFixNote},
		{Pattern: "POST /tickets/{number}/fix-note/skip", Handle: l.skipFixNote},
		{Pattern: "GET /fix-notes", Handle: l.fixNotes},
		{Pattern: "POST /fix-notes/asked/skip", Handle: l.skipAsked},
	}
	for i := range routes {
		routes[i].Verb = person.UseDesk
	}
	return append(routes, page.Route{Pattern: "POST /fix-notes/setting", Verb: person.Administer, Handle: l.saveAfter})
}

func fixNoteURL(number int64) string { return "/tickets/" + decimal(number) + "/fix-note" }

// noteForm is a fix note as somebody is writing it.
type noteForm struct {
	fixnote.Content
	All     bool // for all other tickets that they are asked about, too
	Again   bool // said to have been explained before
	Why     string
	Because string
	Back    string
	Blank   bool // nothing was typed yet
	Wrong   map[string]string
	Theirs  bool // somebody else wrote one meanwhile
}

// fixNote answers GET /tickets/{number}/fix-note: the form for the note of a ticket.
func (l *Lead) fixNote(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return l.showFixNote(w, r, v, http.StatusOK, noteForm{Blank: true, Back: ownPath(r, r.Referer())})
}

func readNote(r *http.Request) noteForm {
	return noteForm{
		Content: fixnote.Content{Wrong: r.PostFormValue("wrong"), Did: r.PostFormValue("did"), Next: r.PostFormValue("next"), Version: number(r.PostFormValue("version"))},
		All:     r.PostFormValue("all") != "", Again: r.PostFormValue("again") != "", Why: r.PostFormValue("why"), Because: r.PostFormValue("because"), Back: ownPath(r, r.PostFormValue("back")),
	}
}

// saveFixNote answers POST /tickets/{number}/fix-note: it keeps the note, or puts a proposal into the form (the button take).
func (l *Lead) saveFixNote(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, f := r.Context(), readNote(r)
	if from := number(r.PostFormValue("take")); from != 0 {
		return l.takeProposal(w, r, v, id, from, f)
	}
	more := 0
	err = l.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if _, err := l.Notes.Write(ctx, tx, v.Actor, id, f.Content); err != nil {
			return err
		}
		if f.All { // this one is not asked about any more
			if more, err = l.Notes.WriteAsked(ctx, tx, v.Actor, f.Content); err != nil {
				return err
			}
		}
		return l.sayAgain(ctx, tx, id, f, r)
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		f.Wrong = wrong
		return l.showFixNote(w, r, v, http.StatusUnprocessableEntity, f)
	}
	if e, ok := fault.Of(err); ok && e.Kind == fault.KindConflict {
		f.Wrong, f.Theirs = map[string]string{"": i18n.Print(ctx, e.Message)}, true
		return l.showFixNote(w, r, v, http.StatusConflict, f)
	}
	if err != nil {
		return err
	}
	if more > 0 {
		l.Site.Tell(w, i18n.N(ctx, "The fix note is kept with #{{.Number}} and {{.Count}} other.", "The fix note is kept with #{{.Number}} and {{.Count}} others.", more, "Number", id))
	} else {
		l.Site.Tell(w, i18n.T(ctx, "The fix note of #{{.Number}} is kept.", "Number", id))
	}
	return page.Goto(w, r, backOr(f.Back, id))
}

// sayAgain keeps what was ticked, where the form asked.
func (l *Lead) sayAgain(ctx context.Context, tx *db.Tx, id int64, f noteForm, r *http.Request) error {
	if !r.PostForm.Has("asked-again") {
		return nil
	}
	return l.Notes.SayAgain(ctx, tx, id, f.Again)
}

// takeProposal shows the form with a proposal in it: what was typed already stays.
func (l *Lead) takeProposal(w http.ResponseWriter, r *http.Request, v page.Visit, id, from int64, f noteForm) error {
	ctx := r.Context()
	err := l.Site.DB.Read(ctx, func(tx *db.Tx) error {
		t, err := ticket.Get(ctx, tx, v.Actor, person.ChangeTicket, id)
		if err != nil {
			return err
		}
		all, err := fixnote.Propose(ctx, tx, v.Actor, t)
		for _, p := range all {
			if p.FromID == from {
				f.Content.Wrong, f.Did, f.Next = joinText(f.Content.Wrong, p.Wrong), joinText(f.Did, p.Did), joinText(f.Next, p.Next)
				break
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return l.showFixNote(w, r, v, http.StatusOK, f)
}

func joinText(typed, proposed string) string {
	typed = strings.TrimSpace(typed)
	if typed == "" || proposed == "" || strings.Contains(typed, proposed) {
		return typed + map[bool]string{true: proposed}[typed == ""]
	}
	return typed + "\n\n" + proposed
}

// skipFixNote answers POST /tickets/{number}/fix-note/skip: there is no note, for a reason.
func (l *Lead) skipFixNote(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, f := r.Context(), readNote(r)
	err = l.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := l.Notes.Skip(ctx, tx, v.Actor, id, fixnote.Reason(f.Why), f.Because); err != nil {
			return err
		}
		return l.sayAgain(ctx, tx, id, f, r)
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		f.Wrong = wrong
		return l.showFixNote(w, r, v, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	if f.Back == "" {
		f.Back = ownPath(r, r.Referer())
	}
	l.Site.Tell(w, i18n.T(ctx, "No fix note for #{{.Number}}, that is fine.", "Number", id))
	return page.Goto(w, r, backOr(f.Back, id))
}

func backOr(back string, id int64) string {
	if back == "" || strings.HasSuffix(back, "/fix-note") {
		return "/tickets/" + decimal(id)
	}
	return back
}

// ownPath is an address of ours without its host; "" for any other.
func ownPath(r *http.Request, raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host != "" && u.Host != r.Host || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, "\\") {
		return ""
	}
	return (&url.URL{Path: u.Path, RawQuery: u.RawQuery}).String()
}

// showFixNote shows the form. A blank one begins with what is there, or with a proposal.
func (l *Lead) showFixNote(w http.ResponseWriter, r *http.Request, v page.Visit, status int, f noteForm) error {
	id, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	view := FixNoteView{Number: id, noteForm: f}
	err = l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error { return l.fillFixNote(ctx, tx, v, &view) })
	if err != nil {
		return err
	}
	return page.Render(w, r, status, FixNotePage(view))
}

func (l *Lead) fillFixNote(ctx context.Context, tx *db.Tx, v page.Visit, view *FixNoteView) error {
	t, err := ticket.Get(ctx, tx, v.Actor, person.ChangeTicket, view.Number)
	if err != nil {
		return err
	}
	who, err := person.Get(ctx, tx, t.RequesterID)
	if err != nil {
		return err
	}
	view.Subject, view.Name, view.Done, view.Language = t.Subject, first(who.Name), !t.IsOpen, languageOf(ctx, who.Language)
	if view.Note, err = fixnote.Of(ctx, tx, t.ID); err != nil {
		return err
	}
	if view.Proposals, err = fixnote.Propose(ctx, tx, v.Actor, t); err != nil {
		return err
	}
	asked, err := fixnote.Asked(ctx, tx, v.Actor)
	if err != nil {
		return err
	}
	for _, a := range asked {
		if a.TicketID != t.ID {
			view.Others++
		}
	}
	if view.Repeat, err = fixnote.RepeatOf(ctx, tx, t.ID); err != nil {
		return err
	}
	if view.Repeat.OfID != 0 {
		if _, err := ticket.Get(ctx, tx, v.Actor, person.SeeTicket, view.Repeat.OfID); err != nil {
			view.Repeat.OfID = 0
		}
	}
	versions, err := fixnote.Versions(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	names, err := person.Names(ctx, tx, authors(view.Note, versions))
	for _, x := range versions {
		view.Versions = append(view.Versions, NoteVersion{Version: x, By: names[x.AuthorID]})
	}
	view.By = names[view.Note.AuthorID]
	if view.Theirs {
		view.Version = view.Note.Version
	}
	if view.Blank {
		view.begin()
	}
	return err
}

func authors(n fixnote.Note, all []fixnote.Version) []int64 {
	ids := []int64{n.AuthorID}
	for _, x := range all {
		ids = append(ids, x.AuthorID)
	}
	return ids
}

// begin fills the form with what is there, or else with what the last answer said, marked as a proposal.
func (v *FixNoteView) begin() {
	v.Version, v.Again = v.Note.Version, v.Repeat.How.Counts()
	if v.Note.Says() {
		v.Content.Wrong, v.Did, v.Next = v.Note.Wrong, v.Note.Did, v.Note.Next
		return
	}
	if len(v.Proposals) > 0 && v.Proposals[0].FromID == v.Number {
		p := v.Proposals[0]
		v.Content.Wrong, v.Did, v.Next, v.Proposed = p.Wrong, p.Did, p.Next, true
	}
}

func languageOf(ctx context.Context, code string) string {
	for _, l := range i18n.Languages() {
		if l.Code == code && code != i18n.LangOf(ctx) {
			return l.Name
		}
	}
	return ""
}

func first(name string) string {
	if words := strings.Fields(name); len(words) > 0 && !strings.Contains(name, "@") {
		return words[0]
	}
	return name
}
