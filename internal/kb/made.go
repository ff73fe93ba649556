package kb

import (
	"crypto/sha256"
	"sync"
)

// made keeps what was rendered, as a long text takes some milliseconds. It knows a text by its content, so nothing in it is ever out of
// date, and it is empty after each start, so that a changed renderer makes all anew.
var made memory

// mostMade is how many bytes of HTML are kept; beyond it is begun anew.
const mostMade = 16 << 20

type memory struct {
	mu   sync.Mutex
	html map[[sha256.Size]byte]string
	size int
}

// of gives what render makes of a source.
func (m *memory) of(source string, render func() string) string {
	key := sha256.Sum256([]byte(source))
	m.mu.Lock()
	html, ok := m.html[key]
	m.mu.Unlock()
	if ok {
		return html
	}
	html = render()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.html == nil || m.size+len(html) > mostMade {
		m.html, m.size = map[[sha256.Size]byte]string{}, 0
	}
	if _, there := m.html[key]; !there {
		m.html[key], m.size = html, m.size+len(html)
	}
	return html
}
