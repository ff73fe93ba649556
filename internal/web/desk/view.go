// Package desk is the agent's side of Goodturn: the lists, the ticket, search, people and the agent's own account.
//
// A page is a typed struct of plain values and a template that renders it (view_*.go and view_*.templ); what fills the
// struct stands beside it in a file of its own. A view decides nothing: addresses, permissions and texts that depend on
// data come in with the struct, and a choice that is not offered there is not shown.
//
//	desk.TicketPage(desk.TicketView{Number: 1042, Subject: "The printer prints half pages", …}).Render(ctx, w)
//
// Fragments have an id and may name a live topic; a request with the header Goodturn-Fragment wants those ids, and may be
// answered with them alone (ListFragment, TimelineFragment, …) or with the whole page.
//
// Invariants: one h1 a page; every field has a label; forms work without scripts; no inline style or script; texts that
// people wrote are escaped, and only sanitised mail goes through as HTML.
package desk

import (
	"net/url"
	"strconv"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Frame is what every page of the desk needs besides its own subject.
type Frame struct {
	// Site is the name of the desk.
	Site  string
	Nav   page.Nav
	Flash []ui.Note
	// Now is the moment of rendering; ages are counted from it.
	Now clock.Instant
}

func (f Frame) page(title string) page.DeskFrame {
	return page.DeskFrame{Title: title, Site: f.Site, Nav: f.Nav, Flash: f.Flash}
}

// settingsPage is page with the sheet of the pages that set things up and explain them.
func (f Frame) settingsPage(title string) page.DeskFrame {
	p := f.page(title)
	p.Settings = true
	return p
}

// ticketURL is the address of a ticket.
func ticketURL(number int64) string { return "/tickets/" + strconv.FormatInt(number, 10) }

// ticketAction is the address of a resource of a ticket ("status", "replies").
func ticketAction(number int64, what string) string { return ticketURL(number) + "/" + what }

// messageURL is the address of a message on its ticket's page, wherever in a long conversation it stands.
func messageURL(number, message int64) string {
	return ticketURL(number) + "?m=" + decimal(message) + "#m" + decimal(message)
}

func hash(number int64) string { return "#" + strconv.FormatInt(number, 10) }

// span is a piece of text, with the address it points to when it is a link.
type span struct {
	text, url string
	outside   bool
}

// linked finds web addresses and ticket numbers ("#987") in plain text.
func linked(text string) []span {
	var out []span
	plain := 0
	emit := func(from, to int, s span) {
		if from > plain {
			out = append(out, span{text: text[plain:from]})
		}
		out = append(out, s)
		plain = to
	}
	for i := 0; i < len(text); i++ {
		if i > 0 && !strings.ContainsRune(" \n\t(<\"'“„»", lastRune(text[:i])) {
			continue
		}
		switch {
		case text[i] == '#':
			if n := digits(text[i+1:]); n > 0 && n < 12 {
				end := i + 1 + n
				emit(i, end, span{text: text[i:end], url: "/tickets/" + text[i+1:end]})
				i = end - 1
			}
		case strings.HasPrefix(text[i:], "https://"), strings.HasPrefix(text[i:], "http://"):
			end := i + addressLength(text[i:])
			if u, err := url.Parse(text[i:end]); err == nil && u.Host != "" {
				emit(i, end, span{text: text[i:end], url: text[i:end], outside: true})
				i = end - 1
			}
		}
	}
	if plain < len(text) {
		out = append(out, span{text: text[plain:]})
	}
	return out
}

func lastRune(s string) rune {
	r := []rune(s[max(0, len(s)-4):])
	return r[len(r)-1]
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n < len(s) && (s[n] == '_' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z') {
		return 0
	}
	return n
}

// addressLength is how many bytes of s belong to the web address that it begins with: up to white space or a mark that
// cannot be in one, without the punctuation that ends a sentence.
func addressLength(s string) int {
	n := strings.IndexAny(s, " \t\r\n<>\"”“»")
	if n < 0 {
		n = len(s)
	}
	for n > 0 && strings.IndexByte(".,;:!?'", s[n-1]) >= 0 {
		n--
	}
	if n > 0 && s[n-1] == ')' && !strings.Contains(s[:n], "(") {
		n--
	}
	return n
}
