package desk

import (
	"time"

	"goodturn/internal/person"
	"goodturn/internal/ratelimit"
	"goodturn/internal/web/page"
)

// Routes are all addresses of the desk. Each asks first for the right to use the desk; what concerns a ticket is
// checked again where it is changed, and a ticket that the visitor may not see is not found.
func Routes(d *Desk) []page.Route {
	d.guesses = ratelimit.New(ratelimit.Config{Burst: 10, Every: time.Minute})
	routes := []page.Route{
		{Pattern: "GET /tickets", Handle: d.list},
		{Pattern: "GET /tickets.csv", Verb: person.ExportData, Handle: d.export},
		{Pattern: "GET /tickets/new", Handle: d.newPage},
		{Pattern: "POST /tickets", MaxBytes: page.MaxFiles, Handle: d.create},
		{Pattern: "GET /tickets/{number}", Handle: d.ticket},
		{Pattern: "GET /tickets/{number}/files", Handle: d.allFiles},
		{Pattern: "GET /tickets/{number}/files.zip", Handle: d.archive},
		{Pattern: "GET /tickets/{number}/files/{id}", Handle: d.file},
		{Pattern: "GET /tickets/{number}/files/{id}/thumbnail", Handle: d.thumbnail},
		{Pattern: "GET /tickets/{number}/messages/{id}/raw", Handle: d.raw},
		{Pattern: "GET /tickets/{number}/messages/{id}/pictures/{index}", Handle: d.picture},
		{Pattern: "GET /tickets/{number}/similar", Handle: d.similar},
		{Pattern: "GET /tickets/{number}/print", Handle: d.printed},
		{Pattern: "POST /tickets/{number}/read", Handle: d.markRead},
		{Pattern: "GET /tickets/{number}/seen", Handle: d.seen},
		{Pattern: "POST /tickets/{number}/unread", Handle: d.markUnread},
		{Pattern: "POST /tickets/{number}/replies", MaxBytes: page.MaxFiles, Handle: d.reply},
		{Pattern: "POST /tickets/{number}/notes", MaxBytes: page.MaxFiles, Handle: d.note},
		{Pattern: "GET /tickets/{number}/presence", Handle: d.presence},
		{Pattern: "POST /tickets/{number}/presence", Handle: d.writes},
		{Pattern: "POST /tickets/{number}/status", Handle: d.status},
		{Pattern: "POST /tickets/{number}/suspicion", Handle: d.judge},
		{Pattern: "POST /tickets/{number}/priority", Handle: d.priority},
		{Pattern: "POST /tickets/{number}/kind", Handle: d.kind},
		{Pattern: "POST /tickets/{number}/team", Handle: d.team},
		{Pattern: "POST /tickets/{number}/assignee", Handle: d.assignee},
		{Pattern: "POST /tickets/{number}/subject", Handle: d.subject},
		{Pattern: "POST /tickets/{number}/tags", Handle: d.tags},
		{Pattern: "POST /tickets/{number}/followers", Handle: d.followers},
		{Pattern: "POST /tickets/{number}/suggestions/{id}", Handle: d.decide},
		{Pattern: "POST /tickets/{number}/links/revoke", Handle: d.revokeLinks},
		{Pattern: "POST /tickets/{number}/deliveries/{id}/again", Handle: d.sendAgain},
		{Pattern: "POST /tickets/{number}/held/{id}/undo", Handle: d.takeBack},
		{Pattern: "GET /notices", Handle: d.notices},
		{Pattern: "GET /notices/bell", Handle: d.bell},
		{Pattern: "GET /notices/{id}", Handle: d.openNotice},
		{Pattern: "POST /notices/read", Handle: d.noticesRead},
		{Pattern: "POST /notices/unread", Handle: d.noticesUnread},
		{Pattern: "POST /tickets/{number}/draft", MaxBytes: page.MaxFiles, Handle: d.saveDraft},
		{Pattern: "POST /tickets/{number}/draft/discard", MaxBytes: page.MaxFiles, Handle: d.discardDraft},
		{Pattern: "POST /tickets/{number}/draft/files", MaxBytes: page.MaxFiles, Handle: d.addDraftFiles},
		{Pattern: "GET /tickets/{number}/draft/files/{file}", Handle: d.draftFile},
		{Pattern: "POST /tickets/{number}/draft/files/{file}/removal", MaxBytes: page.MaxFiles, Handle: d.removeDraftFile},
		{Pattern: "POST /tickets/{number}/draft/copies/{id}", MaxBytes: page.MaxFiles, Handle: d.useCopy},
		{Pattern: "POST /tickets/{number}/draft/look", MaxBytes: page.MaxFiles, Handle: d.askLook},
		{Pattern: "POST /tickets/{number}/draft/return", MaxBytes: page.MaxFiles, Handle: d.handBack},
		{Pattern: "POST /tickets/{number}/draft/send", Handle: d.sendDraft},
		{Pattern: "POST /tickets/display", Handle: d.keepShown},
		{Pattern: "GET /views", Handle: d.savedViews},
		{Pattern: "POST /views", Handle: d.saveView},
		{Pattern: "GET /views/new", Handle: d.newView},
		{Pattern: "GET /views/{id}", Handle: d.editView},
		{Pattern: "POST /views/{id}", Handle: d.changeView},
		{Pattern: "POST /views/{id}/place", Handle: d.placeView},
		{Pattern: "POST /views/{id}/removal", Handle: d.removeView},
		{Pattern: "POST /views/{id}/restoration", Handle: d.restoreView},
		{Pattern: "GET /undelivered", Handle: d.undelivered},
		{Pattern: "POST /undelivered/{id}/again", Handle: d.undeliveredAgain},
		{Pattern: "POST /undelivered/{id}/address", Handle: d.undeliveredTo},
		{Pattern: "GET /search", Handle: d.search},
		{Pattern: "GET /people/suggest", Handle: d.suggest},
		{Pattern: "GET /people/complete", Handle: d.completePeople},
		{Pattern: "GET /tickets/{number}/promises", Handle: d.promisesPage},
		{Pattern: "GET /filter/suggest", Handle: d.suggestFilter},
		{Pattern: "GET /people/{id}", Handle: d.person},
		{Pattern: "POST /people/{id}/addresses", Handle: d.addresses},
		{Pattern: "POST /people/{id}/note", Handle: d.personNote},
		{Pattern: "POST /people/{id}/merges", Handle: d.merge},
		{Pattern: "POST /people/{id}/merges/{merge}/undo", Handle: d.undoMerge},
	}
	routes = append(routes, d.paletteRoutes()...)
	routes = append(routes, d.accountRoutes()...)
	routes = append(kinRoutes(d), routes...)
	routes = append(routes, tellRoutes(d)...)
	routes = append(routes, papercutRoutes(d)...)
	routes = append(routes, page.Route{Pattern: "POST /tickets/{number}/questions/end", Handle: d.stopAsking})
	routes = append(routes, d.manyRoutes()...)
	routes = append(routes, asideRoutes(d)...)
	routes = append(append(routes, d.routingRoutes()...), d.chatRoutes()...)
	routes = append(routes, d.lineRoutes()...)
	for i := range routes {
		if routes[i].Verb == page.Anyone {
			routes[i].Verb = person.UseDesk
		}
	}
	return routes
}

