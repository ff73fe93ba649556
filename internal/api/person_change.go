package api

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// NewPerson is somebody to be added.
type NewPerson struct {
	Email    string `json:"email" example:"hana@example.com"`
	Name     string `json:"name,omitempty" doc:"When there is none, the part of the address before the @."`
	Language string `json:"language,omitempty" example:"de"`
	Zone     string `json:"zone,omitempty" doc:"An IANA time zone." example:"Europe/Berlin"`
	Role     string `json:"role,omitempty" enum:"requester,agent,lead,administrator" doc:"requester when nothing is said; others are for administrators."`
}

// PersonChange is what is to be changed about somebody; what is not sent stays.
type PersonChange struct {
	Name     *string `json:"name,omitempty"`
	Language *string `json:"language,omitempty" doc:"Empty: that of the browser." example:"de"`
	Zone     *string `json:"zone,omitempty" doc:"An IANA time zone. Empty: the desk's." example:"Europe/Berlin"`
	Role     *string `json:"role,omitempty" enum:"requester,agent,lead,administrator" doc:"For administrators."`
	Active   *bool   `json:"active,omitempty" doc:"Somebody who is not active cannot sign in. For administrators."`
}

// personFields says where faults of people stand in a NewPerson.
var personFields = map[string]string{"address": "body.email"}

type newPerson struct {
	Once
	Body NewPerson
}

type personChange struct {
	ByID
	Body PersonChange
}

func (s *server) createPerson(ctx context.Context, in *newPerson) (*Created[Person], error) {
	n := in.Body
	wrong := append(nameFault(n.Name), localeFaults(n.Language, n.Zone)...)
	if !person.ValidAddress(person.FoldAddress(n.Email)) {
		wrong = append(wrong, notAnAddress(n.Email))
	}
	if err := fault.Check(wrong); err != nil {
		return nil, err
	}
	role := person.Role(n.Role)
	if role == "" {
		role = person.Requester
	}
	at := func(p Person) string { return fmt.Sprintf("/api/v1/people/%d", p.ID) }
	return create(ctx, s, in.Once, at, func(tx *db.Tx, a person.Actor) (Person, error) {
		if role != person.Requester && !person.Can(a, person.Administer, person.Thing{}) {
			return Person{}, forAdministrators("role")
		}
		p, err := person.Create(ctx, tx, person.New{Name: n.Name, Addresses: []string{n.Email}, Role: role, Language: n.Language, Zone: n.Zone})
		if err != nil {
			return Person{}, err
		}
		if role != person.Requester {
			if err := person.Audit(ctx, tx, a, "person added", thing(p.ID), string(role), callOf(ctx).remote); err != nil {
				return Person{}, err
			}
		}
		return onePerson(ctx, tx, p.ID)
	})
}

func thing(id int64) string { return fmt.Sprintf("person %d", id) }

func (s *server) changePerson(ctx context.Context, in *personChange) (*bodyOf[Person], error) {
	if err := noNulls(callOf(ctx).raw); err != nil {
		return nil, err
	}
	wrong := append(nameFault(or(in.Body.Name)), localeFaults(or(in.Body.Language), or(in.Body.Zone))...)
	if err := fault.Check(wrong); err != nil {
		return nil, err
	}
	out := &bodyOf[Person]{}
	return out, s.write(ctx, func(tx *db.Tx, a person.Actor) error {
		if err := tx.Lock(ctx, "person", in.ID); err != nil {
			return err
		}
		p, err := person.Get(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := mayChange(a, p, in.Body); err != nil {
			return err
		}
		c := person.Change{Name: in.Body.Name, Language: in.Body.Language, Zone: in.Body.Zone, Role: (*person.Role)(in.Body.Role), Active: in.Body.Active}
		if err := person.Update(ctx, tx, in.ID, c); err != nil {
			return err
		}
		if err := auditChange(ctx, tx, a, p, c); err != nil {
			return err
		}
		out.Body, err = onePerson(ctx, tx, in.ID)
		return err
	})
}

// mayChange: staff change requesters and themselves; roles, and other staff, are for administrators.
func mayChange(a person.Actor, p person.Person, c PersonChange) error {
	if p.MergedInto != 0 {
		return fault.Conflict(i18n.M("This person has become part of another. Please change that one, or undo the merge."))
	}
	if person.Can(a, person.Administer, person.Thing{}) {
		return nil
	}
	var theirs []string
	if c.Role != nil && *c.Role != string(p.Role) {
		theirs = append(theirs, "role")
	}
	if c.Active != nil && *c.Active != p.Active {
		theirs = append(theirs, "active")
	}
	if len(theirs) > 0 {
		return forAdministrators(theirs...)
	}
	if p.Role != person.Requester && p.ID != a.ID {
		return fault.Denied(i18n.M("Only an administrator can change other staff."))
	}
	return nil
}

// forAdministrators refuses fields that only administrators can set.
func forAdministrators(fields ...string) error {
	denied := fault.Denied(i18n.M("This token may not set all of these."))
	for _, f := range fields {
		denied.Fields = append(denied.Fields, fault.F(f, i18n.M("Only administrators can set this.")))
	}
	return denied
}

func auditChange(ctx context.Context, tx *db.Tx, a person.Actor, was person.Person, c person.Change) error {
	remote := callOf(ctx).remote
	if c.Role != nil && *c.Role != was.Role {
		if err := person.Audit(ctx, tx, a, "role changed", thing(was.ID), string(was.Role)+" to "+string(*c.Role), remote); err != nil {
			return err
		}
	}
	if c.Active == nil || *c.Active == was.Active {
		return nil
	}
	action := "person deactivated"
	if *c.Active {
		action = "person activated"
	}
	return person.Audit(ctx, tx, a, action, thing(was.ID), "", remote)
}

func localeFaults(lang, zone string) []fault.Field {
	var wrong []fault.Field
	var known []string
	for _, l := range i18n.Languages() {
		known = append(known, l.Code)
	}
	if lang != "" && !slices.Contains(known, lang) {
		wrong = append(wrong, fault.F("language", i18n.M("Please choose one of: {{.Values}}.", "Values", strings.Join(known, ", "))))
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		wrong = append(wrong, fault.F("zone", i18n.M("This time zone is not known. One looks like Europe/Berlin.")))
	}
	return wrong
}

func or(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
