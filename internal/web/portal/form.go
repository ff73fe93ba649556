package portal

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/gap"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/service"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// home shows the form. A link may bring the start of what is asked: "/?subject=New+laptop&text=I+need".
func (p *Portal) home(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	q := r.URL.Query()
	view := FormView{Frame: p.frame(v), Key: secret.Token(), Call: CallView{Day: clock.Now().Time().In(i18n.ZoneOf(r.Context())).Format(time.DateOnly)}, Subject: ticket.CleanSubject(q.Get("subject"), ""), Text: prefill(q.Get("text")), Read: articleRead(r)}
	if err := p.fillIn(r.Context(), v, &view); err != nil {
		return err
	}
	if err := p.offer(r.Context(), &view, typed{service: q.Get("service")}, nil); err != nil {
		return err
	}
	if !v.Actor.SignedIn() {
		// Nothing here is anybody's own, and a browser that may keep the page keeps what was typed when one goes back.
		w.Header().Set("Cache-Control", "private, no-cache")
	}
	return page.Render(w, r, http.StatusOK, FormPage(view))
}

// fillIn puts the name and the address of whoever is signed in into the form.
func (p *Portal) fillIn(ctx context.Context, v page.Visit, view *FormView) error {
	if !v.Actor.SignedIn() {
		return nil
	}
	return p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		me, err := person.Get(ctx, tx, v.Actor.ID)
		view.Name, view.Address = me.Name, me.Address
		return err
	})
}

// maxPrefill bounds the text that a link brings, in bytes.
const maxPrefill = 4000

func prefill(text string) string {
	if len(text) > maxPrefill {
		text = text[:maxPrefill]
	}
	return strings.ToValidUTF8(text, "")
}

// trapField is a field that people do not see and programs that fill in forms do.
const trapField = "leave_empty"

// typed is what the form brought, before its files are looked at.
type typed struct {
	key, subject, text, name, address, trap, with, read string
	// service is the short name of the chosen one, form the version of its questions that was shown.
	service string
	form    int64
	chat    bool                // they would like to chat now
	from    string              // the page with our button that it came from; "" for our own
	call    CallView            // what was typed about being rung
	answers map[string][]string // all that was sent, with the answers to the questions in it
	// chosen is the service, facts are the answers, and wrong is what is wrong with them; see Portal.choose.
	chosen service.Service
	facts  []ticket.Fact
	wrong  error
}

// readTyped reads the form. The caller removes the files that it may have brought.
func readTyped(r *http.Request) (t typed, err error) {
	if err := page.Form(r); err != nil {
		return t, err
	}
	form, _ := strconv.ParseInt(r.PostFormValue("form"), 10, 64)
	return typed{
		service: r.PostFormValue("service"), form: form, answers: r.PostForm, call: typedCall(r), chat: r.PostFormValue("chat") != "",
		key: r.PostFormValue("key"), subject: r.PostFormValue("subject"), text: strings.TrimSpace(r.PostFormValue("text")),
		name: strings.TrimSpace(r.PostFormValue("name")), address: strings.TrimSpace(r.PostFormValue("address")), trap: r.PostFormValue(trapField), with: r.PostFormValue(withField), read: r.PostFormValue("read"),
	}, nil
}

// dropFiles removes the files of a form that were written to disk while it was read.
func dropFiles(r *http.Request) {
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll()
	}
}

// view is the form as it was typed. Files cannot be put back by a page; it says so.
func (t typed) view(ctx context.Context, f Frame, r *http.Request) FormView {
	v := FormView{Frame: f, Key: t.key, Read: t.read, Subject: ticket.CleanSubject(t.subject, ""), Text: t.text, Name: t.name, Address: t.address, Trap: t.trap, Call: t.call}
	if hasFiles(r) {
		v.FilesError = filesAgain(ctx)
	}
	return v
}

func hasFiles(r *http.Request) bool {
	if r.MultipartForm == nil {
		return false
	}
	for _, h := range r.MultipartForm.File["files"] {
		if h.Filename != "" || h.Size > 0 {
			return true
		}
	}
	return false
}

func filesAgain(ctx context.Context) string {
	return i18n.T(ctx, "Please choose your files once more: a page cannot put them back.")
}

// articleRead gives the address of the article that led to the form, "" for none: the browser says so, of our own pages alone.
func articleRead(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host {
		return ""
	}
	slug, ok := strings.CutPrefix(from.Path, helpURL+"/")
	if !ok || strings.Contains(slug, "/") {
		return ""
	}
	return slug
}

// after notes that a ticket came from somebody who had just read an article. One that they may not read, or that is not there, is none.
func (p *Portal) after(ctx context.Context, tx *db.Tx, v page.Visit, slug string, t ticket.Ticket) error {
	if p.Gaps == nil || slug == "" || v.Actor.Staff() {
		return nil
	}
	x, err := kb.Read(ctx, tx, v.Actor, slug, i18n.LangOf(ctx))
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return gap.CameAfter(ctx, tx, t.ID, x.ID)
}
