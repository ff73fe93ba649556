// Command with runs another command beside a throw-away PostgreSQL cluster that all of it may share:
//
//	go run ./internal/testserver/postgres/with go test ./...
//	go run ./internal/testserver/postgres/with -durable scripts/bench
//
// The command finds the cluster's URL in GOODTURN_TEST_POSTGRES. With -durable the cluster syncs to disk as a real server does.
// It is ended afterwards; the exit code is the command's, or 1 where go run stands between.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"goodturn/internal/testserver/postgres"
)

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "with:", err)
	}
	os.Exit(code)
}

func run(args []string) (int, error) {
	var options postgres.Options
	if len(args) > 0 && args[0] == "-durable" {
		options.Durable, args = true, args[1:]
	}
	if len(args) == 0 {
		return 64, errors.New("say which command to run: with [-durable] COMMAND [ARGUMENT…]")
	}
	cluster, err := postgres.Start(options)
	if err != nil {
		return 1, fmt.Errorf("start PostgreSQL: %w", err)
	}
	defer cluster.Stop()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), postgres.Variable+"="+cluster.URL("goodturn"))
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if err := cmd.Start(); err != nil {
		return 127, err
	}
	go func() {
		for s := range signals {
			// An interrupt at the keyboard has reached the command already; its end is what we wait for.
			if s != os.Interrupt {
				_ = cmd.Process.Signal(s)
			}
		}
	}()
	err = cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(1, exit.ExitCode()), nil
	}
	if err != nil {
		return 1, err
	}
	return 0, nil
}
