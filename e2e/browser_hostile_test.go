package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
	tickets "goodturn/internal/ticket"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// browserOnly is a list of one cookie.
func browserOnly(c *http.Cookie) []*http.Cookie { return []*http.Cookie{c} }

// Each sets window.harmed, opens a dialog or asks a stranger if it is ever run or loaded.
var browserHostile = []string{
	`<script>window.harmed = 1</script>`,
	`"><img src=x onerror="window.harmed = 2">`,
	`'-alert(3)-'`,
	`</title><script>alert(4)</script>`,
	`</textarea><svg onload=alert(5)>`,
	`<a href="javascript:alert(6)">a way out</a>`,
	`<img src="https://stranger.example/pixel.png?7">`,
	`<iframe src="https://stranger.example/8"></iframe><object data="https://stranger.example/8"></object><embed src="https://stranger.example/8">`,
	`<style>@import url(https://stranger.example/9); body { display: none } main { background: url(https://stranger.example/9) }</style>`,
	`<link rel="stylesheet" href="https://stranger.example/10"><meta http-equiv="refresh" content="0; url=https://stranger.example/10"><base href="https://stranger.example/">`,
	`<form action="https://stranger.example/11"><input autofocus onfocus="alert(11)"><button formaction="javascript:alert(11)">Send</button></form>`,
	`<p id="timeline" data-topic="list" popover>twelve</p><p class="side">thirteen</p><p data-suggest="https://stranger.example/">fourteen</p>`,
	`<video autoplay src="https://stranger.example/14"><source src="https://stranger.example/14" onerror="alert(14)"></video><audio src="https://stranger.example/14" autoplay></audio>`,
	`<details open ontoggle="alert(15)">fifteen</details><p style="background: url(https://stranger.example/15); position: fixed; inset: 0">fifteen</p>`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(16)&gt;">`,
	`<svg><a xlink:href="javascript:alert(17)"><text y="9">seventeen</text></a><use href="https://stranger.example/17#x"/></svg>`,
	`<img srcset="https://stranger.example/18 1x" src="//stranger.example/18"><picture><source srcset="https://stranger.example/18"></picture>`,
	`<template><script>alert(19)</script></template><noscript><p title="</noscript><img src=x onerror=alert(19)>">`,
}

// browserHTMLMail is a mail with that body in HTML alone.
func browserHTMLMail(from, subject, html string, n int, more ...string) string {
	m := browserMail(from, subject, html, more...)
	m = strings.Replace(m, "text/plain", "text/html", 1)
	return strings.Replace(m, "@mail.example>\n", fmt.Sprintf(".%d@mail.example>\n", n), 1)
}

// TestBrowserHostileContent shows tickets whose every part was written by an enemy, to the desk and to the requester: no script runs, no
// dialog opens, the policy of the page has nothing to refuse, and nobody else is asked for anything.
func TestBrowserHostileContent(t *testing.T) {
	d := browserDemo(t)
	numbers := []int64{d.hostileTicket(browserHostile[1] + browserHostile[0])}
	numbers = append(numbers, d.hostileMails("Of our own", browserHostile)...)
	if dir := os.Getenv("GOODTURN_TESTDATA"); dir == "" {
		t.Log("GOODTURN_TESTDATA is not set: only payloads of our own")
	} else {
		raw, err := os.ReadFile(filepath.Join(dir, "html", "dompurify.json"))
		must(t, err)
		var all []struct{ Payload string }
		must(t, json.Unmarshal(raw, &all))
		var payloads []string
		for _, x := range all {
			payloads = append(payloads, x.Payload)
		}
		for i := 0; i < len(payloads); i += 30 {
			numbers = append(numbers, d.hostileMails(fmt.Sprintf("Of others %d", i), payloads[i:min(i+30, len(payloads))])...)
		}
	}
	agent := d.page(t, browser.Size(1440, 900)).cookie(d.session(d.staff(person.Agent, 0)))
	requester := d.page(t, browser.Size(390, 844)).cookie(d.session(d.number(`SELECT person_id FROM person_address WHERE address = 'eve@moss.example'`)))
	pages := map[*browserPage][]string{agent: {"/tickets?view=all", "/search?q=enemy", "/search?q=" + url.QueryEscape(browserHostile[1]), "/tickets?view=all&tag=" + url.QueryEscape(browserHostile[1]), "/people/" + fmt.Sprint(d.number(`SELECT person_id FROM person_address WHERE address = 'eve@moss.example'`))}, requester: {"/requests", "/me"}}
	for _, n := range numbers {
		pages[agent] = append(pages[agent], fmt.Sprintf("/tickets/%d?view=all&all=1", n))
		pages[requester] = append(pages[requester], fmt.Sprintf("/requests/%d?all", n))
	}
	for p, all := range pages {
		p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
			_, err := cdp.Call(ctx, t, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: `window.harmed = 0`})
			return chromedp.Void{}, err
		})
		for _, at := range all {
			p.open(at)
			p.settled()
			p.is(`window.harmed === 0`).is(`location.href.startsWith("` + d.url + `/")`).is(`document.querySelector("main h1")`).is(`document.documentElement.scrollWidth <= innerWidth`)
			p.is(`getComputedStyle(document.body).display !== "none"`)
			p.is(`[...document.querySelectorAll("main *")].every(e => [...e.attributes].every(a => !a.name.startsWith("on")) && !e.matches(".rich script, .rich iframe, .rich object, .rich embed, .rich form, .rich style"))`)
			p.is(`[...document.querySelectorAll("[id]")].every((e, i, all) => all.findIndex(o => o.id === e.id) === i)`)
			p.is(`[...document.querySelectorAll("a[href]")].every(a => ["http:", "https:", "mailto:", "tel:"].includes(a.protocol))`)
			if t.Failed() {
				t.Fatalf("that was %s", at)
			}
		}
		p.quiet()
	}
}

