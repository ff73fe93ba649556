package report

// Reports are all pages with figures, and all exports, calls of the API that read, and letters.
func Reports() []Report {
	return []Report{
		// Pages.
		{[]string{"GET /load"}, "tickets that wait, that came in the last hour and today, that are expected, people needed and planned an hour", "team", "leads, of teams that they may see"},
		{[]string{"GET /load"}, "people with a day without a quiet hour in the week that is over: nothing, or three and more", "the whole desk", "leads, all the same number"},
		{[]string{"GET /load"}, "turns at the desk that are overdue", "team, or the whole desk", "leads"},
		{[]string{"GET /rota/need"}, "tickets expected, people needed and planned an hour; how far the forecast was off", "team", "leads"},
		{[]string{"GET /rota/proposals/{id}"}, "hours of shifts filled and left", "the proposal", "leads"},
		{[]string{"GET /rota/mine"}, "hours of shifts in this week, unloved hours beside the mean of the team from three people on; days without a quiet hour", "the reader", "the reader"},
		{[]string{"GET /stints"}, "people who have done their turn, are overdue or excused", "policy, and department from three people on", "leads"},
		{[]string{"GET /experience"}, "what worked, how the help was, waits, questions asked, minutes of unofficial help", "the whole desk", "leads"},
		{[]string{"GET /line"}, "who stands where in the line, and from how many earlier waits it is told; what those at the desk have to do only from three on", "team", "staff"},
		{[]string{"GET /tickets", "GET /views"}, "tickets in a list; lists narrowed to a colleague's have no number", "list", "staff"},
		{[]string{"GET /people/{id}"}, "tickets that somebody asked for in this year", "the requester", "staff"},
		{[]string{"GET /gaps", "GET /gaps/{id}"}, "tickets and searches of a topic", "topic and week", "staff"},
		{[]string{"GET /papercuts", "GET /papercuts/{id}"}, "people who said that something annoys", "papercut, organisation and week", "staff"},
		{[]string{"GET /outages", "GET /outages/{id}"}, "tickets and people whom an outage concerns, and who were told", "outage and organisation", "staff"},
		{[]string{"GET /articles", "GET /help/{article}"}, "readings and answers to “did this help”", "article", "staff"},
		{[]string{"GET /primer"}, "how often something is asked", "topic", "whoever is at the desk"},
		{[]string{"GET /macros"}, "how often a text was used", "macro", "staff"},
		{[]string{"GET /rules", "GET /rules/{id}", "GET /rules/{id}/runs"}, "how often a rule acted", "rule", "leads"},
		{[]string{"GET /helping", "GET /helping/cost"}, "minutes and money of one's own unofficial help", "the reader", "the reader"},
		{[]string{"GET /cost/{token}"}, "the same, while its owner shows it by an address", "its owner, who made the address", "whoever has the address"},
		{[]string{"GET /admin"}, "mails that wait, jobs that failed", "mailbox and kind", "administrators"},

		// Exports and feeds.
		{[]string{"GET /tickets.csv"}, Nothing, "", "leads: a row a ticket, with who has it, as in the list"},
		{[]string{"GET /papercuts.csv"}, "people who said it", "papercut", "leads"},
		{[]string{"GET /helping.csv"}, "minutes of one's own unofficial help", "the reader", "the reader"},
		{[]string{"GET /cards.txt"}, Nothing, "", "whoever got the cards"},
		{[]string{"GET /admin/audit.csv"}, Nothing, "", "administrators: a row a change of rights and settings"},
		{[]string{"GET /articles/export.zip", "GET /help.zip", "GET /sitemap.xml", "GET /tickets/{number}/files.zip", "GET /robots.txt", "GET /button.js", "GET /button/chat.js"}, Nothing, "", "whoever may read them"},
		{[]string{"GET /status.atom", "GET /status.rss", "GET /status.ics"}, Nothing, "", "everybody: outages and planned work"},

		// Calls of the API.
		{[]string{"GET /api/v1/tickets", "GET /api/v1/tickets/{number}", "GET /api/v1/tickets/{number}/tellings", "GET /api/v1/tickets/{number}/links", "GET /api/v1/tickets/{number}/fix-note", "GET /api/v1/tickets/{number}/promises", "GET /api/v1/tickets/{number}/attachments/{id}"}, "messages", "ticket", "whoever may see the ticket"},
		{[]string{"GET /api/v1/outages"}, "tickets and people whom it concerns", "outage", "staff"},
		{[]string{"GET /api/v1/papercuts", "GET /api/v1/papercuts/{id}"}, "people who said it", "papercut", "staff"},
		{[]string{"GET /api/v1/articles", "GET /api/v1/articles/{slug}", "GET /api/v1/fix-notes"}, Nothing, "", "whoever may read them"},
		{[]string{"GET /api/v1/people", "GET /api/v1/people/{id}", "GET /api/v1/me", "GET /api/v1/mailboxes", "GET /api/v1/teams", "GET /api/openapi.json"}, Nothing, "", "staff, and of themselves everybody"},

		// Letters, and the overview that people at the desk have mailed to themselves.
		{[]string{"letter cards of the month"}, Nothing, "", "leads: the words of cards, but those that their holders keep"},
		{[]string{"letter receipt"}, "those who wait before the reader, and how long it will take", "team", "the requester"},
		{[]string{"letter outage_news", "letter outage_confirm", "letter papercut_gone", "letter papercut_noted", "letter papercut_asked", "letter gap_written", "letter solved", "letter gentle", "letter fix note", "letter question", "letter live_chat"}, Nothing, "", "the requester"},
		{[]string{"letter stint_invitation", "letter stint_reminder", "letter stint_moved", "letter stint_cancelled", "letter stint_debrief", "letter stint_thanks", "letter stint_keeps", "letter stint_mentor"}, Nothing, "", "guest, mentor, or who plans turns"},
	}
}
