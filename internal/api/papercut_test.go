package api

import (
	"strings"
	"testing"
)

func TestPapercuts(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		const all = "/api/v1/papercuts"
		k.call("hana", "POST", all, m{}).problem(422, "body.text")
		k.call("hana", "POST", all, m{"text": strings.Repeat("word ", 80)}).problem(422, "body.text")
		k.call("reader", "POST", all, m{"text": "The lift plays music"}).problem(403)
		k.call("hana", "POST", all, m{"text": "The timesheet forgets my project", "place": "/requests"}).is(201).equal(false, "joined")
		k.call("amara", "POST", all, m{"text": "timesheet forgets projects"}).is(201)
		k.call("hana", "POST", all, m{"same": 99}).problem(404)
		k.call("hana", "GET", all, nil).problem(403)

		r := k.call("amara", "GET", all, nil).is(200)
		r.equal("The timesheet forgets my project", "items", 0, "title")
		r.equal(float64(2), "items", 0, "people")
		k.call("amara", "GET", all+"?q=elephants", nil).is(200).equal([]any{}, "items")
		k.call("amara", "GET", all+"?cursor=x", nil).problem(422, "query.cursor")

		one := all + "/1"
		k.call("hana", "PATCH", one, m{"state": "gone"}).problem(403)
		k.call("amara", "PATCH", one, m{"state": "stays"}).problem(422, "body.reason")
		k.call("amara", "PATCH", one, m{"state": "lost"}).problem(422, "body.state")
		k.call("amara", "PATCH", one, m{"title": "The timesheet forgets", "state": "gone", "reason": "Mended in version 3."}).is(200).equal("gone", "state")
		k.call("amara", "GET", one, nil).is(200).equal("The timesheet forgets", "title")
		k.call("amara", "GET", all, nil).is(200).equal([]any{}, "items")
		k.call("amara", "GET", all+"?state=gone", nil).is(200).equal("Mended in version 3.", "items", 0, "reason")
		k.call("amara", "GET", all+"/99", nil).problem(404)
	})
}
