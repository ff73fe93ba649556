package portal

import (
	"net/http"
	"strconv"
	"time"

	"goodturn/internal/i18n"
	"goodturn/internal/ratelimit"
	"goodturn/internal/web/page"
)

// A whole office may share one address on the day when its network breaks, so the bound is wide.
const (
	sendBurst = 30
	sendEvery = 10 * time.Second
)

// limited takes one try from whoever sends a form; when there is none left it gives the sentence that says so, and
// tells the browser how long to wait.
func (p *Portal) limited(w http.ResponseWriter, r *http.Request, v page.Visit) string {
	p.limitOnce.Do(func() {
		if p.Limit == nil {
			p.Limit = ratelimit.New(ratelimit.Config{Burst: sendBurst, Every: sendEvery})
		}
	})
	ok, wait := p.Limit.Allow(page.Network(v.Remote))
	if ok {
		return ""
	}
	seconds := max(1, int(wait.Round(time.Second).Seconds()))
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	return i18n.N(r.Context(), "Much was sent from your network in a short while. Please wait {{.Count}} second and send again: your text is still here.",
		"Much was sent from your network in a short while. Please wait {{.Count}} seconds and send again: your text is still here.", seconds)
}
