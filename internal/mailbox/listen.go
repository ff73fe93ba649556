package mailbox

import (
	"context"

	"goodturn/internal/transport/lmtp"
)

// ListenConfig is where a mail server hands mail over.
type ListenConfig struct {
	Network     string        // "tcp" or "unix"
	Address     string        // host:port, or the path of the socket
	Protocol    lmtp.Protocol // lmtp.LMTP when empty
	AllowRemote bool          // permits an address that other machines can reach
	MaxSize     int64         // bytes of one mail; 50 MiB when 0
}

// Listener makes the server that takes mail from a mail server, for the caller to run.
func (p *Post) Listener(c ListenConfig) *lmtp.Server {
	if c.Protocol == "" {
		c.Protocol = lmtp.LMTP
	}
	domain := p.Domain
	if domain == "" {
		domain = "localhost"
	}
	source := SourceLMTP
	if c.AllowRemote && c.Protocol == lmtp.SMTP {
		source = SourceOpen
	}
	return &lmtp.Server{
		Network: c.Network, Address: c.Address, Protocol: c.Protocol, Domain: domain, MaxSize: c.MaxSize, AllowRemote: c.AllowRemote, Log: p.Log,
		Accept: p.Accepts,
		Take: func(ctx context.Context, m lmtp.Mail) error {
			return p.Take(ctx, []Incoming{{From: m.From, To: m.To, Raw: m.Raw, Source: source}})
		},
	}
}

// Listen takes mail from a mail server until ctx ends.
func (p *Post) Listen(ctx context.Context, c ListenConfig) error {
	return p.Listener(c).Run(ctx)
}
