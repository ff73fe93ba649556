package demo

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/web/ui/uitest"
)

const answerMail = `From: Inês, IT desk <help@desk.example>
To: "Hana Satō" <hana@marlow.example>, Owen <owen@marlow.example>
Reply-To: IT desk <help+r.17.abc@desk.example>
Subject: Re: Printer on floor 3 [#17]
Date: Fri, 06 Mar 2026 10:00:00 +0000
Message-ID: <m2@desk.example>
In-Reply-To: <m1@marlow.example>
References: <m0@marlow.example> <m1@marlow.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Is it plugged in?

See http://desk.example/t/secret

> It does nothing.
--b
Content-Type: text/html; charset=utf-8

<p>Is it <b>plugged</b> in?</p>
--b--
`

func TestTheListIsNewestFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		if text := uitest.Text(b.get("/demo/mail")); !strings.Contains(text, "No mail yet") {
			t.Errorf("an empty list says %q", text)
		}
		for i := range mailsShown + 3 {
			b.catch("help@desk.example", fmt.Sprintf("r%d@x.example", i), fmt.Sprintf("From: help@desk.example\nSubject: Mail %d\n\nText\n", i))
		}
		doc := b.get("/demo/mail")
		rows := withClass(doc, "entry")
		if len(rows) != mailsShown || !strings.HasPrefix(uitest.Text(rows[0]), "Mail 52 to r52@x.example from help@desk.example") {
			t.Fatalf("%d rows, the first %q", len(rows), uitest.Text(rows[0]))
		}
		older := uitest.All(doc, func(n *html.Node) bool { return uitest.Attr(n, "rel") == "next" })
		rest := b.get(uitest.Attr(older[0], "href"))
		if rows := withClass(rest, "entry"); len(rows) != 3 || !strings.HasPrefix(uitest.Text(rows[0]), "Mail 2 ") {
			t.Errorf("%d older rows", len(rows))
		}
		if more := uitest.All(rest, func(n *html.Node) bool { return uitest.Attr(n, "rel") == "next" }); len(more) > 0 {
			t.Error("the last page offers another one")
		}
		req, _ := http.NewRequest("GET", b.url+"/demo/mail?looking=1", nil)
		if res, _ := b.do(req); res.Header.Get("Refresh") != "5" {
			t.Error("the page does not look again by itself when asked to")
		}
	})
}

func TestAHostileMailDoesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		id := b.catch("<i>x</i>", "r@x.example", `From: "<script>alert(1)</script>" <a@x.example>
To: "<img src=x onerror=alert(2)>" <r@x.example>
Subject: <script>alert(3)</script><img src=x onerror=alert(4)>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/html; charset=utf-8

<p onclick="alert(5)">Hello <script>alert(6)</script><img src="https://tracker.example/p.gif" alt="seen"><a href="javascript:alert(7)">go</a><form action="/demo/persons" method="post"><button>x</button></form></p>
<img src="cid:pic"><iframe src="/"></iframe><style>body{display:none}</style>
--b
Content-Type: image/png; name="p.png"
Content-ID: <pic>
Content-Disposition: inline; filename="p.png"
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--b
Content-Type: text/html; name="</a><script>.html"
Content-Disposition: attachment; filename="</a><script>.html"

<script>alert(8)</script>
--b--
`)
		b.get("/demo/mail")
		doc := b.get(mailURL(id))
		for _, name := range []string{"iframe", "style", "object"} {
			if len(uitest.Named(doc, name)) > 0 {
				t.Errorf("a mail brought %s", name)
			}
		}
		if n := len(uitest.Named(doc, "script")); n != 1 {
			t.Errorf("%d scripts, want our own", n)
		}
		if n := len(uitest.Named(doc, "form")); n != 1 {
			t.Errorf("%d forms, want the answer's", n)
		}
		pictures := uitest.Named(doc, "img")
		if len(pictures) != 1 || uitest.Attr(pictures[0], "src") != mailURL(id)+"/files/1" {
			t.Fatalf("pictures: %d", len(pictures))
		}
		files := withClass(doc, "attachment")
		if len(files) != 2 {
			t.Fatalf("%d files", len(files))
		}
		for i, how := range []string{"inline", "attachment"} {
			req, _ := http.NewRequest("GET", b.url+uitest.Attr(files[i], "href"), nil)
			res, _ := b.do(req)
			if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Disposition"), how) || !strings.Contains(res.Header.Get("Content-Security-Policy"), "sandbox") {
				t.Errorf("file %d: %s, %v", i, res.Status, res.Header)
			}
		}
		for _, path := range []string{mailURL(id) + "/files/3", mailURL(id) + "/files/0", mailURL(99), "/demo/mail/x"} {
			req, _ := http.NewRequest("GET", b.url+path, nil)
			if res, _ := b.do(req); res.StatusCode != http.StatusNotFound {
				t.Errorf("GET %s: %s", path, res.Status)
			}
		}
	})
}

