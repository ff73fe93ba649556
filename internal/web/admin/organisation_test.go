package admin_test

import (
	"strings"
	"testing"

	"goodturn/internal/person"
)

func TestOrganisations(t *testing.T) {
	each(t, func(s *stage) {
		s.get("/admin/organisations").sound().says("No organisation yet")
		s.get("/admin/organisations/new").sound()
		known := s.addPerson(person.New{Name: "Known", Addresses: []string{"known@lab.example.org"}, Role: person.Requester})
		s.post("/admin/organisations", "name", "  Example   Works ", "domains", "Example.org\r\n@example.net\r\n\r\nexample.org\r\n@", "see_colleagues", "1").
			done("The organisation Example Works is saved.").says("example.net, example.org", "people see each other's tickets")
		if got := s.audited("organisation added", "organisation 1"); got != "name: none → Example Works; domains: none → example.net, example.org; people see each other's tickets: no → yes" {
			t.Errorf("the record says %q", got)
		}
		if got := s.getPerson(known.ID).OrganisationID; got != 1 {
			t.Errorf("who was known already is in organisation %d", got)
		}
		s.get("/admin/organisations/1").sound().says("example.net example.org")
		s.post("/admin/organisations/1", "name", "Example Works", "domains", "example.org").done("is saved").saysNot("example.net")
		if got := s.audited("organisation changed", "organisation 1"); !strings.Contains(got, "domains: example.net, example.org → example.org") {
			t.Errorf("the record says %q", got)
		}
		s.post("/admin/organisations", "name", "", "domains", "a.example").refused("f-name", "Please give a name.", "a.example")
		s.post("/admin/organisations", "name", "EXAMPLE works", "domains", "").refused("f-name", "of that name already", "EXAMPLE works")
		s.post("/admin/organisations", "name", "Other", "domains", "good.example\nnot a domain_").refused("f-domains", "is not a domain", "Other", "domain_")
		s.post("/admin/organisations", "name", "Other", "domains", "example.org", "see_colleagues", "1").refused("f-domains", "belongs to an organisation already", "Other", "example.org")
	})
}
