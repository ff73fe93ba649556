package person

import (
	"slices"
	"strings"

	"goodturn/internal/db"
)

// Verb is something that somebody may want to do.
type Verb string

// The verbs. Those on a ticket need its facts; the others are asked with the zero Thing.
const (
	// On the desk as a whole.
	UseDesk       Verb = "use the desk"          // lists, search and people
	Administer    Verb = "administer"            // mailboxes, teams, organisations, roles
	ExportData    Verb = "export"                // lists as files
	ShareMacros   Verb = "share macros"          // those of a team and of everybody
	ManageRules   Verb = "manage rules"          // what the desk does by itself
	UseAccount    Verb = "use an account"        // own profile, sessions, tokens
	ListOwn       Verb = "list own tickets"      // what the requester's pages list
	CreateTicket  Verb = "create a ticket"       // as oneself
	CreateForAny  Verb = "create for another"    // a ticket for somebody on the phone
	SeeTicket     Verb = "see a ticket as staff" // with notes, events and properties
	SeeOwn        Verb = "see a ticket as its requester"
	WriteOwn      Verb = "write on a ticket as its requester"
	ChangeTicket  Verb = "change a ticket" // answer, note, assign, solve
	SendDraft     Verb = "send a draft"    // give an answer that somebody else wrote
	SeeView       Verb = "see a saved view"
	ChangeView    Verb = "change a saved view" // rename, share, remove
	TrashTicket   Verb = "throw a ticket away"
	PurgeTicket   Verb = "delete a ticket for good"
	SeeExperience Verb = "see how it is for requesters"
	SetAbsence    Verb = "say when somebody is away" // one's own, or as a lead that of others
)

// SeeOutages and PostOutages are of the desk's side of what is broken and planned; asked with the team that it is kept to, if any.
const (
	SeeOutages  Verb = "see outages as staff"
	PostOutages Verb = "post outages"
)

// The verbs on articles. ReadArticle is asked with the facts of one, the others without.
const (
	ReadArticle    Verb = "read an article"
	WriteArticles  Verb = "write articles"
	ManageArticles Verb = "manage articles" // sections, import and export
)

// SeePapercuts and ChangePapercuts are of the desk's side of small things that annoy; asked with the private team that it is kept to, if any.
const (
	SeePapercuts    Verb = "see papercuts"
	ChangePapercuts Verb = "change papercuts"
)

// SeeRota and PlanRota are of who is at the desk when; asked with the team.
const (
	SeeRota  Verb = "see the rota"
	PlanRota Verb = "plan the rota" // patterns, publishing, who has which shift
)

// SeeLoad is to see who is at the desk against what comes; asked with the team, or for the desk as a whole without.
const SeeLoad Verb = "see how it is at the desk"

// ManageChannels is to set what the chat of a team is told; asked with the team.
const ManageChannels Verb = "manage channels"

// The verbs of guests of the desk, who take a turn there. The first is asked alone, the others with a ticket. Who works at the desk may do all of
// it too.
const (
	VisitDesk  Verb = "visit the desk" // the primer, one's own stint, what is lent
	SeeLent    Verb = "see a lent ticket"
	WriteDraft Verb = "write a draft"
)

// The verbs of stints: to take them as whoever is asked to (UseAccount is enough), to be beside a guest, to plan them for others.
const (
	Mentor     Verb = "be a mentor"
	PlanStints Verb = "plan stints"
)

// Thing is what a verb is about: the facts of a ticket that decide who may do what.
type Thing struct {
	TicketID       int64
	TeamID         int64
	TeamPrivate    bool
	RequesterID    int64
	OrganisationID int64
	Following      bool // the actor follows it

	// Of what people at the desk make for themselves and for each other.
	OwnerID int64
	Shared  bool

	// Of an article: it is published; for everybody; or for the people of these organisations. Without any it is for staff.
	Published bool
	Public    bool
	Readers   []int64
}

