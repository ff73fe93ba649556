package mailbox

import (
	"goodturn/internal/ticket"
)

// calls names a letter's sender as the reader's pages name the desk; without a name there it keeps the mailbox's.
func (p *Post) calls(l *composed, organisationID int64) {
	if p.Called == nil {
		return
	}
	if name := p.Called(organisationID); name != "" {
		l.out.From.Name = name
		if l.out.ReplyTo.Address != "" {
			l.out.ReplyTo.Name = name
		}
	}
}

// calledIn is the name beside which somebody of the desk answers: that of the requester's organisation where it has one of its own, as a
// mailbox cannot know whom it serves; else the mailbox's, else the desk's.
func (p *Post) calledIn(t ticket.Ticket, mailbox string) string {
	if p.Called == nil {
		return mailbox
	}
	desk := p.Called(0)
	if own := p.Called(t.OrganisationID); own != "" && own != desk {
		return own
	}
	if mailbox == "" {
		return desk
	}
	return mailbox
}
