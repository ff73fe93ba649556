package portal

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"goodturn/internal/button"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/papercut"
	"goodturn/internal/secret"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// buttonRoutes serve the button on other people's pages. All but the script's own address begin with page.StrangerPath: whoever comes is
// nobody, whatever their browser sends along.
func (p *Portal) buttonRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /button.js", Stranger: true, Handle: p.buttonScript},
		{Pattern: "GET /button/parts", Stranger: true, Handle: p.answered(p.buttonParts)},
		{Pattern: "GET /button/found", Stranger: true, Handle: p.answered(p.buttonFound)},
		{Pattern: "POST /button/papercuts", Stranger: true, MaxBytes: maxButton, Handle: p.answered(p.buttonPapercut)},
		{Pattern: "POST /button/requests", Stranger: true, MaxBytes: maxButton, Handle: p.answered(p.buttonRequest)},
		{Pattern: "POST /button/form", Stranger: true, MaxBytes: page.MaxFiles, Handle: p.plainForm},
	}
}

// maxButton is the most that the script sends at once, in bytes: a long text in a script that takes three bytes a letter in UTF-8, and nine in a form.
const maxButton = 4_000_000

// scriptLife is how long browsers keep the script: its address stays the same, so that pages that have it are served the new one in time.
const scriptLife = "public, max-age=3600"

// buttonScript answers GET /button.js.
func (p *Portal) buttonScript(w http.ResponseWriter, r *http.Request, _ page.Visit) error {
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	ui.Serve(w, r, "button.js", scriptLife)
	return nil
}

// buttonVisit is somebody who asks through the button: nobody whom we know, on a page of an origin that may ask.
type buttonVisit struct {
	page.Visit
	set button.Settings
	// from is the page where they are, without what may be a secret; "" where it is not known.
	from string
}

// buttonAnswer answers the script. What it gives becomes JSON.
type buttonAnswer func(w http.ResponseWriter, r *http.Request, v buttonVisit) (status int, body any, err error)

// told is a sentence about the whole, in the reader's language.
type told struct {
	Alert string `json:"alert"`
}

// answered has pages of allowed origins answered, in the language of the page. A page of our own origin, and whoever sends no origin since
// they are no browser, needs no permission: they could use the portal as well.
func (p *Portal) answered(answer buttonAnswer) page.Handle {
	return func(w http.ResponseWriter, r *http.Request, v page.Visit) error {
		err := page.Form(r)
		r = r.WithContext(i18n.With(r.Context(), i18n.Match(r.FormValue("language")+", "+r.Header.Get("Accept-Language"), ""), i18n.ZoneOf(r.Context())))
		ctx, bv := r.Context(), buttonVisit{Visit: v}
		if err == nil {
			bv.set, err = p.buttonSet(ctx)
		}
		w.Header().Add("Vary", "Origin")
		var status int
		var body any
		if origin := r.Header.Get("Origin"); err == nil {
			switch {
			case bv.set.Allows(origin):
				w.Header().Set("Access-Control-Allow-Origin", origin)
			case origin != "" && origin != p.address(r):
				return fault.Denied(i18n.M("Pages of this site may not ask here."))
			}
			bv.from = askedFrom(r.FormValue("from"), origin)
			status, body, err = answer(w, r, bv)
		}
		if wrong, ok := page.FieldErrors(ctx, err); ok {
			status, body = http.StatusUnprocessableEntity, map[string]any{"wrong": wrong}
		} else if f, ok := page.AsFault(err); ok {
			status, body = page.Status(f.Kind), told{i18n.Print(ctx, f.Message)}
		} else if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		return json.NewEncoder(w).Encode(body)
	}
}

func (p *Portal) buttonSet(ctx context.Context) (set button.Settings, err error) {
	err = p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		set, err = button.Load(ctx, tx)
		return err
	})
	return set, err
}

const maxFrom = 300 // bytes

