# Linia 969. `make run` starts everything; `make test` proves it. See README.md.

# The project's own Node (24) comes first; the system's is only used by `npm ci`.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
installed := installed
comma := ,
node_packages = sh src/stack/install/node-packages.sh

.PHONY: help run stop clean demo simulate fairness bench chaos soak fresh check test watch prove mutants packages may-run may-test $(installed) present
# Packages are asked for before npm installs.
.NOTPARALLEL:

help:
	@echo 'make run     start the whole system here, until Ctrl-C'
	@echo 'make demo    a busy morning of callers, beside a running system'
	@echo 'make stop    stop a running system'
	@echo 'make clean   remove var/ and dist/ (asks when they hold calls)'
	@echo 'make fresh   the README on bare Debian machines, by root'
	@echo 'make packages   install missing Debian packages, by root; starts none of their services'
	@echo 'make check   types, lint, format, house rules'
	@echo 'make test    what a change must pass, on real services; FILES=test/ui/codes.test.ts names some,'
	@echo '             CHANGED=1 runs those that the uncommitted change, or the last commit, can reach'
	@echo 'make watch   make test CHANGED=1, again after each change'
	@echo 'make mutants   lines of the source, broken by a seed: which no test notices; SEED= MUTANTS='
	@echo 'make prove   everything that searches, in full, for hours; PARTS=soak,planted names some'
	@echo 'make simulate   the line against faults from seeds; SEEDS= or SEED='
	@echo 'make fairness   days of callers: order, bounds of waits, estimates; DAYS= or DAY='
	@echo 'make chaos   faults on real processes, one after the other; FAULTS=kill-owner names some'
	@echo 'make soak    an hour of steady load; SOAK_MINUTES=5'
	@echo 'make bench   measured side by side with app_queue'

run: may-run $(installed)
	@exec node src/stack/run.ts

stop: present
	@exec node src/stack/stop.ts

clean: present
	@exec node src/stack/clean.ts

demo: present
	@exec node tools/demo/main.ts

# SEEDS=10000 runs that many seeds; SEED=17 runs one and prints its events: docs/simulation.md
simulate: $(installed)
	@exec node tools/simulation/main.ts

# DAYS=10000 runs that many days; DAY=17 runs one: docs/fairness.md
fairness: $(installed)
	@exec node tools/fairness/main.ts

bench: $(installed)
	@exec node tools/bench/main.ts

# The simulator (SEEDS=), then every fault of docs/chaos.md, or FAULTS=, under a full line (TALKING=, WAITING=).
chaos: $(installed)
	@exec node tools/chaos/main.ts

# Does anything grow in an hour at half of the highest load? SOAK_MINUTES=, SOAK_RATE=, SOAK_AGENTS=.
soak: $(installed)
	@exec node tools/soak/main.ts

# Types, lint, format, house rules. No services.
check: $(installed)
	@echo 'types …' && tsc -p .
	@echo 'lint …' && oxlint --type-aware --quiet src tools test migrations vite.config.ts
	@echo 'format …' && oxfmt --check src tools test migrations vite.config.ts > /dev/null || \
	  { echo 'These files are not formatted; run: npx oxfmt src tools test migrations'; oxfmt --list-different src tools test migrations vite.config.ts; exit 1; }
	@echo 'house …' && node test/house/main.ts
	@echo 'links …' && node tools/docs/main.ts

test: may-test $(installed)
	@exec node test/support/run.ts $(FILES)

watch: may-test $(installed)
	@exec node test/support/watch.ts

# docs/mutants.md
mutants: $(installed)
	@exec node tools/mutants/main.ts

# 10,000 seeds, planted bugs, fairness, chaos, update, soak, bare machines, bench, tests under load: docs/measurements/prove.md
prove: may-test $(installed)
	@exec node tools/prove/main.ts

# The README's commands on bare Debian machines, by root; CASES=root,user names some (tools/fresh/cases.ts).
fresh: $(installed)
	@exec node tools/fresh/main.ts $(subst $(comma), ,$(CASES))

# Debian packages that are missing, by root; FOR=test those of the tests as well. Starts nothing.
packages:
	@sh src/stack/install/packages.sh install $(or $(FOR),run)

may-run:
	@sh src/stack/install/packages.sh ask run

may-test:
	@sh src/stack/install/packages.sh ask test

# Again whenever the lock file has changed.
$(installed):
	@$(node_packages)

# For stop, clean and demo: keeps the installed packages.
present:
	@[ -x node_modules/.bin/node ] || $(node_packages)
