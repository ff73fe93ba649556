package portal

import (
	"context"
	"net/http"

	"goodturn/internal/i18n"
)

// ButtonParts is what the script asks first: what it may show, in which words.
type ButtonParts struct {
	Language string            `json:"language"`
	Dir      string            `json:"dir"`
	Parts    []string          `json:"parts"`
	Words    map[string]string `json:"words"`
}

// buttonParts answers GET /button/parts.
func (p *Portal) buttonParts(_ http.ResponseWriter, r *http.Request, v buttonVisit) (int, any, error) {
	ctx := r.Context()
	out := ButtonParts{Language: i18n.LangOf(ctx), Dir: i18n.Dir(ctx), Parts: []string{}, Words: buttonWords(ctx, v.set.Request || p.chats(v.set))}
	for _, part := range []struct {
		name string
		on   bool
	}{{"search", v.set.Search}, {"request", v.set.Request}, {"papercut", v.set.Papercut && p.Papercuts != nil}, {"chat", p.chats(v.set)}} {
		if part.on {
			out.Parts = append(out.Parts, part.name)
		}
	}
	return http.StatusOK, out, nil
}

// buttonWords are the words of the script, short names for its sake.
func buttonWords(ctx context.Context, asks bool) map[string]string {
	what := i18n.T(ctx, "What are you looking for?")
	if asks {
		what = i18n.T(ctx, "What do you need help with?")
	}
	return map[string]string{
		"help": i18n.T(ctx, "Help"), "chat": i18n.T(ctx, "Live chat"), "close": i18n.T(ctx, "Close"), "ask": i18n.T(ctx, "Ask for help"), "small": i18n.T(ctx, "Something small bugs me"),
		"what": what, "name": i18n.T(ctx, "Your name"), "address": i18n.T(ctx, "Mail address, to write back to"), "send": i18n.T(ctx, "Send"),
		"bugs": i18n.T(ctx, "What bugs you, in a sentence"), "open": i18n.T(ctx, "See your request"), "more": i18n.T(ctx, "Say something else"),
		"failed": i18n.T(ctx, "It could not be sent just now. What you wrote is kept here: please try again in a moment."), "wrong": i18n.T(ctx, "Nothing was sent yet. Please look at what is marked."),
	}
}
