package sla

import (
	"context"
	"reflect"
	"slices"

	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// policySet is the policies as they were at one moment, ready to be asked. It is never changed; what is found later is kept beside it.
type policySet struct {
	version   int64 // the newest version of any policy
	active    []readyPolicy
	calendars *calendar.Store
	versions  map[int64]Policy // those that clocks were met with
}

type readyPolicy struct {
	Policy
	applies ticket.Condition
}

// promised are terms in force.
type promised struct {
	ref TermsRef
	Terms
	when *calendar.Calendar
}

// setNote is the key under which a transaction remembers the set.
type setNote struct{}

// policies gives the set that counts now. Reading one number, once a transaction, tells whether it is still the one that is known.
func (k *Keeper) policies(ctx context.Context, tx *db.Tx) (*policySet, error) {
	if set, known := tx.Notes()[setNote{}].(*policySet); known {
		return set, nil
	}
	set, err := k.readPolicies(ctx, tx)
	if err == nil {
		tx.Notes()[setNote{}] = set
	}
	return set, err
}

func (k *Keeper) readPolicies(ctx context.Context, tx *db.Tx) (*policySet, error) {
	version, err := db.One[int64](ctx, tx, `SELECT coalesce(max(id), 0) FROM sla_policy_version`)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	set := k.set
	k.mu.Unlock()
	if set != nil && set.version == version {
		return set.fresh(), nil
	}
	set = &policySet{version: version, calendars: k.Calendars}
	all, err := All(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if !p.Active {
			continue
		}
		c, err := ticket.NewCondition(p.Filter)
		if err != nil {
			k.Log.Error("the filter of a policy cannot be read", "policy", p.ID, "error", err)
			continue
		}
		set.active = append(set.active, readyPolicy{p, c})
	}
	k.mu.Lock()
	k.set = set
	k.mu.Unlock()
	return set.fresh(), nil
}

// fresh is the set with a memory of its own.
func (s *policySet) fresh() *policySet {
	return &policySet{version: s.version, active: s.active, calendars: s.calendars, versions: map[int64]Policy{}}
}

// at gives a policy as it was in one of its versions.
func (s *policySet) at(ctx context.Context, tx *db.Tx, version int64) (Policy, error) {
	if p, known := s.versions[version]; known {
		return p, nil
	}
	for _, p := range s.active {
		if p.VersionID == version {
			return p.Policy, nil
		}
	}
	r, err := db.One[versionRow](ctx, tx, `SELECT `+versionColumns+` FROM sla_policy_version v WHERE v.id = $1`, version)
	if err != nil {
		return Policy{}, err
	}
	p, err := r.open()
	s.versions[version] = p
	return p, err
}

// terms gives the terms that a reference names.
func (s *policySet) terms(ctx context.Context, tx *db.Tx, ref TermsRef) (promised, error) {
	if ref.Policy == 0 {
		return promised{}, nil
	}
	p, err := s.at(ctx, tx, ref.Version)
	if err != nil {
		return promised{}, err
	}
	when, err := ref.calendar(ctx, tx, s.calendars)
	return promised{ref: ref, Terms: p.Terms, when: when}, err
}

// calendarOf gives the calendar that a clock runs in.
func (s *policySet) calendarOf(ctx context.Context, tx *db.Tx, c *Clock) (*calendar.Calendar, error) {
	return ReadTerms(c.Terms).calendar(ctx, tx, s.calendars)
}

// calendar gives the time that counts.
func (r TermsRef) calendar(ctx context.Context, tx *db.Tx, store *calendar.Store) (*calendar.Calendar, error) {
	if len(r.Calendars) == 0 {
		return calendar.Always(), nil
	}
	return store.Together(ctx, tx, r.Calendars)
}

// ref names the terms of a policy's version with its calendars as they are now.
func (t Terms) ref(ctx context.Context, tx *db.Tx, store *calendar.Store, policy, version int64) (TermsRef, error) {
	r := TermsRef{Policy: policy, Version: version}
	if t.Wall {
		return r, nil
	}
	var err error
	r.Calendars, err = store.Current(ctx, tx, t.Calendars)
	return r, err
}

// choose finds the policies that count for the ticket now, and writes on the spine what has changed.
func (h *hand) choose() error {
	if h.t.Turn.Aside() {
		return nil
	}
	facts, err := ticket.FactsOf(h.ctx, h.tx, h.t)
	if err != nil {
		return err
	}
	found := map[Level]string{}
	for _, p := range h.set.active {
		if found[p.Level] != "" {
			continue
		}
		holds, err := ticket.Holds(h.ctx, h.tx, person.System, &facts, p.applies)
		if _, wrong := ticket.FilterError(err); wrong { // a team or a person that it names is gone: it is no longer about any ticket
			holds, err = false, nil
		}
		if err != nil {
			return err
		}
		if holds {
			if found[p.Level], err = h.refOf(p.Policy); err != nil {
				return err
			}
		}
	}
	changed := false
	for _, l := range Levels() {
		if found[l] == h.terms[l] {
			continue
		}
		if err := h.k.Desk.Promise(h.ctx, h.tx, h.t.ID, ticket.TermsChanged, h.terms[l], found[l], string(l)); err != nil {
			return err
		}
		h.terms[l], changed = found[l], true
	}
	if !changed {
		return nil
	}
	h.known = true
	_, err = h.tx.Exec(h.ctx, `INSERT INTO sla_ticket (ticket_id, sla, ola) VALUES ($1, $2, $3) ON CONFLICT (ticket_id) DO UPDATE SET sla = excluded.sla, ola = excluded.ola`,
		h.t.ID, h.terms[ToRequesters], h.terms[BetweenTeams])
	return err
}

// refOf names a policy's terms: by the version that the ticket has, when nothing that is promised has changed since.
func (h *hand) refOf(p Policy) (string, error) {
	now, err := p.ref(h.ctx, h.tx, h.set.calendars, p.ID, p.VersionID)
	if err != nil {
		return "", err
	}
	had := ReadTerms(h.terms[p.Level])
	if had.Policy != p.ID || !slices.Equal(had.Calendars, now.Calendars) {
		return now.String(), nil
	}
	was, err := h.set.at(h.ctx, h.tx, had.Version)
	if err == nil && reflect.DeepEqual(was.Terms, p.Terms) {
		now.Version = had.Version
	}
	return now.String(), err
}

// termsOf gives the terms in force for a promise.
func (h *hand) termsOf(p Promise) (promised, error) {
	l := ToRequesters
	if p == InTeam {
		l = BetweenTeams
	}
	return h.set.terms(h.ctx, h.tx, ReadTerms(h.terms[l]))
}
