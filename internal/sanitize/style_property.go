package sanitize

import "strings"

const (
	borderStyles = " none hidden dotted dashed solid double groove ridge inset outset "
	borderWords  = borderStyles + "thin medium thick "
)

// properties are those that a mail may set. What is not here is dropped: everything that positions, stacks, moves, loads,
// generates text or reacts.
var properties = func() map[string]property {
	all := map[string]property{
		"color":            {colour: true},
		"background-color": {colour: true},

		"font":            {words: " * ", high: 96, percent: true, fraction: true, factor: 1000, strings: true, slash: true, most: 24},
		"font-family":     {words: " * ", strings: true, slash: true, most: 24},
		"font-size":       {words: " xx-small x-small small medium large x-large xx-large smaller larger ", high: 96, percent: true, fraction: true},
		"font-style":      {words: " normal italic oblique "},
		"font-weight":     {words: " normal bold bolder lighter ", factor: 1000},
		"font-variant":    {words: " normal small-caps "},
		"line-height":     {words: " normal ", high: 200, percent: true, fraction: true, factor: 5},
		"letter-spacing":  {words: " normal ", low: -2, high: 20},
		"word-spacing":    {words: " normal ", low: -2, high: 40},
		"text-align":      {words: " left right center justify start end "},
		"text-decoration": {words: " none underline line-through overline solid dotted dashed double wavy ", colour: true, most: 4},
		"text-transform":  {words: " none uppercase lowercase capitalize "},
		"text-indent":     {high: 200},
		"vertical-align":  {words: " baseline top middle bottom sub super text-top text-bottom ", low: -20, high: 20},
		"white-space":     {words: " normal nowrap pre pre-wrap pre-line "},
		"word-break":      {words: " normal break-all break-word keep-all "},
		"overflow-wrap":   {words: " normal break-word anywhere "},
		"word-wrap":       {words: " normal break-word "},
		"direction":       {words: " ltr rtl "},

		"width":           {words: " auto ", high: 4000, percent: true},
		"max-width":       {words: " none ", high: 4000, percent: true},
		"min-width":       {words: " auto ", high: 600, percent: true},
		"height":          {words: " auto ", high: 2000, percent: true},
		"padding":         {high: 400, percent: true, most: 4},
		"margin":          {words: " auto ", high: 400, percent: true, most: 4},
		"display":         {words: " block inline inline-block table table-row table-cell list-item "},
		"float":           {words: " left right none "},
		"clear":           {words: " left right both none "},
		"border":          {words: borderWords, colour: true, high: 40, most: 3},
		"border-color":    {colour: true, most: 4},
		"border-style":    {words: borderStyles, most: 4},
		"border-width":    {words: " thin medium thick ", high: 40, most: 4},
		"border-radius":   {high: 200, percent: true, most: 4},
		"border-collapse": {words: " collapse separate "},
		"border-spacing":  {high: 100, most: 2},
		"caption-side":    {words: " top bottom "},
		"empty-cells":     {words: " show hide "},
		"table-layout":    {words: " auto fixed "},
		"list-style":      {words: " none disc circle square decimal lower-alpha upper-alpha lower-roman upper-roman lower-latin upper-latin inside outside ", most: 2},
		"list-style-type": {words: " none disc circle square decimal lower-alpha upper-alpha lower-roman upper-roman lower-latin upper-latin "},
	}
	for _, side := range []string{"top", "right", "bottom", "left"} {
		all["padding-"+side] = property{high: 400, percent: true}
		all["margin-"+side] = property{words: " auto ", high: 400, percent: true}
		all["border-"+side] = all["border"]
		all["border-"+side+"-color"] = property{colour: true}
		all["border-"+side+"-style"] = property{words: borderStyles}
		all["border-"+side+"-width"] = property{words: " thin medium thick ", high: 40}
	}
	return all
}()

// colourNames are the names of CSS Color Module Level 4, §6.1, and two that every mail program of one maker writes.
var colourNames = func() map[string]bool {
	all := map[string]bool{}
	for name := range strings.FieldsSeq(`aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood cadetblue
		chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki
		darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise
		darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod
		gray green greenyellow grey honeydew hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue
		lightcoral lightcyan lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray
		lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple
		mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite
		navy oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink
		plum powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue
		slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white whitesmoke yellow
		yellowgreen transparent currentcolor windowtext window`) {
		all[name] = true
	}
	return all
}()

// plainColours are what mail programs write that mean no colour at all: dark on light. A mail that has no others is shown
// in the colours of the page.
var plainColours = map[string]string{
	"black": "color", "#000": "color", "#000000": "color", "windowtext": "color", "rgb(0,0,0)": "color", "rgb(0, 0, 0)": "color", "inherit": "color", "initial": "color",
	"white": "background-color", "#fff": "background-color", "#ffffff": "background-color", "window": "background-color", "transparent": "background-color",
	"rgb(255,255,255)": "background-color", "rgb(255, 255, 255)": "background-color",
}

// tint says what a declaration does to the colours of a mail: nothing, what is plain, or a colour of its own.
func (d declaration) tint() (coloured, plain bool) {
	switch d.property {
	case "color":
		plain = plainColours[d.value] == "color"
	case "background-color":
		plain = plainColours[d.value] == "background-color" || d.value == "inherit" || d.value == "initial"
	default:
		return false, false
	}
	return !plain, plain
}
