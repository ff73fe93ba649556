package api

import (
	"context"
	"fmt"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// Person is somebody known to the desk.
type Person struct {
	ID           int64    `json:"id"`
	Name         string   `json:"name"`
	Email        *string  `json:"email" doc:"The address of record."`
	Emails       []string `json:"emails" nullable:"false" doc:"All addresses, that of record first."`
	Role         string   `json:"role" enum:"requester,agent,lead,administrator"`
	Language     string   `json:"language" doc:"Empty: that of the browser." example:"de"`
	Zone         string   `json:"zone" doc:"An IANA time zone. Empty: the desk's." example:"Europe/Berlin"`
	Organisation *string  `json:"organisation" doc:"Its name."`
	Active       bool     `json:"active"`
	MergedInto   *int64   `json:"merged_into" doc:"The id of the person that this one has become part of."`
	CreatedAt    Time     `json:"created_at"`
}

// Me is whose token it is.
type Me struct {
	Person
	Token Token `json:"token"`
}

// Token is the token of a call. Its role may be lower than its person's.
type Token struct {
	Name      string `json:"name"`
	Role      string `json:"role" enum:"requester,agent,lead,administrator"`
	ReadOnly  bool   `json:"read_only"`
	ExpiresAt Time   `json:"expires_at"`
}

// peopleOut writes people, with two queries more for all of them.
func peopleOut(ctx context.Context, tx *db.Tx, all []person.Person) ([]Person, error) {
	ids, organisations := make([]int64, len(all)), make([]int64, len(all))
	for i, p := range all {
		ids[i], organisations[i] = p.ID, p.OrganisationID
	}
	emails, err := addressesByPerson(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	names, err := organisationNames(ctx, tx, organisations)
	if err != nil {
		return nil, err
	}
	out := make([]Person, len(all))
	for i, p := range all {
		out[i] = Person{
			ID: p.ID, Name: p.Name, Email: textOrNull(p.Address), Emails: emails[p.ID], Role: string(p.Role), Language: p.Language, Zone: p.Zone,
			Organisation: textOrNull(names[p.OrganisationID]), Active: p.Active, CreatedAt: Time(p.CreatedAt),
		}
		if out[i].Emails == nil {
			out[i].Emails = []string{}
		}
		if p.MergedInto != 0 {
			out[i].MergedInto = &p.MergedInto
		}
	}
	return out, nil
}

func addressesByPerson(ctx context.Context, tx *db.Tx, ids []int64) (map[int64][]string, error) {
	type row struct {
		PersonID int64
		Address  string
	}
	out := map[int64][]string{}
	if ids = padded(ids); len(ids) == 0 {
		return out, nil
	}
	var args db.Args
	rows, err := db.All[row](ctx, tx, `SELECT person_id, address FROM person_address WHERE person_id IN (`+db.List(&args, ids)+`) ORDER BY person_id, first DESC, address`, args...)
	for _, r := range rows {
		out[r.PersonID] = append(out[r.PersonID], r.Address)
	}
	return out, err
}

func organisationNames(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]string, error) {
	type row struct {
		ID   int64
		Name string
	}
	out := map[int64]string{}
	if ids = padded(ids); len(ids) == 0 {
		return out, nil
	}
	var args db.Args
	rows, err := db.All[row](ctx, tx, `SELECT id, name FROM organisation WHERE id IN (`+db.List(&args, ids)+`)`, args...)
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, err
}

func onePerson(ctx context.Context, tx *db.Tx, id int64) (Person, error) {
	p, err := person.Get(ctx, tx, id)
	if err != nil {
		return Person{}, err
	}
	all, err := peopleOut(ctx, tx, []person.Person{p})
	if err != nil {
		return Person{}, err
	}
	return all[0], nil
}

// ByID is the part of a call that names a person.
type ByID struct {
	ID int64 `path:"id" minimum:"1" doc:"The id of the person."`
}

func (s *server) showPerson(ctx context.Context, in *ByID) (*bodyOf[Person], error) {
	out := &bodyOf[Person]{}
	return out, s.read(ctx, func(tx *db.Tx, _ person.Actor) (err error) {
		out.Body, err = onePerson(ctx, tx, in.ID)
		return err
	})
}

func (s *server) me(ctx context.Context, _ *nothing) (*bodyOf[Me], error) {
	out := &bodyOf[Me]{}
	return out, s.read(ctx, func(tx *db.Tx, a person.Actor) (err error) {
		_, t, err := person.TokenActor(ctx, tx, callOf(ctx).token)
		if err != nil {
			return err
		}
		out.Body.Token = Token{Name: t.Name, Role: string(a.Role), ReadOnly: a.ReadOnly, ExpiresAt: Time(t.ExpiresAt)}
		out.Body.Person, err = onePerson(ctx, tx, a.ID)
		return err
	})
}

type listPeople struct {
	Q      string `query:"q" doc:"The beginnings of words of a name or an address; found are the newest 1,000." example:"hana sat"`
	Cursor string `query:"cursor" doc:"next of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (s *server) listPeople(ctx context.Context, in *listPeople) (*bodyOf[Page[Person]], error) {
	from, err := before(in.Cursor)
	if err != nil {
		return nil, err
	}
	out := &bodyOf[Page[Person]]{}
	return out, s.read(ctx, func(tx *db.Tx, _ person.Actor) error {
		found, err := in.find(ctx, tx, from)
		if err != nil {
			return err
		}
		if len(found) > in.Limit {
			found = found[:in.Limit]
			next := fmt.Sprint(found[in.Limit-1].ID)
			out.Body.Next = &next
		}
		out.Body.Items, err = peopleOut(ctx, tx, found)
		return err
	})
}

// find gives the people with ids below from (0: all), newest first, one more than a page when there are.
func (in *listPeople) find(ctx context.Context, tx *db.Tx, from int64) ([]person.Person, error) {
	if in.Q == "" {
		return person.List(ctx, tx, from, in.Limit+1)
	}
	if from == 0 {
		return person.Find(ctx, tx, in.Q, in.Limit+1)
	}
	all, err := person.Find(ctx, tx, in.Q, search.MaxHits)
	for i, p := range all {
		if p.ID < from {
			return all[i:], err
		}
	}
	return nil, err
}
