package desk

import (
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

var sampleNow = clock.From(time.Date(2026, 11, 23, 10, 2, 0, 0, time.UTC))

func ago(d time.Duration) clock.Instant { return sampleNow.Add(-d) }

func sampleFrame(here string) Frame {
	views := []page.NavLink{
		{Label: "Our turn", URL: "/tickets?view=ours", Count: 19},
		{Label: "Mine", URL: "/tickets?view=mine", Count: 4},
		{Label: "Unassigned", URL: "/tickets?view=unassigned", Count: 6},
		{Label: "Waiting for them", URL: "/tickets?view=theirs", Count: 12},
		{Label: "Solved", URL: "/tickets?view=solved"},
		{Label: "All", URL: "/tickets?view=all", Count: 999, More: true},
	}
	for i := range views {
		views[i].Here = views[i].Label == here
	}
	return Frame{
		Site: "Goodturn",
		Now:  sampleNow,
		Nav: page.Nav{
			Views: views, Topic: "list",
			Saved: []page.NavLink{{Label: "Floor 3 move", URL: "/tickets?view=7", Count: 6}, {Label: "New starters, week 48", URL: "/tickets?view=8", Count: 4}},
			Me:    page.Me{Name: "Priya Kaur", About: "lead"}, Admin: true, Demo: true,
		},
	}
}

type sampleRow struct {
	subject, who, by, last, turn, status, priority, assignee, tags string
	wait                                                           time.Duration
	late, read                                                     bool
}

var sampleRows = []sampleRow{
	{subject: "The printer on floor 3 prints only half pages", who: "Hana Sato", last: "Thank you! Can I still print in 2.07 until then?", turn: "ours", status: "open", assignee: "Amara Okafor", tags: "printer", wait: 8 * time.Minute},
	{subject: "VPN drops every half hour when I work from home", who: "Luis Ferreira", last: "Yes, the light on the router stays green when it happens, I looked twice.", turn: "ours", status: "open", priority: "high", assignee: "Jonas Lind", tags: "vpn", wait: 50 * time.Minute, late: true},
	{subject: "it no workie", who: "Ingrid Holm", last: "the scanner, it says cannot reach server", turn: "ours", status: "new", wait: time.Hour},
	{subject: "Access to the contracts folder for the new paralegal in Rotterdam", who: "Tom Becker", last: "My manager has agreed, see below.", turn: "ours", status: "open", assignee: "Priya Kaur", tags: "access", wait: 80 * time.Minute, read: true},
	{subject: "Mail arrives late on all phones since this morning", who: "Mwangi & Co", last: "Two more people here see the same.", turn: "ours", status: "open", priority: "urgent", tags: "mail", wait: 2 * time.Hour, late: true},
	{subject: "Second screen stays black after the dock update", who: "Adèle Roux", last: "Photo attached.", turn: "ours", status: "new", wait: 3 * time.Hour},
	{subject: "Password expired and I am at the customer’s until Friday", who: "Kofi Mensah", last: "Please call me on the number below, I have no mail here.", turn: "ours", status: "open", assignee: "Amara Okafor", wait: 3 * time.Hour, read: true},
	{subject: "Which of the two meeting room calendars is the right one?", who: "Yuki Tanaka", last: "Both show “Room Aspen”, but only one can be booked.", turn: "ours", status: "new", wait: 4 * time.Hour},
	{subject: "Excel opens a blank grey window, only with large files", who: "Marta Nowak", last: "It happens with the one from Monday as well.", turn: "ours", status: "open", assignee: "Jonas Lind", wait: 4 * time.Hour},
	{subject: "Please set up a laptop for Noor, who starts on 1 December", who: "Sam Whitfield", last: "Same as for Deniz in May, but with the larger screen.", turn: "ours", status: "open", assignee: "Priya Kaur", tags: "new starter,laptop", wait: 5 * time.Hour, read: true},
	{subject: "Label printer in hall B feeds two labels each time", who: "Erik Lund", by: "Amara", last: "Could you send me a picture of the roll as it sits in there?", turn: "theirs", status: "pending", assignee: "Amara Okafor", tags: "printer", wait: 5 * time.Hour, read: true},
	{subject: "Cannot join the call with Lisbon: microphone not found", who: "Zoe Papadaki", last: "Works with the old headset.", turn: "ours", status: "open", wait: 6 * time.Hour},
	{subject: "Shared drive: “path too long” when saving the audit", who: "Claire Dubois", last: "I need it by tomorrow noon.", turn: "ours", status: "open", assignee: "Jonas Lind", wait: 26 * time.Hour},
	{subject: "Phone 4711 rings at two desks", who: "Reception", last: "Since the move. Not urgent.", turn: "ours", status: "open", priority: "low", wait: 28 * time.Hour},
	{subject: "الطابعة في الطابق الثالث لا تعمل منذ الصباح", who: "ليلى حداد", last: "شكراً لكم", turn: "ours", status: "new", wait: 29 * time.Hour},
	{subject: "Re: Re: AW: WG: Fwd: Order 88-2214 – the portal shows “session expired” again as soon as I press the second button on the third page", who: "procurement@northfield.example", by: "Jonas", last: "The supplier’s side was restarted; please try once more when you can.", turn: "theirs", status: "on_hold", assignee: "Jonas Lind", tags: "supplier,portal,long story", wait: 3 * 24 * time.Hour, read: true},
	{subject: "Badge does not open the bicycle room", who: "Emeka Nwosu", last: "It blinks red twice.", turn: "ours", status: "open", wait: 4 * 24 * time.Hour, read: true},
	{subject: "Font too small in the warehouse program", who: "Birgit Sommer", last: "My glasses are new, it is not that.", turn: "ours", status: "open", wait: 6 * 24 * time.Hour, read: true},
	{subject: "Old laptop: what happens with my photos on it?", who: "Jakub Novotný", last: "There is stuff on there that cannot be replaced.", turn: "ours", status: "open", assignee: "Amara Okafor", wait: 9 * 24 * time.Hour},
}

func sampleList(frame Frame) ListView {
	v := ListView{
		Columns: columnSet(usualColumns), Frame: frame, Title: "Our turn", Order: "newest answer first", URL: "/tickets?view=ours", Topic: "list",
		Hidden: []Param{{"view", "ours"}},
		Filters: []Filter{
			{Key: "status", Label: "Status", Choices: []FilterChoice{{"any", "/tickets?view=ours", true}, {"new", "/tickets?view=ours&status=new", false}, {"open", "/tickets?view=ours&status=open", false}}},
			{Key: "assignee", Label: "Who", Choices: []FilterChoice{{"anybody", "/tickets?view=ours", true}, {"nobody", "/tickets?view=ours&assignee=none", false}}},
			{Key: "team", Label: "Team", Chosen: "First line", Choices: []FilterChoice{{"any", "/tickets?view=ours", false}, {"First line", "/tickets?view=ours&team=first-line", true}}},
			{Key: "tag", Label: "Tag", Choices: []FilterChoice{{"any", "/tickets?view=ours", true}, {"printer", "/tickets?view=ours&tag=printer", false}}},
		},
		Pages: ui.Pages{Older: "/tickets?view=ours&before=abc"},
	}
	for i, r := range sampleRows {
		row := ListRow{
			Number: int64(1042 - i), URL: ticketURL(int64(1042-i)) + "?view=ours", Subject: r.subject, Requester: r.who, LastBy: r.by, Last: r.last,
			Turn: r.turn, Status: r.status, Priority: r.priority, Assignee: r.assignee, Since: ago(r.wait), Late: r.late, Read: r.read,
		}
		if r.tags != "" {
			row.Tags = splitTags(r.tags)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

func splitTags(s string) []string {
	var out []string
	for start, i := 0, 0; i <= len(s); i++ {
		if i == len(s) || s[i] == ',' {
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return out
}

func said(m Message) Entry {
	m.Seq = m.ID
	return Entry{Message: &m}
}

func happened(text string, at clock.Instant) Entry {
	return Entry{Event: &Event{Text: text, At: at}}
}

func sampleSide() Side {
	return Side{
		Person: SidePerson{
			Note: PersonNote{URL: "/people/17/note"},
			Name: "Hana Sato", URL: "/people/17", Organisation: "Linden Finance", OrganisationURL: "/organisations/3",
			Addresses: []Address{{Address: "hana.sato@example.com", Proven: true, Primary: true}, {Address: "h.sato@old.example.com", Proven: true, Bouncing: true}},
			Zone:      "Lisbon, 09:02 there", Summary: "5 tickets this year, 4 solved",
		},
		Statuses: []string{"new", "open", "pending", "on_hold", "solved", "closed"}, Priorities: []string{"low", "normal", "high", "urgent"}, Kinds: []string{"incident", "request", "question", "problem"},
		Agents:   []ui.Choice{{Value: "", Label: "nobody"}, {Value: "3", Label: "Amara Okafor", Chosen: true}, {Value: "4", Label: "Jonas Lind"}, {Value: "5", Label: "Priya Kaur"}},
		Teams:    []ui.Choice{{Value: "first-line", Label: "First line", Chosen: true}, {Value: "network", Label: "Network"}},
		Assignee: "Amara Okafor", Team: "First line", Tags: []string{"printer", "floor 3"}, TagSuggestions: []string{"mail", "vpn"},
		Followers: []Follower{{Value: "21", Name: "Tom Becker"}},
		Earlier: []EarlierTicket{
			{Number: 987, Subject: "Half pages again, same printer as in spring", Status: "closed", At: ago(190 * 24 * time.Hour)},
			{Number: 640, Subject: "White stripe on prints", Status: "closed", At: ago(400 * 24 * time.Hour)},
		},
		AllURL: "/people/17",
	}
}

func sampleTicket() TicketView {
	frame := sampleFrame("Our turn")
	list := sampleList(frame)
	list.Open = 1042
	return TicketView{
		Proposals: []Proposal{{ID: 1, Address: "bob@northfield.example", Name: "Bob Stone", By: "Hana", URL: "/tickets/1042/suggestions/1"}, {ID: 2, Answers: true, Address: "hana@home.example", By: "Hana", URL: "/tickets/1042/suggestions/2"}},
		Frame:     frame, Number: 1042, Subject: "The printer on floor 3 prints only half pages",
		Kind: "incident", Status: "open", Priority: "normal", Channel: "mail", Turn: "ours", Since: ago(8 * time.Minute), Created: ago(48 * time.Minute),
		Topic: "ticket:1042", List: &list, Back: NavBack{Label: "Our turn", URL: "/tickets?view=ours"}, FirstUnread: 4,
		Side:  sampleSide(),
		Cards: []DraftCard{{ID: 8, Version: 2, Author: "Jonas Lind", Comment: "Is this kind enough?", Text: "Good morning Hana", To: "Hana", At: sampleNow, EditURL: "/tickets/1042?draft=8#composer", MaySend: true, Files: []DraftFile{{ID: 3, Name: "log.txt", Size: 12, URL: "/files/3"}}}},
		Composer: Composer{
			ReplyDraft: DraftPart{Number: 1042, Which: "reply", ID: 7, Version: 3, Asked: "Amara Okafor", Files: []DraftFile{{ID: 1, Name: "photo.png", Size: 4100, URL: "/files/1", Inline: true, Picture: true}}, Copies: []DraftCopy{{ID: 2, Who: "Amara Okafor", At: sampleNow, Text: "Another text"}}, Colleagues: []ui.Choice{{Label: "anybody on this ticket"}, {Value: "2", Label: "Amara Okafor"}}},
			NoteDraft:  DraftPart{Number: 1042, Which: "note"},

			To: "hana.sato@example.com", FirstName: "Hana", MaxBytes: 25_000_000,
		},
		Timeline: []Entry{
			said(Message{
				ID: 1, Author: "Hana Sato", At: ago(48 * time.Minute), Text: "Good morning,\n\nthe printer by the kitchen prints only the upper half of each page. The lower half stays white. I have to send twelve invoices before noon. I switched it off and on already.\n\nThe page is at https://print.example.com/floor3 (see the picture).", RawURL: "/messages/1/raw",
				Attachments: []Attachment{{Name: "half a page.jpg", Size: 184_220, URL: "/files/1", Picture: true}, {Name: "invoices-week-47.pdf", Size: 1_204_000, URL: "/files/2"}},
			}),
			happened("Amara took it", ago(31*time.Minute)),
			said(Message{ID: 2, Author: "Amara Okafor", Ours: true, Note: true, At: ago(25 * time.Minute), Text: "Same as #987 in May: the drum. There is a spare in the cabinet, key with Jonas."}),
			said(Message{
				ID: 3, Author: "Amara Okafor", Ours: true, At: ago(20 * time.Minute), Text: "Good morning Hana,\n\nthank you for trying the restart. This looks like a worn drum, and we have a spare: I will be with you at 10:15. If the invoices cannot wait, the printer in 2.07 is free and set up on your computer.\n\nAmara",
				Delivery: &Delivery{State: "sent", At: ago(20 * time.Minute)},
			}),
			happened("Amara changed the team from Mail to First line", ago(19*time.Minute)),
			happened("Amara added the tag printer", ago(19*time.Minute)),
			happened("Amara added the tag floor 3", ago(18*time.Minute)),
			happened("Tom Becker follows this ticket", ago(17*time.Minute)),
			said(Message{ID: 4, Author: "Hana Sato", At: ago(8 * time.Minute), Text: "Thank you! Can I still print in 2.07 until then?", Quoted: "> Good morning Hana,\n> thank you for trying the restart. This looks like a worn drum."}),
		},
	}
}

func sampleTroubled() TicketView {
	v := sampleTicket()
	v.List, v.Nonce = nil, "sample"
	v.Number, v.Subject = 1055, "Re: Re: AW: WG: Fwd: Order 88-2214 – the portal shows “session expired” again as soon as I press the second button on the third page"
	v.Status, v.Priority, v.Turn, v.Kind = "pending", "urgent", "theirs", "request"
	v.Late = true
	v.Hint = &Hint{Quotes: []int64{1042}}
	v.FirstUnread = 0
	v.Side.Assignee = ""
	v.Side.TagError, v.Side.TagValue = "A tag is at most 40 characters long.", "a tag that is much too long to be one"
	v.Composer.Reply, v.Composer.ReplyError = "Dear all,", "The file “disk image.iso” is 4.1 GB; at most 25 MB can be sent by mail."
	v.Timeline = append(v.Timeline,
		said(Message{ID: 5, Author: "procurement@northfield.example", At: ago(6 * time.Minute), Suspect: "The mail says that it comes from northfield.example, but its signature is another’s.", Head: &MailHead{To: []string{"help@example.com", "it@example.com", "all@example.com"}, CC: []string{"boss@northfield.example"}, ReplyTo: "other@elsewhere.example", Signature: "Signed by somebody else", SignatureBad: true, Encrypted: true, Invitation: &Invitation{What: "Invitation", Summary: "New scanner", When: "Monday, 23 November 2026, 10:00–10:30", Where: "Room 4", Link: "https://meet.example/x", Organiser: "Hana Sato", Who: []string{"Priya Kaur (yes)"}}}, Mail: &ui.Mail{ID: "b5", HTML: "<p>Hello,</p><table><tr><td>Order</td><td>88-2214</td></tr></table><a href=\"https://northfield.example\">Look</a>", Rest: "<blockquote><p>as you wrote</p></blockquote>", CSS: ".g0{color:red}", Paper: true, Text: "Hello"}, Pictures: 3, PicturesURL: "/tickets/1042?pictures=5#m5", PlainURL: "/tickets/1042?plain=5#m5"}),
		said(Message{
			ID: 6, Author: "Jonas Lind", Ours: true, At: ago(5 * time.Minute), To: "procurement@northfield.example, buyer@northfield.example", Text: "We have asked the supplier; you hear from us by noon.",
			Delivery: &Delivery{State: "failed", At: ago(4 * time.Minute), Reason: "the server of northfield.example does not answer", NextTry: sampleNow.Add(3 * time.Minute), RetryURL: "/messages/6/delivery"},
		}),
		said(Message{ID: 7, Author: "Jonas Lind", Ours: true, At: ago(time.Minute), Text: "And the phone number, in case mail stays slow: 0800 555 010.", Delivery: &Delivery{State: "queued", At: ago(time.Minute)}}),
	)
	return v
}

func sampleNew() NewTicketView {
	return NewTicketView{
		Frame: sampleFrame(""), Who: "Hana", WhoError: "Two people are called Hana. Choose one from the list, or type her address.", MaxBytes: 25_000_000,
		People: []ui.Suggestion{{Value: "hana.sato@example.com", Label: "Hana Sato, Linden Finance"}, {Value: "hana.weiss@example.com", Label: "Hana Weiss"}},
		Teams:  sampleSide().Teams, Agents: sampleSide().Agents, Priorities: []ui.Choice{{Value: "normal", Label: "normal", Chosen: true}}, Kinds: []ui.Choice{{Value: "incident", Label: "incident", Chosen: true}},
	}
}

func sampleSearch() SearchView {
	return SearchView{
		Frame: sampleFrame(""), Query: "drum", Newest: true, Pages: ui.Pages{Older: "/search?q=drum&before=x"},
		Hits: []SearchHit{
			{Number: 1042, URL: "/tickets/1042", Subject: plainly("The printer on floor 3 prints only half pages"), Requester: "Hana Sato", Status: "open", At: ago(48 * time.Minute), Snippet: []SnippetPart{{Text: "… This looks like a worn "}, {Text: "drum", Hit: true}, {Text: ", and we have a spare: I will be with you at 10:15 …"}}},
			{Number: 987, URL: "/tickets/987", Subject: plainly("Half pages again, same printer as in spring"), Requester: "Hana Sato", Status: "closed", At: ago(190 * 24 * time.Hour), Snippet: []SnippetPart{{Text: "… replaced the "}, {Text: "drum", Hit: true}, {Text: " <script>alert(1)</script> …"}}},
		},
	}
}

func samplePerson() PersonView {
	return PersonView{
		Frame: sampleFrame(""), URL: "/people/17", Name: "Hana Sato", Role: "requester", Organisation: "Linden Finance", OrganisationURL: "/organisations/3",
		Addresses: []Address{{Address: "hana.sato@example.com", Proven: true, Primary: true}, {Address: "h.sato@old.example.com", Proven: true, Bouncing: true}, {Address: "hana@home.example.net"}},
		Note:      PersonNote{URL: "/people/17/note", Phone: "+351 555 0117", Uses: "Laptop LT-2207, printer group 3"}, Zone: "Lisbon, 09:02 there", Since: ago(700 * 24 * time.Hour), MoreURL: "/tickets?requester=17", MayMerge: true, EditURL: "/admin/people/17",
		Tickets: []EarlierTicket{{Number: 1042, Subject: "The printer on floor 3 prints only half pages", Status: "open", At: ago(48 * time.Minute)}, {Number: 987, Subject: "Half pages again", Status: "closed", At: ago(190 * 24 * time.Hour)}},
		Merges:  []Merge{{ID: "44", Name: "hsato@phone.example.com", At: ago(9 * 24 * time.Hour), By: "Priya Kaur"}},
	}
}

func sampleAccount() AccountView {
	return AccountView{
		Frame: sampleFrame(""), Name: "Priya Kaur", HasPassword: true, PasswordHint: "At least 12 characters; a sentence is easiest.",
		Languages: []ui.Choice{{Value: "en", Label: "English", Chosen: true}, {Value: "de", Label: "Deutsch"}}, Zones: []ui.Choice{{Value: "Europe/Lisbon", Label: "Europe/Lisbon", Chosen: true}},
		TOTP:     TOTP{Secret: "JBSW Y3DP EHPK 3PXP", URI: "otpauth://totp/Goodturn:priya@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Goodturn", CodeError: "These were not the digits. Wait for the next ones and type them."},
		Sessions: []Session{{ID: "a", Device: "Firefox on Windows", Place: "192.0.2.14", Seen: ago(time.Minute), Here: true}, {ID: "b", Device: "Safari on an iPhone", Place: "198.51.100.7", Phone: true, Seen: ago(50 * time.Hour)}},
		NewToken: "gt_3mX0example9Qw7", Lifetimes: []ui.Choice{{Value: "30", Label: "30 days", Chosen: true}, {Value: "365", Label: "a year"}},
		Tokens: []Token{{ID: "1", Name: "Monitoring of the print servers", Scope: "may only read", Created: ago(40 * 24 * time.Hour), Expires: sampleNow.Add(50 * 24 * time.Hour), Used: ago(2 * time.Hour)}},
	}
}
