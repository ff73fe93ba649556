package portal

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/service"
	"goodturn/internal/web/page"
)

// PapercutView is where somebody says that something small bugs them: one tap on what others have said, or a sentence.
type PapercutView struct {
	Frame Frame
	// From is the page where they were; Visitor tells a browser from others of whose people nothing is known.
	From, Visitor string
	Text          string
	TextError     string
	Alert         string
	Offered       []papercut.Shown
	Mine          []papercut.Shown
	// Noted is what was just said, and Near what may be the same; nil for nothing.
	Noted *papercut.Shown
	Near  []papercut.Shown
	// Known says that they are signed in, Hushed that they want no mails about this.
	Known, Hushed         bool
	Address, AddressError string
	// Mail is where it can be mailed; "" for nowhere.
	Mail string
}

// papercutRoutes are the pages of small things. Whoever may ask for help may say them.
func (p *Portal) papercutRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /papercut", Handle: p.papercut},
		{Pattern: "POST /papercut", Handle: p.sayPapercut},
		{Pattern: "POST /papercut/back", Handle: p.takeBackPapercut},
		{Pattern: "POST /papercut/same", Handle: p.samePapercut},
		{Pattern: "POST /papercut/tell", Handle: p.tellPapercut},
		{Pattern: "POST /papercut/mails", Verb: person.UseAccount, Handle: p.hushPapercuts},
		{Pattern: "GET /papercut-tell/{token}", Handle: p.confirmPapercutPage},
		{Pattern: "POST /papercut-tell/{token}", Handle: p.confirmPapercut},
		{Pattern: "GET /papercut-back/{token}", Handle: p.backPapercutPage},
		{Pattern: "POST /papercut-back/{token}", Handle: p.backPapercut},
		{Pattern: "GET /papercut-stop/{token}", Handle: p.stopPapercutsPage},
		{Pattern: "POST /papercut-stop/{token}", Handle: p.stopPapercuts},
	}
}

// How many are offered for a tap, and how many of one's own are shown.
const (
	offeredCuts = 6
	ownCuts     = 20
)

const (
	visitorCookie = "goodturn-visitor"
	visitorLife   = 400 * 24 * time.Hour
)

func (p *Portal) visitorCookieName() string {
	if p.Site.Secure {
		return "__Secure-" + visitorCookie
	}
	return visitorCookie
}

// visitor gives what tells this browser from others, and whether it had it before.
func (p *Portal) visitor(r *http.Request) (key string, had bool) {
	if c, err := r.Cookie(p.visitorCookieName()); err == nil && len(c.Value) >= 16 && len(c.Value) <= 100 {
		return c.Value, true
	}
	if key = r.PostFormValue("visitor"); len(key) >= 16 && len(key) <= 100 {
		return key, false
	}
	return secret.Token(), false
}

// speaker is whoever says something on this page: the person, or their browser.
func (p *Portal) speaker(r *http.Request, v page.Visit) (who papercut.Who, key string) {
	if v.Actor.SignedIn() {
		return papercut.Who{Person: v.Actor.ID}, ""
	}
	key, _ = p.visitor(r)
	sum := sha256.Sum256([]byte("papercut visitor\x00" + key))
	return papercut.Who{Visitor: int64(binary.BigEndian.Uint64(sum[:8])>>1) | 1}, key
}

// keep has the browser known again, once it has said something.
func (p *Portal) keep(w http.ResponseWriter, key string) {
	if key == "" {
		return
	}
	http.SetCookie(w, &http.Cookie{Name: p.visitorCookieName(), Value: key, Path: "/papercut", MaxAge: int(visitorLife.Seconds()), HttpOnly: true, Secure: p.Site.Secure, SameSite: http.SameSiteLaxMode})
}

// places are the pages that a small thing may be said of. What else stands in an address may be a secret, and is dropped.
var (
	places  = []string{"answers", "help", "helping", "me", "requests", "services", "status"}
	segment = regexp.MustCompile(`^[a-z0-9-]{1,60}$`)
)

// placeOf gives the page that an address leads to, without what is nobody else's business.
func placeOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Path, "/") {
		return ""
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if parts[0] == "" {
		if s := u.Query().Get("service"); segment.MatchString(s) {
			return "/?service=" + s
		}
		return "/"
	}
	if !slices.Contains(places, parts[0]) {
		return ""
	}
	out := ""
	for _, part := range parts[:min(len(parts), 4)] {
		if !segment.MatchString(part) {
			break
		}
		out += "/" + part
	}
	return out
}

