package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"goodturn/internal/person"
)

// Route is one address with the right that it asks for before anything else. Handlers ask again about the
// thing itself: the ticket, the file.
type Route struct {
	// Pattern is as in net/http: "PATCH /api/v1/tickets/{number}".
	Pattern string
	// Verb is what the token must be allowed to do; Anyone needs no token.
	Verb person.Verb

	fields map[string]string // where a fault's field stands in the call, if not under its own name
	mount  func(*server, huma.API)
}

// Anyone is the verb of what is open to everybody.
const Anyone person.Verb = ""

const documentPattern = "GET /api/openapi.json"

// Routes lists all that the API answers.
func Routes() []Route {
	return []Route{
		{Pattern: documentPattern, Verb: Anyone},
		// Writing on a ticket asks for no more here than that the token may write: whose ticket it is, decides the rest.
		route("GET /api/v1/tickets", person.ListOwn, "Tickets", "List or search tickets", nil, (*server).listTickets),
		route("POST /api/v1/tickets", person.CreateTicket, "Tickets", "Create a ticket", newTicketFields, (*server).createTicket),
		route("GET /api/v1/tickets/{number}", person.ListOwn, "Tickets", "Show a ticket with its conversation", nil, (*server).showTicket),
		route("PATCH /api/v1/tickets/{number}", person.ChangeTicket, "Tickets", "Change a ticket", nil, (*server).changeTicket),
		route("POST /api/v1/tickets/{number}/replies", person.CreateTicket, "Tickets", "Answer on a ticket", nil, (*server).reply),
		route("POST /api/v1/tickets/{number}/notes", person.ChangeTicket, "Tickets", "Write an internal note", nil, (*server).note),
		route("GET /api/v1/tickets/{number}/tellings", person.UseDesk, "Tickets", "List what the requester is told", nil, (*server).listTold),
		route("POST /api/v1/tickets/{number}/tellings", person.ChangeTicket, "Tickets", "Tell the requester what is happening", map[string]string{"news": "body.news_by"}, (*server).tell),
		route("POST /api/v1/tickets/{number}/merges", person.ChangeTicket, "Tickets", "Make other tickets part of one", nil, (*server).merge),
		route("DELETE /api/v1/tickets/{number}/merges/{gone}", person.ChangeTicket, "Tickets", "Undo a merge", nil, (*server).undoMerge),
		route("GET /api/v1/tickets/{number}/links", person.UseDesk, "Tickets", "List linked tickets", nil, (*server).listLinks),
		route("POST /api/v1/tickets/{number}/links", person.ChangeTicket, "Tickets", "Link a ticket with another", linkFields, (*server).link),
		route("GET /api/v1/tickets/{number}/fix-note", person.ListOwn, "Tickets", "Show the fix note of a ticket", nil, (*server).showFixNote),
		route("PUT /api/v1/tickets/{number}/fix-note", person.ChangeTicket, "Tickets", "Write the fix note of a ticket", nil, (*server).writeFixNote),
		route("GET /api/v1/articles", person.ListOwn, "Articles", "List or find articles", nil, (*server).listArticles),
		route("GET /api/v1/articles/{slug}", person.ListOwn, "Articles", "Read an article", nil, (*server).showArticle),
		route("GET /api/v1/fix-notes", person.ListOwn, "Tickets", "List or find fix notes", nil, (*server).listFixNotes),
		route("GET /api/v1/tickets/{number}/promises", person.UseDesk, "Tickets", "List what is promised about time", nil, (*server).listPromises),
		route("GET /api/v1/tickets/{number}/attachments/{id}", person.ListOwn, "Tickets", "Fetch a file", nil, (*server).attachment),
		route("GET /api/v1/people", person.UseDesk, "People", "List or find people", nil, (*server).listPeople),
		route("POST /api/v1/people", person.CreateForAny, "People", "Add a person", personFields, (*server).createPerson),
		route("GET /api/v1/people/{id}", person.UseDesk, "People", "Show a person", nil, (*server).showPerson),
		route("PATCH /api/v1/people/{id}", person.CreateForAny, "People", "Change a person", personFields, (*server).changePerson),
		route("GET /api/v1/me", person.ListOwn, "People", "Show whose token this is", nil, (*server).me),
		route("GET /api/v1/mailboxes", person.UseDesk, "Desk", "List the mailboxes", nil, (*server).listMailboxes),
		route("GET /api/v1/teams", person.UseDesk, "Desk", "List the teams", nil, (*server).listTeams),
		route("GET /api/v1/outages", person.SeeOutages, "Desk", "List outages and planned work", nil, (*server).listOutages),
		route("POST /api/v1/papercuts", person.CreateTicket, "Papercuts", "Say that something small annoys", nil, (*server).sayPapercut),
		route("GET /api/v1/papercuts", person.SeePapercuts, "Papercuts", "List small things that annoy", nil, (*server).listPapercuts),
		route("GET /api/v1/papercuts/{id}", person.SeePapercuts, "Papercuts", "Show one", nil, (*server).showPapercut),
		route("PATCH /api/v1/papercuts/{id}", person.ChangePapercuts, "Papercuts", "Change one, or say where it stands", nil, (*server).changePapercut),
	}
}

// route makes a Route of a handler: I holds what is sent, O what is answered. An error becomes a problem.
func route[I, O any](pattern string, verb person.Verb, group, summary string, fields map[string]string, handle func(*server, context.Context, *I) (*O, error)) Route {
	method, path, _ := strings.Cut(pattern, " ")
	op := huma.Operation{
		OperationID: operationID(method, path), Method: method, Path: path, Tags: []string{group}, Summary: summary, Description: descriptions[pattern],
		MaxBodyBytes: MaxBody + 1, BodyReadTimeout: -1, // the body was read and bounded before
		RejectUnknownQueryParameters: true,
	}
	if method == http.MethodPost {
		op.DefaultStatus = http.StatusCreated
	}
	return Route{Pattern: pattern, Verb: verb, fields: fields, mount: func(s *server, h huma.API) {
		op.Responses = responses(h, pattern)
		huma.Register(h, op, func(ctx context.Context, in *I) (*O, error) {
			out, err := handle(s, ctx, in)
			if err != nil {
				return nil, s.problem(ctx, err)
			}
			return out, nil
		})
	}}
}

// operationID names an operation for generated clients: "get-tickets-number".
func operationID(method, path string) string {
	path = strings.TrimPrefix(path, "/api/v1/")
	return strings.ToLower(method) + "-" + strings.NewReplacer("/", "-", "{", "", "}", "").Replace(path)
}

// location says where in the call a fault's field stands: "body.requester.email", "query.cursor".
func (rt Route) location(field string) string {
	if there, ok := rt.fields[field]; ok {
		return there
	}
	if strings.HasPrefix(rt.Pattern, "GET ") {
		return "query." + field
	}
	return "body." + field
}
