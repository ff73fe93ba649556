package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"goodturn/internal/testserver/browser"
)

// TestBrowserFirstStart sets an empty desk up from the link that the program prints: the first administrator, a mailbox, a private team, an
// organisation, a person; then the administrator's own second step, password, token and sessions.
func TestBrowserFirstStart(t *testing.T) {
	d := browserFresh(t)
	var printed bytes.Buffer
	must(t, d.app.FirstStart(t.Context(), &printed, true))
	link := regexp.MustCompile(`/setup/[\w-]+`).FindString(printed.String())
	p := d.page(t, browser.Size(1440, 900)).open(link)
	for _, look := range []browser.Step{browser.Light(), browser.Dark()} {
		p.do(browser.Size(390, 844), look)
		browser.CheckAxe(t, p.ctx)
		p.is(`document.documentElement.scrollWidth <= innerWidth`)
	}
	p.do(browser.Size(1440, 900), browser.Light())
	p.fill("#f-name", "Ines Duarte", "#f-address", administrator, "#f-password", "password12")
	if status := p.follow("main .primary"); status != http.StatusUnprocessableEntity {
		t.Errorf("a weak password is answered with %d", status)
	}
	p.is(`document.querySelector("#f-name").value === "Ines Duarte"`).forget()
	p.fill("#f-password", staffPassword).follow("main .primary")
	p.until(`location.pathname === "/admin"`)
	if again := d.page(t).open(link); true {
		again.has("This link has been used")
	}

	p.open("/admin/teams/new").fill("#f-name", "Payroll", "#f-slug", "payroll").click("#f-private").follow(".admin form.form .primary, main form .primary")
	p.has("Payroll")
	p.open("/admin/mailboxes/new").fill("#f-address", "help@desk.example", "#f-name", "Help desk").follow("main form .primary")
	p.open("/admin/mailboxes").has("help@desk.example")
	p.open("/admin/organisations/new").fill("#f-name", "Moss & Sons", "#f-domains", "moss.example").follow("main form .primary")
	p.open("/admin/organisations").has("Moss & Sons")
	p.open("/admin/people/new").fill("#f-name", "Ada Moss", "#f-address", "ada@moss.example").follow("main form .primary")
	p.open("/admin/people").has("Ada Moss", "Ines Duarte")
	p.open("/admin/audit").has("Ines Duarte")
	p.open("/admin/people/new").do(browserNoValidate).fill("#f-name", "Ada again", "#f-address", "ada@moss.example")
	if status := p.follow("main form .primary"); status != http.StatusUnprocessableEntity {
		t.Errorf("an address twice is answered with %d", status)
	}
	p.is(`document.querySelector("#f-address[aria-invalid]")`).is(`document.querySelector("#f-name").value === "Ada again"`).forget()

	d.take("ada@moss.example", browserMail("Ada Moss <ada@moss.example>", "The first ticket", "Good morning."))
	p.open("/tickets").shows(".ticket-row .subject", "The first ticket")
	browserOwnAccount(t, d, p)
	p.quiet()
}

// browserOwnAccount goes through what the administrator sets for themselves.
func browserOwnAccount(t *testing.T, d *browserDesk, p *browserPage) {
	t.Helper()
	signIn := func(password string) *browserPage {
		q := d.page(t, browser.Size(1024, 800)).open("/sign-in")
		q.fill("#f-address", administrator, "#f-password", password).follow("main .primary")
		return q
	}
	p.open("/account").follow(`form[action="/account/totp"] button`)
	secret := browserEval[string](p, `document.querySelector("code.secret").textContent`)
	for _, look := range []browser.Step{browser.Dark(), browser.Light()} {
		p.do(look)
		browser.CheckAxe(t, p.ctx)
	}
	if status := p.fill("#f-code", "000000").follow(`form[action="/account/totp/confirm"] button`); status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong code is answered with %d", status)
	}
	p.forget()
	p.is(fmt.Sprintf(`document.querySelector("code.secret").textContent === %q`, secret))
	p.fill("#f-code", browserCode(t, secret, 0)).follow(`form[action="/account/totp/confirm"] button`)
	p.has("asked for six digits")

	other := signIn(staffPassword)
	other.has("Your code")
	other.fill("#f-code", browserCode(t, secret, 30*time.Second)).follow("main .primary")
	other.until(`location.pathname.startsWith("/tickets")`)

	const fresh = "harbour seven lanterns dusk"
	p.open("/account").fill("#f-old", staffPassword, "#f-new", fresh).follow(`form[action="/account/password"] button`)
	p.has("You are signed out everywhere else.")
	other.open("/tickets").is(`location.pathname === "/sign-in"`)

	p.open("/account").fill("#token-name", "Printer monitoring").follow(`form[action="/account/tokens"] button`)
	token := browserEval[string](p, `document.querySelector("code.secret").textContent.trim()`)
	r, err := http.NewRequest(http.MethodGet, d.url+"/api/v1/tickets", nil)
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	got, err := (&http.Client{Timeout: browserLimit}).Do(r)
	must(t, err)
	defer got.Body.Close()
	if raw, err := io.ReadAll(got.Body); err != nil || got.StatusCode != http.StatusOK || !strings.Contains(string(raw), "The first ticket") {
		t.Errorf("the token brings %d (%v): %s", got.StatusCode, err, raw)
	}
	p.open("/account").hasNot(token)

	// A session ended here signs the other browser out.
	cookie := d.session(d.number(`SELECT id FROM person WHERE role = 'administrator'`))
	other.cookie(cookie).open("/tickets").is(`location.pathname === "/tickets"`)
	p.open("/account").follow(`form[action="/account/sessions/end"] button`)
	other.open("/tickets").is(`location.pathname === "/sign-in"`)
	p.open("/tickets").is(`location.pathname === "/tickets"`)
}

// TestBrowserDemo is what somebody does who only wants to see: become an agent, answer a ticket, read the mail, answer it as the one who
// got it, and find the answer on the ticket.
func TestBrowserDemo(t *testing.T) {
	d := browserDemo(t)
	p := d.page(t, browser.Size(1440, 900)).open("/demo")
	p.follow("main .primary")
	p.until(`location.pathname === "/tickets"`)
	p.follow(".ticket-row")
	ticket := p.path()
	p.fill("#reply", "Have you tried the other door?").click(`#sheet-reply button.primary`)
	p.shows("#timeline .message", "Have you tried the other door?").shows("#timeline .fate", "sent ").mark()

	mail := d.page(t, browser.Size(1440, 900)).open("/demo").open(d.caught("Have you tried the other door?"))
	mail.fill("#f-text", "I did, and it sticks as well.").follow("form.card .primary")
	mail.has("The desk has the mail")
	p.shows("#timeline .message", "I did, and it sticks as well.").same()
	p.is(fmt.Sprintf(`location.pathname + location.search === %q`, ticket))

	// Write as somebody new, then look at the desk as a requester.
	mail.open("/demo/mail/new").fill("#f-address", "zora@moss.example", "#f-name", "Zora", "#f-subject", "The gate will not shut", "#f-text", "It swings in the wind.").follow("form.card .primary")
	d.ticket("The gate will not shut")
	requester := d.number(`SELECT requester_id FROM ticket WHERE subject = 'The gate will not shut'`)
	p.open("/demo").follow(fmt.Sprintf(`button[name="person"][value="%d"]`, d.number(`SELECT min(id) FROM person WHERE role = 'requester'`)))
	p.is(`location.pathname === "/requests"`)
	if requester == 0 {
		t.Error("the mail has no requester")
	}
	p.quiet()
	mail.quiet()
}
