package admin

// OrganisationsView lists the organisations.
type OrganisationsView struct {
	Frame         Frame
	Organisations []OrganisationRow
}

// OrganisationRow is an organisation in the list.
type OrganisationRow struct {
	Name, URL     string
	Domains       []string
	SeeColleagues bool
}

// OrganisationView is the form of one organisation, new or known.
type OrganisationView struct {
	Frame         Frame
	Title, URL    string
	Wrong         bool
	Name, Domains Field
	SeeColleagues bool
}
