package ticket

import (
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/filter"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// assigneeField knows "me", "nobody", an address, and the beginning of a name of staff.
func assigneeField(n *narrowing, v filter.Value) (string, error) {
	typed := text(v)
	switch strings.ToLower(typed) {
	case "me":
		return "t.assignee_id = " + n.args.Add(n.actor.ID), nil
	case "nobody", "none":
		return "t.assignee_id IS NULL", nil
	}
	if strings.Contains(typed, "@") {
		return "t.assignee_id = (SELECT person_id FROM person_address WHERE address = " + n.args.Add(person.FoldAddress(typed)) + ")", nil
	}
	staff, err := person.Staff(n.ctx, n.tx)
	if err != nil {
		return "", err
	}
	var ids []int64
	names := []string{"me", "nobody"}
	for _, p := range staff {
		if begins(p.Name, typed) {
			ids = append(ids, p.ID)
		}
		names = append(names, strings.Fields(p.Name + " -")[0])
	}
	if len(ids) == 0 {
		return "", v.Wrong(i18n.M("Nobody at the desk is called “{{.Name}}”. assignee: takes me, nobody, a name, or an address such as amara@example.com.", "Name", oneLine(typed, 80)), filter.Nearest(typed, names)...)
	}
	return n.in("t.assignee_id", ids), nil
}

// begins tells whether a name has words that begin, one after the other, as those typed.
func begins(name, typed string) bool {
	words, wanted := search.Words(name), search.Words(typed)
	for i := 0; len(wanted) > 0 && i+len(wanted) <= len(words); i++ {
		if matchFrom(words[i:], wanted) {
			return true
		}
	}
	return false
}

func matchFrom(words, wanted []string) bool {
	for i, w := range wanted {
		if !strings.HasPrefix(words[i], w) {
			return false
		}
	}
	return true
}

// teamField knows the short names and the names of the teams that the actor may know of, and "mine".
func teamField(n *narrowing, v filter.Value) (string, error) {
	typed := text(v)
	if strings.EqualFold(typed, "mine") {
		ids, err := n.remembered("my teams", func() ([]int64, error) {
			return db.All[int64](n.ctx, n.tx, `SELECT team_id FROM team_member WHERE person_id = $1 ORDER BY team_id`, n.actor.ID)
		})
		return n.in("t.team_id", ids), err
	}
	teams, err := person.VisibleTeams(n.ctx, n.tx, n.actor)
	if err != nil {
		return "", err
	}
	known := []string{"mine"}
	for _, t := range teams {
		if strings.EqualFold(t.Slug, typed) || search.Fold(t.Name) == search.Fold(typed) {
			return "t.team_id = " + n.args.Add(t.ID), nil
		}
		known = append(known, t.Slug)
	}
	listed := strings.Join(known[:min(len(known), 12)], ", ")
	return "", v.Wrong(i18n.M("There is no team “{{.Name}}”. There are {{.Teams}}.", "Name", oneLine(typed, 80), "Teams", listed), filter.Nearest(typed, known)...)
}

// domainOf is the domain of an address in SQL, as the index on it has it: what is left without all that stands up to the @.
const domainOf = `replace(address, rtrim(address, replace(address, '@', '')), '')`

// requesterField knows "me", an address, all of a @domain, and the beginnings of a name.
func requesterField(n *narrowing, v filter.Value) (string, error) {
	typed := text(v)
	domain, atDomain := strings.CutPrefix(typed, "@")
	switch {
	case strings.EqualFold(typed, "me"):
		return "t.requester_id = " + n.args.Add(n.actor.ID), nil
	case atDomain:
		domain = person.FoldAddress(domain)
		ids, few, err := n.rare("domain "+domain, func(limit int) ([]int64, error) {
			return db.All[int64](n.ctx, n.tx, `SELECT person_id FROM person_address WHERE `+domainOf+` = $1 LIMIT $2`, domain, limit)
		})
		if err != nil || few {
			return n.in("t.requester_id", ids), err
		}
		plus := "" // so many people's tickets are not gathered, but met along the list
		if n.tx.Engine() == db.SQLite {
			plus = "+"
		}
		return plus + "t.requester_id IN (SELECT person_id FROM person_address WHERE " + domainOf + " = " + n.args.Add(domain) + ")", nil
	case strings.Contains(typed, "@"):
		return "t.requester_id = (SELECT person_id FROM person_address WHERE address = " + n.args.Add(person.FoldAddress(typed)) + ")", nil
	}
	ids, err := n.remembered("name "+typed, func() ([]int64, error) {
		people, err := person.Find(n.ctx, n.tx, typed, mostPeople)
		ids := make([]int64, len(people))
		for i, p := range people {
			ids[i] = p.ID
		}
		return ids, err
	})
	return n.in("t.requester_id", ids), err
}

// mostPeople is how many people of a name are looked for.
const mostPeople = 500

// organisationField knows "none" and the beginning of a name.
func organisationField(n *narrowing, v filter.Value) (string, error) {
	typed := text(v)
	if strings.EqualFold(typed, "none") {
		return "t.organisation_id IS NULL", nil
	}
	all, err := person.Organisations(n.ctx, n.tx)
	if err != nil {
		return "", err
	}
	var ids []int64
	var names []string
	for _, o := range all {
		switch {
		case search.Fold(o.Name) == search.Fold(typed):
			return "t.organisation_id = " + n.args.Add(o.ID), nil
		case begins(o.Name, typed) && len(ids) < mostPeople:
			ids = append(ids, o.ID)
		}
		names = append(names, o.Name)
	}
	if len(ids) == 0 {
		near := filter.Nearest(typed, names)
		for i, name := range near {
			near[i] = filter.Quote(name)
		}
		return "", v.Wrong(i18n.M("There is no organisation “{{.Name}}”.", "Name", oneLine(typed, 80)), near...)
	}
	return n.in("t.organisation_id", ids), nil
}

// mailboxField knows the addresses and names of mailboxes, but for those of teams that the actor must not know of.
func mailboxField(n *narrowing, v filter.Value) (string, error) {
	typed := text(v)
	type box struct {
		ID      int64
		Address string
		Name    string
		TeamID  int64
	}
	all, err := db.All[box](n.ctx, n.tx, `SELECT id, address, name, team_id FROM mailbox ORDER BY address`)
	if err != nil {
		return "", err
	}
	var ids []int64
	var known []string
	for _, b := range all {
		if slices.Contains(n.actor.Hidden, b.TeamID) {
			continue
		}
		local, _, _ := strings.Cut(b.Address, "@")
		if person.FoldAddress(typed) == b.Address || strings.EqualFold(typed, local) || search.Fold(b.Name) == search.Fold(typed) {
			ids = append(ids, b.ID)
		}
		known = append(known, b.Address)
	}
	if len(ids) == 0 {
		return "", v.Wrong(i18n.M("There is no mailbox “{{.Name}}”. There are {{.Mailboxes}}.", "Name", oneLine(typed, 80), "Mailboxes", strings.Join(known[:min(len(known), 12)], ", ")), filter.Nearest(typed, known)...)
	}
	return n.in("t.mailbox_id", ids), nil
}

// followerField knows "me" and an address.
func followerField(n *narrowing, v filter.Value) (string, error) {
	typed, who := text(v), n.actor.ID
	if !strings.EqualFold(typed, "me") {
		if !strings.Contains(typed, "@") {
			return "", v.Wrong(i18n.M("follower: takes me or an address, such as hana@example.com."), "me")
		}
		ids, err := db.All[int64](n.ctx, n.tx, `SELECT person_id FROM person_address WHERE address = $1`, person.FoldAddress(typed))
		if err != nil || len(ids) == 0 {
			return "FALSE", err
		}
		who = ids[0]
	}
	ids, few, err := n.rare("follower "+idText(who), func(limit int) ([]int64, error) {
		return db.All[int64](n.ctx, n.tx, `SELECT ticket_id FROM follower WHERE person_id = $1 ORDER BY ticket_id DESC LIMIT $2`, who, limit)
	})
	if err != nil || few {
		return n.in("t.id", ids), err
	}
	return "EXISTS (SELECT 1 FROM follower f WHERE f.ticket_id = t.id AND f.person_id = " + n.args.Add(who) + ")", nil
}