// cameFrom is the page where somebody was when they chose to say it.
func cameFrom(r *http.Request) string {
	if from := r.PostFormValue("from"); from != "" {
		return placeOf(from)
	}
	if from := r.URL.Query().Get("from"); from != "" {
		return placeOf(from)
	}
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host {
		return ""
	}
	return placeOf(u.RequestURI())
}

// papercut answers GET /papercut. ?noted= is what was just said.
func (p *Portal) papercut(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.showPapercut(w, r, v, http.StatusOK, PapercutView{})
}

func (p *Portal) showPapercut(w http.ResponseWriter, r *http.Request, v page.Visit, status int, view PapercutView) error {
	ctx := r.Context()
	who, key := p.speaker(r, v)
	view.Frame, view.From, view.Visitor, view.Known = p.frame(v), cameFrom(r), key, v.Actor.SignedIn()
	noted, _ := strconv.ParseInt(r.FormValue("noted"), 10, 64)
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		c, _, err := known(ctx, tx, v.Actor)
		if err != nil {
			return err
		}
		view.Noted, view.Near = nil, nil
		if view.Mail, err = mailbox.PapercutAddress(ctx, tx); err != nil {
			return err
		}
		if noted != 0 {
			if err := view.note(ctx, tx, c, who, noted); err != nil {
				return err
			}
		}
		if view.Noted == nil {
			if view.Offered, err = papercut.Offered(ctx, tx, c, who, view.Text, offeredCuts); err != nil {
				return err
			}
		}
		if view.Known {
			if view.Hushed, err = papercut.Hushed(ctx, tx, v.Actor.ID); err != nil {
				return err
			}
		}
		view.Mine, err = papercut.Mine(ctx, tx, c, who, ownCuts)
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, no-store")
	return page.Render(w, r, status, PapercutPage(view))
}

// note fills in what was just said, as far as they did say it.
func (v *PapercutView) note(ctx context.Context, tx *db.Tx, c person.Circle, who papercut.Who, id int64) error {
	s, err := papercut.See(ctx, tx, c, who, id)
	if fault.Is(err, fault.KindNotFound) || err == nil && !s.Mine {
		return nil
	}
	if err != nil {
		return err
	}
	v.Noted = &s
	if s.People > 1 {
		return nil
	}
	v.Near, err = papercut.NearTo(ctx, tx, c, who, s, 3)
	return err
}

// sayPapercut answers POST /papercut: "same" is one that others said, "text" a sentence of one's own.
func (p *Portal) sayPapercut(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	view := PapercutView{Text: r.PostFormValue("text")}
	if wait := p.limited(w, r, v); wait != "" {
		view.Alert = wait
		return p.showPapercut(w, r, v, http.StatusTooManyRequests, view)
	}
	who, key := p.speaker(r, v)
	from := cameFrom(r)
	var id int64
	err := p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		c, _, err := known(ctx, tx, v.Actor)
		if err != nil {
			return err
		}
		var said papercut.Result
		if same, _ := strconv.ParseInt(r.PostFormValue("same"), 10, 64); same != 0 {
			said, err = p.Papercuts.MeToo(ctx, tx, c, who, same, from)
		} else {
			team, wrong := teamOf(ctx, tx, from)
			if wrong != nil {
				return wrong
			}
			said, err = p.Papercuts.Say(ctx, tx, who, papercut.Said{Text: view.Text, How: papercut.ByPortal, Place: from, Team: team})
		}
		id = said.ID
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		view.TextError = wrong["text"]
		return p.showPapercut(w, r, v, http.StatusUnprocessableEntity, view)
	}
	if f, ok := fault.Of(err); ok && (f.Kind == fault.KindLimited || f.Kind == fault.KindConflict) {
		view.Alert = i18n.Print(ctx, f.Message)
		return p.showPapercut(w, r, v, statusOf(f.Kind), view)
	}
	if err != nil {
		return err
	}
	p.keep(w, key)
	return page.Goto(w, r, notedURL(id, from))
}

