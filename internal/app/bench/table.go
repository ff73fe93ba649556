package bench

import (
	"fmt"
	"strings"
)

// Table is the result for people to read.
func (r Result) Table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d tickets\n", r.Engine, r.Tickets)
	for _, l := range []struct {
		name     string
		p50, p99 float64
	}{
		{"list of open tickets, 50 rows", r.ListP50, r.ListP99},
		{"one ticket with its conversation", r.TicketP50, r.TicketP99},
		{"search, common word", r.SearchCommonP50, r.SearchCommonP99},
		{"search, rare word", r.SearchRareP50, r.SearchRareP99},
		{"create (durable)", r.CreateP50, r.CreateP99},
		{"reply (durable)", r.ReplyP50, r.ReplyP99},
	} {
		fmt.Fprintf(&b, "%-34s p50 %7.2f ms (1 connection)   p99 %7.2f ms (8 connections)\n", l.name, l.p50, l.p99)
	}
	fmt.Fprintf(&b, "%-34s %.0f a second, all tickets there %.1f s after the last\n", "mails taken in by LMTP, 20 KB", r.IntakePerS, r.IntakeSettledS)
	fmt.Fprintf(&b, "%-34s %.0f a second\n", "import with search index", r.ImportPerS)
	fmt.Fprintf(&b, "%-34s %d MiB idle, %d MiB under load (PSS); most resident %d MiB\n", "memory", r.IdlePSS, r.LoadPSS, r.RSS)
	fmt.Fprintf(&b, "%-34s %.0f ms\n", "start to first answer", r.StartMS)
	fmt.Fprintf(&b, "%-34s %d bytes compressed\n", "list page", r.ListBytes)
	for _, f := range r.figures {
		b.WriteString(f.line())
	}
	return b.String()
}