func TestAnAnswerIsAMailOfTheSameConversation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		id := b.catch("help@desk.example", "hana@marlow.example owen@marlow.example", answerMail)
		doc := b.get(mailURL(id))
		if labels := uitest.Text(uitest.Named(doc, "select")[0]); labels != "Hana Satō <hana@marlow.example> Owen <owen@marlow.example>" {
			t.Errorf("who may answer: %s", labels)
		}
		for _, lang := range []string{"en", "de"} {
			b.delivered = nil
			req, _ := http.NewRequest("POST", b.url+mailURL(id)+"/answers", strings.NewReader("as=owen%40marlow.example&text=Yes%2C+it+is.%0D%0A%0D%0AOwen"))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Accept-Language", lang)
			res, _ := b.do(req)
			if res.StatusCode != http.StatusSeeOther || len(b.delivered) != 1 {
				t.Fatalf("%s: %s, %d mails delivered", lang, res.Status, len(b.delivered))
			}
			got := b.delivered[0]
			if got.From != "owen@marlow.example" || got.To[0] != "help+r.17.abc@desk.example" {
				t.Errorf("envelope from %s to %s", got.From, got.To)
			}
			m := mailmsg.Parse(got.Raw)
			if m.NewText != "Yes, it is.\n\nOwen" || !strings.Contains(m.QuotedText, "Is it plugged in?") {
				t.Errorf("%s: new %q, quoted %q", lang, m.NewText, m.QuotedText)
			}
			if m.From.String() != "Owen <owen@marlow.example>" || m.To[0].String() != "IT desk <help+r.17.abc@desk.example>" || m.Subject != "Re: Printer on floor 3 [#17]" || m.Kind != mailmsg.KindMessage || m.Automatic != "" || len(m.Warnings) > 0 {
				t.Errorf("%s: %s to %s, %q, %s, %v", lang, m.From, m.To, m.Subject, m.Kind, m.Warnings)
			}
			if fmt.Sprint(m.InReplyTo) != "[m2@desk.example]" || fmt.Sprint(m.References) != "[m0@marlow.example m1@marlow.example m2@desk.example]" || m.MessageID == "" || m.Date.IsZero() {
				t.Errorf("in reply to %v, references %v, id %q", m.InReplyTo, m.References, m.MessageID)
			}
			if text := uitest.Text(b.get(res.Header.Get("Location"))); !strings.Contains(text, "Delivered") {
				t.Error("the page does not say that the answer was delivered")
			}
		}
	})
}

func TestARefusedAnswerIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		id := b.catch("help@desk.example", "hana@marlow.example owen@marlow.example", answerMail)
		for _, c := range []struct {
			text   string
			refuse error
			status int
			says   string
		}{
			{" \r\n", nil, 422, "Please write something first."},
			{"Nothing works", fault.NotFound(i18n.M("Nobody lives here.")), 404, "Nobody lives here."},
			{"Nothing works", fmt.Errorf("disk: %w", http.ErrBodyNotAllowed), 500, "The desk did not take this mail."},
		} {
			b.refuse = c.refuse
			res, doc := b.post(mailURL(id)+"/answers", "text", c.text, "as", "owen@marlow.example")
			uitest.Sound(t, doc)
			if res.StatusCode != c.status || !strings.Contains(uitest.Text(doc), c.says) {
				t.Errorf("%q: %s, without %q", c.text, res.Status, c.says)
			}
			if typed := uitest.Text(uitest.Named(doc, "textarea")[0]); typed != strings.TrimSpace(c.text) {
				t.Errorf("what was typed became %q", typed)
			}
			chosen := uitest.All(doc, func(n *html.Node) bool { return uitest.Has(n, "selected") })
			if len(chosen) != 1 || uitest.Attr(chosen[0], "value") != "owen@marlow.example" {
				t.Error("who answers was forgotten")
			}
		}
		if len(b.delivered) > 0 {
			t.Error("a refused answer was delivered")
		}
	})
}

func TestAMailWithoutASenderHasNoForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		id := b.catch("", "r@x.example", "Subject:\n\nNothing\n")
		doc := b.get(mailURL(id))
		if len(uitest.Named(doc, "form")) > 0 || uitest.Text(uitest.Named(doc, "h1")[0]) != "(no subject)" {
			t.Error("a mail from nobody can be answered")
		}
		if res, _ := b.post(mailURL(id)+"/answers", "text", "x"); res.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("an answer to nobody: %s", res.Status)
		}
	})
}

func TestANewMailReachesTheDesk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.get("/demo/mail/new")
		fill := func(change ...string) []string {
			return append([]string{"name", "Jürgen \r\nBcc: all@x.example", "address", "jürgen@x.example", "to", "help@desk.example", "subject", "Hallo\r\nX-Bad: 1", "text", "Es geht nicht.\r\n"}, change...)
		}
		for _, c := range []struct{ field, value, wrong string }{
			{"address", "nobody", "Please give a whole mail address"}, {"to", "else@where.example", "Please choose one of the mailboxes."}, {"text", "", "Please write something first."},
		} {
			res, doc := b.post("/demo/mail", fill(c.field, c.value)...)
			uitest.Sound(t, doc)
			wrong := withClass(doc, "wrong")
			if res.StatusCode != 422 || len(wrong) != 1 || !strings.Contains(uitest.Text(wrong[0]), c.wrong) {
				t.Errorf("%s %q: %s, %d wrong", c.field, c.value, res.Status, len(wrong))
			}
			if c.field != "text" && uitest.Text(uitest.Named(doc, "textarea")[0]) != "Es geht nicht." {
				t.Error("the text was lost")
			}
		}
		res, _ := b.post("/demo/mail", fill("address", "juergen@x.example")...)
		if res.StatusCode != http.StatusSeeOther || len(b.delivered) != 1 {
			t.Fatalf("%s, %d delivered", res.Status, len(b.delivered))
		}
		m := mailmsg.Parse(b.delivered[0].Raw)
		if m.From.Name != "Jürgen Bcc: all@x.example" || m.From.Address != "juergen@x.example" || m.Subject != "Hallo X-Bad: 1" || m.NewText != "Es geht nicht." || m.To[0].Address != "help@desk.example" {
			t.Errorf("%q <%s>, %q: %q", m.From.Name, m.From.Address, m.Subject, m.NewText)
		}
		if text := uitest.Text(b.get(res.Header.Get("Location"))); !strings.Contains(text, "Delivered") {
			t.Error("the list does not say that the mail was delivered")
		}
	})
}

func TestAMailedSignInLinkWorksFromTheCatcher(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.post("/sign-in/link", "address", "asker03@desk.example")
		if len(b.caught) != 1 {
			t.Fatal("no link was mailed")
		}
		var link string
		for _, a := range uitest.Named(b.get(mailURL(1)), "a") {
			if to := uitest.Attr(a, "href"); strings.Contains(to, "/sign-in/link/") {
				link = to
			}
		}
		if !strings.HasPrefix(link, "/sign-in/link/") {
			t.Fatalf("the link leads to %q, another name of this machine", link)
		}
		b.get(link)
		if res, _ := b.post(link); res.StatusCode != http.StatusSeeOther {
			t.Fatalf("using the link: %s", res.Status)
		}
		if !strings.Contains(uitest.Text(b.get("/demo")), "You are Asker03 Marlow now.") {
			t.Error("the link did not sign in")
		}
		doc := b.get("/demo/mail/new")
		if sender := uitest.All(doc, func(n *html.Node) bool { return uitest.Attr(n, "name") == "address" }); uitest.Attr(sender[0], "value") != "asker03@desk.example" {
			t.Error("the form does not begin with the visitor's own address")
		}
	})
}
