package desk

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"goodturn/internal/i18n"
	"goodturn/internal/web/ui/uitest"
)

// samples are all pages of the desk with something on them, and the states in which they look different.
func samples() map[string]templ.Component {
	frame := sampleFrame("Our turn")
	bare := sampleTicket()
	bare.ReadOnly, bare.List, bare.Timeline = true, nil, nil
	noReply := sampleTicket()
	noReply.Composer.NoReply, noReply.Status = "Hana has no address yet, so a reply cannot be sent.", "solved"
	joined := sampleTicket()
	joined.ReadOnly, joined.Joined = true, &Joined{Into: 987, Subject: "Half pages, floor 3", Undo: "/tickets/987/merges/1042/undo"}
	on := sampleAccount()
	on.TOTP, on.HasPassword, on.NewToken, on.Tokens = TOTP{On: true, Since: ago(time.Hour)}, false, "", nil
	off := sampleAccount()
	off.TOTP = TOTP{}
	return map[string]templ.Component{
		"list":             ListPage(sampleList(frame)),
		"list-empty":       ListPage(ListView{Frame: frame, Title: "Our turn", URL: "/tickets"}),
		"list-first":       ListPage(ListView{Frame: frame, Title: "Our turn", URL: "/tickets", NothingYet: true, Address: "help@example.com"}),
		"list-narrowed":    ListPage(ListView{Frame: frame, Title: "Our turn", URL: "/tickets", Narrowed: true}),
		"ticket":           TicketPage(sampleTicket()),
		"ticket-troubled":  TicketPage(sampleTroubled()),
		"ticket-bare":      TicketPage(bare),
		"ticket-no-reply":  TicketPage(noReply),
		"new":              NewTicketPage(sampleNew()),
		"merge":            MergePage(MergeView{Frame: frame, Number: 1042, Subject: "Half pages", Requester: "Hana Sato", Offers: sampleTicket().Side.Earlier, Chosen: []string{"987"}, Numbers: "1o43", Error: "“1o43” is not the number of a ticket. One looks like 1042."}),
		"merge-strangers":  MergePage(MergeView{Frame: frame, Number: 1042, Subject: "Half pages", Requester: "Hana Sato", Away: true, Circles: []string{"Marlow & Finch", "Tom Becker"}}),
		"split":            SplitPage(SplitView{Frame: frame, Number: 1042, Subject: "Half pages", Message: 7, Author: "Hana Sato", Text: "And my phone rings twice.", Title: "And my phone rings twice.", At: sampleNow, After: 3, Asks: "Hana Sato"}),
		"ticket-joined":    TicketPage(joined),
		"search":           SearchPage(sampleSearch()),
		"search-start":     SearchPage(SearchView{Frame: frame}),
		"search-nothing":   SearchPage(SearchView{Frame: frame, Query: "quux"}),
		"search-wrong":     SearchPage(SearchView{Frame: frame, Query: "team:", QueryError: "“team:” needs the name of a team after it."}),
		"person":           PersonPage(samplePerson()),
		"person-new":       PersonPage(PersonView{Frame: frame, URL: "/people/9", Note: PersonNote{URL: "/people/9/note"}, Name: "Ingrid Holm", Since: sampleNow}),
		"account":          AccountPage(sampleAccount()),
		"account-totp-on":  AccountPage(on),
		"account-totp-off": AccountPage(off),
	}
}

func TestPagesAreSound(t *testing.T) {
	for _, lang := range []string{"en", "de"} {
		ctx := i18n.With(context.Background(), lang, time.UTC)
		for name, c := range samples() {
			t.Run(lang+"/"+name, func(t *testing.T) { uitest.Sound(t, uitest.Render(t, ctx, c)) })
		}
	}
}

// TestWritePages writes the samples with their assets to $GOODTURN_PAGES, to be looked at in a browser.
func TestWritePages(t *testing.T) {
	dir := os.Getenv("GOODTURN_PAGES")
	if dir == "" {
		t.Skip("GOODTURN_PAGES is not set: it names a folder for the sample pages")
	}
	for name, c := range samples() {
		uitest.Write(t, filepath.Join(dir, name+".html"), i18n.With(context.Background(), "en", time.UTC), c)
	}
	uitest.Write(t, filepath.Join(dir, "ticket-de.html"), i18n.With(context.Background(), "de", time.UTC), TicketPage(sampleTicket()))
	uitest.WriteAssets(t, dir)
}

func show(t *testing.T, c templ.Component) *html.Node {
	t.Helper()
	return uitest.Render(t, i18n.With(context.Background(), "en", time.UTC), c)
}

