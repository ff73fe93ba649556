package portal

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"time"

	"goodturn/internal/button"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/livechat"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// ChatNews is what a page in a chat is told when it asks.
type ChatNews struct {
	State    string        `json:"state"` // waiting, talking, line or ended
	Said     string        `json:"said"`  // where it stands, in a sentence
	More     string        `json:"more"`  // what else is to be known of that; it begins with a space
	Writing  string        `json:"writing"`
	Messages []ChatMessage `json:"messages"`
	// Next is in how many milliseconds the page asks again.
	Next int `json:"next"`
	// Mail says that the conversation may be asked for by mail, Mailed that it was.
	Mail   bool `json:"mail"`
	Mailed bool `json:"mailed"`
}

// ChatMessage is one thing that was said.
type ChatMessage struct {
	ID   int64  `json:"id"`
	Who  string `json:"who"`
	Mine bool   `json:"mine"`
	Text string `json:"text"`
	Time string `json:"time"`
	At   string `json:"at"`
	// More says in words that there is something that only the request's page shows, such as files.
	More string `json:"more"`
}

// news notes that the page is there, and gives what came after the message that it names.
func (p *Portal) news(r *http.Request, open opener) (n ChatNews, err error) {
	ctx := r.Context()
	number := func(name string) int64 {
		i, _ := strconv.ParseInt(r.PostFormValue(name), 10, 64)
		return max(i, 0)
	}
	after, sign := number("after"), livechat.Sign{Shown: number("shown"), Typing: r.PostFormValue("typing") != ""}
	if r.PostFormValue("page") != "" {
		sign.Shown = math.MaxInt64 // the page that comes now shows all
	}
	var a access
	var c livechat.Chat
	worth := false
	if p.Chats == nil {
		return n, errOff
	}
	err = p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		if a, err = open(tx, person.SeeOwn); err != nil {
			return err
		}
		if c, err = livechat.Of(ctx, tx, a.ticket.ID); err != nil {
			return err
		}
		if c.TicketID == 0 {
			return fault.NotFound(i18n.M("There is no live chat on this request."))
		}
		worth = a.own() && c.News(tx.Now, sign)
		return nil
	})
	if err == nil && worth {
		err = p.Site.DB.Write(ctx, func(tx *db.Tx) error {
			if a, err = open(tx, person.SeeOwn); err != nil {
				return err
			}
			c, err = p.Chats.Look(ctx, tx, a.ticket, sign)
			return err
		})
	}
	if err != nil {
		return n, err
	}
	err = p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		l := loader{tx: tx, access: a, site: p.Site.Name, line: p.Line, names: map[int64]string{}}
		n, err = l.chatNews(ctx, c, after)
		return err
	})
	if c.On() {
		for _, o := range p.Site.Others(page.Visit{}, a.ticket.ID) {
			if o.Writing == "reply" {
				n.Writing = i18n.T(ctx, "{{.Name}} is writing …", "Name", firstName(o.Name))
				break
			}
		}
	}
	return n, err
}

func (l *loader) chatNews(ctx context.Context, c livechat.Chat, after int64) (n ChatNews, err error) {
	n = ChatNews{State: string(c.State), Messages: []ChatMessage{}, Mailed: c.MailedAt != 0, Next: int(l.nextLook(c).Milliseconds())}
	if l.ticket.MergedInto != 0 {
		n.State = string(livechat.Ended)
	}
	if n.Said, n.More, n.Mail, err = l.chatStands(ctx, c); err != nil {
		return n, err
	}
	all, err := ticket.NewMessages(ctx, l.tx, l.ticket.ID, after)
	if err != nil || len(all) == 0 {
		return n, err
	}
	seen, err := l.sees(ctx, l.tx)
	if err != nil {
		return n, err
	}
	files, err := l.attached(ctx)
	if err != nil {
		return n, err
	}
	for _, m := range all {
		s, err := l.said(ctx, m, seen(m))
		if err != nil {
			return n, err
		}
		if s.Hidden {
			continue
		}
		out := ChatMessage{ID: m.ID, Who: s.who(ctx, l.site), Mine: s.You, Text: s.Text, At: m.CreatedAt.RFC3339(), Time: i18n.Clock(ctx, m.CreatedAt.Time())}
		if len(files[m.ID]) > 0 {
			out.More = i18n.T(ctx, "With files: they are on the page of your request.")
		}
		n.Messages = append(n.Messages, out)
	}
	return n, nil
}

// nextLook is how long a page waits until it asks again: seconds while something is said, more when all is quiet.
func (l *loader) nextLook(c livechat.Chat) time.Duration {
	quiet := l.tx.Now.Sub(c.HeardAt)
	switch {
	case !c.On():
		return 30 * time.Second
	case quiet < time.Minute:
		return 2 * time.Second
	case quiet < 5*time.Minute:
		return 4 * time.Second
	}
	return 10 * time.Second
}

