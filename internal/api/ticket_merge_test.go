package api

import (
	"fmt"
	"testing"
)

func TestMergeAndLinks(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		made := func(email, text string) int64 {
			return int64(k.call("amara", "POST", "/api/v1/tickets", m{"text": text, "requester": m{"email": email}}).is(201).number("number"))
		}
		a, b, c := made("hana@example.com", "Half pages"), made("hana@example.com", "Half pages again"), made("stranger@elsewhere.example", "Mine too")
		at := fmt.Sprintf("/api/v1/tickets/%d", a)
		k.call("amara", "POST", at+"/merges", m{"from": []int64{b}}).is(201).equal(float64(a), "number").equal(float64(2), "message_count")
		k.call("amara", "GET", fmt.Sprintf("/api/v1/tickets/%d", b), nil).is(200).equal(float64(a), "merged_into").equal(nil, "turn")
		k.call("amara", "POST", at+"/merges", m{"from": []int64{a}}).problem(422, "body.from")
		k.call("amara", "POST", at+"/merges", m{"from": []int64{99999}}).problem(422, "body.from")
		k.call("amara", "POST", at+"/merges", m{"from": []int64{c}}).problem(422, "body.agree")
		k.call("amara", "POST", at+"/merges", m{"from": []int64{c}, "agree": true}).is(201).equal(float64(3), "message_count")
		k.call("amara", "DELETE", fmt.Sprintf("%s/merges/%d", at, c), nil).is(200).equal(nil, "merged_into").equal("new", "status")
		k.call("amara", "DELETE", fmt.Sprintf("%s/merges/%d", at, c), nil).problem(409)
		k.call("hana", "POST", at+"/merges", m{"from": []int64{c}}).problem(403)

		k.call("amara", "POST", at+"/links", m{"kind": "child", "ticket": c}).is(201).equal("child", "items", 0, "kind")
		k.call("amara", "POST", at+"/links", m{"kind": "parent", "ticket": c}).problem(422, "body.ticket")
		k.call("amara", "GET", fmt.Sprintf("/api/v1/tickets/%d/links", c), nil).is(200).equal("parent", "items", 0, "kind").equal(float64(a), "items", 0, "ticket", "number")
		k.call("amara", "POST", at+"/links", m{"kind": "child", "ticket": c, "remove": true}).is(201).equal([]any{}, "items")
	})
}
