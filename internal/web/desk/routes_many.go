package desk

import "goodturn/internal/web/page"

// manyRoutes are the addresses for doing much at once: changes of many tickets, and macros.
func (d *Desk) manyRoutes() []page.Route {
	return append(d.macroArticleRoutes(), []page.Route{
		{Pattern: "GET /bulk", Handle: d.bulks},
		{Pattern: "POST /bulk", Handle: d.changeMany},
		{Pattern: "GET /bulk/{id}", Handle: d.bulkPage},
		{Pattern: "POST /bulk/{id}/undo", Handle: d.undoBulk},
		{Pattern: "POST /bulk/{id}/stop", Handle: d.stopBulk},
		{Pattern: "POST /bulk/{id}/go", Handle: d.bulkGoesOn},
		{Pattern: "GET /macros", Handle: d.macros},
		{Pattern: "POST /macros", Handle: d.saveMacro},
		{Pattern: "GET /macros/new", Handle: d.newMacro},
		{Pattern: "GET /macros/{id}", Handle: d.macroPage},
		{Pattern: "POST /macros/{id}", Handle: d.saveMacro},
		{Pattern: "POST /macros/{id}/removal", Handle: d.removeMacro},
		{Pattern: "POST /macros/{id}/restore", Handle: d.restoreMacro},
		{Pattern: "GET /tickets/{number}/macros", Handle: d.pickMacro},
		{Pattern: "GET /tickets/{number}/mentions", Handle: d.mentionList},
		{Pattern: "POST /tickets/{number}/macros", Handle: d.useMacro},
	}...)
}
