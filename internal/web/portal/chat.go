package portal

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/button"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/livechat"
	"goodturn/internal/person"
	"goodturn/internal/ratelimit"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// chatRoutes serve live chats: to the button's script, where whoever comes is nobody and the secret of the request's link opens it, and to the
// request's own page.
func (p *Portal) chatRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /button/chat.js", Stranger: true, Handle: p.chatScript},
		{Pattern: "GET /button/chats", Stranger: true, Handle: p.answered(p.chatOpening)},
		{Pattern: "POST /button/chats", Stranger: true, MaxBytes: maxButton, Handle: p.answered(p.beginChat)},
		{Pattern: "POST /button/chats/news", Stranger: true, Handle: p.answered(p.buttonNews)},
		{Pattern: "POST /button/chats/messages", Stranger: true, MaxBytes: maxButton, Handle: p.answered(p.buttonMessage)},
		{Pattern: "POST /button/chats/end", Stranger: true, Handle: p.answered(p.buttonEnd)},
		{Pattern: "POST /button/chats/mail", Stranger: true, Handle: p.answered(p.buttonMail)},
		{Pattern: "POST /requests/{number}/chat", Handle: p.chatNews},
		{Pattern: "POST /requests/{number}/chat/end", Handle: p.endChat},
		{Pattern: "POST /requests/{number}/chat/mail", Handle: p.mailChat},
	}
}

// chatScript answers GET /button/chat.js: the part of the button's script that comes with the first chat. It is a module, which browsers load
// from elsewhere only where that allows their page, so that only pages that may ask have it.
func (p *Portal) chatScript(w http.ResponseWriter, r *http.Request, _ page.Visit) error {
	set, err := p.buttonSet(r.Context())
	if err != nil {
		return err
	}
	w.Header().Add("Vary", "Origin")
	if origin := r.Header.Get("Origin"); set.Allows(origin) {
		w.Header().Set("Access-Control-Allow-Origin", origin)
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	ui.Serve(w, r, "chat.js", scriptLife)
	return nil
}

// chats tells that live chats can be, and are switched on.
func (p *Portal) chats(set button.Settings) bool { return set.Chat && p.Chats != nil }

// Bounds of what one conversation says and how often one network asks.
const (
	sayBurst  = 20
	sayEvery  = 2 * time.Second
	lookBurst = 300
	lookEvery = 100 * time.Millisecond
)

func (p *Portal) chatLimits() {
	p.chatOnce.Do(func() {
		p.chatting = ratelimit.New(ratelimit.Config{Burst: sayBurst, Every: sayEvery})
		p.looking = ratelimit.New(ratelimit.Config{Burst: lookBurst, Every: lookEvery})
	})
}

// maySay takes one message from a conversation.
func (p *Portal) maySay(a access) error {
	p.chatLimits()
	if ok, _ := p.chatting.Allow(strconv.FormatInt(a.ticket.ID, 10)); !ok {
		return fault.Limited(i18n.M("That was a lot at once. What you wrote is kept here and sent in a moment."))
	}
	return nil
}

// mayLook takes one question of a page from its network.
func (p *Portal) mayLook(v page.Visit) error {
	p.chatLimits()
	if ok, _ := p.looking.Allow(page.Network(v.Remote)); !ok {
		return fault.Limited(i18n.M("Too much is asked from your network just now."))
	}
	return nil
}

// ChatOpening is whether somebody is there, as the script shows it.
type ChatOpening struct {
	Now   bool              `json:"now"`
	Said  string            `json:"said"`
	More  string            `json:"more"` // begins with a space
	Words map[string]string `json:"words"`
}

// chatOpening answers GET /button/chats.
func (p *Portal) chatOpening(_ http.ResponseWriter, r *http.Request, v buttonVisit) (int, any, error) {
	if !p.chats(v.set) {
		return 0, nil, errOff
	}
	if err := p.mayLook(v.Visit); err != nil {
		return 0, nil, err
	}
	ctx := r.Context()
	out := ChatOpening{Words: chatWords(ctx)}
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		o, err := p.Chats.Opening(ctx, tx)
		out.Now = o.Now()
		out.Said, out.More = openingWords(ctx, tx, o)
		return err
	})
	return http.StatusOK, out, err
}

