package page

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/secret"
)

// Routes are the pages that all surfaces share: signing in and out, the first administrator, live updates.
func (s *Site) Routes() []Route {
	return append(s.uploadRoutes(), []Route{
		{Pattern: "GET /sign-in", Handle: s.signInPage},
		{Pattern: "POST /sign-in", Handle: s.signIn},
		{Pattern: "GET /sign-in/code", Handle: s.codePage},
		{Pattern: "POST /sign-in/code", Handle: s.code},
		{Pattern: "POST /sign-in/link", Handle: s.wantLink},
		{Pattern: "GET /sign-in/link/{token}", Handle: s.linkPage},
		{Pattern: "POST /sign-in/link/{token}", Handle: s.useLink},
		{Pattern: "POST /sign-out", Handle: s.signOut},
		{Pattern: "GET /setup/{token}", Handle: s.setupPage},
		{Pattern: "POST /setup/{token}", Handle: s.setup},
		{Pattern: "GET /live", Verb: person.UseAccount, Handle: s.live},
	}...)
}

func (s *Site) signInPage(w http.ResponseWriter, r *http.Request, v Visit) error {
	next := person.LocalPath(r.FormValue("next"))
	if v.Actor.SignedIn() {
		return Goto(w, r, home(v.Actor, next))
	}
	return Render(w, r, http.StatusOK, SignIn(SignInView{Site: s.Name, Next: next}))
}

func (s *Site) signIn(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := Form(r); err != nil {
		return err
	}
	address, next := r.PostFormValue("address"), person.LocalPath(r.PostFormValue("next"))
	id, codeWanted, err := s.Door.Password(r.Context(), address, r.PostFormValue("password"), v.Remote)
	if sentence, status := s.sentence(r, err); sentence != "" {
		return Render(w, r, status, SignIn(SignInView{Site: s.Name, Next: next, Address: address, Error: sentence}))
	}
	if err != nil {
		return err
	}
	if codeWanted {
		s.setCookie(w, halfCookie, s.sealHalf(id), halfLife)
		return Render(w, r, http.StatusOK, Code(CodeView{Site: s.Name, Next: next}))
	}
	return s.enter(w, r, v, id, next)
}

// sentence is what a form says about a fault of the person's making, and the status it goes out with.
func (s *Site) sentence(r *http.Request, err error) (string, int) {
	f, ok := fault.Of(err)
	if !ok || (f.Kind != fault.KindInvalid && f.Kind != fault.KindLimited) {
		return "", 0
	}
	m := f.Message
	if len(f.Fields) > 0 {
		m = f.Fields[0].Message
	}
	return i18n.Print(r.Context(), m), Status(f.Kind)
}

// enter begins a session and goes on to where the person wanted to be.
func (s *Site) enter(w http.ResponseWriter, r *http.Request, v Visit, id int64, next string) error {
	var token string
	var actor person.Actor
	ctx := r.Context()
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if actor, err = person.ActorOf(ctx, tx, id); err != nil {
			return err
		}
		token, err = person.StartSession(ctx, tx, id, r.UserAgent(), v.Remote)
		return err
	})
	if err != nil {
		return err
	}
	s.SetSession(w, token)
	return Goto(w, r, home(actor, next))
}

// home is where somebody goes after signing in.
func home(a person.Actor, next string) string {
	switch {
	case next != "":
		return next
	case a.Staff():
		return "/tickets"
	}
	return "/requests"
}

const halfLife = 5 * time.Minute

// sealHalf writes down, for the visitor's browser to keep, whose password was right.
func (s *Site) sealHalf(id int64) string {
	return base64.RawURLEncoding.EncodeToString(s.Key.Seal("half signed in", fmt.Appendf(nil, "%d %d", id, clock.Now().Add(halfLife))))
}

func (s *Site) openHalf(r *http.Request) (id int64, ok bool) {
	c, err := r.Cookie(s.cookieName(halfCookie))
	if err != nil {
		return 0, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return 0, false
	}
	plain, err := s.Key.Open("half signed in", raw)
	if err != nil {
		return 0, false
	}
	var until clock.Instant
	if _, err := fmt.Sscan(string(plain), &id, &until); err != nil || until < clock.Now() {
		return 0, false
	}
	return id, true
}

func (s *Site) codePage(w http.ResponseWriter, r *http.Request, _ Visit) error {
	if _, ok := s.openHalf(r); !ok {
		return Goto(w, r, "/sign-in")
	}
	return Render(w, r, http.StatusOK, Code(CodeView{Site: s.Name, Next: person.LocalPath(r.FormValue("next"))}))
}

func (s *Site) code(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := Form(r); err != nil {
		return err
	}
	id, ok := s.openHalf(r)
	if !ok {
		return Goto(w, r, "/sign-in")
	}
	next := person.LocalPath(r.PostFormValue("next"))
	err := s.Door.Code(r.Context(), id, r.PostFormValue("code"), v.Remote)
	if sentence, status := s.sentence(r, err); sentence != "" {
		return Render(w, r, status, Code(CodeView{Site: s.Name, Next: next, Error: sentence}))
	}
	if err != nil {
		return err
	}
	s.setCookie(w, halfCookie, "", 0)
	return s.enter(w, r, v, id, next)
}

