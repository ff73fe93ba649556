package bench

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// figure is one measurement beside those that Result names: a page's latency, or one number.
type figure struct {
	key      string // in the JSON
	name     string // for people
	p50, p99 float64
	one      bool // p50 is a number that stands alone
	unit     string
}

// flat is the result as one object without levels.
func (r Result) flat() (map[string]any, error) {
	raw, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, err
	}
	for _, f := range r.figures {
		maps.Copy(out, f.values())
	}
	return out, nil
}

func (f figure) values() map[string]any {
	if f.one {
		return map[string]any{f.key: f.p50}
	}
	return map[string]any{f.key + "_p50_ms": f.p50, f.key + "_p99_ms": f.p99}
}

func (f figure) line() string {
	if f.one {
		return fmt.Sprintf("%-44s %s %s\n", f.name, strings.TrimSuffix(fmt.Sprintf("%.1f", f.p50), ".0"), f.unit)
	}
	return fmt.Sprintf("%-44s p50 %7.2f ms   p99 %7.2f ms\n", f.name, f.p50, f.p99)
}
