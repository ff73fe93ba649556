package httpout

import "net/netip"

// refusals are the addresses of IANA's special-purpose registries (RFC 6890 and its successors) that lead to this machine,
// this network, a group of machines or nowhere, and those that carry an IPv4 address inside which a translator would call.
var refusals = func() (all []netip.Prefix) {
	for _, p := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
		"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
	} {
		all = append(all, netip.MustParsePrefix(p))
	}
	return all
}()

// global6 is all of IPv6 that is given out for use on the Internet; what is outside of it (loopback, mapped, NAT64, unique
// local, link-local, multicast) is refused as a whole.
var global6 = netip.MustParsePrefix("2000::/3")

// refused tells whether an address is not one of the public Internet.
func refused(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" || a.Is6() && !global6.Contains(a) {
		return true
	}
	for _, p := range refusals {
		if p.Contains(a) {
			return true
		}
	}
	return !a.IsGlobalUnicast()
}