func (s *Site) wantLink(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := Form(r); err != nil {
		return err
	}
	ctx, address, next := r.Context(), r.PostFormValue("address"), person.LocalPath(r.PostFormValue("next"))
	id, err := s.Door.WantLink(ctx, address, v.Remote)
	if sentence, status := s.sentence(r, err); sentence != "" {
		return Render(w, r, status, SignIn(SignInView{Site: s.Name, Next: next, Address: address, Error: sentence}))
	}
	if err != nil {
		return err
	}
	browser := s.Browser(w, r)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if id == 0 {
			return person.MailNothing(ctx, tx)
		}
		return s.MailLink(ctx, tx, id, person.FoldAddress(address), browser, next)
	})
	if err != nil {
		return err
	}
	view := CheckMailView{Site: s.Name, Address: address, Minutes: int(person.SignInLinkLife.Minutes())}
	if s.Demo {
		view.CatcherURL = "/demo/mail"
	}
	return Render(w, r, http.StatusOK, CheckMail(view))
}

func (s *Site) linkPage(w http.ResponseWriter, r *http.Request, _ Visit) error {
	ctx, token := r.Context(), r.PathValue("token")
	view := LinkView{Site: s.Name, PostURL: r.URL.Path, Token: token}
	browser := s.Browser(w, r)
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		id, _, err := person.CheckLink(ctx, tx, token, browser)
		if err != nil {
			return err
		}
		p, err := person.Get(ctx, tx, id)
		view.Address = p.Address
		return err
	})
	if errors.Is(err, person.ErrOtherBrowser) || fault.Is(err, fault.KindNotFound) {
		view.Gone = true
		return Render(w, r, http.StatusNotFound, Link(view))
	}
	if err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, Link(view))
}

func (s *Site) useLink(w http.ResponseWriter, r *http.Request, v Visit) error {
	ctx := r.Context()
	var id int64
	var next string
	browser := s.Browser(w, r)
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		id, next, err = person.UseLink(ctx, tx, r.PathValue("token"), browser, v.Remote)
		return err
	})
	if errors.Is(err, person.ErrOtherBrowser) || fault.Is(err, fault.KindNotFound) {
		return Render(w, r, http.StatusNotFound, Link(LinkView{Site: s.Name, Gone: true}))
	}
	if err != nil {
		return err
	}
	has, err := s.hasSecondFactor(ctx, id)
	if err != nil {
		return err
	}
	if has {
		s.setCookie(w, halfCookie, s.sealHalf(id), halfLife)
		return Render(w, r, http.StatusOK, Code(CodeView{Site: s.Name, Next: next}))
	}
	return s.enter(w, r, v, id, next)
}

func (s *Site) hasSecondFactor(ctx context.Context, id int64) (has bool, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		has, err = person.HasTOTP(ctx, tx, id)
		return err
	})
	return has, err
}

func (s *Site) signOut(w http.ResponseWriter, r *http.Request, v Visit) error {
	if v.Session != 0 {
		ctx := r.Context()
		if err := s.DB.Write(ctx, func(tx *db.Tx) error { return person.EndSession(ctx, tx, v.Actor, v.Session, v.Remote) }); err != nil {
			return err
		}
	}
	s.SetSession(w, "")
	w.Header().Set("Clear-Site-Data", `"cache"`)
	return Goto(w, r, "/sign-in")
}

func (s *Site) setupPage(w http.ResponseWriter, r *http.Request, _ Visit) error {
	ctx := r.Context()
	if err := s.DB.Read(ctx, func(tx *db.Tx) error { return person.CheckSetup(ctx, tx, r.PathValue("token")) }); err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, FirstAdmin(s.firstAdmin(ctx, r)))
}

func (s *Site) firstAdmin(ctx context.Context, r *http.Request) FirstAdminView {
	return FirstAdminView{
		Site: s.Name, PostURL: r.URL.Path, Name: r.PostFormValue("name"), Address: r.PostFormValue("address"),
		PasswordHint: i18n.T(ctx, "At least {{.Count}} characters; a few words in a row are easy to remember.", "Count", secret.MinPassword),
	}
}

func (s *Site) setup(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	name, address, password := r.PostFormValue("name"), r.PostFormValue("address"), r.PostFormValue("password")
	var p person.Person
	err := s.DB.Read(ctx, func(tx *db.Tx) error { return person.CheckSetup(ctx, tx, r.PathValue("token")) })
	if weak := secret.Weakness(password, name, address); err == nil && !weak.IsZero() {
		err = fault.Invalid(fault.F("password", weak))
	}
	var hash string
	if err == nil {
		hash, err = secret.HashPassword(ctx, password)
	}
	if err == nil {
		err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
			p, err = person.FirstAdministrator(ctx, tx, r.PathValue("token"), name, address, hash, v.Remote)
			return err
		})
	}
	if wrong, ok := FieldErrors(ctx, err); ok {
		view := s.firstAdmin(ctx, r)
		view.NameError, view.AddressError, view.PasswordError = wrong["name"], wrong["address"], wrong["password"]
		return Render(w, r, http.StatusUnprocessableEntity, FirstAdmin(view))
	}
	if err != nil {
		return err
	}
	return s.enter(w, r, v, p.ID, "/admin")
}
