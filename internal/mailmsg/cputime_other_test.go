//go:build !unix

package mailmsg

import "time"

var began = time.Now()

func cpuTime() time.Duration { return time.Since(began) }
