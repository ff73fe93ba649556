// Package ui holds what the pages of Goodturn are made of: style sheets, scripts, icons and the small components
// (a button, a field, a moment in time) that every page shares.
//
// The sheets in css/ are plain CSS in four cascade layers (tokens, base, components, pages), so a colour is changed in
// one file without a build step. The scripts in js/ are ES modules, one behaviour a file; all of them only add comfort,
// and each page works as a plain form without them. At start the files of a bundle are joined, compressed once and
// served under a name that carries their hash:
//
//	mux.Handle("GET /assets/", ui.Handler())
//	<link rel="stylesheet" href={ ui.URL("desk.css") }/>
//
// Invariants: no inline style, no inline script and no event attribute anywhere, so the pages' policy can forbid all
// three; a component escapes what it shows; colour never carries a meaning alone; every string goes through i18n.
package ui
