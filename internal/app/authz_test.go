package app

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"goodturn/internal/automation"
	"goodturn/internal/blob"
	"goodturn/internal/button"
	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/handoff"
	"goodturn/internal/kb"
	"goodturn/internal/macro"
	"goodturn/internal/mailbox"
	"goodturn/internal/outage"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/secret"
	"goodturn/internal/service"
	"goodturn/internal/sla"
	"goodturn/internal/stint"
	"goodturn/internal/ticket"
	"goodturn/internal/upload"
	"goodturn/internal/view"
	"goodturn/internal/web/page"
)

// Who may come through a route. Each group is listed with the visitors whom it lets in; everybody else must
// be turned away: sent to the sign-in page, refused, or told that there is nothing.
var groups = map[string][]string{
	"anyone":        {"anonymous", "link holder", "requester", "other requester", "colleague", "guest", "agent", "other agent", "lead", "administrator"},
	"signed in":     {"requester", "other requester", "colleague", "guest", "agent", "other agent", "lead", "administrator"},
	"staff":         {"agent", "other agent", "lead", "administrator"},
	"leads":         {"lead", "administrator"},
	"its people":    {"agent", "lead", "administrator"}, // of a view that the agent shares
	"administrator": {"administrator"},
	"agent alone":   {"agent"}, // what is somebody's own
	"lead alone":    {"lead"},
	"card's people": {"requester", "agent"},                                     // who wrote a card, and who got it
	"nobody":        {},                                                         // asked with a secret that is wrong, or leads to the sign-in page in any case
	"the two":       {"agent", "other agent"},                                   // who swap
	"visitors":      {"guest", "agent", "other agent", "lead", "administrator"}, // of the desk
	"guest alone":   {"guest"},
	"guest, mentor": {"guest", "agent"}, // of the stint that runs
	"who plans it":  {"guest", "lead", "administrator"},
}

// Routes of one ticket are asked twice: for one of an open team, and for one of a private team of which
// "agent" is the only member.
var ticketGroups = map[string]map[string][]string{
	"open": {
		"its writer": {"link holder", "requester"}, "its staff": groups["staff"], "its administrators": groups["administrator"], "its requesters": {"link holder", "requester", "colleague"},
		"both": {"link holder", "requester", "colleague", "agent", "other agent", "lead", "administrator"}, "lent": groups["visitors"],
	},
	"private": {"lent": {"agent"}, "its writer": {"link holder", "requester"}, "its staff": {"agent"}, "its administrators": {}, "its requesters": {"link holder", "requester"}, "both": {"link holder", "requester", "agent"}},
}

