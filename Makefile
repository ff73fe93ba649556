# Two commands set Goodturn up: "make run" starts a demo, "make test" runs every test. The others are for daily work.

TOOL := go tool -modfile=tools/go.mod
# Under CI nothing is taken from the cache: a result must be of this run.
COUNT := $(if $(CI),-count=1)
# Starts a throw-away PostgreSQL that all packages share, and ends it.
WITH_POSTGRES := go run ./internal/testserver/postgres/with

.PHONY: run build test quick check generate bench soak clean

run: ## start a demo with a lived-in desk; prints the address to open
	go run ./cmd/goodturn demo

build: ## make the program ./goodturn, without cgo
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o goodturn ./cmd/goodturn

# Packages wait for servers and browsers more than they compute: three at a time, whatever the machine has. They were vetted just before.
test: ## bring what the tests need (as root; else say what), then run all of them on both databases
	scripts/install-test-deps
	go vet ./...
	$(WITH_POSTGRES) go test $(COUNT) -vet=off -p 3 -timeout 19m ./...

quick: ## run what needs no other server: SQLite only, under a minute
	GOODTURN_TEST_ENGINES=sqlite go test -short -timeout 5m ./internal/...

check: ## look for mistakes, formatting and stale generated files
	go vet ./...
	$(TOOL) staticcheck ./...
	@unformatted="$$($(TOOL) gofumpt -l cmd internal e2e 2>/dev/null)"; \
	if [ -n "$$unformatted" ]; then echo "run gofumpt -w on:"; echo "$$unformatted"; exit 1; fi
	scripts/generated-fresh

generate: ## make the generated files anew: pages first, then what is extracted from them
	$(TOOL) templ generate
	go generate ./...

bench: ## measure both databases at three sizes; TICKETS="10000" measures one
	$(WITH_POSTGRES) -durable scripts/bench $(TICKETS)

soak: ## run kills, floods and simulations in full (hours) and keep the output in docs/
	scripts/install-test-deps
	scripts/soak

clean: ## remove what was built or fetched
	rm -rf goodturn .cache