// Can is the one permission check: pages, lists, search, files, live events and API all ask here.
func Can(a Actor, v Verb, on Thing) bool {
	if a.ReadOnly && writes(v) {
		return false
	}
	if a.System {
		return true
	}
	switch v {
	case UseDesk, CreateForAny, Mentor:
		return a.Staff()
	case VisitDesk:
		return a.Staff() || a.visits()
	case SeeLent, WriteDraft:
		if a.Staff() {
			return !a.hidden(on.TeamID)
		}
		see, write := a.lent(on.TicketID)
		return a.visits() && !on.TeamPrivate && see && (v == SeeLent || write)
	case SeeTicket, ChangeTicket, SendDraft, TrashTicket, SeeOutages, PostOutages, SeePapercuts, ChangePapercuts, SeeRota:
		return a.Staff() && !a.hidden(on.TeamID)
	case SeeView:
		return a.Staff() && (on.Shared || on.OwnerID == a.ID)
	case ChangeView:
		return a.Staff() && (on.OwnerID == a.ID || on.Shared && a.Role.AtLeast(Lead))
	case SetAbsence:
		return a.Staff() && (on.OwnerID == a.ID || a.Role.AtLeast(Lead))
	case PurgeTicket:
		return a.Staff() && a.Role.AtLeast(Administrator) && !a.hidden(on.TeamID)
	case ExportData, ShareMacros, ManageRules, SeeExperience, PlanStints:
		return a.Staff() && a.Role.AtLeast(Lead)
	case ManageChannels, PlanRota, SeeLoad:
		return a.Staff() && a.Role.AtLeast(Lead) && !a.hidden(on.TeamID)
	case Administer:
		return a.Staff() && a.Role.AtLeast(Administrator)
	case UseAccount, ListOwn:
		return a.SignedIn()
	case CreateTicket:
		return true
	case SeeOwn, WriteOwn:
		return seesOwn(a, on)
	case WriteArticles:
		return a.Staff()
	case ManageArticles:
		return a.Staff() && a.Role.AtLeast(Lead)
	case ReadArticle:
		return a.Staff() || on.Published && (on.Public || a.SignedIn() && a.OrganisationID != 0 && slices.Contains(on.Readers, a.OrganisationID))
	}
	return false
}

func writes(v Verb) bool {
	switch v {
	case ChangeTicket, SendDraft, WriteDraft, PlanStints, TrashTicket, PurgeTicket, WriteOwn, CreateTicket, CreateForAny, Administer, UseAccount, ChangeView, ManageRules, ManageChannels, SetAbsence, PostOutages, WriteArticles, ManageArticles, ChangePapercuts, PlanRota:
		return true
	}
	return false
}

// seesOwn: the requester, a follower, a colleague where the organisation allows it. The holder of a
// ticket's link must still be one of the first two.
func seesOwn(a Actor, on Thing) bool {
	if a.ID == 0 || (a.OnlyTicket != 0 && a.OnlyTicket != on.TicketID) {
		return false
	}
	if on.RequesterID == a.ID || on.Following {
		return true
	}
	return a.SeesColleagues && a.OrganisationID != 0 && on.OrganisationID == a.OrganisationID && !on.TeamPrivate
}

// visits tells that they are a guest of the desk now.
func (a Actor) visits() bool { return a.SignedIn() && a.Guest }

// Visible is Can(a, v, ticket) for v SeeTicket, SeeLent or SeeOwn as a predicate over a ticket "t". It adds what
// it binds to args.
func Visible(a Actor, v Verb, args *db.Args) string {
	switch {
	case a.System:
		return "TRUE"
	case (v == SeeTicket || v == SeeLent) && a.Staff():
		if len(a.Hidden) == 0 {
			return "TRUE"
		}
		return "t.team_id NOT IN (" + db.List(args, a.Hidden) + ")"
	case v == SeeLent && a.visits() && len(a.Lent) > 0:
		return "(t.id IN (" + db.List(args, a.lentIDs()) + ") AND NOT EXISTS (SELECT 1 FROM team p WHERE p.id = t.team_id AND p.private))"
	case v == SeeOwn && a.ID != 0:
		me := args.Add(a.ID)
		own := []string{"t.requester_id = " + me, "EXISTS (SELECT 1 FROM follower f WHERE f.ticket_id = t.id AND f.person_id = " + me + ")"}
		if a.SeesColleagues && a.OrganisationID != 0 {
			own = append(own, "(t.organisation_id = "+args.Add(a.OrganisationID)+" AND NOT EXISTS (SELECT 1 FROM team p WHERE p.id = t.team_id AND p.private))")
		}
		where := "(" + strings.Join(own, " OR ") + ")"
		if a.OnlyTicket != 0 {
			where += " AND t.id = " + args.Add(a.OnlyTicket)
		}
		return where
	}
	return "FALSE"
}

// Readable is Can(a, ReadArticle, article) as a predicate over an article "a". It adds what it binds to args.
func Readable(a Actor, args *db.Args) string {
	if a.Staff() {
		return "TRUE"
	}
	if !a.SignedIn() || a.OrganisationID == 0 {
		return "a.published AND a.audience = 'everybody'"
	}
	return "a.published AND (a.audience = 'everybody' OR a.audience = 'organisations' AND EXISTS (SELECT 1 FROM article_organisation r WHERE r.article_id = a.id AND r.organisation_id = " + args.Add(a.OrganisationID) + "))"
}
