package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

// version is the release; builds between releases add the commit.
const version = "0.1.0-dev"

type versionCmd struct {
	JSON bool `help:"Print it as JSON."`
}

func (c versionCmd) Run() error {
	commit := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(map[string]string{"version": version, "commit": commit, "go": runtime.Version()})
	}
	fmt.Println("goodturn", version, commit, runtime.Version())
	return nil
}
