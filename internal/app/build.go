package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"goodturn/internal/api"
	"goodturn/internal/automation"
	"goodturn/internal/brand"
	"goodturn/internal/bulk"
	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/httpout"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/mailbox"
	"goodturn/internal/notice"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	"goodturn/internal/primer"
	"goodturn/internal/proposal"
	"goodturn/internal/quiet"
	"goodturn/internal/routing"
	"goodturn/internal/shift"
	"goodturn/internal/sla"
	"goodturn/internal/ticket"
	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/lmtp"
	"goodturn/internal/web/admin"
	"goodturn/internal/web/article"
	"goodturn/internal/web/demo"
	"goodturn/internal/web/desk"
	"goodturn/internal/web/helping"
	"goodturn/internal/web/lead"
	"goodturn/internal/web/load"
	"goodturn/internal/web/page"
	"goodturn/internal/web/plan"
	"goodturn/internal/web/portal"
	"goodturn/internal/web/rota"
	turns "goodturn/internal/web/stint"
	"goodturn/internal/web/thanks"
	"goodturn/internal/web/ui"
)

// build makes the parts know each other. Hooks run in the order of their slice.
func (a *App) build() error {
	c := a.Config
	a.Queue = job.NewQueue(a.DB, c.Log, workers)
	a.Door = &person.Door{DB: a.DB, Key: a.Key, Log: c.Log}
	a.Site = &page.Site{
		DB: a.DB, Blobs: a.Blobs, Kept: a.Kept, Cache: a.Cache, Out: httpout.New(httpout.Config{}), Key: a.Key, Door: a.Door, Hub: a.Hub, Log: c.Log, Name: c.Name, Zone: c.Zone,
		Secure: strings.HasPrefix(a.publicURL(), "https://"), TrustProxy: c.TrustProxy, Demo: c.demo != nil,
	}
	a.DB.Listen(a.Site.Heard)
	a.Tickets = &ticket.Desk{Forget: forget(), Changed: a.Site.Announce, Undo: c.Undo, Queue: a.Queue}
	a.Tickets.Handlers(a.DB)
	a.Post = &mailbox.Post{DB: a.DB, Blobs: a.Blobs, Key: a.Key, Desk: a.Tickets, Queue: a.Queue, Log: c.Log, Data: c.Data, PublicURL: a.publicURL, Zone: c.Zone}
	if c.demo != nil {
		a.Post.Default = mailbox.Sender{Address: "help@" + demoDomain, Sending: mailbox.Sending{Host: "127.0.0.1", Port: c.demo.Catcher.address.Port, Security: dial.None}}
	}
	a.Post.Handlers()
	a.helping()
	a.Bulks = &bulk.Runner{DB: a.DB, Desk: a.Tickets, Queue: a.Queue, Log: c.Log}
	a.Bulks.Handlers()
	a.Site.MailLink = a.Post.QueueSignInLink
	a.Brands = &brand.Book{DB: a.DB}
	a.Post.Called = func(organisationID int64) string { return a.Brands.Of(organisationID).Name }
	a.Notices = &notice.Center{DB: a.DB, Queue: a.Queue, Zone: c.Zone, Mail: a.mailNotice, Out: httpout.New(httpout.Config{Ports: []int{443}}), Key: a.Key, PublicURL: a.publicURL}
	a.Notices.Handlers()
	a.Board = a.newBoard()
	a.Papercuts = a.newPapercuts()
	a.Intake = a.newAsker()
	a.Rules = &automation.Engine{
		DB: a.DB, Desk: a.Tickets, Queue: a.Queue, Key: a.Key, Out: httpout.New(httpout.Config{}), Zone: c.Zone, Log: c.Log, Calendars: a.Calendars,
		MayMail: func(ctx context.Context, tx *db.Tx, address string) (bool, error) {
			return a.Post.MayMail(ctx, tx, address, mailbox.WhyRule)
		},
		Trouble: func(ctx context.Context, tx *db.Tx, people []int64, ruleID int64, text string) error {
			return a.Notices.TellAbout(ctx, tx, people, notice.Failing, fmt.Sprintf("/rules/%d", ruleID), text)
		},
		Notify: a.Notices.TellByRule,
	}
	a.Rules.Handlers()
	a.thankYou()
	a.Tickets.Hooks = []ticket.Hook{a.Post.Hook(), draft.Hook(), outage.Hook(), a.Notices.Hook(), a.Thanks.Hook()}
	a.Promises = &sla.Keeper{DB: a.DB, Desk: a.Tickets, Queue: a.Queue, Calendars: a.Calendars, Log: c.Log}
	a.Promises.Handlers()
	a.Calendars.Changed = append(a.Calendars.Changed, a.Promises.CalendarChanged)
	a.Calendars.Used = append(a.Calendars.Used, sla.CalendarUsed)
	a.Router = &routing.Router{DB: a.DB, Desk: a.Tickets, Log: c.Log, Calendars: a.Calendars, Zone: c.Zone, Offered: a.tell(notice.Offered), Handed: a.tell(notice.Handed)}
	a.careFor()
	a.Calendars.Changed = append(a.Calendars.Changed, a.Router.CalendarChanged)
	a.Calendars.Used = append(a.Calendars.Used, routing.CalendarUsed)
	a.Router.Rota = dutyForRouting
	a.Rota = a.newRota()
	a.Planner = &proposal.Planner{DB: a.DB, Queue: a.Queue, Rota: a.Rota, Log: c.Log, Hours: a.Router.Hours}
	a.Planner.Handlers()
	a.Quiet = &quiet.Keeper{DB: a.DB, Zone: a.zone(), Hours: a.Router.HoursOf}
	a.afterSolving()
	a.Line = a.newLine()
	a.Chats = a.newRoom()
	a.Gaps = a.newGaps()
	a.Primer = &primer.Keeper{DB: a.DB, Log: c.Log}
	a.Stints = a.newStints()
	a.Weekly = a.newWeekly()
	a.Post.Receipt = []mailbox.ReceiptPart{a.lineReceipt, a.outageReceipt, a.questionReceipt, fromLastTime}
	a.Tickets.Later = []ticket.Hook{
		a.Rules.Hook(),
		a.Router.Hook(),
		a.Care.Hook(),
		a.Promises.Hook(),
		a.Line.Hook(),
		a.Chats.Hook(),
		a.Stints.Hook(),
		a.Notices.Channels(),
		a.Notes.Hook(), a.Outcomes.Hook(),
		a.Tickets.KeepNews(),
		a.Intake.Hook(),
		a.Gaps.Hook(),
		a.Post.Confirm(),
	}

	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Handler())
	calls, err := api.Handler(&api.API{DB: a.DB, Tickets: a.Tickets, Notes: a.Notes, Papercuts: a.Papercuts, Blobs: a.Blobs, Log: c.Log, Remote: a.Site.Remote, Version: c.Version})
	if err != nil {
		return fmt.Errorf("build the API: %w", err)
	}
	mux.Handle("/api/", calls)
	a.Site.Mount(mux, a.Routes())
	if a.handler, err = a.Site.Guard(mux); err == nil && c.demo != nil {
		a.handler = loopbackNames(a.handler)
	}
	return err
}