// hostileTicket makes a ticket all of whose parts are markup.
func (d *browserDesk) hostileTicket(evil string) (number int64) {
	d.Helper()
	box := d.number(`SELECT id FROM mailbox ORDER BY id LIMIT 1`)
	team := d.number(`SELECT team_id FROM mailbox WHERE id = $1`, box)
	ref, err := d.app.Blobs.Put(d.Context(), strings.NewReader(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(20)"><script>alert(20)</script></svg>`), 0)
	must(d, err)
	d.write(func(ctx context.Context, tx *db.Tx) error {
		p, err := person.Create(ctx, tx, person.New{Name: evil, Role: person.Requester, Addresses: []string{"eve@moss.example"}, Verified: true})
		if err != nil {
			return err
		}
		t, err := d.app.Tickets.Create(ctx, tx, tickets.By{Actor: person.System}, tickets.New{
			Subject: "enemy " + evil, Requester: p.ID, Team: team, Mailbox: box, Tags: []string{"enemy"},
			Message: tickets.Draft{Text: evil + "\nhttps://stranger.example/\"onmouseover=alert(22)//", Files: []tickets.File{
				{Name: evil + ".txt", Type: "text/plain", Ref: ref}, {Name: `"><svg onload=alert(23)>.svg`, Type: "image/svg+xml", Ref: ref}, {Name: "page.html", Type: "text/html", Ref: ref},
			}},
		})
		number = t.ID
		return err
	})
	// A file of an enemy's is never shown as a page of the desk's.
	for _, id := range []string{"min", "max"} {
		r, _ := d.ask(fmt.Sprintf("/tickets/%d/files/%d", number, d.number(`SELECT `+id+`(id) FROM attachment WHERE ticket_id = $1`, number)), d.session(d.staff(person.Agent, 0)))
		if r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment") || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			d.Errorf("the %s file comes with %d %v", id, r.StatusCode, r.Header)
		}
	}
	return number
}

// hostileMails makes one ticket of which each mail has one of the bodies.
func (d *browserDesk) hostileMails(subject string, bodies []string) []int64 {
	d.Helper()
	const from = "Eve <eve@moss.example>"
	first := browserHTMLMail(from, subject, "<p>The enemy begins.</p>", 0)
	_, id, _ := strings.Cut(first, "Message-ID: ")
	id, _, _ = strings.Cut(id, "\n")
	d.take("eve@moss.example", first)
	number := d.ticket(subject)
	to := d.word(`SELECT address FROM mailbox WHERE active ORDER BY id LIMIT 1`)
	var all []mailbox.Incoming
	for i, b := range bodies {
		raw := browserHTMLMail(from, "Re: "+subject, "<p>Number "+fmt.Sprint(i)+"</p>"+b, i+1, "In-Reply-To: "+id)
		all = append(all, mailbox.Incoming{From: "eve@moss.example", To: []string{to}, Raw: []byte(strings.ReplaceAll(strings.ReplaceAll(raw, "DESK", to), "\n", "\r\n")), Source: mailbox.SourceLMTP})
	}
	must(d, d.app.Post.Take(d.Context(), all))
	wait(d, 2*browserLimit, "all mails of an enemy", func() error {
		if n := d.number(`SELECT count(*) FROM message WHERE ticket_id = $1`, number); n != int64(len(bodies)+1) {
			return fmt.Errorf("%d messages of %d", n, len(bodies)+1)
		}
		return nil
	})
	return []int64{number}
}
