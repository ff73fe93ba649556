package api

import (
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

func (s *server) config() huma.Config {
	version := s.Version
	if version == "" {
		version = "1"
	}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Goodturn", Version: version,
				Description: "Tickets, people and what is said, for programs. Every call carries a token, which acts with the rights of its person, or fewer. " +
					"Errors are problem details (RFC 9457) that name the field. Times are RFC 3339 in UTC. Lists go on with the cursor of the page before.",
			},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"token": {Type: "http", Scheme: "bearer", Description: "A token of a person, made on the account page or by `goodturn token create`."},
				},
			},
			Security: []map[string][]string{{"token": {}}},
		},
		Formats:       map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{s.reword},
	}
}

// descriptions says what the names alone do not.
var descriptions = map[string]string{
	"POST /api/v1/papercuts": "It is counted for the person of the token, once however often it is said. No ticket is made.",
	"GET /api/v1/papercuts":  "What most have said within the last four weeks first.",
	"GET /api/v1/tickets": "Those with the latest activity first; with words in the filter, the best matches first, ranked among the newest 1,000 hits. " +
		"A ticket that changes while the list is walked moves to its start. Requesters see their own.",
	"POST /api/v1/tickets":                          "Staff name the requester, who is created when unknown. With a requester's token the ticket is that person's, and only subject and text are taken.",
	"GET /api/v1/tickets/{number}":                  "Requesters see public messages, and of the events those that are not internal.",
	"PATCH /api/v1/tickets/{number}":                "Everything that is sent is done together, or nothing is. What is not sent stays as it is.",
	"POST /api/v1/tickets/{number}/replies":         "Staff answer the requester, who gets a mail. With the token of the requester or a follower it is an answer from their side.",
	"POST /api/v1/tickets/{number}/merges":          "Their messages and files come to this ticket, whoever asked or follows there follows here, and what is sent to their numbers later comes here too. Undoable for a day.",
	"DELETE /api/v1/tickets/{number}/merges/{gone}": "Within a day. The ticket is its own again, with its messages; what was said since then stays.",
	"GET /api/v1/tickets/{number}/links":            "Those that the caller may see.",
	"POST /api/v1/tickets/{number}/tellings":        "It stands on the page of the request, with the first name of whoever wrote it; no mail goes out. Internal notes stay internal.",
	"GET /api/v1/tickets/{number}/fix-note":         "Staff see also why there is none; requesters see the note of their own ticket while it is solved.",
	"PUT /api/v1/tickets/{number}/fix-note":         "One sentence is enough. The requester has it as soon as the ticket is solved, and gets it by mail. What it said before is kept.",
	"GET /api/v1/articles":                          "Of those that the caller may read: what is about some words, or all of them.",
	"GET /api/v1/fix-notes":                         "Newest first. Staff see those of the tickets that they may see, requesters those of their own.",
	"GET /api/v1/tickets/{number}/promises":         "Oldest first, with those that are over. Times are in milliseconds of the time that counts for them: working time, or the clock on the wall.",
	"POST /api/v1/people":                           "Somebody with the address must not exist yet.",
	"PATCH /api/v1/people/{id}":                     "Staff change requesters and themselves; roles, and other staff, are for administrators.",
	"GET /api/v1/tickets/{number}/attachments/{id}": "The bytes of a file. Pictures come as what they are, everything else as application/octet-stream.",
}

// responses are those that every operation can give beside its own: a problem, and for a file its bytes.
func responses(h huma.API, pattern string) map[string]*huma.Response {
	problem := h.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "")
	out := map[string]*huma.Response{
		"default": {Description: "What went wrong", Content: map[string]*huma.MediaType{problemType: {Schema: problem}}},
	}
	if pattern == attachmentPattern {
		out["200"] = &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
	}
	return out
}

// sent are the objects that callers send; nothing else may stand in them.
var sent = []string{"NewTicket", "Contact", "TicketChange", "NewReply", "NewNote", "NewPerson", "PersonChange", "FixNoteChange"}

// describe finishes the description: the document itself, and none of the validator's own types.
func describe(o *huma.OpenAPI) *huma.OpenAPI {
	o.AddOperation(&huma.Operation{
		OperationID: "get-openapi", Method: "GET", Path: "/api/openapi.json", Summary: "This description", Tags: []string{"Desk"}, Security: []map[string][]string{},
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"application/openapi+json": {Schema: &huma.Schema{Type: "object"}}}}},
	})
	all := o.Components.Schemas.Map()
	delete(all, "ErrorModel")
	delete(all, "ErrorDetail")
	for name, schema := range all {
		if !slices.Contains(sent, name) {
			schema.AdditionalProperties = nil // answers may grow
		}
	}
	return o
}
