package app

import "maps"

func init() { maps.Copy(permissions, permissionsAfter) }

// permissionsAfter are the rows of what comes after solving.
var permissionsAfter = map[string]string{
	"GET /answers": "signed in", "GET /requests/{number}/worked": "its requesters", "POST /requests/{number}/worked": "its requesters",
	"GET /fix-notes": "staff", "POST /fix-notes/asked/skip": "staff", "POST /fix-notes/setting": "administrator",
	"GET /tickets/{number}/fix-note": "its staff", "POST /tickets/{number}/fix-note": "its staff", "POST /tickets/{number}/fix-note/skip": "its staff",
}