// permissions is the table of all routes: a route without a row fails the build.
var permissions = map[string]string{
	// shared by all surfaces
	"GET /sign-in": "anyone", "POST /sign-in": "anyone", "POST /sign-in/link": "anyone", "GET /sign-in/code": "nobody", "POST /sign-in/code": "nobody",
	"GET /sign-in/link/{token}": "nobody", "POST /sign-in/link/{token}": "nobody", "GET /setup/{token}": "nobody", "POST /setup/{token}": "nobody",
	"POST /sign-out": "nobody", "GET /live": "signed in",

	// turns at the desk
	"GET /stint": "signed in", "POST /stint/feed": "signed in", "POST /stint/{id}/answer": "guest alone", "POST /stint/{id}/date": "who plans it", "POST /stint/{id}/beginning": "guest alone", "POST /stint/{id}/longer": "guest alone",
	"POST /stint/{id}/end": "who plans it", "POST /stint/{id}/whispers": "guest, mentor", "POST /stint/{id}/stage": "guest, mentor", "GET /stint/{id}/debrief": "guest alone", "POST /stint/{id}/debrief": "guest alone",
	"POST /lent": "visitors", "GET /lent/{number}": "lent", "POST /lent/{number}/draft": "lent", "POST /lent/{number}/sending": "lent", "POST /lent/{number}/return": "guest alone",
	"GET /mentoring": "staff", "POST /mentoring": "staff", "GET /mentoring/{id}": "agent alone", "POST /mentoring/{id}/whispers": "agent alone", "POST /mentoring/{id}/tickets": "agent alone", "POST /mentoring/{id}/return": "agent alone", "POST /mentoring/{id}/approvals": "agent alone", "POST /mentoring/{id}/stage": "agent alone",
	"GET /stints": "leads", "GET /stint-people": "leads", "POST /stint-people": "leads", "GET /stint-policies/new": "leads", "POST /stint-policies": "leads", "GET /stint-policies/{id}": "leads", "POST /stint-policies/{id}": "leads",
	"POST /stint-policies/{id}/proposals": "leads", "POST /stint-policies/{id}/invitations": "leads", "POST /stint-policies/{id}/excuses": "leads", "POST /stint-apprentices": "leads",
	"GET /stints/{id}": "leads", "POST /stints/{id}/invitation": "leads", "POST /stints/{id}/date": "leads", "POST /stints/{id}/cancellation": "leads",

	// files ahead of their form
	"OPTIONS /uploads": "anyone", "GET /uploads": "anyone", "POST /uploads": "anyone", "HEAD /uploads/{token}": "nobody", "PATCH /uploads/{token}": "nobody", "DELETE /uploads/{token}": "nobody", "POST /uploads/{token}": "nobody",

	// portal
	"GET /{$}": "anyone", "GET /robots.txt": "anyone", "POST /requests": "anyone", "GET /t/{token}": "nobody", "GET /experience": "leads", "GET /t/{token}/{rest...}": "nobody", "GET /unfollow/{token}": "nobody", "POST /unfollow/{token}": "nobody", "GET /notices/stop/{token}": "nobody", "POST /notices/stop/{token}": "nobody",
	"GET /with/{token}": "nobody", "GET /handed/{token}": "nobody", "POST /handed/{token}": "nobody", "GET /me/help": "signed in", "POST /me/help": "signed in",
	"GET /status": "anyone", "GET /status.atom": "anyone", "GET /status.rss": "anyone", "GET /status.ics": "anyone", "GET /status/{id}": "anyone", "POST /status/{id}/me-too": "anyone", "POST /status/{id}/leave": "signed in",
	"GET /status-join/{token}": "nobody", "POST /status-join/{token}": "nobody", "GET /status-leave/{token}": "nobody", "POST /status-leave/{token}": "nobody", "GET /status-feed/{token}/{file}": "nobody", "POST /status/feed": "signed in",
	"GET /requests/{number}/outage": "its requesters", "POST /requests/{number}/outage": "its requesters",
	"POST /look": "anyone", "GET /suggestions": "anyone", "GET /at/{slug}": "nobody", "GET /brand/{id}/{file}": "nobody", "POST /language": "anyone",
	"GET /helping": "signed in", "POST /helping": "signed in", "GET /helping.csv": "signed in", "GET /helping/cost": "signed in", "POST /helping/cost": "signed in", "POST /helping/cost/pages": "signed in", "POST /helping/cost/pages/{id}/end": "signed in",
	"GET /helping/{id}": "agent alone", "POST /helping/{id}": "agent alone", "POST /helping/{id}/removal": "agent alone", "POST /helping/{id}/restoration": "agent alone", "GET /cost/{token}": "nobody",
	"GET /cards": "signed in", "GET /cards.txt": "signed in", "POST /cards/{id}": "card's people", "GET /wall": "staff",
	"GET /requests/{number}/thanks": "its requesters", "POST /requests/{number}/thanks": "its requesters", "POST /requests/{number}/thanks/{card}": "its writer",
	"GET /tickets/{number}/thanks": "its staff", "POST /tickets/{number}/thanks": "its staff", "POST /tickets/{number}/thanks/{card}/reopening": "its staff",
	"GET /requests": "signed in", "GET /me": "signed in", "POST /me": "signed in", "POST /me/sessions/{id}/end": "signed in",
	"GET /requests/{number}":           "both", // staff are sent on to the desk
	"GET /requests/{number}/line":      "its requesters",
	"POST /requests/{number}/call":     "its requesters",
	"GET /line":                        "staff",
	"GET /requests/{number}/question":  "anyone", // only leads on
	"POST /requests/{number}/question": "its requesters",
	"POST /requests/{number}/answers":  "its requesters", "GET /requests/{number}/files/{id}": "its requesters", "GET /requests/{number}/files/{id}/thumbnail": "its requesters",

	// the button on other people's pages
	"GET /button.js": "anyone", "GET /button/parts": "anyone", "GET /button/found": "anyone", "POST /button/papercuts": "anyone", "POST /button/requests": "anyone", "POST /button/form": "anyone",
	// live chats
	"GET /button/chat.js": "anyone", "GET /button/chats": "anyone", "POST /button/chats": "anyone",
	"POST /button/chats/news": "nobody", "POST /button/chats/messages": "nobody", "POST /button/chats/end": "nobody", "POST /button/chats/mail": "nobody",
	"POST /requests/{number}/chat": "its requesters", "POST /requests/{number}/chat/end": "its requesters", "POST /requests/{number}/chat/mail": "its requesters",
	"POST /account/chats": "staff", "POST /tickets/{number}/chat": "its staff", "POST /tickets/{number}/chat/end": "its staff",

	// small things that annoy
	"GET /papercut": "anyone", "POST /papercut": "anyone", "POST /papercut/back": "nobody", "POST /papercut/same": "nobody", "POST /papercut/tell": "nobody", "POST /papercut/mails": "signed in",
	"GET /papercut-tell/{token}": "nobody", "POST /papercut-tell/{token}": "nobody", "GET /papercut-back/{token}": "nobody", "POST /papercut-back/{token}": "nobody", "GET /papercut-stop/{token}": "nobody", "POST /papercut-stop/{token}": "nobody",
	"GET /papercuts": "staff", "GET /papercuts.csv": "leads", "GET /papercuts/{id}": "staff", "POST /papercuts/{id}": "staff", "POST /papercuts/{id}/state": "staff", "POST /papercuts/{id}/merges": "staff", "POST /papercuts/{id}/sentences/{tap}": "staff",
	"POST /papercuts/{id}/sight": "staff", "POST /papercuts/{id}/handings": "staff", "POST /papercuts/{id}/handings/{handing}/again": "staff",
	"GET /papercut-trackers": "leads", "POST /papercut-trackers": "leads", "POST /papercut-trackers/{id}/removal": "leads",
	"GET /tickets/{number}/papercut": "its staff", "POST /tickets/{number}/papercut": "its staff",

	// outages
	"GET /outages": "staff", "GET /outages/new": "staff", "POST /outages": "staff", "GET /outages/{id}": "staff", "GET /outages/{id}/edit": "staff", "POST /outages/{id}": "staff", "POST /outages/{id}/updates": "staff", "POST /outages/{id}/tickets": "staff",
	"POST /tickets/{number}/outage": "its staff",

	// what to write
	"GET /gaps": "staff", "GET /gaps/{id}": "staff", "POST /gaps/{id}/owner": "staff", "POST /gaps/{id}/state": "staff", "POST /gaps/{id}/article": "staff",

	// the rota: of an open team; what is a private team's is tested in its package
	"GET /rota": "staff", "GET /rota/mine": "staff", "POST /rota/mine": "staff", "POST /rota/feed": "staff", "GET /rota-feed/{token}/{file}": "nobody",
	"GET /rota/shifts/{id}": "staff", "POST /rota/shifts/{id}/taking": "staff", "POST /rota/shifts/{id}/return": "agent alone", "POST /rota/shifts/{id}/swaps": "agent alone",
	"GET /rota/swaps/{id}": "the two", "POST /rota/swaps/{id}": "the two", "GET /rota/cover": "staff", "POST /rota/cover": "staff", "GET /rota/cover/{id}": "staff", "POST /rota/cover/{id}": "staff", "POST /rota/cover/{id}/thanks": "agent alone",
	"POST /rota/shifts": "leads", "POST /rota/shifts/{id}": "leads", "POST /rota/shifts/{id}/assignment": "leads", "POST /rota/shifts/{id}/removal": "lead alone", "POST /rota/invitations/{id}": "leads",
	"POST /rota/publication": "leads", "POST /rota/openings": "leads", "GET /rota/patterns": "leads", "GET /rota/patterns/new": "leads", "POST /rota/patterns": "leads", "GET /rota/patterns/{id}": "leads", "POST /rota/patterns/{id}": "leads", "POST /rota/patterns/{id}/end": "leads",
	"GET /rota/settings": "leads", "POST /rota/settings": "leads", "POST /rota/limits": "leads",
	"GET /load":        "leads",
	"GET /rota/wishes": "staff", "POST /rota/wishes": "staff", "GET /rota/need": "leads", "POST /rota/need": "leads", "POST /rota/proposals": "leads", "GET /rota/proposals/{id}": "leads", "POST /rota/proposals/{id}/taking": "leads", "POST /rota/proposals/{id}/removal": "leads",

	// articles
	"GET /help": "anyone", "GET /help/in/{section}": "anyone", "GET /help/{article}": "anyone", "POST /help/{article}/answers": "anyone", "POST /article-answers/{id}": "staff", "GET /help/files/{article}/{name}": "anyone",
	"GET /articles": "staff", "GET /articles/new": "staff", "POST /articles": "staff", "POST /articles/preview": "staff", "GET /articles/{id}": "staff", "POST /articles/{id}": "staff",
	"GET /articles/{id}/settings": "staff", "POST /articles/{id}/settings": "staff", "POST /articles/{id}/review": "staff", "POST /articles/{id}/place": "staff", "GET /articles/{id}/versions": "staff", "POST /articles/{id}/versions": "staff",
	"GET /primer": "visitors", "POST /primer/reading": "visitors", "POST /primer/opening": "leads", "POST /primer/entries/{id}": "leads",
	"GET /articles/drafts": "staff", "POST /articles/drafts": "staff", "POST /articles/{id}/cuts/{cut}": "staff",
	"GET /articles/import": "leads", "POST /articles/import": "leads", "GET /articles/export.zip": "leads", "GET /help.zip": "anyone", "GET /sitemap.xml": "anyone",
	"GET /sections": "leads", "POST /sections": "leads", "POST /sections/{id}/place": "leads", "POST /sections/{id}/removal": "leads",
	"POST /articles/blocks": "staff", "POST /articles/markdown": "staff", "GET /articles/titles": "staff", "POST /articles/unsaved": "staff", "POST /articles/unsaved/removal": "staff", "POST /articles/{id}/files": "staff",
	"POST /articles/{id}/withdrawal": "staff", "POST /articles/{id}/files/{file}/removal": "staff",

	// desk
	"GET /tickets": "staff", "GET /tickets.csv": "leads", "GET /tickets/new": "staff", "POST /tickets": "staff", "GET /search": "staff",
	"GET /palette": "staff", "POST /palette/visits": "staff", "POST /tickets/{number}/pin": "its staff",
	"GET /tickets/{number}": "its staff", "GET /tickets/{number}/presence": "its staff", "POST /tickets/{number}/presence": "its staff", "GET /tickets/{number}/files/{id}": "its staff", "GET /tickets/{number}/files/{id}/thumbnail": "its staff", "GET /tickets/{number}/messages/{id}/pictures/{index}": "its staff", "GET /tickets/{number}/messages/{id}/raw": "its staff",
	"GET /tickets/{number}/similar": "its staff", "GET /tickets/{number}/print": "its staff", "GET /tickets/{number}/promises": "its staff", "POST /tickets/{number}/ahead": "its staff", "POST /tickets/{number}/rang": "its staff",
	"GET /tickets/{number}/files": "its staff", "GET /tickets/{number}/files.zip": "its staff",
	"POST /tickets/{number}/read": "its staff", "GET /tickets/{number}/seen": "its staff", "POST /tickets/{number}/unread": "its staff",
	"POST /tickets/{number}/replies": "its staff", "POST /tickets/{number}/notes": "its staff", "POST /tickets/{number}/status": "its staff",
	"GET /tickets/suggest": "staff", "GET /tickets/{number}/merges": "its staff", "POST /tickets/{number}/merges": "its staff", "POST /tickets/{number}/merges/{gone}/undo": "its staff",
	"POST /tickets/{number}/questions/end": "its staff",
	"GET /tickets/{number}/tellings":       "its staff", "POST /tickets/{number}/tellings": "its staff", "POST /tickets/{number}/tellings/{id}/removal": "its staff",
	"GET /tickets/{number}/splits": "its staff", "POST /tickets/{number}/splits": "its staff", "POST /tickets/{number}/splits/{gone}/undo": "its staff",
	"POST /tickets/{number}/relations": "its staff", "POST /tickets/{number}/relations/removal": "its staff", "POST /tickets/{number}/children/solution": "its staff",
	"POST /tickets/{number}/snooze": "its staff", "POST /tickets/{number}/wake": "its staff", "POST /tickets/{number}/trash": "its staff", "POST /tickets/{number}/restore": "its staff",
	"POST /tickets/{number}/purge": "its administrators", "POST /tickets/{number}/block": "its staff", "POST /tickets/{number}/unblock": "its staff",
	"POST /tickets/{number}/team/{slug}/undo": "its staff",
	"POST /tickets/{number}/suspicion":        "its staff", "POST /tickets/{number}/priority": "its staff", "POST /tickets/{number}/kind": "its staff", "POST /tickets/{number}/team": "its staff",
	"POST /tickets/{number}/assignee": "its staff", "POST /tickets/{number}/subject": "its staff", "POST /tickets/{number}/tags": "its staff",
	"POST /tickets/{number}/followers": "its staff", "POST /tickets/{number}/suggestions/{id}": "its staff", "POST /tickets/{number}/links/revoke": "its staff", "POST /tickets/{number}/deliveries/{id}/again": "its staff",
	"POST /tickets/{number}/held/{id}/undo": "its staff",
	"GET /bulk":                             "staff", "POST /bulk": "staff", "GET /bulk/{id}": "agent alone", "POST /bulk/{id}/undo": "agent alone", "POST /bulk/{id}/stop": "agent alone", "POST /bulk/{id}/go": "agent alone",
	"GET /macros": "staff", "POST /macros": "staff", "GET /macros/new": "staff", "GET /macros/{id}": "agent alone", "POST /macros/{id}": "agent alone", "POST /macros/{id}/removal": "agent alone", "POST /macros/{id}/article": "agent alone", "POST /macros/{id}/sameness": "agent alone", "POST /macros/{id}/restore": "agent alone",
	"GET /rules": "leads", "POST /rules": "leads", "GET /rules/new": "leads", "GET /rules/{id}": "leads", "POST /rules/{id}": "leads", "POST /rules/{id}/state": "leads", "POST /rules/{id}/place": "leads",
	"POST /rules/{id}/removal": "leads", "POST /rules/{id}/restore": "leads",
	"POST /rules/models": "leads", "GET /rules/{id}/runs": "leads", "GET /rules/{id}/versions": "leads", "POST /rules/{id}/versions/{version}": "leads", "POST /rules/{id}/secret": "leads",
	"GET /rule-trials/{id}":        "lead alone",
	"GET /tickets/{number}/macros": "its staff", "POST /tickets/{number}/macros": "its staff", "GET /tickets/{number}/mentions": "its staff",
	"GET /notices": "staff", "GET /notices/bell": "staff", "GET /notices/{id}": "staff", "POST /notices/read": "staff", "POST /notices/unread": "staff", "GET /account/notices": "staff", "POST /account/notices": "staff",
	"GET /account/chat": "staff", "POST /account/chat": "staff", "POST /account/chat/test": "staff", "POST /account/chat/removal": "staff",
	"GET /channels": "leads", "POST /channels": "leads", "GET /channels/new": "leads", "GET /channels/{id}": "leads", "POST /channels/{id}": "leads", "POST /channels/{id}/test": "leads", "POST /channels/{id}/removal": "leads",
	"POST /tickets/{number}/draft": "its staff", "POST /tickets/{number}/draft/discard": "its staff", "POST /tickets/{number}/draft/files": "its staff", "GET /tickets/{number}/draft/files/{file}": "its staff",
	"POST /tickets/{number}/draft/files/{file}/removal": "its staff", "POST /tickets/{number}/draft/copies/{id}": "its staff", "POST /tickets/{number}/draft/look": "its staff", "POST /tickets/{number}/draft/return": "its staff", "POST /tickets/{number}/draft/send": "its staff",
	"POST /tickets/display": "staff", "GET /views": "staff", "POST /views": "staff", "GET /views/new": "staff", "GET /views/{id}": "its people", "POST /views/{id}": "its people", "POST /views/{id}/place": "staff",
	"POST /views/{id}/removal": "its people", "POST /views/{id}/restoration": "its people",
	"GET /undelivered": "staff", "POST /undelivered/{id}/again": "staff", "POST /undelivered/{id}/address": "staff",
	"GET /people/suggest": "staff", "GET /people/complete": "staff", "GET /filter/suggest": "staff", "GET /people/{id}": "staff", "POST /people/{id}/addresses": "staff", "POST /people/{id}/note": "staff", "POST /people/{id}/merges": "staff", "POST /people/{id}/merges/{merge}/undo": "staff",
	"GET /account": "staff", "POST /account": "staff", "GET /account/keys": "staff", "POST /account/keys": "staff", "POST /account/work": "staff", "POST /account/password": "staff", "POST /account/totp": "staff", "POST /account/totp/confirm": "staff", "POST /account/totp/off": "staff",
	"POST /account/sessions/end": "staff", "POST /account/tokens": "staff", "POST /account/tokens/revoke": "staff",

	"POST /tickets/next": "staff", "GET /offers": "staff", "POST /tickets/{number}/offer": "its staff", "POST /account/call": "staff", "POST /account/pause": "staff", "POST /tickets/{number}/hand-over": "its staff",
	"GET /account/absence": "staff", "POST /account/absence": "staff", "POST /account/absence/{absence}/end": "agent alone",
	"GET /people/{colleague}/absence": "its people", "POST /people/{colleague}/absence": "its people", "POST /people/{colleague}/absence/{absence}/end": "its people",

	// administration
	"GET /admin": "administrator", "POST /admin/jobs/{id}/again": "administrator", "POST /admin/jobs/{id}/forget": "administrator",
	"GET /admin/mailboxes": "administrator", "GET /admin/mailboxes/new": "administrator", "POST /admin/mailboxes": "administrator", "GET /admin/mailboxes/{id}": "administrator",
	"POST /admin/mailboxes/{id}": "administrator", "POST /admin/mailboxes/{id}/check": "administrator",
	"POST /admin/mailboxes/files": "administrator",
	"GET /admin/signing":          "administrator", "POST /admin/signing": "administrator", "POST /admin/signing/{domain}/check": "administrator", "POST /admin/signing/{domain}/state": "administrator", "POST /admin/signing/{domain}/removal": "administrator",
	"GET /admin/mailboxes/{id}/connect": "administrator", "GET /admin/mailboxes/connected": "administrator",
	"GET /admin/protection": "administrator", "POST /admin/protection": "administrator", "POST /admin/protection/blocked": "administrator",
	"GET /admin/teams": "administrator", "GET /admin/teams/new": "administrator", "POST /admin/teams": "administrator", "GET /admin/teams/{id}": "administrator", "POST /admin/teams/{id}": "administrator",
	"GET /admin/teams/{id}/sharing": "administrator", "POST /admin/teams/{id}/sharing": "administrator",
	"GET /admin/sla": "administrator", "GET /admin/sla/new": "administrator", "POST /admin/sla": "administrator", "GET /admin/sla/{id}": "administrator", "POST /admin/sla/{id}": "administrator",
	"POST /admin/sla/{id}/move": "administrator", "POST /admin/sla/{id}/removal": "administrator",
	"GET /admin/brands": "administrator", "GET /admin/brands/{brand}": "administrator", "POST /admin/brands/{brand}": "administrator",
	"GET /admin/care": "administrator", "POST /admin/care": "administrator",
	"GET /admin/button": "administrator", "POST /admin/button": "administrator",
	"GET /admin/services": "administrator", "GET /admin/services/new": "administrator", "POST /admin/services": "administrator", "GET /admin/services/{id}": "administrator", "POST /admin/services/{id}": "administrator",
	"POST /admin/services/{id}/move": "administrator", "POST /admin/services/{id}/removal": "administrator", "GET /admin/services/{id}/try": "administrator", "POST /admin/services/{id}/try": "administrator",
	"GET /admin/synonyms": "administrator", "GET /admin/synonyms/{group}": "administrator", "POST /admin/synonyms/{group}": "administrator", "POST /admin/synonyms/{group}/removal": "administrator",
	"GET /admin/questions": "administrator", "GET /admin/questions/{question}": "administrator", "POST /admin/questions/{question}": "administrator", "POST /admin/questions/{question}/restoration": "administrator",
	"GET /admin/routes": "administrator", "POST /admin/routes": "administrator", "GET /admin/routes/{route}": "administrator", "POST /admin/routes/{route}": "administrator", "POST /admin/routes/{route}/place": "administrator", "POST /admin/routes/{route}/removal": "administrator",
	"GET /admin/calendars": "administrator", "GET /admin/calendars/new": "administrator", "POST /admin/calendars": "administrator",
	"GET /admin/calendars/{id}": "administrator", "POST /admin/calendars/{id}": "administrator", "POST /admin/calendars/{id}/removal": "administrator",
	"GET /admin/organisations": "administrator", "GET /admin/organisations/new": "administrator", "POST /admin/organisations": "administrator",
	"GET /admin/organisations/{id}": "administrator", "POST /admin/organisations/{id}": "administrator",
	"GET /admin/people": "administrator", "GET /admin/people/new": "administrator", "POST /admin/people": "administrator", "GET /admin/people/{id}": "administrator", "POST /admin/people/{id}": "administrator",
	"POST /admin/people/{id}/addresses": "administrator", "POST /admin/people/{id}/addresses/remove": "administrator", "POST /admin/people/{id}/addresses/prove": "administrator",
	"POST /admin/people/{id}/merges": "administrator", "POST /admin/people/{id}/merges/{merge}/undo": "administrator", "POST /admin/people/{id}/erasure": "administrator", "POST /admin/people/{id}/sessions/end": "administrator",
	"POST /admin/people/{id}/totp/off": "administrator", "POST /admin/people/{id}/invitations": "administrator",
	"GET /admin/audit": "administrator", "GET /admin/audit.csv": "administrator",
}

