package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"goodturn/internal/app"
	"goodturn/internal/db"
	"goodturn/internal/person"
)

type personCmd struct {
	Add personAddCmd `cmd:"" help:"Add a person, staff or requester."`
}

type personAddCmd struct {
	store
	Email         string   `help:"The mail address." required:""`
	Name          string   `help:"The name; without it the part before the @."`
	Role          string   `help:"requester, agent, lead or administrator." enum:"requester,agent,lead,administrator" default:"requester"`
	Team          []string `help:"Short name of a team to belong to; may be given more than once."`
	PasswordStdin bool     `help:"Read a password from the first line of standard input."`
	JSON          bool     `help:"Print the person as JSON."`
}

func (c personAddCmd) Run(ctx context.Context) error {
	a, err := app.Open(ctx, c.config())
	if err != nil {
		return err
	}
	defer a.Close()
	var p person.Person
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if p, err = person.Create(ctx, tx, person.New{Name: c.Name, Addresses: []string{c.Email}, Role: person.Role(c.Role), Verified: true}); err != nil {
			return err
		}
		for _, slug := range c.Team {
			if err := join(ctx, tx, slug, p.ID); err != nil {
				return err
			}
		}
		return person.Audit(ctx, tx, person.Nobody, "person added", fmt.Sprintf("person %d", p.ID), string(p.Role)+", on the command line", "")
	})
	if err != nil {
		return err
	}
	if c.PasswordStdin {
		line, _ := bufio.NewReader(os.Stdin).ReadString('\n')
		if err := a.Door.SetPassword(ctx, p.ID, strings.TrimRight(line, "\r\n")); err != nil {
			return err
		}
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(map[string]any{"id": p.ID, "name": p.Name, "email": p.Address, "role": p.Role})
	}
	fmt.Printf("%s <%s> is known as %s.\n", p.Name, p.Address, p.Role)
	return nil
}

func join(ctx context.Context, tx *db.Tx, slug string, id int64) error {
	t, err := person.TeamBySlug(ctx, tx, person.System, slug)
	if err != nil {
		return err
	}
	members, err := person.Members(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	return person.SetMembers(ctx, tx, t.ID, append(members, id))
}

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make a token and print it, alone."`
}

type tokenCreateCmd struct {
	store
	Person   string `help:"Address of the person whose rights it carries." required:"" placeholder:"EMAIL"`
	Name     string `help:"What it is for." default:"command line"`
	Role     string `help:"Narrow it to this role." enum:",requester,agent,lead,administrator" default:""`
	ReadOnly bool   `help:"It may look and change nothing."`
	Days     int    `help:"How many days it lives." default:"90"`
	JSON     bool   `help:"Print it as JSON."`
}

func (c tokenCreateCmd) Run(ctx context.Context) error {
	a, err := app.Open(ctx, c.config())
	if err != nil {
		return err
	}
	defer a.Close()
	var token string
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := person.FindByAddress(ctx, tx, c.Person)
		if err != nil {
			return coded{fmt.Errorf("nobody with the address %s is known; add them with goodturn person add", c.Person), exitUnknown}
		}
		token, err = person.CreateToken(ctx, tx, person.Nobody, person.Token{PersonID: p.ID, Name: c.Name, Role: person.Role(c.Role), ReadOnly: c.ReadOnly}, time.Duration(c.Days)*24*time.Hour, "")
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(map[string]string{"token": token})
	}
	fmt.Println(token)
	return nil
}