// chatFor makes a ticket that is about to be made a live chat, when somebody wants one and somebody is there.
func (p *Portal) chatFor(ctx context.Context, tx *db.Tx, in typed, n *ticket.New) (o livechat.Opening, err error) {
	if !in.chat || p.Chats == nil {
		return o, nil
	}
	if o, err = p.Chats.Opening(ctx, tx); err != nil || !o.Now() {
		return o, err
	}
	n.Channel, n.Message.Channel = ticket.ByChat, ticket.ByChat
	if n.Team == 0 {
		set, err := button.Load(ctx, tx)
		if err != nil {
			return o, err
		}
		n.Team = set.ChatTeamID
	}
	return o, nil
}

// beginChat answers POST /button/chats: a ticket at once, which is a chat when somebody is there. The same key sent again, however much later,
// goes on with that conversation, and what was changed about the text since is said there too.
func (p *Portal) beginChat(w http.ResponseWriter, r *http.Request, v buttonVisit) (int, any, error) {
	if !p.chats(v.set) {
		return 0, nil, errOff
	}
	if wait := p.limited(w, r, v.Visit); wait != "" {
		return http.StatusTooManyRequests, told{wait}, nil
	}
	in, err := readTyped(r)
	if err == nil {
		in.from, in.chat, in.call, in.service = v.from, true, CallView{}, ""
		err = in.check()
	}
	if err != nil {
		return 0, nil, err
	}
	ctx := r.Context()
	var t ticket.Ticket
	var token, said string
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if t, token, err = p.makeChat(ctx, tx, page.Visit{Remote: v.Remote}, in); err != nil || t.Channel == ticket.ByChat {
			return err
		}
		o, err := p.Chats.Opening(ctx, tx)
		said = i18n.T(ctx, "We have it. Its number is {{.Number}}.", "Number", numeral(t.ID)) + " " + lateWords(ctx, tx, o)
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	out := map[string]any{"chat": t.Channel == ticket.ByChat, "url": p.address(r) + linkURL(token), "said": said}
	if t.Channel == ticket.ByChat {
		out["token"] = token
	}
	return http.StatusOK, out, nil
}

func (p *Portal) makeChat(ctx context.Context, tx *db.Tx, v page.Visit, in typed) (t ticket.Ticket, token string, err error) {
	key, keyed := livechat.KeyOf(in.key, "begin")
	first, _ := livechat.KeyOf(in.key, "say", in.text)
	before := int64(0)
	if keyed {
		if before, err = livechat.Once(ctx, tx, key); err != nil {
			return t, "", err
		}
	}
	if before != 0 {
		if t, err = ticket.Get(ctx, tx, person.System, person.SeeTicket, before); err != nil {
			return t, "", err
		}
	} else if t, err = p.createTicket(ctx, tx, v, in, nil); err != nil {
		return t, "", err
	}
	if token, err = ticket.NewLink(ctx, tx, t.ID, t.RequesterID, false); err != nil || !keyed {
		return t, token, err
	}
	again, err := livechat.Once(ctx, tx, first)
	if err == nil && before != 0 && again == 0 {
		var a access
		if a, err = openBy(ctx, tx, token, person.WriteOwn); err == nil {
			_, err = p.Tickets.Answer(ctx, tx, a.by(), t.ID, ticket.Draft{Text: in.text, Channel: t.Channel})
		}
	}
	for _, k := range []livechat.Key{key, first} {
		if err == nil {
			err = livechat.Went(ctx, tx, k, t.ID)
		}
	}
	return t, token, err
}

// openBy is what the secret of a link opens.
func openBy(ctx context.Context, tx *db.Tx, token string, verb person.Verb) (access, error) {
	a, l, err := ticket.OpenLink(ctx, tx, token)
	if err != nil {
		return access{}, gone(err, nil)
	}
	t, err := ticket.Get(ctx, tx, a, verb, l.TicketID)
	if err != nil {
		return access{}, gone(err, nil)
	}
	return access{ticket: t, actor: a, token: token, unproven: !l.Proven}, nil
}

// opener finds the request that somebody asks about, within a transaction.
type opener func(tx *db.Tx, verb person.Verb) (access, error)

