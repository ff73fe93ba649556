package portal

import (
	"context"
	"net/http"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ratelimit"
	"goodturn/internal/web/page"
)

// Asker is whoever types on the first page. Who has proven nothing has the zero Actor, and a Circle that holds nobody where the desk serves
// several organisations.
type Asker struct {
	Actor  person.Actor
	Circle person.Circle
}

// Suggestion is something that may help whoever types, before they send anything. Texts are in the reader's language.
type Suggestion struct {
	Title, Text string
	URL         string // where there is more; "" for nowhere
	// Button is what one tap does, "" for nothing: it sends the form as it is typed to Path, with Value under Name.
	Button, Path, Name, Value string
}

// Suggester finds what may help with what somebody typed. It tells nothing of others outside of the asker's circle.
type Suggester func(ctx context.Context, tx *db.Tx, who Asker, text string) ([]Suggestion, error)

// What is asked while somebody types: so much of it, so little that is worth asking for, so many suggestions in all.
const (
	leastTyped      = 3
	mostTyped       = 1000 // bytes; the end counts, as it is what was typed last
	mostSuggestions = 5
)

// near asks the suggesters in their order.
func (p *Portal) near(ctx context.Context, v page.Visit, text string) (out []Suggestion, err error) {
	if text = strings.TrimSpace(text); len(text) > mostTyped {
		text = strings.ToValidUTF8(text[len(text)-mostTyped:], "")
	}
	if len(text) < leastTyped {
		return nil, nil
	}
	err = p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		out = nil
		who := Asker{}
		if v.Actor.SignedIn() {
			who.Actor = v.Actor
		}
		if who.Circle, err = person.CircleOf(ctx, tx, who.Actor.ID); err != nil {
			return err
		}
		for _, suggest := range p.Suggest {
			more, err := suggest(ctx, tx, who, text)
			if err != nil {
				return err
			}
			out = append(out, more...)
		}
		return nil
	})
	return out[:min(len(out), mostSuggestions)], err
}

// Who types asks again and again, and a whole office may share an address.
const (
	typeBurst = 300
	typeEvery = 100 * time.Millisecond
)

// mayType takes one look from whoever types.
func (p *Portal) mayType(v page.Visit) bool {
	p.typeOnce.Do(func() { p.typing = ratelimit.New(ratelimit.Config{Burst: typeBurst, Every: typeEvery}) })
	ok, _ := p.typing.Allow(page.Network(v.Remote))
	return ok
}

// suggestions answers GET /suggestions: what may help with text, as a piece of the first page.
func (p *Portal) suggestions(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if !p.mayType(v) {
		w.WriteHeader(http.StatusTooManyRequests) // help while typing is no promise; the form stays as it is
		return nil
	}
	all, err := p.near(r.Context(), v, r.URL.Query().Get("text"))
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, near(all))
}

// nearWords says how many there are, for whoever does not see them come.
func nearWords(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return i18n.N(ctx, "{{.Count}} thing that may help stands below the box.", "{{.Count}} things that may help stand below the box.", n)
}
