# Linia 969. `make run` starts everything; `make test` proves it. See README.md.

# The project's own Node (24) comes first; the system's is only used by `npm ci`.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
installed := installed
# What they were installed from.
from := node_modules/.linia-installed
install = echo 'Installing Node packages (npm ci) …' && npm ci --no-fund --no-audit --loglevel=error && cp package-lock.json $(from)
lock := $(or $(VAR_DIR),var)/run/linia.lock

.PHONY: help run stop clean demo simulate bench chaos soak check test $(installed) present

help:
	@echo 'make run     start the whole system here, until Ctrl-C'
	@echo 'make demo    a busy morning of callers, beside a running system'
	@echo 'make stop    stop a running system'
	@echo 'make clean   remove var/ and dist/ (asks when they hold calls)'
	@echo 'make check   types, lint, format, house rules'
	@echo 'make test    everything, on real services; FILES=test/stack/hours.test.ts names some'
	@echo 'make simulate   the line against faults from seeds; SEEDS= or SEED='
	@echo 'make chaos   faults on real processes, one after the other; FAULTS=kill-owner names some'
	@echo 'make soak    an hour of steady load; SOAK_MINUTES=5'
	@echo 'make bench   measured side by side with app_queue'

run: $(installed)
	@exec node src/stack/run.ts

stop: present
	@exec node src/stack/stop.ts

clean: present
	@exec node src/stack/clean.ts

demo: present
	@exec node tools/demo/main.ts

# SEEDS=10000 runs so many, SEED=17 one of them and tells what happened: docs/simulation.md
simulate: $(installed)
	@exec node tools/simulation/main.ts

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

test: $(installed)
	@exec node test/support/run.ts $(FILES)

# Again whenever what the lock file says has changed; never under a running system, whose parts are started again
# by the Node that lies there (a process is the same one while it began when the lock says).
$(installed):
	@cmp -s package-lock.json $(from) || { \
	  pid=$$(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' $(lock) 2> /dev/null); \
	  began=$$(sed 's/^.*) //' "/proc/$$pid/stat" 2> /dev/null | cut -d' ' -f20); \
	  if [ -n "$$pid" ] && [ -n "$$began" ] && grep -q "\"startedAt\":\"$$began\"" $(lock); then \
	    echo 'Linia is running, and its Node packages are to be installed anew. Stop it first: make stop' >&2; exit 1; fi; \
	  $(install); }

# For what belongs to a running system, or ends it: the packages that it runs on.
present:
	@[ -x node_modules/.bin/node ] || { $(install); }
