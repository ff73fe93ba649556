package admin

import (
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// Routes are all addresses of the administration.
func Routes(a *Admin) []page.Route {
	routes := []page.Route{
		{Pattern: "GET /admin", Handle: a.overview},
		{Pattern: "POST /admin/jobs/{id}/again", Handle: a.jobAgain},
		{Pattern: "POST /admin/jobs/{id}/forget", Handle: a.forgetJob},
		{Pattern: "GET /admin/mailboxes", Handle: a.mailboxes},
		{Pattern: "GET /admin/mailboxes/new", Handle: a.newMailbox},
		{Pattern: "POST /admin/mailboxes", Handle: a.saveMailbox},
		{Pattern: "GET " + mailbox.RedirectPath, Handle: a.mailboxConnected},
		{Pattern: "POST /admin/mailboxes/files", Handle: a.filesLimit},
		{Pattern: "GET /admin/mailboxes/{id}", Handle: a.mailbox},
		{Pattern: "GET /admin/mailboxes/{id}/connect", Handle: a.connectMailbox},
		{Pattern: "POST /admin/mailboxes/{id}", Handle: a.saveMailbox},
		{Pattern: "POST /admin/mailboxes/{id}/check", Handle: a.checkMailbox},

		{Pattern: "GET /admin/signing", Handle: a.signing},
		{Pattern: "POST /admin/signing", Handle: a.saveSigning},
		{Pattern: "POST /admin/signing/{domain}/check", Handle: a.checkSigning},
		{Pattern: "POST /admin/signing/{domain}/state", Handle: a.stateSigning},
		{Pattern: "POST /admin/signing/{domain}/removal", Handle: a.removeSigning},

		{Pattern: "GET /admin/protection", Handle: a.protection},
		{Pattern: "POST /admin/protection", Handle: a.saveProtection},
		{Pattern: "POST /admin/protection/blocked", Handle: a.unblock},

		{Pattern: "GET /admin/teams", Handle: a.teams},
		{Pattern: "GET /admin/teams/new", Handle: a.newTeam},
		{Pattern: "POST /admin/teams", Handle: a.saveTeam},
		{Pattern: "GET /admin/teams/{id}", Handle: a.team},
		{Pattern: "POST /admin/teams/{id}", Handle: a.saveTeam},
		{Pattern: "GET /admin/teams/{id}/sharing", Handle: a.sharing},
		{Pattern: "POST /admin/teams/{id}/sharing", Handle: a.saveSharing},
		{Pattern: "GET /admin/sla", Handle: a.policies},
		{Pattern: "GET /admin/sla/new", Handle: a.newPolicy},
		{Pattern: "POST /admin/sla", Handle: a.savePolicy},
		{Pattern: "GET /admin/sla/{id}", Handle: a.policy},
		{Pattern: "POST /admin/sla/{id}", Handle: a.savePolicy},
		{Pattern: "POST /admin/sla/{id}/move", Handle: a.movePolicy},
		{Pattern: "POST /admin/sla/{id}/removal", Handle: a.removePolicy},
		{Pattern: "GET /admin/routes", Handle: a.routes},
		{Pattern: "POST /admin/routes", Handle: a.saveRoute},
		{Pattern: "GET /admin/routes/{route}", Handle: a.route},
		{Pattern: "POST /admin/routes/{route}", Handle: a.saveRoute},
		{Pattern: "POST /admin/routes/{route}/place", Handle: a.placeRoute},
		{Pattern: "POST /admin/routes/{route}/removal", Handle: a.removeRoute},
		{Pattern: "GET /admin/questions", Handle: a.questions},
		{Pattern: "GET /admin/questions/{question}", Handle: a.question},
		{Pattern: "POST /admin/questions/{question}", Handle: a.saveQuestion},
		{Pattern: "POST /admin/questions/{question}/restoration", Handle: a.restoreQuestion},
		{Pattern: "GET /admin/synonyms", Handle: a.synonyms},
		{Pattern: "GET /admin/synonyms/{group}", Handle: a.synonym},
		{Pattern: "POST /admin/synonyms/{group}", Handle: a.saveSynonym},
		{Pattern: "POST /admin/synonyms/{group}/removal", Handle: a.removeSynonym},
		{Pattern: "GET /admin/calendars", Handle: a.calendars},
		{Pattern: "GET /admin/calendars/new", Handle: a.newCalendar},
		{Pattern: "POST /admin/calendars", Handle: a.saveCalendar},
		{Pattern: "GET /admin/calendars/{id}", Handle: a.calendar},
		{Pattern: "POST /admin/calendars/{id}", Handle: a.saveCalendar},
		{Pattern: "POST /admin/calendars/{id}/removal", Handle: a.removeCalendar},

		{Pattern: "GET /admin/organisations", Handle: a.organisations},
		{Pattern: "GET /admin/organisations/new", Handle: a.newOrganisation},
		{Pattern: "POST /admin/organisations", Handle: a.saveOrganisation},
		{Pattern: "GET /admin/organisations/{id}", Handle: a.organisation},
		{Pattern: "POST /admin/organisations/{id}", Handle: a.saveOrganisation},

		{Pattern: "GET /admin/people", Handle: a.people},
		{Pattern: "GET /admin/people/new", Handle: a.newPerson},
		{Pattern: "POST /admin/people", Handle: a.addPerson},
		{Pattern: "GET /admin/people/{id}", Handle: a.person},
		{Pattern: "POST /admin/people/{id}", Handle: a.savePerson},
		{Pattern: "POST /admin/people/{id}/addresses", Handle: a.addAddress},
		{Pattern: "POST /admin/people/{id}/addresses/remove", Handle: a.removeAddress},
		{Pattern: "POST /admin/people/{id}/addresses/prove", Handle: a.proveAddress},
		{Pattern: "POST /admin/people/{id}/merges", Handle: a.merge},
		{Pattern: "POST /admin/people/{id}/merges/{merge}/undo", Handle: a.undoMerge},
		{Pattern: "POST /admin/people/{id}/erasure", Handle: a.erase},
		{Pattern: "POST /admin/people/{id}/sessions/end", Handle: a.endSessions},
		{Pattern: "POST /admin/people/{id}/totp/off", Handle: a.endTOTP},
		{Pattern: "POST /admin/people/{id}/invitations", Handle: a.invite},

		{Pattern: "GET /admin/audit", Handle: a.audit},
		{Pattern: "GET /admin/audit.csv", Handle: a.exportAudit},
	}
	routes = append(routes, serviceRoutes(a)...)
	for i := range routes {
		routes[i].Verb = person.Administer
	}
	return routes
}

func serviceRoutes(a *Admin) []page.Route {
	return []page.Route{
		{Pattern: "GET /admin/brands", Handle: a.brands},
		{Pattern: "GET /admin/brands/{brand}", Handle: a.brand},
		{Pattern: "POST /admin/brands/{brand}", MaxBytes: maxLogoUpload, Handle: a.saveBrand},
		{Pattern: "GET /admin/care", Handle: a.care},
		{Pattern: "POST /admin/care", Handle: a.saveCare},
		{Pattern: "GET /admin/button", Handle: a.button},
		{Pattern: "POST /admin/button", Handle: a.saveButton},
		{Pattern: "GET /admin/services", Handle: a.services},
		{Pattern: "GET /admin/services/new", Handle: a.newService},
		{Pattern: "POST /admin/services", Handle: a.saveService},
		{Pattern: "GET /admin/services/{id}", Handle: a.service},
		{Pattern: "POST /admin/services/{id}", Handle: a.saveService},
		{Pattern: "POST /admin/services/{id}/move", Handle: a.moveService},
		{Pattern: "POST /admin/services/{id}/removal", Handle: a.removeService},
		{Pattern: "GET /admin/services/{id}/try", Handle: a.tryService},
		{Pattern: "POST /admin/services/{id}/try", Handle: a.tryService},
	}
}
