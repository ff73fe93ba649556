package app

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// ImportSummary tells what an import did.
type ImportSummary struct {
	Tickets  int             `json:"tickets"`  // brought in now
	Skipped  int             `json:"skipped"`  // lines that an earlier run had brought in
	Problems []ImportProblem `json:"problems"` // lines that could not be used, the first hundred
}

// ImportProblem is a line that could not be used, and why.
type ImportProblem struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// jsonlTicket is a line: a ticket with its messages. prio is 1 low, 2 normal, 3 high; what is not open is
// closed; agent k is agentk@example.test, 0 nobody.
type jsonlTicket struct {
	Subject  string    `json:"subject"`
	Name     string    `json:"name"`
	Email    string    `json:"email"`
	Agent    int       `json:"agent"`
	Open     bool      `json:"open"`
	Prio     int       `json:"prio"`
	Created  time.Time `json:"created"`
	Messages []struct {
		From string    `json:"from"` // customer or agent
		Body string    `json:"body"`
		At   time.Time `json:"at"`
	} `json:"messages"`
}

const (
	importBatch    = 250
	importLine     = 32 << 20 // bytes
	importProblems = 100
)

// ImportJSONL brings in tickets, one JSON object a line. Each batch is one transaction that also notes
// how far the import has come, so that the same lines given again go on from there.
func (a *App) ImportJSONL(ctx context.Context, in io.Reader) (ImportSummary, error) {
	im := &jsonlImport{app: a, people: map[string]person.Person{}}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<20), importLine)
	for lines.Scan() {
		im.line++
		raw := bytes.TrimSpace(lines.Bytes())
		if im.line == 1 {
			if err := im.begin(ctx, raw); err != nil {
				return im.sum, err
			}
		}
		if im.line <= im.done {
			im.sum.Skipped++
			continue
		}
		if t, err := readJSONL(raw); err != nil {
			im.problem(err)
		} else if len(raw) > 0 {
			im.batch = append(im.batch, t)
		}
		if len(im.batch) == importBatch {
			if err := im.flush(ctx); err != nil {
				return im.sum, err
			}
		}
	}
	if err := lines.Err(); err != nil {
		return im.sum, fmt.Errorf("read line %d: %w", im.line+1, err)
	}
	return im.sum, im.flush(ctx)
}

func readJSONL(raw []byte) (t jsonlTicket, err error) {
	if len(raw) == 0 {
		return t, nil
	}
	if err := json.Unmarshal(raw, &t); err != nil {
		return t, fmt.Errorf("this is not a ticket in JSON: %w", err)
	}
	switch {
	case !person.ValidAddress(person.FoldAddress(t.Email)):
		return t, fmt.Errorf("email %q is not a mail address", t.Email)
	case len(t.Messages) == 0:
		return t, errors.New("there are no messages")
	case t.Created.IsZero():
		return t, errors.New("created is missing")
	}
	return t, nil
}

// jsonlImport is one run of an import.
type jsonlImport struct {
	app    *App
	name   string // of the setting that says how far it came
	done   int    // lines that earlier runs have dealt with
	line   int
	batch  []jsonlTicket
	people map[string]person.Person
	team   int64
	sum    ImportSummary
}

// begin finds out whether these lines were begun before; they are known by the first one.
func (im *jsonlImport) begin(ctx context.Context, first []byte) error {
	digest := sha256.Sum256(first)
	im.name = "import " + hex.EncodeToString(digest[:8])
	return im.app.DB.Read(ctx, func(tx *db.Tx) error {
		done, err := db.All[string](ctx, tx, `SELECT value FROM setting WHERE name = $1`, im.name)
		if err != nil {
			return err
		}
		if len(done) > 0 {
			im.done, err = strconv.Atoi(done[0])
		}
		if err != nil {
			return err
		}
		im.team, err = db.One[int64](ctx, tx, `SELECT id FROM team WHERE NOT private ORDER BY id LIMIT 1`)
		return err
	})
}

func (im *jsonlImport) problem(err error) {
	if len(im.sum.Problems) < importProblems {
		im.sum.Problems = append(im.sum.Problems, ImportProblem{Line: im.line, Reason: err.Error()})
	}
}

func (im *jsonlImport) flush(ctx context.Context) error {
	if im.line <= im.done {
		return nil
	}
	err := im.app.DB.Write(ctx, func(tx *db.Tx) error {
		past := make([]ticket.Past, len(im.batch))
		for i, t := range im.batch {
			var err error
			if past[i], err = im.past(ctx, tx, t); err != nil {
				clear(im.people) // some may have been made in this transaction
				return err
			}
		}
		if len(past) > 0 {
			if _, err := ticket.BringIn(ctx, tx, past); err != nil {
				clear(im.people)
				return err
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, im.name, strconv.Itoa(im.line))
		return err
	})
	if err != nil {
		return fmt.Errorf("bring in the tickets up to line %d: %w", im.line, err)
	}
	im.sum.Tickets += len(im.batch)
	im.batch = im.batch[:0]
	return nil
}

func (im *jsonlImport) past(ctx context.Context, tx *db.Tx, t jsonlTicket) (p ticket.Past, err error) {
	requester, err := im.person(ctx, tx, t.Name, t.Email, person.Requester)
	if err != nil {
		return p, err
	}
	p = ticket.Past{
		Subject: t.Subject, Status: ticket.Closed, Priority: ticket.Normal, Kind: ticket.Incident, Channel: ticket.ByMail, Team: im.team,
		Requester: requester.ID, Organisation: requester.OrganisationID, At: clock.From(t.Created),
	}
	if t.Open {
		p.Status = ticket.Open
	}
	switch t.Prio {
	case 1:
		p.Priority = ticket.Low
	case 3:
		p.Priority = ticket.High
	}
	agent := person.Person{}
	if t.Agent > 0 {
		if agent, err = im.person(ctx, tx, fmt.Sprintf("Agent %d", t.Agent), fmt.Sprintf("agent%d@example.test", t.Agent), person.Agent); err != nil {
			return p, err
		}
		p.Assignee = agent.ID
	}
	for _, m := range t.Messages {
		pm := ticket.PastMessage{Author: requester.ID, AuthorName: requester.Name, Inbound: true, Text: m.Body, At: clock.From(m.At)}
		if m.From == "agent" {
			pm.Author, pm.AuthorName, pm.Inbound = agent.ID, agent.Name, false
		}
		if pm.At == 0 {
			pm.At = p.At
		}
		p.Messages = append(p.Messages, pm)
	}
	return p, nil
}

func (im *jsonlImport) person(ctx context.Context, tx *db.Tx, name, address string, role person.Role) (person.Person, error) {
	if p, ok := im.people[address]; ok {
		return p, nil
	}
	p, err := person.FindByAddress(ctx, tx, address)
	if errors.Is(err, db.ErrNoRow) {
		p, err = person.Create(ctx, tx, person.New{Name: name, Addresses: []string{address}, Role: role})
	}
	if err == nil {
		im.people[address] = p
	}
	return p, err
}