// Routes lists every page of the program with the right that it asks for.
func (a *App) Routes() []page.Route {
	routes := a.Site.Routes()
	routes = append(routes, portal.Routes(&portal.Portal{Site: a.Site, Tickets: a.Tickets, Outcomes: a.Outcomes, Suggest: a.suggesters(), Missed: a.missed, Gaps: a.Gaps, Brands: a.Brands, Outages: a.Board, Papercuts: a.Papercuts, Line: a.Line, Intake: a.Intake, Helping: a.Helping, Chats: a.Chats, Thanks: a.Thanks, URL: a.publicURL})...)
	d := &desk.Desk{Site: a.Site, Outages: a.Board, Papercuts: a.Papercuts, Tickets: a.Tickets, Intake: a.Intake, Line: a.Line, Fates: fates, SendAgain: a.sendAgain, Post: a.Post, Facts: mailbox.FactsOfTicket, Suspicion: suspicion, Bulks: a.Bulks, Router: a.Router, Care: a.Care, Notices: a.Notices, Proposals: proposals, Decide: a.Post.Decide, Promises: a.Promises, Chats: a.Chats}
	routes = append(routes, desk.Routes(d)...)
	routes = append(routes, lead.Routes(&lead.Lead{Site: a.Site, Gaps: a.Gaps, Line: a.Line, Outages: a.Board, Papercuts: a.Papercuts, Rules: a.Rules, Notes: a.Notes, Nav: d.Nav, GuestNav: turns.GuestNav, Experience: []func(context.Context, *db.Tx, person.Actor) (lead.Section, error){outageFigures, intakeFigures, afterFigures, helpTotals, lineFigures}})...)
	routes = append(routes, article.Routes(&article.Articles{Site: a.Site, Nav: d.Nav})...)
	routes = append(routes, thanks.Routes(&thanks.Thanks{Site: a.Site, Book: a.Thanks, Nav: d.Nav})...)
	routes = append(routes, turns.Routes(&turns.Stints{Site: a.Site, Keeper: a.Stints, Nav: d.Nav, Feed: a.turnFeed, Renew: shift.RenewFeed})...)
	routes = append(routes, helping.Routes(&helping.Helping{Site: a.Site, Keeper: a.Helping, URL: a.publicURL})...)
	routes = append(routes, plan.Routes(&plan.Pages{Site: a.Site, Planner: a.Planner, Nav: d.Nav})...)
	routes = append(routes, load.Routes(&load.Load{Site: a.Site, Planner: a.Planner, Quiet: a.Quiet, Nav: d.Nav})...)
	routes = append(routes, rota.Routes(&rota.Pages{Site: a.Site, Rota: a.Rota, Quiet: a.Quiet, Nav: d.Nav, URL: a.publicURL})...)
	routes = append(routes, admin.Routes(&admin.Admin{Site: a.Site, Brands: a.Brands, Post: a.Post, Version: a.Config.Version, Calendars: a.Calendars, Promises: a.Promises, Nav: d.Nav, Router: a.Router, Invite: a.Post.QueueInvitation, Erase: a.erase})...)
	if a.Config.demo != nil {
		routes = append(routes, demo.Routes(&demo.Demo{Site: a.Site, Caught: a.caught, Deliver: a.deliver})...)
	}
	return routes
}

