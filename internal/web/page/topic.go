package page

import (
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/live"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Topics of live pages. A fragment names those on which it changes in data-topic.
const (
	TopicList    = "list"    // any ticket that the visitor may see: lists and their counts
	TopicNotices = "notices" // what the visitor is to be told
	TopicOffers  = "offers"  // what is offered to the visitor
	TopicStint   = "stint"   // the visitor's turn at the desk, or that of a guest beside them

	topicTicket   = "ticket"
	topicPresence = "presence"
	topicLooking  = "looking" // asked for by a page that is looked at; nothing comes on it
)

// TicketTopic is the topic of one ticket: "ticket:1042".
func TicketTopic(id int64) string { return topicTicket + ":" + strconv.FormatInt(id, 10) }

// PresenceTopic is the topic of who is looking at a ticket, and who writes: "presence:1042".
func PresenceTopic(id int64) string { return topicPresence + ":" + strconv.FormatInt(id, 10) }

// Announce has live pages told that a ticket changed. It is what ticket.Desk calls after a commit.
func (s *Site) Announce(c ticket.Change) {
	s.Hub.Publish(live.Event{Topic: topicTicket, ID: c.Ticket.ID, Kind: string(c.What), Scope: c.Ticket.TeamID})
}

// Heard passes signals of the store on to pages. It is what db.DB.Listen is given: rights that changed, notices that came.
func (s *Site) Heard(name string, id int64) {
	s.Hub.Publish(live.Event{Topic: name, ID: id})
}

// TopicsMost is how many topics one stream may have: those of all pages that a browser has open.
const TopicsMost = 200

// topics are what a stream is asked for.
type topics []string

// readTopics reads "list,ticket:1042"; what there is too much of is left out.
func readTopics(text string) topics {
	if text == "" {
		return nil
	}
	all := strings.SplitN(text, ",", TopicsMost+1)
	return all[:min(len(all), TopicsMost)]
}

func (t topics) has(topic string) bool { return slices.Contains(t, topic) }

// looking are the numbers of the tickets that somebody looks at.
func (t topics) looking() (ids []int64) {
	for _, x := range t {
		if rest, ok := strings.CutPrefix(x, topicLooking+":"); ok {
			if id, err := strconv.ParseInt(rest, 10, 64); err == nil && id > 0 && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// filter lets through what could concern somebody who asked for these topics.
func (t topics) filter(me int64) live.Filter {
	wanted := make(map[string]bool, len(t))
	for _, x := range t {
		wanted[x] = true
	}
	return func(e live.Event) bool {
		switch e.Topic {
		case person.RightsChanged:
			return e.ID == 0 || e.ID == me
		case TopicNotices, TopicOffers, TopicStint:
			return e.ID == me && wanted[e.Topic]
		case topicTicket:
			return wanted[TopicList] || wanted[TicketTopic(e.ID)]
		}
		return wanted[e.Topic+":"+strconv.FormatInt(e.ID, 10)]
	}
}

// told are those of the topics that an event concerns, as far as the visitor may know.
func (t topics) told(e live.Event, a person.Actor) []string {
	if e.Resync || e.Topic == person.RightsChanged {
		return t
	}
	var of []string
	switch e.Topic {
	case TopicNotices, TopicOffers, TopicStint:
		return slices.DeleteFunc([]string{e.Topic}, func(x string) bool { return !t.has(x) })
	case topicTicket:
		of = []string{TopicList, TicketTopic(e.ID)}
	case topicPresence:
		of = []string{PresenceTopic(e.ID)}
	}
	if !person.Can(a, person.SeeTicket, person.Thing{TicketID: e.ID, TeamID: e.Scope}) {
		return nil
	}
	return slices.DeleteFunc(of, func(x string) bool { return !t.has(x) })
}