// forms are the bodies of routes that find nothing without one; the others are asked with an empty form.
var forms = map[string]string{
	"POST /mentoring/{id}/tickets":             "ticket=1001",
	"POST /cards/{id}":                         "value=hang+up",
	"POST /requests/{number}/thanks/{card}":    "value=hang+up",
	"POST /requests/{number}/outage":           "id=1",
	"POST /papercuts/{id}/sight":               "do=look",
	"POST /papercuts/{id}/sentences/{tap}":     "do=hide",
	"POST /articles/{id}/versions":             "version=1&language=en",
	"POST /primer/entries/{id}":                "do=pin",
	"POST /rota/shifts/{id}/swaps":             "wanted=2",
	"POST /rota/publication":                   "week=2026-11-23&team=1",
	"POST /rota/limits":                        "week=9999",
	"POST /rota/openings":                      "team=1&person=1",
	"POST /status/{id}/me-too":                 "address=new@elsewhere.example",
	"POST /admin/people/{id}/addresses/remove": "address=other-requester@elsewhere.example",
	"POST /admin/people/{id}/addresses/prove":  "address=other-requester@elsewhere.example",
}

// TestEveryRouteHasItsPermission asks every route as every kind of visitor.
func TestEveryRouteHasItsPermission(t *testing.T) {
	seeded := seed(t)
	seeded.looks = seeded.open(t)
	defer seeded.looks.Close()
	seen := map[string]bool{}
	for _, rt := range seeded.looks.Routes() {
		seen[rt.Pattern] = true
		group, ok := permissions[rt.Pattern]
		if !ok {
			t.Errorf("the route %q has no row in the permission table", rt.Pattern)
			continue
		}
		if allowed, plain := groups[group]; plain {
			seeded.ask(t, rt.Pattern, "open", allowed)
			continue
		}
		for team, of := range ticketGroups {
			seeded.ask(t, rt.Pattern, team, of[group])
		}
	}
	for pattern := range permissions {
		if !seen[pattern] {
			t.Errorf("the permission table has a row for %q, which is no route", pattern)
		}
	}
}

