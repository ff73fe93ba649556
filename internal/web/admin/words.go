package admin

import (
	"context"
	"strconv"
	"strings"

	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/ui"
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// path is the address of a thing: path("/admin/teams", 3, "members").
func path(at section, id int64, more ...string) string {
	return strings.Join(append([]string{string(at), decimal(id)}, more...), "/")
}

// Details of the audit record stay short, whatever was typed.
const maxDetail = 500

func cutDetail(s string) string {
	if len(s) <= maxDetail {
		return s
	}
	return strings.ToValidUTF8(s[:maxDetail], "") + "…"
}

// change says in the audit record what became of one property; "" when nothing did.
func change(what, was, is string) string {
	if was == is {
		return ""
	}
	if was == "" {
		was = "none"
	}
	if is == "" {
		is = "none"
	}
	return what + ": " + was + " → " + is
}

// changes joins those that say something.
func changes(parts ...string) string {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, "; ")
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func roleWord(ctx context.Context, r person.Role) string {
	switch r {
	case person.Agent:
		return i18n.C(ctx, "role", "agent")
	case person.Lead:
		return i18n.C(ctx, "role", "lead")
	case person.Administrator:
		return i18n.C(ctx, "role", "administrator")
	}
	return i18n.C(ctx, "role", "requester")
}

// roleChoices offers the roles; more stands before them, such as "all roles".
func roleChoices(ctx context.Context, chosen string, more ...ui.Choice) []ui.Choice {
	for _, r := range person.Roles() {
		more = append(more, ui.Choice{Value: string(r), Label: roleWord(ctx, r), Chosen: string(r) == chosen})
	}
	return more
}

func validRole(r string) bool {
	for _, x := range person.Roles() {
		if string(x) == r {
			return true
		}
	}
	return false
}