func statusOf(k fault.Kind) int {
	if k == fault.KindLimited {
		return http.StatusTooManyRequests
	}
	return http.StatusConflict
}

func notedURL(id int64, from string) string {
	return "/papercut?" + url.Values{"noted": {numeral(id)}, "from": {from}}.Encode()
}

// teamOf is the team of the service on whose page somebody was, if that is no private one.
func teamOf(ctx context.Context, tx *db.Tx, from string) (int64, error) {
	slug, ok := strings.CutPrefix(from, "/?service=")
	if !ok {
		return 0, nil
	}
	s, err := service.BySlug(ctx, tx, slug)
	if fault.Is(err, fault.KindNotFound) || err == nil && s.TeamID == 0 {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	open, err := db.Exists(ctx, tx, `SELECT 1 FROM team WHERE id = $1 AND NOT private`, s.TeamID)
	if err != nil || !open {
		return 0, err
	}
	return s.TeamID, nil
}

// againURL is where another one is said.
func (v PapercutView) againURL() string {
	return "/papercut?" + url.Values{"from": {v.From}}.Encode()
}

// doPapercut reads the form, does something with the papercut in its field "id", and leads back.
func (p *Portal) doPapercut(w http.ResponseWriter, r *http.Request, v page.Visit, do func(ctx context.Context, tx *db.Tx, c person.Circle, who papercut.Who, id int64) error) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	who, _ := p.speaker(r, v)
	id, _ := strconv.ParseInt(r.PostFormValue("id"), 10, 64)
	return p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		c, _, err := known(ctx, tx, v.Actor)
		if err != nil {
			return err
		}
		s, err := papercut.See(ctx, tx, c, who, id)
		if err != nil {
			return err
		}
		if !s.Mine {
			return papercut.NotFound()
		}
		return do(ctx, tx, c, who, s.ID)
	})
}

// takeBackPapercut answers POST /papercut/back.
func (p *Portal) takeBackPapercut(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	err := p.doPapercut(w, r, v, func(ctx context.Context, tx *db.Tx, _ person.Circle, who papercut.Who, id int64) error {
		return p.Papercuts.TakeBack(ctx, tx, who, id)
	})
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(r.Context(), "Taken back, as if it had not been said."))
	return page.Goto(w, r, "/papercut?"+url.Values{"from": {cameFrom(r)}}.Encode())
}

// samePapercut answers POST /papercut/same: what somebody said is the same as "to", which others said.
func (p *Portal) samePapercut(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var now int64
	err := p.doPapercut(w, r, v, func(ctx context.Context, tx *db.Tx, c person.Circle, who papercut.Who, id int64) error {
		to, _ := strconv.ParseInt(r.PostFormValue("to"), 10, 64)
		said, err := p.Papercuts.Move(ctx, tx, c, who, id, to)
		now = said.ID
		return err
	})
	if err != nil {
		return err
	}
	return page.Goto(w, r, notedURL(now, cameFrom(r)))
}

// tellPapercut answers POST /papercut/tell: a visitor of whom nothing is known wants to hear when it is gone.
func (p *Portal) tellPapercut(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	view := PapercutView{Address: strings.TrimSpace(r.PostFormValue("address"))}
	if wait := p.limited(w, r, v); wait != "" {
		view.Alert = wait
		return p.showPapercut(w, r, v, http.StatusTooManyRequests, view)
	}
	ctx := r.Context()
	id, _ := strconv.ParseInt(r.PostFormValue("noted"), 10, 64)
	who, _ := p.speaker(r, v)
	err := p.Site.DB.Write(ctx, func(tx *db.Tx) error { return p.Papercuts.Ask(ctx, tx, who.Visitor, id, view.Address) })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		view.AddressError = wrong["address"]
		return p.showPapercut(w, r, v, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "Please look into your mail: one button there, and you hear from us when it is gone."))
	return page.Goto(w, r, "/papercut?"+url.Values{"from": {cameFrom(r)}}.Encode())
}

// hushPapercuts answers POST /papercut/mails: "hush" ends the mails about small things, "" has them begin again.
func (p *Portal) hushPapercuts(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	if err := p.Site.DB.Write(ctx, func(tx *db.Tx) error { return papercut.Hush(ctx, tx, v.Actor.ID, r.PostFormValue("hush") != "") }); err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, "/papercut")
}
