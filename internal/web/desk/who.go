package desk

import (
	"context"
	"errors"
	"net/mail"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

func isNoRow(err error) bool { return errors.Is(err, db.ErrNoRow) }

// whoIs finds out who is meant: by an address, alone or after a name ("Hana Sato <hana@example.com>"), or by the whole
// name of somebody known. Somebody with an unknown address is added; somebody of whom there is only a name that nobody
// has is added where nameless says so. A name that may mean somebody known is asked about, because a wrong guess would
// show one person's ticket to another. What is wrong is a field error of "who".
func whoIs(ctx context.Context, tx *db.Tx, typed string, byName bool) (person.Person, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return person.Person{}, wrongWho(i18n.M("Please say who: a name or an address."))
	}
	if strings.Contains(typed, "@") {
		c, ok := contactOf(typed)
		if !ok {
			return person.Person{}, wrongWho(i18n.M("“{{.Address}}” is not a mail address. One looks like name@example.com.", "Address", typed))
		}
		p, err := person.ByAddress(ctx, tx, c)
		if f, ok := fault.Of(err); ok && len(f.Fields) > 0 {
			err = wrongWho(f.Fields[0].Message)
		}
		return p, err
	}
	return byTheName(ctx, tx, typed, byName)
}

func wrongWho(m i18n.Text) error { return fault.Invalid(fault.F("who", m)) }

// contactOf reads an address, alone or after a name.
func contactOf(typed string) (person.Contact, bool) {
	if a := person.FoldAddress(typed); person.ValidAddress(a) {
		return person.Contact{Address: a}, true
	}
	// People type names with marks that a mail's header would have to quote, so only the part in <> is read strictly.
	name, rest, found := strings.Cut(typed, "<")
	address, after, closed := strings.Cut(rest, ">")
	if a := person.FoldAddress(address); found && closed && strings.TrimSpace(after) == "" && person.ValidAddress(a) {
		return person.Contact{Name: strings.Trim(strings.TrimSpace(name), `"`), Address: a}, true
	}
	if p, err := mail.ParseAddress(typed); err == nil {
		if a := person.FoldAddress(p.Address); person.ValidAddress(a) {
			return person.Contact{Name: p.Name, Address: a}, true
		}
	}
	return person.Contact{}, false
}

const maxGuesses = 20

func byTheName(ctx context.Context, tx *db.Tx, typed string, create bool) (person.Person, error) {
	typed = person.CleanName(typed)
	found, err := person.Find(ctx, tx, typed, maxGuesses)
	if err != nil {
		return person.Person{}, err
	}
	var same, like []person.Person
	for _, p := range found {
		if !p.Active || p.MergedInto != 0 {
			continue
		}
		if search.Fold(p.Name) == search.Fold(typed) {
			same = append(same, p)
		}
		like = append(like, p)
	}
	switch {
	case len(same) == 1:
		return same[0], nil
	case len(same) > 1:
		return person.Person{}, wrongWho(i18n.M("{{.Count}} people are called {{.Name}}. Please choose an address from the list, or type it.", "Count", len(same), "Name", typed))
	case len(like) > 0:
		return person.Person{}, wrongWho(i18n.M("Is it {{.Name}}? Please choose from the list, or type the whole name or an address.", "Name", called(like[0])))
	case !create:
		return person.Person{}, wrongWho(i18n.M("Nobody here is called {{.Name}}. Please type an address.", "Name", typed))
	}
	return person.Create(ctx, tx, person.New{Name: typed, Role: person.Requester})
}

// called is a person with the address that tells them from others of the name.
func called(p person.Person) string {
	if p.Address == "" || p.Address == p.Name {
		return p.Name
	}
	return p.Name + " <" + p.Address + ">"
}
