package ticket

import (
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/filter"
	"goodturn/internal/i18n"
	"goodturn/internal/search"
)

// offered is a service by its names. What it asks and gives to tickets is kept by another package.
type offered struct {
	ID   int64
	Slug string
	Name string
}

// serviceField knows "none", "any", and the short names and names of services.
func serviceField(n *narrowing, v filter.Value) (string, error) {
	typed := text(v)
	switch strings.ToLower(typed) {
	case "none":
		return "t.service_id IS NULL", nil
	case "any":
		return "t.service_id IS NOT NULL", nil
	}
	all, err := db.All[offered](n.ctx, n.tx, `SELECT id, slug, name FROM service ORDER BY place, id`)
	if err != nil {
		return "", err
	}
	known := []string{"none", "any"}
	for _, s := range all {
		if strings.EqualFold(s.Slug, typed) || search.Fold(s.Name) == search.Fold(typed) {
			return n.ofService(s.ID)
		}
		known = append(known, s.Slug)
	}
	listed := strings.Join(known[:min(len(known), 12)], ", ")
	return "", v.Wrong(i18n.M("There is no service “{{.Name}}”. There are {{.Services}}.", "Name", oneLine(typed, 80), "Services", listed), filter.Nearest(typed, slices.Clip(known))...)
}

func (n *narrowing) ofService(id int64) (string, error) {
	ids, few, err := n.rare("service "+idText(id), func(limit int) ([]int64, error) {
		return db.All[int64](n.ctx, n.tx, `SELECT id FROM ticket WHERE service_id = $1 LIMIT $2`, id, limit)
	})
	if err != nil || few {
		return n.in("t.id", ids), err
	}
	return "t.service_id = " + n.args.Add(id), nil
}

func (c *completer) services() error {
	c.add("any", "")
	c.add("none", "")
	all, err := db.All[offered](c.ctx, c.tx, `SELECT id, slug, name FROM service ORDER BY place, id`)
	for _, s := range all {
		c.add(s.Slug, s.Name)
	}
	return err
}
