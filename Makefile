# Everything that is done to this repository is a target here; `make` lists them.
# Needed beforehand: Go, Node.js 20 or newer with npm.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GO        ?= go
FUZZTIME  ?= 10s
BENCH     ?= .
BENCHTIME ?= 1s
# Test binaries that run at once. The end-to-end tests start servers of their own, so more than this only
# makes each slower.
PARALLEL  ?= 2
TIMEOUT   ?= 10m
# Hostile scripts that make stress runs.
STRESS    ?= 10000
# How long make soak takes.
SOAK      ?= 1h

# The race detector needs a C compiler; the binary never does.
RACE      ?= $(if $(shell command -v $${CC:-cc}),-race)

GOLANGCI_VERSION := v2.15.0
GOLANGCI := .bin/golangci-lint-$(GOLANGCI_VERSION)
NPM_DIR  := testdata/npm
NPM_DONE := $(NPM_DIR)/node_modules/.installed

# What make bench measures with, and where it puts that for the page.
MEASURE  := $(GO) test -run '^$$' -bench
MEASURED := .bin/benchmarks.txt

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## build ./bindery
	CGO_ENABLED=0 $(GO) build -trimpath -o bindery ./cmd/bindery

.PHONY: test
test: $(NPM_DONE) ## install what the tests run, then vet and test everything with the race detector
	$(GO) build ./...
	$(GO) vet ./...
	@[ -n "$(RACE)" ] || echo "make: no C compiler, so the tests run without the race detector" >&2
	$(GO) test $(RACE) -timeout $(TIMEOUT) -p $(PARALLEL) ./...
	$(GO) test -run 'Renderings|SearchReplies' ./benchmarks
	$(GO) test ./benchmarks/exposure

.PHONY: lint
lint: $(GOLANGCI) ## golangci-lint (gofmt among its checks) and go mod tidy; changes nothing
	$(GO) mod tidy -diff
	$(GOLANGCI) run ./...

.PHONY: bench-go
bench-go: ## run Go benchmarks by hand; BENCH=regexp and BENCHTIME=1s choose
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchtime $(BENCHTIME) -benchmem -p 1 ./...

# What the tables of speed are of: as many runs as make a median, and no test beside them.
.PHONY: bench
bench: $(NPM_DONE) ## measure anew all that docs/benchmarks.md says; eight minutes, on a machine that does nothing else
	mkdir -p .bin
	{ $(MEASURE) 'WarmExecute|ColdExecute|BoundTools' -benchtime 100x ./benchmarks; \
	  $(MEASURE) 'Latency|FanOut|Large' -benchtime 30x ./benchmarks; \
	  $(MEASURE) 'PythonCrowd|PythonStart|IdleMemory' -benchtime 3x ./benchmarks; \
	  $(MEASURE) 'Direct|Governed|Sync' -benchtime 1x ./benchmarks; \
	  $(MEASURE) 'ColdList' -benchtime 20x ./benchmarks; \
	  $(MEASURE) 'Sustained' -benchtime 1x ./benchmarks -sustained 60s; \
	  GOMAXPROCS=1 $(MEASURE) 'Compile|Render|Search' -benchtime 20x ./codegen; } | tee $(MEASURED)
	$(GO) run ./cmd/bindery bench all --benchmarks $(MEASURED) --markdown docs/benchmarks.md --svg docs/benchmarks

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME=10s
	@for pkg in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' "$$pkg" | grep '^Fuzz' || true); do \
	    echo "== $$pkg $$target"; \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$pkg"; \
	  done; \
	done

.PHONY: stress
stress: ## run STRESS=10000 random hostile scripts, some at once, and look for what is left of them
	$(GO) test -run '^TestStress$$' -v -timeout 3h ./sandbox/worker -stress $(STRESS) | grep -v ' level='

.PHONY: soak
soak: ## keep a gateway busy for SOAK=1h, with faults, and look for what grows; Linux
	$(GO) test -run '^TestSoak$$' -v -timeout 0 ./benchmarks -soak $(SOAK)

.PHONY: arm64
arm64: ## run the confinement's tests on an emulated arm64 machine; Debian, root, qemu-system-arm, cpio
	GO="$(GO)" sandbox/confine/testdata/arm64.sh

.PHONY: python-wasm
python-wasm: ## build the Python interpreter from Debian's sources; root on Linux x86-64, a quarter of an hour
	sandbox/python/interpreter/build/build.sh

.PHONY: golden
golden: $(NPM_DONE) ## write the golden files anew; look at the diff before you commit it
	@for pkg in $$($(GO) list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}} {{.Dir}}{{end}}' ./... | \
	    while read -r path dir; do ! grep -qs 'flag\.Bool("update"' "$$dir"/*_test.go || echo "$$path"; done); do \
	  $(GO) test "$$pkg" -update; \
	done

.PHONY: clean
clean: ## remove what the other targets made
	rm -rf bindery .bin $(NPM_DIR)/node_modules

# The stamp is inside node_modules, so that removing the directory removes the claim that it is complete.
$(NPM_DONE): $(NPM_DIR)/package.json $(NPM_DIR)/package-lock.json $(NPM_DIR)/.npmrc
	cd $(NPM_DIR) && npm ci --no-progress
	touch $@

# Built from source by the Go toolchain at hand, which is the one that must understand this module.
$(GOLANGCI):
	mkdir -p .bin
	GOBIN="$(CURDIR)/.bin" $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	mv .bin/golangci-lint $@
