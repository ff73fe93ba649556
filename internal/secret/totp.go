package secret

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// totpPeriod is how long a code is shown; six digits, SHA-1 and 30 seconds are all that common authenticator apps agree on.
const totpPeriod = 30

// TOTP is a new second factor (RFC 6238), to be shown once.
type TOTP struct {
	// Secret is the shared secret in base32. Seal it for storage.
	Secret Redacted
	// URL is the otpauth: address of the secret, for the QR code.
	URL Redacted
}

// NewTOTP makes a second factor for an account (an address) at an issuer (the desk's name, without a colon).
func NewTOTP(issuer, account string) (TOTP, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: strings.ReplaceAll(issuer, ":", " "), AccountName: account, Period: totpPeriod})
	if err != nil {
		return TOTP{}, fmt.Errorf("make second factor: %w", err)
	}
	return TOTP{Secret: Redacted(key.Secret()), URL: Redacted(key.URL())}, nil
}

// VerifyTOTP tells whether a code is right at a moment, give or take one step of 30 seconds. lastStep is the step of the
// last code that was accepted (0 for none): it and older ones are refused, so that a code read over a shoulder is of no
// use. When ok, store step as the new lastStep, in the same transaction that signs the person in.
func VerifyTOTP(secret Redacted, code string, at time.Time, lastStep int64) (step int64, ok bool) {
	code = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return r
	}, code)
	now := at.Unix() / totpPeriod
	for step := now - 1; step <= now+1; step++ {
		if step <= lastStep || step < 0 {
			continue
		}
		want, err := hotp.GenerateCode(secret.Reveal(), uint64(step))
		if err != nil {
			return 0, false
		}
		if Equal([]byte(want), []byte(code)) {
			return step, true
		}
	}
	return 0, false
}

// QRCode is a QR code as a drawing: put Path into <path d> of an SVG with viewBox "0 0 Size Size". It includes the quiet
// margin of four modules that readers need (ISO/IEC 18004), and wants dark on light.
type QRCode struct {
	Size int
	Path string
}

// QR draws a text as a QR code.
func QR(text string) (QRCode, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return QRCode{}, fmt.Errorf("draw QR code: %w", err)
	}
	const margin = 4
	size := code.Bounds().Dx()
	dark := func(x, y int) bool {
		r, _, _, _ := code.At(x, y).RGBA()
		return r < 0x8000
	}
	var path strings.Builder
	for y := range size {
		for x := 0; x < size; x++ {
			start := x
			for x < size && dark(x, y) {
				x++
			}
			if x > start {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", start+margin, y+margin, x-start, x-start)
			}
		}
	}
	return QRCode{Size: size + 2*margin, Path: path.String()}, nil
}