// ask sends one request a visitor: what changes something is asked of a fresh copy of the seeded desk, what only looks of one that all such
// requests share.
func (s *seeded) ask(t *testing.T, pattern, team string, allowed []string) {
	t.Helper()
	method, path, _ := strings.Cut(pattern, " ")
	a := s.looks
	if method != http.MethodGet {
		a = s.open(t)
		defer a.Close()
	}
	for _, visitor := range groups["anyone"] {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		if path == "/live" { // a stream that does not end by itself
			cancel()
			ctx, cancel = context.WithTimeout(t.Context(), 30*time.Millisecond)
		}
		r := httptest.NewRequestWithContext(ctx, method, s.fill(path, team), strings.NewReader(forms[pattern]))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Tus-Resumable", upload.Version)
		for _, c := range s.cookies[visitor] {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		cancel()
		to, _ := url.Parse(w.Header().Get("Location"))
		if got, want := letIn(w.Code, to), slices.Contains(allowed, visitor); got != want {
			t.Errorf("%s (%s ticket) as %s: status %d %s; let in is %v, want %v", pattern, team, visitor, w.Code, to, got, want)
		}
	}
}

// letIn tells whether an answer shows or does anything for the visitor. A server error is neither.
func letIn(status int, to *url.URL) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return false
	case http.StatusSeeOther:
		return to.Path != "/sign-in"
	}
	return status < 500
}

