package mailmsg

import (
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
)

const (
	rtfCompressed   = 0x75465A4C // "LZFu"
	rtfUncompressed = 0x414C454D // "MELA"
)

// rtfPreset is the text that fills the dictionary before the first byte
// ([MS-OXRTFCP] §2.1.2.1).
const rtfPreset = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"

var errRTF = errors.New("not a compressed RTF stream")

// inflateRTF undoes the RTF compression of [MS-OXRTFCP].
func inflateRTF(b []byte) ([]byte, error) {
	if len(b) < 16 {
		return nil, errRTF
	}
	size := binary.LittleEndian.Uint32(b[4:])
	switch binary.LittleEndian.Uint32(b[8:]) {
	case rtfUncompressed:
		return b[16:min(len(b), 16+int(min(size, 1<<30)))], nil
	case rtfCompressed:
	default:
		return nil, errRTF
	}
	if size > 16<<20 {
		return nil, errRTF
	}
	var dictionary [4096]byte
	at := copy(dictionary[:], rtfPreset)
	out := make([]byte, 0, min(int(size), 8*len(b)))
	put := func(c byte) {
		out = append(out, c)
		dictionary[at] = c
		at = (at + 1) % len(dictionary)
	}
	in := b[16:]
	for len(in) > 0 && len(out) < int(size) {
		control := in[0]
		in = in[1:]
		for bit := 0; bit < 8 && len(in) > 0; bit++ {
			if control>>bit&1 == 0 {
				put(in[0])
				in = in[1:]
				continue
			}
			if len(in) < 2 {
				return out, nil
			}
			token := binary.BigEndian.Uint16(in)
			in = in[2:]
			from, length := int(token>>4), int(token&15)+2
			if from == at {
				return out[:min(len(out), int(size))], nil
			}
			for range length {
				put(dictionary[from])
				from = (from + 1) % len(dictionary)
			}
		}
	}
	return out[:min(len(out), int(size))], nil
}

// rtfSkipped are destinations whose content is no text.
var rtfSkipped = map[string]bool{
	"fonttbl": true, "colortbl": true, "stylesheet": true, "info": true, "pict": true, "object": true, "header": true, "footer": true, "generator": true, "listtable": true,
	"listoverridetable": true, "rsidtbl": true, "themedata": true, "colorschememapping": true, "datastore": true, "latentstyles": true, "xmlnstbl": true, "fldinst": true,
}

type rtfGroup struct {
	skip, htmlrtf, tag bool
	unicodeSkip        int
}

// rtfReader turns RTF into text and, when it encapsulates HTML, that HTML
// ([MS-OXRTFEX]).
type rtfReader struct {
	groups   []rtfGroup
	now      rtfGroup
	text     strings.Builder
	fromHTML bool
	codepage string
	bytes    []byte // characters of the codepage that are not yet decoded
	ignore   int    // characters to pass over after \u
}

// readRTF reads RTF as text; html is set when the text was HTML before.
func readRTF(b []byte) (text, html string) {
	r := &rtfReader{codepage: "windows-1252", now: rtfGroup{unicodeSkip: 1}}
	for i := 0; i < len(b) && r.text.Len() < 2*maxText; {
		switch c := b[i]; c {
		case '{':
			r.flush()
			if len(r.groups) < 200 {
				r.groups = append(r.groups, r.now)
			}
			i++
		case '}':
			r.flush()
			if n := len(r.groups); n > 0 {
				r.now, r.groups = r.groups[n-1], r.groups[:n-1]
			}
			i++
		case '\\':
			i += r.control(b[i:])
		case '\r', '\n', 0:
			i++
		default:
			r.char(c)
			i++
		}
	}
	r.flush()
	if r.fromHTML {
		return "", r.text.String()
	}
	return strings.TrimSpace(r.text.String()), ""
}

func (r *rtfReader) hidden() bool {
	return r.now.skip || r.now.htmlrtf
}

func (r *rtfReader) char(c byte) {
	if r.ignore > 0 {
		r.ignore--
		return
	}
	if !r.hidden() {
		r.bytes = append(r.bytes, c)
	}
}

func (r *rtfReader) flush() {
	if len(r.bytes) > 0 {
		s, _ := toUTF8(r.bytes, r.codepage)
		r.text.WriteString(s)
		r.bytes = r.bytes[:0]
	}
}

func (r *rtfReader) write(s string) {
	r.flush()
	if !r.hidden() {
		r.text.WriteString(s)
	}
}

// control handles one control word or symbol and returns its length.
func (r *rtfReader) control(b []byte) int {
	if len(b) < 2 {
		return 1
	}
	if c := b[1]; c < 'A' || c > 'z' || c > 'Z' && c < 'a' {
		return r.symbol(b)
	}
	n := 1
	for n < len(b) && n < 33 && (b[n] >= 'a' && b[n] <= 'z' || b[n] >= 'A' && b[n] <= 'Z') {
		n++
	}
	word := string(b[1:n])
	start := n
	for n < len(b) && n < start+11 && (b[n] >= '0' && b[n] <= '9' || b[n] == '-' && n == start) {
		n++
	}
	number, err := strconv.Atoi(string(b[start:n]))
	r.word(word, number, err == nil)
	if n < len(b) && b[n] == ' ' {
		n++
	}
	return n
}

func (r *rtfReader) symbol(b []byte) int {
	switch b[1] {
	case '\'':
		if len(b) >= 4 {
			if hi, lo := unhex(b[2]), unhex(b[3]); hi < 16 && lo < 16 {
				r.char(hi<<4 | lo)
				return 4
			}
		}
	case '\\', '{', '}':
		r.char(b[1])
	case '~':
		r.write("\u00a0")
	case '_':
		r.write("-")
	case '*':
		// {\*\destination …}: unknown ones are skipped, HTML tags are the text.
		if strings.HasPrefix(string(b[2:min(len(b), 12)]), "\\htmltag") {
			r.now.tag = true
		} else {
			r.flush()
			r.now.skip = true
		}
	case '\r', '\n':
		r.write("\n")
	}
	return 2
}

func (r *rtfReader) word(word string, number int, given bool) {
	switch word {
	case "par", "line":
		r.write("\n")
	case "tab":
		r.write("\t")
	case "emdash":
		r.write("—")
	case "endash":
		r.write("–")
	case "lquote":
		r.write("‘")
	case "rquote":
		r.write("’")
	case "ldblquote":
		r.write("“")
	case "rdblquote":
		r.write("”")
	case "bullet":
		r.write("•")
	case "fromhtml":
		r.fromHTML = true
	case "htmlrtf":
		r.flush()
		r.now.htmlrtf = !given || number != 0
	case "ansicpg":
		r.codepage = codepageName(uint32(max(number, 0)))
	case "uc":
		r.now.unicodeSkip = min(max(number, 0), 10)
	case "u":
		if number < 0 {
			number += 65536
		}
		r.write(string(rune(number)))
		r.ignore = r.now.unicodeSkip
	default:
		if rtfSkipped[word] {
			r.flush()
			r.now.skip = true
		}
	}
}
