// Package markdown parts a text into blocks, says of each what it shows, and writes those that were changed as Markdown again, so that the
// same text can be written by who knows Markdown and by who does not.
//
//	blocks := markdown.Blocks("# Toner\n\nOpen the *lid*.\n")
//	// change blocks[1].Node …
//	text, err := markdown.Join([]markdown.Piece{{Source: blocks[0].Source, At: 0}, {Node: blocks[1].Node, At: -1}})
//
// Invariants: the sources of all blocks in their order are the text, byte by byte; a block that is not changed is never written anew; a block
// of which the writer would make something else than it was is given as it stands (RawBlock), to be changed as Markdown alone.
package markdown

import (
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
)

// Engine reads Markdown: CommonMark with GitHub's tables, strikethrough, task lists and bare addresses, footnotes and definition lists. HTML
// that stands in a text comes through: whoever shows the result cleans it.
var Engine = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList), goldmark.WithParserOptions(parser.WithAutoHeadingID()), goldmark.WithRendererOptions(html.WithUnsafe()))
})

// Block is a piece of a text that stands for itself.
type Block struct {
	// Source is the piece as it is written, with the empty lines behind it.
	Source string `json:"source"`
	// Node is what it shows.
	Node Node `json:"node"`
}

// Node is a piece of a document, in the form in which the editor in the browser keeps it.
type Node struct {
	Type    string `json:"type"`
	Attrs   Attrs  `json:"attrs,omitzero"`
	Content []Node `json:"content,omitempty"`
	Text    string `json:"text,omitempty"`
	Marks   []Mark `json:"marks,omitempty"`
}

// Mark is what is said of a run of text.
type Mark struct {
	Type  string `json:"type"`
	Attrs Attrs  `json:"attrs,omitzero"`
}

// Attrs are what is known of a node or a mark; each kind uses some of them.
type Attrs struct {
	Level   int    `json:"level,omitempty"`   // Heading
	Order   *int   `json:"order,omitempty"`   // OrderedList: its first number
	Loose   bool   `json:"loose,omitempty"`   // lists: with empty lines between the items
	Marker  string `json:"marker,omitempty"`  // lists: what stands before the items
	Checked string `json:"checked,omitempty"` // ListItem: "yes", "no", or "" for one that is no task
	Params  string `json:"params,omitempty"`  // CodeBlock: what is said of it
	Source  string `json:"source,omitempty"`  // RawBlock, RawInline
	Src     string `json:"src,omitempty"`     // Image
	Alt     string `json:"alt,omitempty"`
	Title   string `json:"title,omitempty"` // Image, Link
	Href    string `json:"href,omitempty"`  // Link
	Align   string `json:"align,omitempty"` // cells: "left", "center", "right"
}

// The kinds of nodes.
const (
	Paragraph   = "paragraph"
	Heading     = "heading"
	Quotation   = "blockquote"
	BulletList  = "bullet_list"
	OrderedList = "ordered_list"
	ListItem    = "list_item"
	CodeBlock   = "code_block"
	Rule        = "horizontal_rule"
	Table       = "table"
	TableRow    = "table_row"
	TableHeader = "table_header"
	TableCell   = "table_cell"
	RawBlock    = "raw_block" // Markdown that is shown and not changed here
	Text        = "text"
	Image       = "image"
	HardBreak   = "hard_break"
	RawInline   = "raw_inline"
)

// The kinds of marks. Soft is a space that is a line's end in the source.
const (
	Strong = "strong"
	Em     = "em"
	Strike = "strike"
	Code   = "code"
	Link   = "link"
	Soft   = "soft"
)
