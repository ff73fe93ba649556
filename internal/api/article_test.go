package api

import (
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/kb"
	"goodturn/internal/person"
)

func TestArticlesAreReadByWhoMay(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		k.must(k.db.Write(t.Context(), func(tx *db.Tx) error {
			for _, n := range []kb.New{
				{Title: "Set up the VPN", Body: "Open **Settings**.", Language: "en", Publish: true},
				{Title: "Unlock the VPN", Body: "For us alone.", Language: "en", Audience: kb.StaffOnly, Publish: true},
				{Title: "The next VPN", Body: "Not yet.", Language: "en"},
			} {
				if _, err := kb.Create(t.Context(), tx, person.System, n); err != nil {
					return err
				}
			}
			return nil
		}))
		r := k.call("hana", "GET", "/api/v1/articles/set-up-the-vpn", nil).is(200)
		r.equal("Open **Settings**.", "markdown")
		r.equal("<p>Open <strong>Settings</strong>.</p>\n", "html")
		for _, slug := range []string{"unlock-the-vpn", "the-next-vpn", "no-such"} {
			k.call("hana", "GET", "/api/v1/articles/"+slug, nil).problem(404)
		}
		k.call("amara", "GET", "/api/v1/articles/unlock-the-vpn", nil).is(200)
		k.call("amara", "GET", "/api/v1/articles/the-next-vpn", nil).problem(404)
		for _, list := range []string{"?q=vpn", ""} {
			k.call("hana", "GET", "/api/v1/articles"+list, nil).is(200).equal("set-up-the-vpn", "items", 0, "slug")
		}
		r = k.call("amara", "GET", "/api/v1/articles?limit=1", nil).is(200)
		r.equal("set-up-the-vpn", "items", 0, "slug")
		k.call("amara", "GET", "/api/v1/articles?limit=1&cursor=1", nil).is(200).equal("unlock-the-vpn", "items", 0, "slug")
		k.call("hana", "GET", "/api/v1/articles?cursor=x", nil).problem(422, "query.cursor")
	})
}
