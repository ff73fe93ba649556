package mailmsg

import (
	"strings"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// guess decodes text that is not UTF-8 and whose charset nobody names. The double
// bytes of East Asia show by their pattern; among the single-byte charsets the one
// wins whose letters make the likeliest words.
func guess(b []byte) string {
	sample := b[:min(len(b), 4096)]
	if e := eastAsian(sample); e != nil {
		return decodeWith(b, e)
	}
	var best encoding.Encoding = charmap.Windows1252
	most := -1e9
	for i, c := range guessable {
		score := c.score(sample)
		if i == 0 {
			score += 2.1 // a few letters prove nothing, and most mail is Western
		}
		if score > most {
			best, most = c.charset, score
		}
	}
	return decodeWith(b, best)
}

// candidate is a charset with the letters beyond ASCII that its languages use often
// and now and then.
type candidate struct {
	charset     *charmap.Charmap
	often, rare string
}

var guessable = []candidate{
	{charmap.Windows1252, "äöüßéèàçñáíóúâêîôûåæãõëÄÖÜÉ", "øìòùïœýœÅØÆÀÇÁÍÓÚÑÈÊ"},
	{charmap.Windows1250, "ěščřžýáíéůúąćęłńóśźżäöüőűßáí", "ťďňôâîăşţđžçľĺŕÁÉÍŠČŘŽŁŚŻÄÖÜŻŹĆ"},
	{charmap.ISO8859_2, "ěščřžýáíéůúąćęłńóśźżäöüőűß", "ťďňôâîăşţđçľĺŕÁÉÍŠČŘŽŁŚŻÄÖÜŻŹĆ"},
	{charmap.Windows1254, "ğışçöüİ", "ŞÇÖÜĞâîû"},
	{charmap.Windows1251, "оеаинтсрвлкмдпуяыьгзбчйхжюіїє", "шщцэфъёґОЕАИНТСРВЛКМДПУЯГЗБЧЙХЖШЮЦЩЭФЁІЇЄ"},
	{charmap.KOI8R, "оеаинтсрвлкмдпуяыьгзбчйхжю", "шщцэфъёОЕАИНТСРВЛКМДПУЯГЗБЧЙХЖШЮЦЩЭФЁ"},
	{charmap.ISO8859_5, "оеаинтсрвлкмдпуяыьгзбчйхжю", "шщцэфъёОЕАИНТСРВЛКМДПУЯГЗБЧЙХЖШЮЦЩЭФЁ"},
	{charmap.CodePage866, "оеаинтсрвлкмдпуяыьгзбчйхжю", "шщцэфъёОЕАИНТСРВЛКМДПУЯГЗБЧЙХЖШЮЦЩЭФЁ"},
	{charmap.Windows1253, "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώ", "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏϊϋ"},
	{charmap.ISO8859_7, "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώ", "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏϊϋ"},
	{charmap.Windows1255, "אבגדהוזחטיכלמנסעפצקרשתםןץףך", ""},
	{charmap.Windows1256, "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإءئؤآ", "ًٌٍَُِّْ"},
	{charmap.Windows874, "กขคงจฉชซญดตถทธนบปผพฟภมยรลวศษสหอฮะาำเแโใไ", "ิีึืุู่้๊๋์็ัๆฯ"},
}

// score tells how likely b is text in this charset, a letter at a time: known ones
// speak for it, signs and capitals within words against it.
func (c candidate) score(b []byte) float64 {
	total := 0.0
	before := ' '
	for i, raw := range b {
		r := c.charset.DecodeByte(raw)
		if raw < 0x80 {
			before = r
			continue
		}
		after := ' '
		if i+1 < len(b) {
			after = c.charset.DecodeByte(b[i+1])
		}
		switch {
		case r == unicode.ReplacementChar || unicode.IsControl(r):
			total -= 4
		case strings.ContainsRune(c.often, r):
			total++
		case strings.ContainsRune(c.rare, r):
			total += 0.5
		case unicode.IsLetter(r) || unicode.IsMark(r):
			total -= 0.2
		case unicode.IsLetter(before) && unicode.IsLetter(after):
			total -= 2
		}
		if unicode.IsLetter(r) && unicode.IsLetter(before) {
			if unicode.IsUpper(r) && unicode.IsLower(before) {
				total -= 2
			}
			switch {
			case before < 0x80 && r >= 0x250:
				total -= 2 // two scripts in one word
			case before >= 0x80 && before < 0x250 && r < 0x250:
				total -= 0.6 // accents seldom stand side by side
			}
		}
		if after < 0x80 && unicode.IsLetter(after) && r >= 0x250 {
			total -= 2
		}
		before = r
	}
	return total
}

// eastAsian knows the double-byte charsets by which first bytes are frequent; nil
// when b shows none of them clearly.
func eastAsian(b []byte) encoding.Encoding {
	if p, ok := eucPattern(b); ok {
		switch {
		case p.kana*6 >= p.pairs:
			return japanese.EUCJP
		case p.hangul*20 >= p.pairs*19:
			return korean.EUCKR
		case p.chinese*10 >= p.pairs*7:
			return simplifiedchinese.GB18030
		}
	}
	pairs, kana, common := 0, 0, 0
	for i := 0; i+1 < len(b); i++ {
		if b[i] < 0x80 {
			continue
		}
		first, second := b[i], b[i+1]
		if first >= 0xA1 && first <= 0xDF && second < 0x80 && kana > pairs/4 {
			continue // a half-width kana
		}
		pairs++
		i++
		if first == 0x82 && second >= 0x9F && second <= 0xF1 || first == 0x83 && second >= 0x40 && second <= 0x96 {
			kana++
		}
		if (first >= 0xA4 && first <= 0xC6 || first == 0xA1) && (second >= 0x40 && second <= 0x7E || second >= 0xA1 && second <= 0xFE) {
			common++
		}
	}
	switch {
	case pairs >= 4 && kana*5 >= pairs:
		return japanese.ShiftJIS
	case pairs >= 4 && common*10 >= pairs*8 && clean(b, traditionalchinese.Big5):
		return traditionalchinese.Big5
	}
	return nil
}

func clean(b []byte, e encoding.Encoding) bool {
	text := decodeWith(b, e)
	return strings.Count(text, "\uFFFD") <= 1 // the sample may end within a pair
}

// eucPairs counts pairs of bytes by what they are in EUC-JP, EUC-KR and GB 2312.
type eucPairs struct{ pairs, kana, hangul, chinese int }

// eucPattern counts; ok is true when the bytes beyond ASCII come in runs of even
// length, as they do in those charsets.
func eucPattern(b []byte) (p eucPairs, ok bool) {
	runs, odd, low := 0, 0, 0
	for i := 0; i < len(b); i++ {
		if b[i] < 0x80 {
			continue
		}
		start := i
		for i < len(b) && b[i] >= 0x80 {
			if b[i] < 0xA1 {
				low++
			}
			i++
		}
		runs++
		if (i-start)%2 == 1 && i < len(b) {
			odd++
		}
		for k := start; k+1 < i; k += 2 {
			p.add(b[k])
		}
	}
	return p, p.pairs >= 4 && odd*12 <= runs && low*20 <= p.pairs && 2*p.pairs >= 3*runs
}

func (p *eucPairs) add(first byte) {
	p.pairs++
	switch {
	case first == 0xA4 || first == 0xA5 || first == 0x8E:
		p.kana++
	case first <= 0xC8:
		p.hangul++
	}
	if first >= 0xB0 && first <= 0xD7 || first >= 0xA1 && first <= 0xA3 {
		p.chinese++
	}
}
