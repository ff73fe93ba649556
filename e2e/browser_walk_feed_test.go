package e2e

// Feeds are for programs, and no pages.
func init() {
	for _, at := range []string{"/status.atom", "/status.rss", "/status.ics", "/status-feed/{token}/{file}", "/rota-feed/{token}/{file}"} {
		browserElsewhere[at] = true
	}
}
