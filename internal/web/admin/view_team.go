package admin

// TeamsView lists the teams.
type TeamsView struct {
	Frame Frame
	Teams []TeamRow
}

// TeamRow is a team in the list.
type TeamRow struct {
	Name, Slug, URL string
	Private         bool
	Members         int
}

// TeamView is the form of one team, new or known.
type TeamView struct {
	Frame      Frame
	Title, URL string
	Wrong      bool
	Name, Slug Field
	Private    bool
	// WasPrivate says that the team is private now, so that opening it shows its tickets to others.
	WasPrivate bool
	// Sharing leads to how the team shares its work, or is "" for a new team; Shared says in a line how that is.
	Sharing, Shared string
	Members         []Member
	MembersError    string
}

// Member is somebody who may belong to a team.
type Member struct {
	ID         int64
	Name, Role string
	// Inactive says that they cannot sign in.
	Inactive bool
	Chosen   bool
}
