package report

// Sums are all places where something is added up beside a column that names a person, or kept as a number by an id.
func Sums() []Sum {
	var all []Sum
	for _, of := range [][]Sum{decides(), own(), planned(), ofTeams(), ofRequesters(), ofThings()} {
		all = append(all, of...)
	}
	return all
}

// decides are sums by person that nobody is shown: they decide who is asked or given something.
func decides() []Sum {
	return []Sum{
		{"routing.candidateColumns", "tickets that are our turn", "each who could be given one", Nobody, "whoever has least to do is given the next, and nobody beyond their limit; the timeline says the reason without the number"},
		{"routing.loadOf", "tickets that are our turn", "whoever is to be given one", Nobody, "the same limit"},
		{"line.traitsOf", "tickets that are our turn", "all at the desk together", Nobody, "how long somebody waits is learned from it; the line's page tells the sum from three people on"},
		{"line.passes", "tickets that nobody has", "place in the line", Desk, "how many somebody came before"},
		{"shift.Unloved", "minutes in evenings, nights and weekends", "each of a team", Nobody, "who is asked next; pages say who and the rule, never the minutes"},
		{"shift.NextAsked", "the same", "each of a team", Nobody, "the same"},
		{"proposal.meanOf", "the mean of the same", "team", Nobody, "somebody new begins with it in a proposal"},
		{"shift.fill", "places of people in a list", "person", Nobody, "an index, no figure"},
		{"shift.CrewOf", "places of people in a list", "person", Nobody, "an index, no figure"},
		{"ticket.TallyDue", "rows of kept counts", "all", Nobody, "whether folding them is worth it"},
		{"ticket.CheckTally", "tickets, anew", "team, turn, assignee", Nobody, "tests compare it with the kept counts"},
		{"ticket.ReadTally", "tickets", "team, turn, assignee", Themselves, "the numbers beside lists: Tally.Count gives those of the reader, of nobody and of all, and of no colleague"},
		{"page.streams", "open streams of a browser", "person", Nobody, "a bound on them"},
		{"page.enter", "open streams of a browser", "person", Nobody, "the same"},
		{"shift.AskSwap", "swaps that wait", "whoever asks", Nobody, "a bound on them"},
		{"view.Save", "saved lists", "whoever saves one", Nobody, "a bound on them"},
		{"papercut.slow", "papercuts said lately", "whoever says one", Nobody, "a bound on them"},
		{"mailbox.collect", "tickets of late", "whoever writes", Nobody, "storms of mails are gathered in one ticket"},
		{"person.Visited", "places visited", "the reader", Nobody, "old ones are forgotten"},
	}
}

// own are what somebody is told of themselves.
func own() []Sum {
	return []Sum{
		{"shift.FairOf", "unloved minutes of the reader, and the mean of their team", "the reader", Themselves, "that the hours nobody loves are shared is shown and explained; the mean from three people on"},
		{"ticket.CountFollowed", "tickets followed", "the reader", Themselves, "the number beside their list"},
		{"desk.tallies", "the same, remembered", "the reader", Themselves, "the same"},
		{"desk.put", "the same, remembered", "the reader", Themselves, "the same"},
		{"notice.Count", "what they have not read", "the reader", Themselves, "the number at the bell"},
		{"person.Pin", "places pinned", "the reader", Themselves, "a bound on them"},
		{"handoff.CostOf", "since when they note what they help with", "the reader", Themselves, "their own ledger of unofficial help, which they show whom they like"},
	}
}

// planned are when somebody is there.
func planned() []Sum {
	return []Sum{
		{"routing.AwayUntil", "until when somebody is away", "person", Plan, "stands beside their name where tickets are assigned"},
		{"shift.NextOnDuty", "when somebody's next shift begins", "person", Plan, "tickets wait for them; it is on the rota"},
		{"shift.PublishedUntil", "until when somebody has a published shift", "team", Plan, "up to then the rota says who is there"},
		{"stint.standings", "when somebody's last turn at the desk ended", "person", Plan, "done, due or excused, and nothing else of it; figures by department from three people on"},
	}
}

// ofTeams are numbers of teams.
func ofTeams() []Sum {
	return []Sum{
		{"ticket.Arrived", "tickets that came", "team", Desk, "what came in the last hour and today"},
		{"load.figures", "the same", "team", Desk, "the same"},
		{"shift.Teams", "an order of teams", "team", Desk, "the reader's own come first"},
		{"shift.sortTeams", "the same", "team", Desk, "the same"},
		{"handoff.TotalsNow", "minutes of unofficial help, and how many people note them", "the whole desk", Desk, "told from three people on who agreed to be counted"},
	}
}

// ofRequesters are numbers of those who ask, not of those who help.
func ofRequesters() []Sum {
	return []Sum{
		{"desk.ticketSum", "tickets that somebody asked for this year", "requester", Desk, "beside a ticket: who asks often may need something else; it is no figure of whoever helped"},
		{"desk.lately", "when somebody last asked", "requester", Desk, "who is on the phone is offered by name"},
		{"intake.burst", "people who name the same thing", "topic", Desk, "something may be broken for many"},
		{"outage.Count", "people whom an outage concerns", "outage, organisation", Desk, "how many it is"},
		{"outage.Counts", "the same", "outage, organisation", Desk, "the same"},
		{"outage.ToldOf", "people who were told", "the whole desk", Desk, "on the page of how it is for requesters"},
		{"papercut.Week", "people who said it", "papercut, week, team of theirs", Desk, "whom it annoys"},
		{"papercut.Weeks", "the same", "papercut, week, team of theirs", Desk, "the same"},
		{"papercut.Reached", "people who want to be told", "papercut", Desk, "how many will hear of it"},
	}
}

// ofThings are numbers by the id of a thing.
func ofThings() []Sum {
	return []Sum{
		{"automation.pace", "runs within a minute", "rule", Desk, "rules are stopped from storming"},
		{"gap.like", "likeness", "topic", Desk, "topics that are alike"},
		{"gap.KeepSearches", "searches in vain", "week", Desk, "what to write"},
		{"kb.Create", "the last place", "section", Desk, "a new article comes last; its owner is written beside it"},
		{"macro.Find", "how well a macro fits", "macro", Desk, "an order"},
		{"papercut.likeTo", "likeness", "papercut", Desk, "like ones are one"},
		{"service.Like", "words that name it", "service", Desk, "an order"},
		{"ticket.rank", "places of tickets in a list", "ticket", Desk, "an index"},
		{"ticket.addTags", "places of tickets in a list", "ticket", Desk, "an index"},
		{"ticket.Similar", "likeness", "ticket", Desk, "an order"},
		{"page.looks", "teams of tickets", "ticket", Desk, "who may know of a ticket that is looked at"},
	}
}