// askedFrom is the page on which somebody uses the button: its address without what stands behind the path, which may be a secret.
func askedFrom(address, origin string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme+"://"+u.Host != origin || origin == "" {
		return ""
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	if s := u.String(); len(s) <= maxFrom {
		return s
	}
	return origin
}

// errOff is for what is switched off.
var errOff = fault.NotFound(i18n.M("This is switched off."))

// Found is something that may help, as the script shows it.
type Found struct {
	Title string `json:"title"`
	Text  string `json:"text"`
	URL   string `json:"url"`
}

// buttonFound answers GET /button/found?text=…: what everybody may read.
func (p *Portal) buttonFound(_ http.ResponseWriter, r *http.Request, v buttonVisit) (int, any, error) {
	if !v.set.Search {
		return 0, nil, errOff
	}
	if !p.mayType(v.Visit) {
		return http.StatusTooManyRequests, told{}, nil
	}
	all, err := p.near(r.Context(), page.Visit{}, r.FormValue("text"))
	out := []Found{}
	for _, s := range all {
		if s.URL == "" && s.Name == "choose" {
			s.URL = "/?" + url.Values{"service": {s.Value}}.Encode()
		}
		if s.URL != "" {
			out = append(out, Found{Title: s.Title, Text: s.Text, URL: p.address(r) + s.URL})
		}
	}
	return http.StatusOK, map[string]any{"found": out, "said": nearWords(r.Context(), len(out))}, err
}

// buttonPapercut answers POST /button/papercuts. The field visitor tells a browser from others.
func (p *Portal) buttonPapercut(w http.ResponseWriter, r *http.Request, v buttonVisit) (int, any, error) {
	if !v.set.Papercut || p.Papercuts == nil {
		return 0, nil, errOff
	}
	if wait := p.limited(w, r, v.Visit); wait != "" {
		return http.StatusTooManyRequests, told{wait}, nil
	}
	ctx := r.Context()
	who, _ := p.speaker(r, page.Visit{})
	err := p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := p.Papercuts.Say(ctx, tx, who, papercut.Said{Text: r.PostFormValue("text"), How: papercut.ByPortal, Place: v.from})
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]string{"said": i18n.T(ctx, "Noted. It is counted, and nobody owes an answer. Thank you for saying so.")}, nil
}

// buttonRequest answers POST /button/requests: a ticket at once, with the address of its page.
func (p *Portal) buttonRequest(w http.ResponseWriter, r *http.Request, v buttonVisit) (int, any, error) {
	if !v.set.Request {
		return 0, nil, errOff
	}
	if wait := p.limited(w, r, v.Visit); wait != "" {
		return http.StatusTooManyRequests, told{wait}, nil
	}
	in, err := readTyped(r)
	if err == nil {
		in.from = v.from
		err = in.check()
	}
	if err != nil {
		return 0, nil, err
	}
	made, err := p.make(r.Context(), r, page.Visit{Remote: v.Remote}, in)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]any{
		"said": i18n.T(r.Context(), "We have it. Its number is {{.Number}}.", "Number", numeral(made.number)), "url": p.address(r) + linkURL(made.token),
	}, nil
}

// plainForm answers POST /button/form: the form that stands in a page without a script, and leads to the request's page. What needs changing,
// and what comes from a page that was not named, comes back as the portal's own form with all that was typed: one more press sends it, and no
// page of a stranger can have its visitors' browsers send by themselves.
func (p *Portal) plainForm(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	set, err := p.buttonSet(ctx)
	if err != nil {
		return err
	}
	if !set.Plain {
		return errOff
	}
	in, err := readTyped(r)
	defer dropFiles(r)
	if err != nil {
		return err
	}
	origin := r.Header.Get("Origin")
	in.from, in.key, in.service = askedFrom(r.Referer(), origin), secret.Token(), ""
	view := in.view(ctx, p.frame(v), r)
	status, wrong := http.StatusUnprocessableEntity, map[string]string(nil)
	if wait := p.limited(w, r, v); wait != "" {
		status, view.Alert = http.StatusTooManyRequests, wait
	} else if !set.Allows(origin) && origin != p.address(r) {
		view.Alert = i18n.T(ctx, "Please look at what you wrote, and send it from here.")
	} else if err = in.check(); err == nil {
		var made newTicket
		if made, err = p.make(ctx, r, v, in); err == nil {
			return page.Goto(w, r, linkURL(made.token))
		}
	}
	wrong, ok := page.FieldErrors(ctx, err)
	if err != nil && !ok {
		return err
	}
	if err := p.offer(ctx, &view, in, wrong); err != nil {
		return err
	}
	view.put(wrong)
	return page.Render(w, r, status, FormPage(view))
}
