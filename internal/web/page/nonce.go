package page

import (
	"crypto/rand"
	"net/http"
	"strings"
)

// AllowStyle lets the answer hold <style> elements with the nonce that it gives, which is new for each answer, and no other
// inline style. It is for pages that show mail, whose rules stand in shadow roots; to be called before the answer begins.
func AllowStyle(w http.ResponseWriter) (nonce string) {
	nonce = rand.Text()
	w.Header().Set("Content-Security-Policy", strings.Replace(contentPolicy, "style-src 'self'", "style-src 'self' 'nonce-"+nonce+"'", 1))
	return nonce
}
