package demodata

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"
)

//go:embed *.json threads/*.txt
var files embed.FS

type desk struct {
	people        []Person
	byKey         map[string]Person
	organisations []Organisation
	teams         []Team
	mailboxes     []Mailbox
	stories       []story
	threads       []Thread
}

var loaded = sync.OnceValue(func() *desk {
	d, err := load(files)
	if err != nil {
		panic("demodata: the embedded files are broken: " + err.Error())
	}
	return d
})

// People lists everybody: requesters, agents, leads and the administrator. The slices that this package gives are shared: do not change them.
// All functions that read the embedded files panic if those are broken, which the tests rule out.
func People() []Person { return loaded().people }

// Organisations lists the firm and its clients.
func Organisations() []Organisation { return loaded().organisations }

// Teams lists the teams of the desk, one of them private.
func Teams() []Team { return loaded().teams }

// Mailboxes lists the addresses of the desk.
func Mailboxes() []Mailbox { return loaded().mailboxes }

// Threads lists the hand-written conversations as they stand in the files, without variations.
func Threads() []Thread { return loaded().threads }

func load(fsys fs.FS) (*desk, error) {
	d := &desk{byKey: map[string]Person{}}
	for name, to := range map[string]any{
		"people.json": &d.people, "organisations.json": &d.organisations, "teams.json": &d.teams, "mailboxes.json": &d.mailboxes,
	} {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		if err := json.Unmarshal(raw, to); err != nil {
			return nil, fmt.Errorf("decode %s: %w", name, err)
		}
	}
	for _, p := range d.people {
		d.byKey[p.Key] = p
	}
	names, err := fs.Glob(fsys, "threads/*.txt")
	if err != nil {
		return nil, fmt.Errorf("list threads: %w", err)
	}
	for _, name := range names {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		stories, err := parseStories(string(raw))
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		d.stories = append(d.stories, stories...)
	}
	for _, s := range d.stories {
		thread, err := d.tell(s, variant{}, nil)
		if err != nil {
			return nil, fmt.Errorf("tell %q: %w", s.subject, err)
		}
		d.threads = append(d.threads, thread)
	}
	return d, nil
}
