# Every target honours PORT (default 8080) and DATA (default .xinglin), so several nodes run side by side.
PORT ?= 8080
DATA ?= .xinglin
PATIENTS ?= 12
export PORT DATA

JDK := $(shell bin/jdk25 2>/dev/null)
MVN := JAVA_HOME="$(JDK)" mvn -q -B
JAR := node/target/xinglin-exec.jar
NODE := node/target/xinglin/xinglin.aot
XINGLIN := bin/xinglin
CHAINCODE := fabric/chaincode/target/chaincode-exec.jar
SOURCES := $(shell find pom.xml contracts tlog node -name target -prune -o -path '*/src/test' -prune -o -type f -print)
.DEFAULT_GOAL := help

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' Makefile

run: port $(NODE) ## Start a node with the sample consortium at http://localhost:8080 (Ctrl-C stops it).
	@exec $(XINGLIN) run --xinglin.sample=true

port:
	@case "$(PORT)" in '' | 0* | *[!0-9]* | ??????*) bad=1 ;; *) [ "$(PORT)" -le 65535 ] || bad=1 ;; esac; \
		if [ -n "$${bad:-}" ]; then echo "PORT must be a number from 1 to 65535, not '$(PORT)'." >&2; exit 2; fi

story: $(JAR) $(if $(filter fabric,$(LEDGER)),fabric-tools $(CHAINCODE)) ## Run the main job as a script against a fresh node, in plain words. LEDGER=fabric: against four, on Hyperledger Fabric.
	@LEDGER=$(LEDGER) bin/story

test: tools ## Run every test.
	@bin/prepare-tests
	@JAVA_HOME="$(JDK)" mvn -B -ntp verify
	@touch $(JAR) $(CHAINCODE) story/target/story-exec.jar bench/target/bench-exec.jar
	@$(MAKE) --no-print-directory $(NODE) story
	@bin/test-keys
	@bin/test-consortium

check: tools ## Format check, compile with every warning an error, and the tests. ONE=ConsentsTests runs one class.
	$(MVN) spotless:check verify $(if $(ONE),-Dtest=$(ONE) -Dsurefire.failIfNoSpecifiedTests=false)

format: tools ## Format the code.
	$(MVN) spotless:apply

bench: $(JAR) ## Measure everything: a table, and target/bench/*.json. Parts: bench-ledger, bench-log, bench-fhir; bench-growth and bench-fsck ENTRIES=1000000; bench-peer, beside HAPI JPA (see bench/README.md).
	@bin/bench machine ledger log fhir

bench-%: $(JAR)
	@bin/bench $*

bench-consortium: fabric-tools $(CHAINCODE) $(JAR) ## Measure a ledger that four members order on Hyperledger Fabric.
	@bin/bench consortium

sim: tools ## Simulate nodes in trouble: SEEDS=1000 worlds, or one again as a story: SEED=42.
	@$(MVN) -Dspotless.check.skip=true -pl node -am test -Dtest=SimulationTests -Dsurefire.failIfNoSpecifiedTests=false \
		$(if $(SEED),-Dsim.seed=$(SEED),-Dsim.seeds=$(or $(SEEDS),1000))

fsck: $(JAR) ## Check everything stored in DATA against everything proved; works while the node runs. JSON=file writes a report.
	@$(XINGLIN) fsck $(if $(JSON),--json "$(JSON)")

sample: tools ## Make sample patients with Synthea: PATIENTS=200.
	@bin/sample $(PATIENTS)

users: ## List the sample users of the node in DATA: name, role, organisation, what to try.
	@bin/users

token: ## Print a bearer token of a sample user: make -s token USER=<name>.
	@bin/token "$(USER)"

reset: $(JAR) ## Delete everything the node in DATA has stored.
	@$(XINGLIN) reset

consortium: fabric-tools $(CHAINCODE) $(NODE) ## Start four organisations on Hyperledger Fabric on this machine (needs Go; see deploy/consortium).
	@bin/consortium up

fabric-tools:
	@bin/consortium tools

consortium-status: ## Tell how each process of the consortium is.
	@bin/consortium status || true

consortium-stop: ## Stop the consortium; what it stored stays.
	@bin/consortium stop

consortium-resume: fabric-tools $(CHAINCODE) $(NODE) ## Start the consortium again on what it stored.
	@bin/consortium resume

consortium-reset: ## Stop the consortium and delete what it stored.
	@bin/consortium reset

faults: fabric-tools $(CHAINCODE) $(NODE) ## Break one thing after the other in a consortium under load: FAULT=leader, IN_FLIGHT=24.
	@FAULT="$(FAULT)" bin/faults

docs: tools ## Write the API documentation to target/docs/apidocs.
	@$(MVN) -pl contracts,tlog,fabric/chaincode,node -am -Dmaven.test.skip=true -Dspotless.check.skip=true package javadoc:aggregate
	@echo "open target/docs/apidocs/index.html"

$(JAR): $(SOURCES) | tools
	@echo "building Xinglin (the first time takes a few minutes) …"
	@$(MVN) -pl node -am -Dmaven.test.skip=true -Dspotless.check.skip=true package
	@touch $(JAR)

$(NODE): $(JAR)
	@echo "starting it once, so that it starts faster from now on …"
	@bin/prepare-node

$(CHAINCODE): $(shell find fabric contracts -name target -prune -o -path '*/src/test' -prune -o -type f -print) | tools
	@echo "building the chaincode …"
	@$(MVN) -pl fabric/chaincode -am -Dmaven.test.skip=true -Dspotless.check.skip=true package
	@touch $(CHAINCODE)

tools:
	@bin/jdk25 > /dev/null
	@command -v mvn > /dev/null || { echo "Xinglin is built with Apache Maven and found none: install Maven 3.8 or later." >&2; exit 1; }

.PHONY: help run port story test check format bench sim fsck sample users token reset docs tools \
	consortium fabric-tools consortium-status consortium-stop consortium-resume consortium-reset faults
