#!/bin/sh
# Installs the project's Node packages (npm ci) when package-lock.json has changed. Only one installation runs in a
# checkout at a time, because two would break each other. Ctrl-C ends it at once; npm alone would continue for half a
# minute.
cd "$(dirname "$0")/../../.." || exit 1
from=node_modules/.linia-installed
lock=${VAR_DIR:-var}/run/linia.lock
waits_s=900
needs_mb=900

fail() {
  echo "linia: $1" >&2
  exit 1
}

! cmp -s package-lock.json "$from" || exit 0

# Never while a system runs, because its parts are restarted with the Node of this folder. A process is identified by
# its id and its start time.
pid=$(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' "$lock" 2> /dev/null)
began=$(sed 's/^.*) //' "/proc/$pid/stat" 2> /dev/null | cut -d' ' -f20)
if [ -n "$pid" ] && [ -n "$began" ] && grep -q "\"startedAt\":\"$began\"" "$lock"; then
  fail 'Linia is running, and its Node packages are to be installed anew. Stop it first: make stop'
fi

command -v node > /dev/null && command -v npm > /dev/null ||
  fail 'Node.js and npm are missing. Run: sudo apt-get update && sudo apt-get install nodejs npm'

exec 9< package-lock.json
if ! flock -n 9; then
  echo 'Another make is installing the Node packages in this folder; waiting for it …'
  flock -w "$waits_s" 9 || fail "The other installation of Node packages has not ended within $waits_s s."
  ! cmp -s package-lock.json "$from" || exit 0
fi

free_mb=$(df -Pm . | awk 'NR == 2 { print $4 }')
[ -e node_modules ] || [ "${free_mb:-$needs_mb}" -ge "$needs_mb" ] ||
  fail "Only $free_mb MB are free in $PWD; the Node packages need $needs_mb MB there."

stop() {
  kill -KILL "-$npm" "$npm" 2> /dev/null
  echo 'Stopped. The next make installs the Node packages from the beginning.'
  exit 130
}

echo 'Installing Node packages (npm ci) …'
# In a session of its own, so that it can be killed with all its children.
setsid npm ci --no-fund --no-audit --loglevel=error < /dev/null &
npm=$!
trap stop INT TERM HUP
seconds=0
while kill -0 "$npm" 2> /dev/null; do
  sleep 1
  seconds=$((seconds + 1))
  [ $((seconds % 10)) -ne 0 ] || echo "  … still at it: npm ci ($seconds s)"
done
wait "$npm" || fail 'npm ci failed; its reason is above.'
cp package-lock.json "$from"
