package httpout

import (
	"net/netip"
	"strings"
)

// Inside tells of the name or number of a host, before it is looked up, that it leads to this machine or this network. What a name
// leads to is judged when it is dialled.
func Inside(host string) bool {
	if a, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return refused(a)
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if !strings.Contains(host, ".") {
		return true
	}
	for _, end := range []string{".localhost", ".local", ".internal", ".lan", ".home.arpa", ".intranet"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return false
}
