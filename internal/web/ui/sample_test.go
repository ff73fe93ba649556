package ui_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
	"goodturn/internal/web/ui"
	"goodturn/internal/web/ui/uitest"
)

var now = clock.From(time.Date(2026, 11, 23, 10, 2, 0, 0, time.UTC))

func draw(t *testing.T, c templ.Component) *html.Node {
	t.Helper()
	return uitest.Render(t, i18n.With(context.Background(), "en", time.UTC), c)
}

func TestFieldTiesItsErrorAndKeepsItsValue(t *testing.T) {
	doc := draw(t, ui.Field(ui.Input{Name: "who", Label: "Who asks", Hint: "A name or an address.", Error: "Nobody is called that.", Value: `"Hana" <h@example.com>`, Suggestions: []ui.Suggestion{{Value: "h@example.com", Label: "Hana"}}}))
	in := uitest.Named(doc, "input")[0]
	for key, want := range map[string]string{"id": "f-who", "aria-describedby": "f-who-wrong f-who-hint", "aria-invalid": "true", "value": `"Hana" <h@example.com>`, "list": "f-who-list", "type": "text"} {
		if got := uitest.Attr(in, key); got != want {
			t.Errorf("%s = %q, want %q", key, got, want)
		}
	}
	if got := uitest.Attr(uitest.Named(doc, "label")[0], "for"); got != "f-who" {
		t.Errorf("the label is for %q", got)
	}
}

func TestTextAreaKeepsLines(t *testing.T) {
	text := "\nfirst\n  </textarea><b>second"
	area := uitest.Named(draw(t, ui.TextArea(ui.Area{Name: "text", Label: "What", Value: text})), "textarea")[0]
	// A browser drops one line break after the tag, so a leading one may be lost; nothing else may change.
	if got := area.FirstChild.Data; strings.TrimPrefix(text, "\n") != strings.TrimPrefix(got, "\n") {
		t.Errorf("%q became %q", text, got)
	}
}

func TestTimeIsMachineReadable(t *testing.T) {
	for _, c := range []struct {
		back           time.Duration
		long, short    string
		stamp, machine string
	}{
		{8 * time.Minute, "8 minutes ago", "8 min", "09:54 · 8 minutes ago", "2026-11-23T09:54:00Z"},
		{48 * time.Hour, "2 days ago", "2 d", "21 Nov 2026, 10:02", "2026-11-21T10:02:00Z"},
	} {
		at := now.Add(-c.back)
		for want, component := range map[string]templ.Component{c.long: ui.Time(now, at), c.short: ui.Age(now, at), c.stamp: ui.Stamp(now, at)} {
			doc := draw(t, component)
			if got := uitest.Text(doc); got != want {
				t.Errorf("%q, want %q", got, want)
			}
			el := uitest.Named(doc, "time")[0]
			if uitest.Attr(el, "datetime") != c.machine || uitest.Attr(el, "title") == "" {
				t.Errorf("datetime %q, title %q", uitest.Attr(el, "datetime"), uitest.Attr(el, "title"))
			}
		}
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Hana Sato": "HS", "Jean-Luc  de la Tour": "JT", "Cher": "C", "maya.o’neill@example.com": "MO", "": "?", "…": "?", "ليلى حداد": "لح", "李 明": "李明", "Émile": "É", "4711": "4",
	} {
		if got := ui.Initials(name); got != want {
			t.Errorf("Initials(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestFaceKeepsItsColour(t *testing.T) {
	class := func(name string) string {
		return uitest.Attr(uitest.All(draw(t, ui.Face(name, ui.FaceNormal)), func(n *html.Node) bool { return uitest.HasClass(n, "face") })[0], "class")
	}
	if class("Hana Sato") != class(" hana sato ") {
		t.Error("one name has two colours")
	}
}

func TestPaginationIsSilentWithoutNeighbours(t *testing.T) {
	if got := uitest.Named(draw(t, ui.Pagination(ui.Pages{})), "nav"); len(got) != 0 {
		t.Error("pages of nothing")
	}
	if got := uitest.Text(draw(t, ui.Pagination(ui.Pages{Older: "/a"}))); got != "Older" {
		t.Errorf("%q", got)
	}
}

func TestQRIsASquare(t *testing.T) {
	doc := draw(t, ui.QR("otpauth://totp/Goodturn:priya@example.com?secret=JBSWY3DPEHPK3PXP", "Code to scan"))
	svg := uitest.Named(doc, "svg")
	if len(svg) != 1 || uitest.Attr(svg[0], "role") != "img" || uitest.Attr(svg[0], "aria-label") != "Code to scan" {
		t.Fatal("no labelled picture")
	}
	if d := uitest.Attr(uitest.Named(doc, "path")[0], "d"); !strings.HasPrefix(d, "M4 4h7v1h-7z") {
		t.Errorf("the first finder pattern is not in its corner: %.40s", d)
	}
	if len(uitest.Named(draw(t, ui.QR(strings.Repeat("x", 5000), "")), "svg")) != 0 {
		t.Error("a text that fits no code was drawn")
	}
}

func TestButtonSaysWhichItWas(t *testing.T) {
	doc := draw(t, ui.PostButton("/tickets/7/status", ui.Action{Text: "Solve", Name: "value", Value: "solved", Icon: "check", Look: ui.LookPrimary}))
	b := uitest.Named(doc, "button")[0]
	if uitest.Attr(b, "name") != "value" || uitest.Attr(b, "value") != "solved" || uitest.Attr(b, "type") != "submit" || !uitest.HasClass(b, "primary") {
		t.Errorf("%v", b.Attr)
	}
	if f := uitest.Named(doc, "form")[0]; uitest.Attr(f, "method") != "post" || uitest.Attr(f, "action") != "/tickets/7/status" {
		t.Errorf("%v", f.Attr)
	}
}

func TestLinkRefusesScripts(t *testing.T) {
	a := uitest.Named(draw(t, ui.Link("x", "javascript:alert(1)", "", ui.LookNormal)), "a")[0]
	if strings.HasPrefix(uitest.Attr(a, "href"), "javascript") {
		t.Error("a script came through")
	}
}
