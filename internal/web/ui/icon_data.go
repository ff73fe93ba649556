package ui

import (
	"encoding/base64"
	"sync"
)

// IconData is the icon of the desk as a data: URI, for pages that must not cost the browser another request. A page
// that names no icon at all makes browsers ask for /favicon.ico.
var IconData = sync.OnceValue(func() string {
	svg, err := files.ReadFile("icon/icon.svg")
	if err != nil {
		panic(err)
	}
	return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg)
})
