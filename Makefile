# make drill   sets up all it needs and runs the catalogue
# make test    sets up all it needs and runs every test
# make help    lists the rest

SHELL := /bin/bash -euo pipefail

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GOLANGCI_LINT_VERSION := v2.15.0
GOVULNCHECK_VERSION := v1.9.0

# Tools outlive the clone: building golangci-lint takes minutes.
TOOLS := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/drdrill/tools
GOLANGCI_LINT := $(TOOLS)/golangci-lint-$(GOLANGCI_LINT_VERSION)/golangci-lint
GOVULNCHECK := $(TOOLS)/govulncheck-$(GOVULNCHECK_VERSION)/govulncheck

# The playbook's suite rehearses the drills themselves. Drills wait most of the time: three at a time leave one another alone
# on two processors.
SUITE := ./drills/playbook
PROCS := 3
GINKGO = go tool ginkgo --procs=$(PROCS) --randomize-all --silence-skips $(if $(MAKE_TERMOUT),,--no-color) $(if $(SEED),--seed=$(SEED))
# The suite's specs, and none of the plain tests beside them.
SPECS = $(SUITE) -- -test.run=TestPlaybook

# Packages with tests that -short leaves out or makes shorter, since they need containers, a quiet machine or time.
LONG_PACKAGES = $(filter-out $(SUITE)/,$(sort $(dir $(shell grep --recursive --files-with-matches --include='*_test.go' 'testing\.Short()' $(addprefix ./,$(GO_FOLDERS))))))
SHORT_PACKAGES = $(filter-out $(SUITE) $(LONG_PACKAGES:/=),$(patsubst $(shell go list -m)/%,./%,$(shell go list ./...)))
GO_FOLDERS := cmd drills faults fixtures recovery reports
SHELL_SCRIPTS = $(shell find drills fixtures recovery reports -name node_modules -prune -o -name '*.sh' -print) fixtures/images/operator/servicectl .ci/run

# The race detector needs a C compiler, which a machine that only has Go lacks.
RACE := $(if $(shell command -v gcc || command -v clang),-race)

.DEFAULT_GOAL := help
.PHONY: help engine tools images build drill suite sabotage soak overhead test check unit lint report-check vuln clean

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

suite: images ## Run the drills as a Ginkgo suite; LABELS='store=redis' chooses, PROCS=1 runs one at a time
	$(GINKGO) --timeout=2h -v --label-filter='$(if $(LABELS),($(LABELS)) && )!exhaustive' $(SPECS)

sabotage: images ## Sabotage every recovery script of every drill, and print how many were found out
	$(GINKGO) --timeout=6h -v --label-filter='sabotage || exhaustive' $(SPECS)

soak: images ## Kill drdrill at a thousand random instants of all drills, or at KILLS=; SEED= repeats the same ones
	DRDRILL_KILLS=$(or $(KILLS),1000) $(GINKGO) --timeout=12h -v --label-filter='kill' $(SPECS)

overhead: images ## Compare drills with the same scripts run by hand, on a machine that does nothing else; RUNS= runs of each
	go test -count=1 -timeout 2h ./drills -run TestOverhead -overhead $(or $(RUNS),3) -v

test: ## Run every check and every test, those over containers too; each once
	@fixtures/tools.sh $$(fixtures/engine.sh --missing)
	$(MAKE) --no-print-directory --jobs images check
	go test -count=1 $(RACE) -skip Calibration $(LONG_PACKAGES)
	go test -count=1 -p 1 -run Calibration $(LONG_PACKAGES)
	$(GINKGO) --timeout=1h --label-filter='!exhaustive' $(SPECS)

check: lint
	$(if $(RACE),,@echo 'no C compiler: the tests run without the race detector')
	go test $(RACE) $(SHORT_PACKAGES)
	go test $(RACE) -skip TestPlaybook $(SUITE)

unit: ## Run the quick tests, which need no engine
	go test -short ./...

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
	GOBIN=$(@D) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)

$(GOVULNCHECK):
	GOBIN=$(@D) go install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION)
