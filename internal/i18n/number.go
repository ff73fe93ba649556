package i18n

import (
	"context"
	"math"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// numbers are a language's separators, as CLDR has them.
type numbers struct{ group, decimal string }

// numbersOf asks x/text once how the language writes a number, because asking at every number costs a microsecond each.
// A language that does not group by three in Western digits gets plain digits: readable, if not at home.
func numbersOf(tag language.Tag) numbers {
	probe := message.NewPrinter(tag).Sprint(number.Decimal(1234567.5))
	rest, ok := strings.CutPrefix(probe, "1")
	first, rest, ok2 := strings.Cut(rest, "234")
	second, rest, ok3 := strings.Cut(rest, "567")
	decimal, ok4 := strings.CutSuffix(rest, "5")
	if !ok || !ok2 || !ok3 || !ok4 || first != second {
		return numbers{decimal: "."}
	}
	return numbers{group: first, decimal: decimal}
}

// Number writes a whole number with its digits grouped: "1,234,567", "1.234.567".
func Number(ctx context.Context, n int64) string {
	var buf [40]byte
	return string(Of(ctx).tongue.appendNumber(buf[:0], n))
}

func (t *tongue) appendNumber(out []byte, n int64) []byte {
	var buf [20]byte
	digits := strconv.AppendInt(buf[:0], n, 10)
	if digits[0] == '-' {
		out, digits = append(out, '-'), digits[1:]
	}
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out = append(out, t.numbers.group...)
		}
		out = append(out, d)
	}
	return out
}

// byteUnits are powers of 1000, as on disks and in file managers; the short forms are the same in every language we know.
var byteUnits = [...]string{"kB", "MB", "GB", "TB", "PB", "EB"}

// Bytes writes a size for people: "812 B", "1.4 MB", "23 kB". The space does not break.
func Bytes(ctx context.Context, n int64) string {
	return Of(ctx).tongue.bytes(n)
}

func (t *tongue) bytes(n int64) string {
	if n < 1000 && n > -1000 {
		return string(append(t.appendNumber(nil, n), nbsp+"B"...))
	}
	size, unit := float64(n), -1
	for math.Abs(size) >= 999.5 && unit < len(byteUnits)-1 {
		size /= 1000
		unit++
	}
	digits := strconv.FormatFloat(size, 'f', 1, 64)
	if whole := strconv.FormatFloat(size, 'f', 0, 64); math.Abs(size) >= 9.95 {
		digits = whole
	}
	digits = strings.TrimSuffix(digits, ".0")
	return strings.Replace(digits, ".", t.numbers.decimal, 1) + nbsp + byteUnits[unit]
}

// nbsp keeps a number and its unit on one line.
const nbsp = "\u00a0"

// Percent writes a share of one in whole per cent: 0.123 is "12%" or "12 %".
func Percent(ctx context.Context, share float64) string {
	t := Of(ctx).tongue
	digits := string(t.appendNumber(nil, int64(math.Round(share*100))))
	return strings.Replace(t.calendar.Percent, "0", digits, 1)
}

// Size is a number of bytes as a value of a message: M("The limit is {{.Limit}}.", "Limit", i18n.Size(n)) shows it as Bytes does.
type Size int64

// Amount is a whole number as a value of a message, shown as Number does.
type Amount int64