func TestListRowSaysWhatMatters(t *testing.T) {
	doc := show(t, ListPage(sampleList(sampleFrame("Our turn"))))
	rows := uitest.All(doc, func(n *html.Node) bool { return uitest.HasClass(n, "ticket-row") })
	if len(rows) != len(sampleRows) {
		t.Fatalf("%d rows, want %d", len(rows), len(sampleRows))
	}
	for i, want := range [][]string{
		{"The printer on floor 3 prints only half pages", "Hana Sato", "Can I still print", "our turn", "8 min", "printer"},
		{"high", "VPN drops", "Luis Ferreira", "50 min"},
	} {
		got := uitest.Text(rows[i])
		for _, part := range want {
			if !strings.Contains(got, part) {
				t.Errorf("row %d lacks %q: %s", i, part, got)
			}
		}
	}
	if got := uitest.Text(rows[10]); !strings.Contains(got, "pending") || !strings.Contains(got, "their turn") || !strings.Contains(got, "Amara:") {
		t.Errorf("row 10: %s", got)
	}
}

func TestEventsFoldWhenMoreThanThree(t *testing.T) {
	v := sampleTicket()
	folded := func() int {
		doc := show(t, TimelineFragment(v))
		return len(uitest.All(doc, func(n *html.Node) bool { return n.Data == "details" && uitest.HasClass(n, "events") }))
	}
	if n := folded(); n != 1 {
		t.Errorf("%d folds for a run of four events, want 1", n)
	}
	v.Timeline = append(v.Timeline[:5:5], v.Timeline[6:]...)
	if n := folded(); n != 0 {
		t.Errorf("%d folds for a run of three events, want none", n)
	}
}

func TestNoteIsUnmistakable(t *testing.T) {
	doc := show(t, TicketPage(sampleTicket()))
	notes := uitest.All(doc, func(n *html.Node) bool { return uitest.HasClass(n, "is-note") && n.Data == "article" })
	if len(notes) != 1 || !strings.Contains(uitest.Text(notes[0]), "only staff see this") {
		t.Fatalf("%d notes", len(notes))
	}
}

func TestReadOnlyTicketOffersNothing(t *testing.T) {
	v := sampleTicket()
	v.ReadOnly, v.List = true, nil
	doc := show(t, TicketPage(v))
	for _, form := range uitest.All(doc, func(n *html.Node) bool {
		return n.Data == "form" && strings.HasPrefix(uitest.Attr(n, "action"), "/tickets")
	}) {
		t.Errorf("a form posts to %s", uitest.Attr(form, "action"))
	}
}

func TestWordsOfPeopleAreEscaped(t *testing.T) {
	v := sampleTicket()
	v.Subject = `<img src=x onerror=alert(1)>`
	v.Timeline = []Entry{said(Message{ID: 1, Author: `"><script>`, Text: `<script>alert(1)</script> https://x.example/"onmouseover=alert(1)`, At: sampleNow})}
	var out bytes.Buffer
	if err := TicketPage(v).Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<img src=x", "<script>alert", `"><script>`} {
		if strings.Contains(out.String(), bad) {
			t.Errorf("%s came through", bad)
		}
	}
}

func TestLinked(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"see #987.", "see |[#987]|."},
		{"issue#987 and C#7", "issue#987 and C#7"},
		{"#a1 #12ab #", "#a1 #12ab #"},
		{"go to https://x.example/a?b=c, then", "go to |[https://x.example/a?b=c]|, then"},
		{"(https://x.example/a) https://x.example/a_(b)", "(|[https://x.example/a]|) |[https://x.example/a_(b)]"},
		{"javascript:alert(1) http://", "javascript:alert(1) http://"},
		{"Größe:\nhttps://x.example", "Größe:\n|[https://x.example]"},
		{"", ""},
	} {
		var parts []string
		for _, s := range linked(c.in) {
			if s.url != "" {
				parts = append(parts, "["+s.text+"]")
			} else {
				parts = append(parts, s.text)
			}
		}
		if got := strings.Join(parts, "|"); got != c.want {
			t.Errorf("linked(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzLinked(f *testing.F) {
	f.Add("see #987 or https://x.example/a.")
	f.Add("\xff#1 http://\x00")
	f.Fuzz(func(t *testing.T, in string) {
		var sum strings.Builder
		for _, s := range linked(in) {
			sum.WriteString(s.text)
			if s.url != "" && !strings.HasPrefix(s.url, "http") && !strings.HasPrefix(s.url, "/tickets/") {
				t.Errorf("link to %q", s.url)
			}
		}
		if sum.String() != in {
			t.Errorf("%q became %q", in, sum.String())
		}
	})
}

func BenchmarkListOfFifty(b *testing.B) {
	v := sampleList(sampleFrame("Our turn"))
	for len(v.Rows) < 50 {
		v.Rows = append(v.Rows, v.Rows[:min(len(v.Rows), 50-len(v.Rows))]...)
	}
	renders(b, ListPage(v))
}

func BenchmarkTicket(b *testing.B) { renders(b, TicketPage(sampleTicket())) }

func renders(b *testing.B, c templ.Component) {
	ctx := i18n.With(context.Background(), "de", time.UTC)
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := c.Render(ctx, &out); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "bytes")
}
