package page

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/a-h/templ"

	"goodturn/internal/i18n"
	"goodturn/internal/web/ui"
	"goodturn/internal/web/ui/uitest"
)

func samplePages() map[string]templ.Component {
	flash := []ui.Note{{Text: "The ticket is solved. Hana gets a mail."}, {Text: "The mail could not be sent.", Bad: true}}
	words := templ.Raw(`<h1>The printer on floor 3 prints only half pages</h1><section class="card"><h2>What is happening</h2><ol class="steps"><li><b>Amara has it.</b></li><li class="next soft">Next: Amara comes by at 10:15.</li></ol></section>`)
	with := func(frame, child templ.Component) templ.Component {
		return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			return frame.Render(templ.WithChildren(ctx, child), w)
		})
	}
	return map[string]templ.Component{
		"sign-in":          SignIn(SignInView{Address: "priya@example.com", Error: "Address and password do not fit together. Try again, or have a link mailed.", Next: "/tickets/1042"}),
		"sign-in-kept":     SignIn(SignInView{Next: "/tickets/1042", Kept: "Good morning Hana,\nplease try the other tray."}),
		"sign-in-new":      SignIn(SignInView{}),
		"sign-in-link":     SignIn(SignInView{PasswordOff: true}),
		"sign-in-code":     Code(CodeView{Error: "These were not the digits. Wait for the next ones and type them."}),
		"sign-in-mail":     CheckMail(CheckMailView{Address: "priya@example.com", Minutes: 15, CatcherURL: "/demo/mail"}),
		"sign-in-button":   Link(LinkView{PostURL: "/sign-in/with", Token: "t0", Address: "priya@example.com"}),
		"sign-in-gone":     Link(LinkView{Gone: true}),
		"first":            FirstAdmin(FirstAdminView{PostURL: "/first/t0", PasswordHint: "At least 12 characters; a sentence is easiest."}),
		"error-403":        Error(ErrorView{Status: 403}),
		"error-404":        Error(ErrorView{Status: 404, Back: "/tickets"}),
		"error-413":        Error(ErrorView{Status: 413, Limit: 25_000_000}),
		"error-429":        Error(ErrorView{Status: 429, Wait: 40}),
		"error-500":        Error(ErrorView{Status: 500, Reference: "7f3a90c2"}),
		"error-503":        Error(ErrorView{Status: 503}),
		"portal":           with(Portal(PortalFrame{Title: "Your request", Demo: true}), words),
		"portal-signed-in": with(Portal(PortalFrame{Title: "Your request", Person: "Hana Sato", Flash: flash}), words),
		"desk-plain":       with(Desk(DeskFrame{Title: "Something", Nav: Nav{Me: Me{Name: "Priya Kaur"}}, Flash: flash}), words),
	}
}

func TestPagesAreSound(t *testing.T) {
	for _, lang := range []string{"en", "de"} {
		for name, c := range samplePages() {
			t.Run(lang+"/"+name, func(t *testing.T) {
				uitest.Sound(t, uitest.Render(t, i18n.With(context.Background(), lang, time.UTC), c))
			})
		}
	}
}

// TestWritePages writes the samples with their assets to $GOODTURN_PAGES, to be looked at in a browser.
func TestWritePages(t *testing.T) {
	dir := os.Getenv("GOODTURN_PAGES")
	if dir == "" {
		t.Skip("GOODTURN_PAGES is not set: it names a folder for the sample pages")
	}
	for name, c := range samplePages() {
		uitest.Write(t, filepath.Join(dir, name+".html"), i18n.With(context.Background(), "en", time.UTC), c)
	}
	uitest.WriteAssets(t, dir)
}
