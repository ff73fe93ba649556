package guard

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// awaitSession waits, for at most 10 seconds, until no process of a session runs any more. A server's first process may end before those
// it started, which hold its ports for that moment. Where there is no /proc it returns at once.
func awaitSession(id int) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(10 * time.Second)
	for sessionRuns(id) {
		select {
		case <-tick.C:
		case <-limit:
			return
		}
	}
}

func sessionRuns(id int) bool {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return false
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue // ended since
		}
		// proc(5): "pid (name) state ppid pgrp session …"; the name may hold spaces and brackets.
		_, rest, _ := strings.Cut(string(raw[max(0, strings.LastIndexByte(string(raw), ')')):]), " ")
		field := strings.Fields(rest)
		if len(field) > 3 && field[3] == strconv.Itoa(id) && field[0] != "Z" && field[0] != "X" {
			return true
		}
	}
	return false
}
