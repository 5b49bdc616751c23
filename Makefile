# make drill   sets up all it needs and runs the catalogue
# make test    sets up all it needs and runs every test
# make help    lists the rest

SHELL := /bin/bash -euo pipefail

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GOLANGCI_LINT_VERSION := v2.15.0
GOVULNCHECK_VERSION := v1.9.0

GOLANGCI_LINT := .tools/golangci-lint-$(GOLANGCI_LINT_VERSION)/golangci-lint
GOVULNCHECK := .tools/govulncheck-$(GOVULNCHECK_VERSION)/govulncheck

# The playbook's suite rehearses the drills themselves; every other package has quick tests.
SUITE := ./drills/playbook
UNIT_PACKAGES = $(shell go list ./... | grep -v '/drills/playbook$$')
CONTAINER_PACKAGES := ./recovery/... ./fixtures/... ./drills ./cmd/...
GO_FOLDERS := cmd drills faults fixtures recovery reports
SHELL_SCRIPTS = $(shell find drills fixtures recovery reports -name node_modules -prune -o -name '*.sh' -print) fixtures/images/operator/servicectl .ci/run

# The race detector needs a C compiler, which a machine that only has Go lacks.
RACE := $(if $(shell command -v gcc || command -v clang),-race)

.DEFAULT_GOAL := help
.PHONY: help engine tools images build drill suite sabotage test unit lint report-check vuln clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

engine: ## Make sure that a container engine answers; install and start one on Debian as root
	@fixtures/engine.sh

tools: ## Make sure that the programs are there which checks and tests call
	@fixtures/tools.sh

images: engine build ## Build the images that drills run on
	bin/drdrill images

build: ## Build bin/drdrill
	CGO_ENABLED=0 go build -trimpath -ldflags '-X main.version=$(VERSION)' -o bin/drdrill ./cmd/drdrill

drill: images ## Run the catalogue; ARGS='redis-kill --repeat 3' chooses. Make shows drdrill's exit code as "Error N"
	bin/drdrill run $(ARGS)

suite: images ## Run the drills as a Ginkgo suite; LABELS='store=redis' chooses
	go test -count=1 -timeout 60m $(SUITE) -v --ginkgo.v --ginkgo.label-filter='$(if $(LABELS),($(LABELS)) && )!exhaustive'

sabotage: images ## Sabotage every recovery script of every drill, and print how many were found out
	go test -count=1 -timeout 3h $(SUITE) -v --ginkgo.v --ginkgo.label-filter='exhaustive'

test: images lint ## Run every check and every test, those over containers too
	$(if $(RACE),,@echo 'no C compiler: the tests run without the race detector')
	go test -short $(RACE) $(UNIT_PACKAGES)
	go test -short $(RACE) -run Catalogue $(SUITE)
	go test -count=1 -p 1 -timeout 20m $(CONTAINER_PACKAGES)
	go test -count=1 -timeout 60m $(SUITE) --ginkgo.label-filter='!exhaustive'

unit: ## Run the quick tests, which need no engine
	go test -short $(UNIT_PACKAGES)
	go test -short -run Catalogue $(SUITE)

lint: tools $(GOLANGCI_LINT) ## Check the form of Go code and of shell scripts
	@unformatted=$$(gofmt -l $(GO_FOLDERS)); [[ -z $$unformatted ]] || { echo "run gofmt -w on: $$unformatted" >&2; exit 1; }
	go vet ./...
	shellcheck --external-sources --source-path=SCRIPTDIR $(SHELL_SCRIPTS)
	$(GOLANGCI_LINT) run ./...

report-check: ## Open a sample report in a browser, as phone, desk and paper show it, or those of REPORTS=
	reports/check/run.sh $(REPORTS)

vuln: $(GOVULNCHECK) ## Look for known vulnerabilities in what the program calls
	$(GOVULNCHECK) ./...

clean: build ## Remove what runs that were cut off left in the engine
	bin/drdrill clean

$(GOLANGCI_LINT):
	GOBIN=$(CURDIR)/$(@D) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)

$(GOVULNCHECK):
	GOBIN=$(CURDIR)/$(@D) go install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION)
