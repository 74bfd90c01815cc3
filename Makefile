# Every target is one line of help; `make` alone prints them.
.DEFAULT_GOAL := help
LINT := .ci/bin/golangci-lint

.PHONY: help
help: ## print this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: ## start the trial on http://127.0.0.1:8080/
	go run ./cmd/anjie

.PHONY: build
build: ## build a static binary into ./anjie
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o anjie ./cmd/anjie

.PHONY: test
test: ## run the tests
	go test ./...

.PHONY: race
race: ## run the tests with the race detector
	go test -race ./...

.PHONY: ha-test
ha-test: ## kill a master behind Sentinel and look for lost reports and for cases claimed twice among 10,000 (minutes; for the night)
	ANJIE_HA=1 go test ./bot/redisdb -run 'TestAFailover|TestNoCaseIsClaimedTwice' -count 1 -v

OLD ?= HEAD~20
.PHONY: versions-test
versions-test: ## run the version of commit OLD (default HEAD~20) beside this one on the same Redis (minutes; for the night)
	rm -rf .old && git worktree prune && git worktree add --detach .old $(OLD)
	cd .old && go build -o anjie ./cmd/anjie
	ANJIE_OLD_BINARY=$(CURDIR)/.old/anjie go test ./cmd/anjie -run TestTwoVersions -count 1 -v; status=$$?; git worktree remove --force .old; exit $$status

.PHONY: golden
golden: ## rewrite golden files and screenshots; read the diff before you commit
	go test ./... -update

.PHONY: content
content: ## check the content; with ../shared/data, its citations too
	go run ./cmd/anjie content check

$(LINT): .ci/tools/go.mod
	cd .ci/tools && GOBIN=$(CURDIR)/.ci/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint

.PHONY: lint
lint: $(LINT) ## run the linters
	$(LINT) run --allow-parallel-runners ./...

.PHONY: fmt
fmt: $(LINT) ## format the sources
	$(LINT) fmt ./...

.PHONY: bench
bench: ## run the benchmarks (minutes; needs ../shared/data for the search ones)
	go test -run '^$$' -bench . -benchmem ./...