func byToken(r *http.Request) opener {
	token := r.PostFormValue("token")
	return func(tx *db.Tx, verb person.Verb) (access, error) { return openBy(r.Context(), tx, token, verb) }
}

func (p *Portal) byPage(r *http.Request, v page.Visit, number int64) opener {
	return func(tx *db.Tx, verb person.Verb) (access, error) { return p.open(r.Context(), tx, r, v, verb, number) }
}

// speak adds what somebody writes in a chat, once. What comes after its end is said on the request all the same.
func (p *Portal) speak(ctx context.Context, open opener, key, text string) error {
	return p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := open(tx, person.WriteOwn)
		if err != nil {
			return err
		}
		k, keyed := livechat.KeyOf(key, "message", strconv.FormatInt(a.ticket.ID, 10))
		if keyed {
			if before, err := livechat.Once(ctx, tx, k); err != nil || before != 0 {
				return err
			}
			if err := livechat.Went(ctx, tx, k, a.ticket.ID); err != nil {
				return err
			}
		}
		if err := p.maySay(a); err != nil {
			return err
		}
		channel, err := chatChannel(ctx, tx, a.ticket)
		if err != nil {
			return err
		}
		_, err = p.Tickets.Answer(ctx, tx, a.by(), a.ticket.ID, ticket.Draft{Text: strings.TrimSpace(text), Channel: channel})
		return err
	})
}

// chatChannel is the way in which something is said on a request's page: in its live chat while that goes on.
func chatChannel(ctx context.Context, tx *db.Tx, t ticket.Ticket) (ticket.Channel, error) {
	c, err := livechat.Of(ctx, tx, t.ID)
	if err == nil && c.On() {
		return ticket.ByChat, nil
	}
	return ticket.ByForm, err
}

// buttonMessage answers POST /button/chats/messages with the news, in which the message stands.
func (p *Portal) buttonMessage(_ http.ResponseWriter, r *http.Request, v buttonVisit) (int, any, error) {
	if !p.chats(v.set) {
		return 0, nil, errOff
	}
	if err := p.speak(r.Context(), byToken(r), r.PostFormValue("key"), r.PostFormValue("text")); err != nil {
		return 0, nil, err
	}
	n, err := p.news(r, byToken(r))
	return http.StatusOK, n, err
}

// buttonNews answers POST /button/chats/news.
func (p *Portal) buttonNews(_ http.ResponseWriter, r *http.Request, v buttonVisit) (int, any, error) {
	if err := p.mayLook(v.Visit); err != nil {
		return 0, nil, err
	}
	n, err := p.news(r, byToken(r))
	return http.StatusOK, n, err
}

// buttonEnd answers POST /button/chats/end.
func (p *Portal) buttonEnd(_ http.ResponseWriter, r *http.Request, _ buttonVisit) (int, any, error) {
	if err := p.over(r.Context(), byToken(r)); err != nil {
		return 0, nil, err
	}
	n, err := p.news(r, byToken(r))
	return http.StatusOK, n, err
}

// buttonMail answers POST /button/chats/mail.
func (p *Portal) buttonMail(w http.ResponseWriter, r *http.Request, v buttonVisit) (int, any, error) {
	if wait := p.limited(w, r, v.Visit); wait != "" {
		return http.StatusTooManyRequests, told{wait}, nil
	}
	if err := p.mailIt(r.Context(), byToken(r)); err != nil {
		return 0, nil, err
	}
	n, err := p.news(r, byToken(r))
	return http.StatusOK, n, err
}

// over ends the chat for whoever asked.
func (p *Portal) over(ctx context.Context, open opener) error {
	return p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := open(tx, person.WriteOwn)
		if err != nil {
			return err
		}
		return p.Chats.End(ctx, tx, a.by(), person.WriteOwn, a.ticket.ID, livechat.ByVisitor)
	})
}

func (p *Portal) mailIt(ctx context.Context, open opener) error {
	return p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := open(tx, person.WriteOwn)
		if err != nil || !a.own() {
			return err
		}
		return p.Chats.MailIt(ctx, tx, a.ticket, !a.unproven)
	})
}
