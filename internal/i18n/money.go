package i18n

import (
	"context"
	"strconv"
	"strings"
)

// signs are the currencies that have a sign of their own which nobody mistakes for another's; the others are written by their codes.
var signs = map[string]string{"EUR": "€", "USD": "$", "GBP": "£"}

// Money writes an amount, given in hundredths of a currency (ISO 4217), in whole units where they are a hundred or more: "€1,240",
// "1.240 €", "CHF 38.50". It does not break.
func Money(ctx context.Context, hundredths int64, currency string) string {
	t := Of(ctx).tongue
	sign, short := signs[currency]
	if !short {
		sign = currency
	}
	minus := ""
	if hundredths < 0 {
		minus, hundredths = "−", -hundredths
	}
	digits := string(t.appendNumber(nil, (hundredths+50)/100))
	if hundredths < 100_00 && hundredths%100 != 0 {
		cents := strconv.FormatInt(100+hundredths%100, 10)[1:]
		digits = string(t.appendNumber(nil, hundredths/100)) + t.numbers.decimal + cents
	}
	switch {
	case !strings.HasPrefix(t.code, "en"):
		return minus + digits + nbsp + sign
	case short:
		return minus + sign + digits
	}
	return minus + sign + nbsp + digits
}