// accountRoutes are the pages of one's own account.
func (d *Desk) accountRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /account/notices", Handle: d.noticeChoice},
		{Pattern: "POST /account/notices", Handle: d.saveNoticeChoice},
		{Pattern: "GET /account/chat", Handle: d.chat},
		{Pattern: "POST /account/chat", Handle: d.saveChat},
		{Pattern: "POST /account/chat/test", Handle: d.testChat},
		{Pattern: "POST /account/chat/removal", Handle: d.removeChat},
		{Pattern: "GET /channels", Verb: person.ManageChannels, Handle: d.channels},
		{Pattern: "POST /channels", Verb: person.ManageChannels, Handle: d.saveChannel},
		{Pattern: "GET /channels/new", Verb: person.ManageChannels, Handle: d.newChannel},
		{Pattern: "GET /channels/{id}", Verb: person.ManageChannels, Handle: d.channel},
		{Pattern: "POST /channels/{id}", Verb: person.ManageChannels, Handle: d.saveChannel},
		{Pattern: "POST /channels/{id}/test", Verb: person.ManageChannels, Handle: d.testChannel},
		{Pattern: "POST /channels/{id}/removal", Verb: person.ManageChannels, Handle: d.removeChannel},
		{Pattern: "GET /account", Handle: d.account},
		{Pattern: "POST /account", Handle: d.saveAccount},
		{Pattern: "GET /account/keys", Handle: d.keyList},
		{Pattern: "POST /account/keys", Handle: d.saveKeys},
		{Pattern: "POST /account/work", Handle: d.saveWork},
		{Pattern: "POST /account/password", Handle: d.savePassword},
		{Pattern: "POST /account/totp", Handle: d.proposeTOTP},
		{Pattern: "POST /account/totp/confirm", Handle: d.confirmTOTP},
		{Pattern: "POST /account/totp/off", Handle: d.endTOTP},
		{Pattern: "POST /account/sessions/end", Handle: d.endSession},
		{Pattern: "POST /account/tokens", Handle: d.createToken},
		{Pattern: "POST /account/tokens/revoke", Handle: d.revokeToken},
	}
}

// kinRoutes are those that make one ticket of several, several of one, and links between them.
func kinRoutes(d *Desk) []page.Route {
	return []page.Route{
		{Pattern: "GET /tickets/suggest", Handle: d.suggestTickets},
		{Pattern: "GET /tickets/{number}/merges", Handle: d.mergePage},
		{Pattern: "POST /tickets/{number}/merges", Handle: d.mergeTickets},
		{Pattern: "POST /tickets/{number}/merges/{gone}/undo", Handle: d.undoMergeTickets},
		{Pattern: "GET /tickets/{number}/splits", Handle: d.splitPage},
		{Pattern: "POST /tickets/{number}/splits", Handle: d.split},
		{Pattern: "POST /tickets/{number}/splits/{gone}/undo", Handle: d.undoSplit},
		{Pattern: "POST /tickets/{number}/team/{slug}/undo", Handle: d.teamBack},
		{Pattern: "POST /tickets/{number}/relations", Handle: d.relate},
		{Pattern: "POST /tickets/{number}/outage", Handle: d.setOutage},
		{Pattern: "POST /tickets/{number}/relations/removal", Handle: d.unrelate},
		{Pattern: "POST /tickets/{number}/children/solution", Handle: d.solveChildren},
	}
}

// asideRoutes are what puts a ticket aside, and brings it back.
func asideRoutes(d *Desk) []page.Route {
	return []page.Route{
		{Pattern: "POST /tickets/{number}/snooze", Handle: d.snooze},
		{Pattern: "POST /tickets/{number}/wake", Handle: d.wake},
		{Pattern: "POST /tickets/{number}/trash", Handle: d.trash},
		{Pattern: "POST /tickets/{number}/restore", Handle: d.restore},
		{Pattern: "POST /tickets/{number}/purge", Handle: d.purge},
		{Pattern: "POST /tickets/{number}/block", Handle: d.block},
		{Pattern: "POST /tickets/{number}/unblock", Handle: d.unblock},
	}
}