// caught gives the demo's pages what its mail server took.
func (a *App) caught() []demo.Mail {
	all := a.Config.demo.Catcher.Caught()
	out := make([]demo.Mail, len(all))
	for i, m := range all {
		out[i] = demo.Mail(m)
	}
	return out
}

// deliver hands a mail to the desk as an MTA would.
func (a *App) deliver(ctx context.Context, from, to string, raw []byte) error {
	return a.Post.Take(ctx, []mailbox.Incoming{{From: from, To: []string{to}, Raw: raw, Source: mailbox.SourceWeb}})
}

// fates shows the desk what became of a ticket's mails.
func fates(ctx context.Context, tx *db.Tx, ticketID int64) ([]desk.Fate, error) {
	all, err := mailbox.Deliveries(ctx, tx, ticketID)
	out := make([]desk.Fate, len(all))
	for i, d := range all {
		out[i] = desk.Fate{ID: d.ID, MessageID: d.MessageID, PersonID: d.PersonID, Address: d.Address, Copy: d.Copy, Blind: d.Blind, State: string(d.State), Reason: d.Error, At: d.SentAt, NextAt: d.NextAt}
	}
	return out, err
}

// proposals shows the desk what mails would like.
func proposals(ctx context.Context, tx *db.Tx, ticketID int64) ([]desk.Proposal, error) {
	all, err := mailbox.Suggestions(ctx, tx, ticketID)
	out := make([]desk.Proposal, len(all))
	for i, s := range all {
		out[i] = desk.Proposal{ID: s.ID, Answers: s.Kind == mailbox.SuggestAnswers, Address: s.Address, Name: s.Name, ByID: s.ByID}
	}
	return out, err
}

// suspicion tells the desk why a ticket is suspect.
func suspicion(ctx context.Context, tx *db.Tx, ticketID int64) (score float64, why []i18n.Text, err error) {
	s, err := mailbox.SuspicionOf(ctx, tx, ticketID)
	for _, r := range s.Reasons {
		why = append(why, r.Text())
	}
	return s.Score, why, err
}

func (a *App) sendAgain(ctx context.Context, tx *db.Tx, by ticket.By, id int64) error {
	return a.Post.SendAgain(ctx, tx, by.Actor, id)
}

// listenForMail opens the socket where mail is taken; what it gives runs until its context ends, and does
// nothing when none is wanted.
func (a *App) listenForMail() (run func(context.Context) error, err error) {
	if a.Config.MailListen == "" {
		return func(context.Context) error { return nil }, nil
	}
	c := mailbox.ListenConfig{Network: "tcp", Address: a.Config.MailListen, AllowRemote: a.Config.MailRemote, Protocol: lmtp.LMTP}
	if path, ok := strings.CutPrefix(a.Config.MailListen, "unix:"); ok {
		c.Network, c.Address = "unix", path
	}
	if a.Config.MailSMTP {
		c.Protocol = lmtp.SMTP
	}
	server := a.Post.Listener(c)
	listener, err := server.Listen()
	if err != nil {
		return nil, explainAddress(err, a.Config.MailListen, "--mail-listen")
	}
	return func(ctx context.Context) error {
		if err := server.Serve(ctx, listener); !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	}, nil
}