// chatStands says where a chat stands, and whether answers reach the reader by mail too.
func (l *loader) chatStands(ctx context.Context, c livechat.Chat) (said, more string, mailed bool, err error) {
	if l.own() {
		if mailed, err = l.mailed(ctx); err != nil {
			return "", "", false, err
		}
	}
	number := numeral(l.ticket.ID)
	way := " " + i18n.T(ctx, "The answer comes to the page of your request.")
	if mailed {
		way = " " + i18n.T(ctx, "The answer comes by mail.")
	}
	name, err := l.first(ctx, c.AgentID)
	if err != nil {
		return "", "", mailed, err
	}
	switch {
	case l.ticket.MergedInto != 0:
		return i18n.T(ctx, "This became part of another request of yours, and goes on there."), way, mailed, nil
	case c.State == livechat.Waiting:
		set, err := button.Load(ctx, l.tx)
		more = " " + i18n.N(ctx, "Those who are here have been told. If nobody is free within {{.Count}} minute, it waits in the line and nothing is lost.", "Those who are here have been told. If nobody is free within {{.Count}} minutes, it waits in the line and nothing is lost.", set.ChatWait)
		return i18n.T(ctx, "We have it. Somebody answers in a moment."), more, mailed, err
	case c.State == livechat.Talking && name == "":
		return i18n.T(ctx, "Somebody is here for you."), "", mailed, nil
	case c.State == livechat.Talking:
		return i18n.T(ctx, "{{.Name}} is here for you.", "Name", name), "", mailed, nil
	case c.State == livechat.InLine:
		more = " " + i18n.T(ctx, "Your request waits in the line like every other; its number is {{.Number}}.", "Number", number) + way + " " + i18n.T(ctx, "You need not stay here.")
		return i18n.T(ctx, "Nobody is free just now, and we are sorry about that."), more, mailed, nil
	}
	return endedWords(ctx, c, name), " " + i18n.T(ctx, "It goes on as your request {{.Number}}, and what you write here still reaches us.", "Number", number) + way, mailed, nil
}

func endedWords(ctx context.Context, c livechat.Chat, name string) string {
	switch {
	case c.EndedBy == livechat.ByVisitor:
		return i18n.T(ctx, "You ended the chat.")
	case c.EndedBy == livechat.ByAgent && name != "":
		return i18n.T(ctx, "{{.Name}} ended the chat.", "Name", name)
	case c.EndedBy == livechat.BySilence:
		return i18n.T(ctx, "The chat is over, since nobody wrote for a while.")
	}
	return i18n.T(ctx, "The chat is over.")
}

// openingWords say whether somebody is there.
func openingWords(ctx context.Context, tx *db.Tx, o livechat.Opening) (said, more string) {
	if o.Now() {
		return i18n.T(ctx, "Somebody is here now and answers you right away."), ""
	}
	return lateWords(ctx, tx, o), " " + i18n.T(ctx, "What you write here is a request at once, and waits in the line like every other.")
}

// lateWords say that nobody is there, and when somebody will be.
func lateWords(ctx context.Context, tx *db.Tx, o livechat.Opening) string {
	if o.Next == 0 {
		return i18n.T(ctx, "Nobody is free for a chat right now.")
	}
	at, now := o.Next.Time().In(i18n.ZoneOf(ctx)), tx.Now.Time().In(i18n.ZoneOf(ctx))
	if at.YearDay() == now.YearDay() && at.Year() == now.Year() {
		return i18n.T(ctx, "Nobody is here right now; somebody is from {{.Time}}.", "Time", i18n.Clock(ctx, at))
	}
	return i18n.T(ctx, "Nobody is here right now; somebody is from {{.Day}}, {{.Time}}.", "Day", i18n.Weekday(ctx, at.Weekday()), "Time", i18n.Clock(ctx, at))
}

// chatWords are the words of the script.
func chatWords(ctx context.Context) map[string]string {
	return map[string]string{
		"begin": i18n.T(ctx, "Chat now"), "write": i18n.T(ctx, "Your message"), "send": i18n.T(ctx, "Send"), "end": i18n.T(ctx, "End the chat"), "fresh": i18n.T(ctx, "Start a new one"),
		"mail": i18n.T(ctx, "Mail me the conversation"), "mailed": i18n.T(ctx, "The conversation is on its way to you by mail."), "conversation": i18n.T(ctx, "Conversation"),
		"page": i18n.T(ctx, "See your request"), "waits": i18n.T(ctx, "not sent yet"), "offline": i18n.T(ctx, "The line is broken just now. What you write is kept here and sent as soon as it is back."),
		"gone": i18n.T(ctx, "This conversation cannot be opened any more. What you wrote is still here."), "news": i18n.T(ctx, "New answer"),
	}
}

// chatNews answers POST /requests/{number}/chat: the news, for the request's page.
func (p *Portal) chatNews(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err == nil {
		err = page.Form(r)
	}
	if err == nil {
		err = p.mayLook(v)
	}
	if err != nil {
		return err
	}
	n, err := p.news(r, p.byPage(r, v, number))
	if r.PostFormValue("page") != "" && (err == nil || fault.Is(err, fault.KindNotFound)) { // without scripts
		return page.Goto(w, r, requestURL(number)+"#newest")
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(n)
}

// endChat answers POST /requests/{number}/chat/end.
func (p *Portal) endChat(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if p.Chats == nil {
		return errOff
	}
	if err := p.over(r.Context(), p.byPage(r, v, number)); err != nil {
		return p.fail(w, r, v, err)
	}
	return page.Goto(w, r, requestURL(number))
}

// mailChat answers POST /requests/{number}/chat/mail.
func (p *Portal) mailChat(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if p.Chats == nil {
		return errOff
	}
	if err := p.mailIt(r.Context(), p.byPage(r, v, number)); err != nil {
		return p.fail(w, r, v, err)
	}
	p.Site.Tell(w, i18n.T(r.Context(), "The conversation is on its way to you by mail."))
	return page.Goto(w, r, requestURL(number))
}