// seeded is a data folder with one ticket of an open and one of a private team, and one visitor of each
// kind, to be copied for each route.
type seeded struct {
	dir     string
	looks   *App // for requests that change nothing
	cookies map[string][]*http.Cookie
	tickets map[string]map[string]string // by team: what stands for {number}, {id} …
	values  map[string]string            // by the path before {id}
}

func seed(t *testing.T) *seeded {
	t.Helper()
	s := &seeded{dir: t.TempDir(), cookies: map[string][]*http.Cookie{}, tickets: map[string]map[string]string{}, values: map[string]string{}}
	ctx := t.Context()
	a, err := Open(ctx, Config{Data: s.dir, Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	var photo bytes.Buffer
	check(png.Encode(&photo, image.NewGray(image.Rect(0, 0, 2, 2))))
	a.Cache.Put(page.RemoteKey("https://pictures.example/a.png"), photo.Bytes())
	ref, err := a.Blobs.Put(ctx, &photo, 0)
	if err != nil {
		t.Fatal(err)
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		people := s.people(ctx, t, tx)
		open := must(db.One[int64](ctx, tx, `SELECT min(id) FROM team`))
		private := must(person.SaveTeam(ctx, tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}))
		check(person.SetMembers(ctx, tx, private, []int64{people["agent"]}))
		box := must(a.Post.Save(ctx, tx, person.System, mailbox.Mailbox{Address: "help@desk.example", Name: "Desk", TeamID: open, Active: true}, ""))
		for name, team := range map[string]int64{"open": open, "private": private} {
			made := must(a.Tickets.Create(ctx, tx, ticket.By{Actor: person.System}, ticket.New{
				Subject: "Printer", Requester: people["requester"], Team: team, Mailbox: box,
				Message: ticket.Draft{Text: "It prints half pages.", HTML: `<img src="https://pictures.example/a.png">`, Files: []ticket.File{{Name: "photo.png", Type: "image/png", Ref: ref}}},
			}))
			reply := must(a.Tickets.Reply(ctx, tx, ticket.By{Actor: person.System}, made.ID, ticket.Draft{Text: "Good morning", Author: people["agent"]}, ticket.Pending))
			mail := must(db.One[int64](ctx, tx, `INSERT INTO mail (mailbox_id, sha256, size, envelope_from, envelope_to, source, state, ticket_id, message_id, received_at)
				VALUES ($1, $2, $3, '', '', 'lmtp', 'done', $4, (SELECT min(id) FROM message WHERE ticket_id = $4), $5) RETURNING message_id`, box, ref.SHA256, ref.Size, made.ID, tx.Now))
			writes := person.Actor{ID: people["agent"], Role: person.Agent}
			must(draft.Save(ctx, tx, writes, draft.Place{TicketID: made.ID}, draft.Content{Text: "Half an answer"}))
			shared := must(draft.AddFiles(ctx, tx, writes, draft.Place{TicketID: made.ID}, []ticket.File{{Name: "photo.png", Type: "image/png", Ref: ref}}))
			must(draft.Ask(ctx, tx, writes, draft.Place{TicketID: made.ID}, 0, ""))
			must(tx.Exec(ctx, `INSERT INTO live_chat (ticket_id, state, begun_at, heard_at, here_at, due_at) VALUES ($1, 'waiting', $2, $2, $2, 0)`, made.ID, tx.Now))
			s.tickets[name] = map[string]string{
				"{number}": text(made.ID), "{gone}": text(made.ID), "files/{id}": "files/" + text(must(db.One[int64](ctx, tx, `SELECT min(id) FROM attachment WHERE ticket_id = $1`, made.ID))),
				"{file}":        text(shared.Files[0].ID),
				"messages/{id}": "messages/" + text(mail), "suggestions/{id}": "suggestions/" + text(must(db.One[int64](ctx, tx, `INSERT INTO suggestion (ticket_id, kind, address, name, state, made_at) VALUES ($1, 'follower', 'copied@elsewhere.example', '', 'open', 1) RETURNING id`, made.ID))),
				"deliveries/{id}": "deliveries/" + text(must(db.One[int64](ctx, tx, `SELECT min(id) FROM delivery WHERE message_id = $1`, reply.ID))),
			}
			card := must(db.One[int64](ctx, tx, `INSERT INTO card (ticket_id, from_id, to_id, text, how, at) VALUES ($1, $2, $3, 'Thank you', 'page', $4) RETURNING id`, made.ID, people["requester"], people["agent"], tx.Now))
			s.tickets[name]["cards/{id}"], s.tickets[name]["{card}"] = "cards/"+text(card), text(card)
			link := must(ticket.NewLink(ctx, tx, made.ID, people["requester"], true))
			s.cookies["link holder"] = append(s.cookies["link holder"], &http.Cookie{Name: "link", Value: link})
		}
		merge := must(person.MergeInto(ctx, tx, person.Actor{ID: people["administrator"], Role: person.Administrator}, people["other requester"], people["spare"], ""))
		must(a.Post.SaveDKIMKey(ctx, tx, person.System, mailbox.NewDKIMKey{Domain: "signed.example", Algorithm: "ed25519"}, ""))
		dead := must(db.One[int64](ctx, tx, `INSERT INTO job (kind, args, state, run_at, attempts, error, created_at) VALUES ('delivery', '{}', 'dead', 0, 1, 'x', 0) RETURNING id`))
		s.values["mailboxes/{id}"], s.values["teams/{id}"], s.values["{merge}"], s.values["jobs/{id}"] = "mailboxes/"+text(box), "teams/"+text(open), text(merge), "jobs/"+text(dead)
		s.values["undelivered/{id}"] = strings.Replace(s.tickets["open"]["deliveries/{id}"], "deliveries", "undelivered", 1)
		s.values["organisations/{id}"] = "organisations/" + text(must(db.One[int64](ctx, tx, `SELECT min(id) FROM organisation`)))
		s.values["views/{id}"] = "views/" + text(must(view.Save(ctx, tx, must(person.ActorOf(ctx, tx, people["agent"])), view.View{Name: "Printers", Filter: "tag:printer", Shared: true})).ID)
		s.values["macros/{id}"] = "macros/" + text(must(macro.Save(ctx, tx, person.Actor{ID: people["agent"], Role: person.Agent}, macro.Macro{Name: "Own", Scope: macro.Own, Texts: map[string]string{"en": "Hello"}})))
		s.values["sla/{id}"] = "sla/" + text(must(sla.Save(ctx, tx, a.Calendars, person.System, sla.Policy{Name: "Standard", Level: sla.ToRequesters, Terms: sla.Terms{Targets: map[sla.Promise]map[ticket.Priority]int64{sla.Solve: {ticket.Normal: 3_600_000}}}})))
		rule := must(automation.Save(ctx, tx, person.Actor{ID: people["lead"], Role: person.Lead}, aRule))
		s.rota(ctx, tx, open, people["agent"], people["other agent"])
		s.values["services/{id}"] = "services/" + text(must(service.Save(ctx, tx, person.System, service.Service{Name: "New laptop"}, []service.Question{{Label: "For whom?", Kind: service.Short}})).ID)
		s.values["rules/{id}"], s.values["{version}"] = "rules/"+text(rule.ID), text(rule.VersionID)
		s.values["rule-trials/{id}"] = "rule-trials/" + text(must(a.Rules.StartTrial(ctx, tx, must(person.ActorOf(ctx, tx, people["lead"])), rule)))
		s.values["bulk/{id}"] = "bulk/" + text(must(db.One[int64](ctx, tx, `INSERT INTO bulk (person_id, actions, filter, state, started_at) VALUES ($1, '[]', '', 'done', $2) RETURNING id`, people["agent"], tx.Now)))
		s.values["channels/{id}"] = "channels/" + text(must(db.One[int64](ctx, tx, `INSERT INTO chat_hook (team_id, name, form, host, address, kinds, made_by, created_at)
			VALUES ($1, 'ours', 'slack', 'hooks.slack.com', $2, 'came', $3, $4) RETURNING id`, open, []byte{}, people["lead"], tx.Now)))
		s.values["helping/{id}"], s.values["pages/{id}"] = "helping/"+text(must(handoff.Note(ctx, tx, people["agent"], handoff.Entry{Minutes: 15}))), "pages/"+text(must(handoff.Show(ctx, tx, people["agent"], true)))
		s.values["{colleague}"] = text(people["agent"])
		s.values["{absence}"] = text(must(routing.SaveAbsence(ctx, tx, person.System, routing.Absence{PersonID: people["agent"], FromAt: tx.Now.Add(-time.Minute), UntilAt: tx.Now.Add(time.Hour), HandOver: routing.Keeps})))
		s.values["{route}"] = text(must(routing.SaveRoute(ctx, tx, routing.Route{Filter: "vpn", TeamID: open})))
		known := must(a.Board.Post(ctx, tx, must(person.ActorOf(ctx, tx, people["agent"])), outage.New{Title: "VPN is down"}))
		s.values["status/{id}"], s.values["outages/{id}"] = "status/"+text(known.ID), "outages/"+text(known.ID)
		cut := must(a.Papercuts.Say(ctx, tx, papercut.Who{Person: people["requester"]}, papercut.Said{Text: "The timesheet forgets my project"}))
		missing := must(db.One[int64](t.Context(), tx, `INSERT INTO gap (kind, ref, label, state, lately, found_at) VALUES ('topic', '1', 'printer, half pages', 'open', 4, $1) RETURNING id`, tx.Now))
		s.values["gaps/{id}"] = "gaps/" + text(missing)
		s.values["entries/{id}"] = "entries/" + text(must(db.One[int64](t.Context(), tx, `INSERT INTO primer_entry (ref, chapter, title, text, language, often, pinned, left_out, place, found) VALUES ('topic:1', 'asked', 'Half pages', 'Set it to A4.', 'en', 4, FALSE, FALSE, 0, TRUE) RETURNING id`)))
		s.values["papercuts/{id}"], s.values["{tap}"], s.values["{handing}"] = "papercuts/"+text(cut.ID), "1", "1"
		tracker := must(a.Papercuts.AddTracker(ctx, tx, must(person.ActorOf(ctx, tx, people["lead"])), "Intranet", "intranet@dev.example"))
		s.values["papercut-trackers/{id}"] = "papercut-trackers/" + text(tracker.ID)
		check(button.Save(ctx, tx, button.Settings{Search: true, Papercut: true, Request: true, Chat: true, Plain: true}))
		s.articles(ctx, tx, must(person.ActorOf(ctx, tx, people["lead"])), ref)
		s.stint(ctx, tx, people, open)
		s.values["people/{id}"] = "people/" + text(people["other requester"])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.followLinks(t, a)
	return s
}

// stint has "guest" take a turn at the desk, beside "agent", with both tickets lent: that of the private team is not for them all the same.
func (s *seeded) stint(ctx context.Context, tx *db.Tx, people map[string]int64, team int64) {
	until := tx.Now.Add(time.Hour)
	policy := must(stint.SavePolicy(ctx, tx, must(person.ActorOf(ctx, tx, people["lead"])), stint.Policy{Name: "An hour a year", TeamID: team, Minutes: 60, EveryMonths: 12, Active: true}))
	id := text(must(db.One[int64](ctx, tx, `INSERT INTO stint (policy_id, team_id, person_id, mentor_id, kind, stage, state, from_at, until, begun_at, created_at)
		VALUES ($1, $2, $3, $4, 'stint', 'draft', 'running', $5, $6, $5, $5) RETURNING id`, policy.ID, team, people["guest"], people["agent"], tx.Now, until)))
	check(person.LetIn(ctx, tx, people["guest"], tx.Now, until))
	for _, of := range s.tickets {
		number := must(strconv.ParseInt(of["{number}"], 10, 64))
		check(person.Lend(ctx, tx, people["guest"], number, person.LentToDraft, until))
	}
	s.values["stint/{id}"], s.values["stints/{id}"], s.values["mentoring/{id}"], s.values["stint-policies/{id}"] = "stint/"+id, "stints/"+id, "mentoring/"+id, "stint-policies/"+text(policy.ID)
}

// articles makes one that everybody may read, with a file.
func (s *seeded) articles(ctx context.Context, tx *db.Tx, a person.Actor, ref blob.Ref) {
	x := must(kb.Create(ctx, tx, a, kb.New{Title: "Set up the VPN", Body: "Open the settings.", Language: "en", Publish: true}))
	must(kb.AddFile(ctx, tx, a, x.ID, "photo.png", "image/png", ref, false))
	section := must(kb.SaveSection(ctx, tx, a, kb.Section{Name: "Network"}))
	must(kb.Set(ctx, tx, a, x.ID, kb.Settings{Slug: x.Slug, SectionID: section.ID, Audience: kb.Everybody, Was: x.Version}))
	s.values["help/{article}"], s.values["files/{article}/{name}"], s.values["{section}"], s.values["articles/{id}"] = "help/"+x.Slug, "files/"+text(x.ID)+"/photo.png", section.Slug, "articles/"+text(x.ID)
	s.values["{cut}"] = text(must(db.One[int64](ctx, tx, `INSERT INTO lesson_cut (article_id, ticket_id, in_title, kind, word, was, before_it, after_it, back)
		SELECT CAST($1 AS BIGINT), min(t.id), FALSE, 'name', '[name]', 'Hana', '', '', FALSE FROM ticket t JOIN team p ON p.id = t.team_id WHERE NOT p.private RETURNING id`, x.ID)))
	must(tx.Exec(ctx, `UPDATE article SET to_check = TRUE WHERE id = $1`, x.ID)) // it was drafted from that ticket
	opinion := must(kb.Say(ctx, tx, a, must(kb.Read(ctx, tx, a, x.Slug, "en")), "", "Where is it?"))
	s.values["article-answers/{id}"] = "article-answers/" + text(opinion.ID)
	s.values["sections/{id}"] = "sections/" + text(section.ID)
}

// aRule tags what comes.
var aRule = automation.Rule{Name: "Tag it", Definition: automation.Definition{When: []automation.When{{On: automation.Comes}}, Then: []automation.Deed{{Do: automation.Tag, Value: "come"}}}}

// people makes one person of each kind and signs them in.
func (s *seeded) people(ctx context.Context, t *testing.T, tx *db.Tx) map[string]int64 {
	t.Helper()
	firm := must(person.SaveOrganisation(ctx, tx, person.Organisation{Name: "Firm", SeeColleagues: true, Domains: []string{"firm.example"}}))
	ids := map[string]int64{}
	for name, role := range map[string]person.Role{
		"requester": person.Requester, "colleague": person.Requester, "other requester": person.Requester, "spare": person.Requester, "guest": person.Requester,
		"agent": person.Agent, "other agent": person.Agent, "lead": person.Lead, "administrator": person.Administrator,
	} {
		domain := "@elsewhere.example"
		if name == "requester" || name == "colleague" {
			domain = "@firm.example"
		}
		p := must(person.Create(ctx, tx, person.New{Name: name, Role: role, Addresses: []string{strings.ReplaceAll(name, " ", "-") + domain}}))
		if domain == "@firm.example" && p.OrganisationID != firm {
			t.Fatal("the requester does not belong to the firm")
		}
		ids[name] = p.ID
		if name != "spare" {
			s.cookies[name] = []*http.Cookie{{Name: "goodturn-session", Value: must(person.StartSession(ctx, tx, p.ID, "", ""))}}
		}
	}
	return ids
}

// followLinks opens the link holder's links, whose cookies are what the holder then has.
func (s *seeded) followLinks(t *testing.T, a *App) {
	t.Helper()
	var got []*http.Cookie
	for _, link := range s.cookies["link holder"] {
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/t/"+link.Value, nil))
		got = append(got, w.Result().Cookies()...)
	}
	if len(got) < 2 {
		t.Fatalf("the links gave %d cookies", len(got))
	}
	s.cookies["link holder"] = got
}

// open starts the program on a copy of the seeded folder.
func (s *seeded) open(t *testing.T) *App {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(s.dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, keyFile), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := Open(t.Context(), Config{Data: dir, Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// fill puts real things into the holes of a pattern.
func (s *seeded) fill(path, team string) string {
	path = strings.TrimSuffix(path, "{$}")
	for hole, value := range s.tickets[team] {
		path = strings.ReplaceAll(path, hole, value)
	}
	for hole, value := range s.values {
		path = strings.ReplaceAll(path, hole, value)
	}
	return strings.NewReplacer("{brand}", "0", "{file}", "none.css", "{token}", secret.Token(), "{question}", "any-thing-en", "{group}", "printer", "{id}", "1", "{index}", "1", "{domain}", "signed.example", "{slug}", "none").Replace(path)
}

func text(id int64) string { return strconv.FormatInt(id, 10) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
