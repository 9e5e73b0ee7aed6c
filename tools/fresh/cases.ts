/** The cases of `make fresh`: the README's commands in the usual orders. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Machine } from './machine.ts'
import {
  call,
  firstStartMs,
  laterStartMs,
  refused,
  start,
  startAndStop,
  stop,
  succeeds,
  testFile,
  type Place,
} from './steps.ts'

export interface Case {
  readonly name: string
  readonly run: (machine: Machine, place: Place) => Promise<void>
}

/** Cases that run one after the other on one machine and keep its state. */
export interface Journey {
  /** Its name in CASES. */
  readonly name: string
  /** User and folder, for the output. */
  readonly who: string
  readonly place: Place
  readonly cases: readonly Case[]
}

/** Ctrl-C while a package manager is at work ends it at once. */
const interruptedMs = 5_000

const root: Place = { folder: join('/root', 'linia969'), user: 'root' }
const anas: Place = { folder: '/srv/Primăria – șantier 1/linia 969', user: 'ana' }

/** The locale of a Romanian terminal, which ssh forwards and a bare Debian does not have. */
const romanian = { LANG: 'ro_RO.UTF-8', LC_ALL: 'ro_RO.UTF-8' }

const firstStart: Case = {
  name: 'first start, a call to 969, doctor, a second `make run`, Ctrl-C',
  run: async (machine, place) => {
    const running = await start(machine, place, firstStartMs)
    await call(machine, place)
    await succeeds(machine, place, 'src/stack/linia doctor', /^Nothing is missing or wrong\.$/m)
    await refused(machine, place, 'make run', /^linia: Linia is already running at/m)
    await stop(running)
  },
}

const secondStart: Case = {
  name: 'second start without network, a call',
  run: async (machine, place) => {
    await machine.disconnect()
    const running = await start(machine, place, laterStartMs)
    await call(machine, place)
    await stop(running)
    await machine.connect()
  },
}

const runThenTest: Case = {
  name: 'run, then test: commands.test.ts',
  run: async (machine, place) => {
    const said = await testFile(machine, place, 'test/stack/commands.test.ts')
    assert.doesNotMatch(said, /Fetching Asterisk/, 'run and test have one cache')
  },
}

const secondUser: Case = {
  name: 'another user of the same cache, without network',
  run: async (machine, place) => {
    await machine.disconnect()
    await machine.sh(`install -d -o ana /srv/var`)
    const env = { VAR_DIR: '/srv/var', XDG_CACHE_HOME: '/var/cache' }
    await stop(await start(machine, { ...place, user: 'ana' }, firstStartMs, env))
    await machine.connect()
  },
}

/** The cache as it would be with an older Asterisk: the same programs under another version's name. */
const olderAsterisk = `cd /var/cache/linia969 && for link in asterisk-22-*; do [ -L "$link" ] || continue
  before=$(readlink "$link"); mv "$before" "$link.22.0" && ln -sfn "$link.22.0" "$link" &&
  sed -i 's/"package":"[^"]*"/"package":"1:22.0"/' "$link/linia-origin.json" && grep -q 1:22.0 "$link/linia-origin.json"; done`

const updateByRoot: Case = {
  name: 'root’s `linia update` while the system runs as linia: a newer Asterisk is put to work between two calls',
  run: async (machine, place) => {
    await machine.sh(olderAsterisk)
    const running = await start(machine, place, laterStartMs)
    const check = await machine.run({ line: 'src/stack/linia update --check', cwd: place.folder })
    assert.equal(check.code, 3, check.said)
    assert.match(check.said, /^Asterisk \S+ is there; in use is 1:22\.0\. Run: linia update$/m)
    const talk = machine.begin({
      line: 'exec node_modules/.bin/node tools/fresh/one-call.ts var/demo.json 600',
      cwd: place.folder,
    })
    await talk.until(/^talking$/m, laterStartMs)
    const update = machine.begin({ line: 'exec src/stack/linia update', cwd: place.folder })
    await update.until(/^Restarting the telephone exchange once it has no call/m, firstStartMs)
    // For that long it would have restarted an Asterisk without a call several times.
    await machine.sh('sleep 8')
    const ended = await talk.interrupt()
    assert.equal(ended.code, 0, `the update cut off a call:\n${ended.said}`)
    assert.match(ended.said, /^answered$/m)
    const { code, said } = await update.ended
    assert.equal(code, 0, said)
    assert.match(said, /^Asterisk is now \S+, before 1:22\.0\.$/m)
    assert.match(said, /^All running parts of the telephone exchange are of the newest version\.$/m)
    await succeeds(machine, place, 'src/stack/linia update --check', /^Asterisk is the newest: /m)
    await succeeds(machine, place, 'src/stack/linia update', /^All running parts .* newest version\.$/m)
    await call(machine, place)
    const others = 'find var/upkeep var/asterisk ! -user linia | grep -q . && exit 1 || exit 0'
    await machine.sh(`cd "${place.folder}" && ${others}`)
    await stop(running)
  },
}

/** A folder that every user may enter; in root's home the tests by other users are skipped. */
const roots: Place = { folder: '/srv/linia969', user: 'root' }

export const journeys: readonly Journey[] = [
  {
    name: 'root',
    who: 'root in a 0700 home',
    place: root,
    cases: [
      firstStart,
      secondStart,
      {
        name: 'ports taken: a sentence that names the setting',
        run: async (machine, place) => {
          const listen = "require('net').createServer().listen(9690, '127.0.0.1', () => console.log('taken'))"
          const taken = machine.begin({ line: `exec node -e "${listen}"` })
          await taken.until(/^taken$/m, laterStartMs)
          await refused(machine, place, 'make run', /^linia: .*HTTP_PORT/m)
          await taken.signal('TERM')
          await taken.ended
        },
      },
    ],
  },
  {
    name: 'run-test',
    who: 'root in a folder for everybody',
    place: roots,
    cases: [
      {
        name: 'Ctrl-C during npm',
        run: async (machine, place) => {
          const broken = machine.begin({ line: 'exec make run', cwd: place.folder })
          await broken.until(/^Installing Node packages/m, laterStartMs)
          await machine.sh('sleep 4')
          const began = performance.now()
          const { said } = await broken.interrupt()
          assert(performance.now() - began < interruptedMs, 'it ends at once')
          assert.match(said, /^Stopped/m)
        },
      },
      {
        name: 'make killed during npm, and again at once: it waits and says so; then Ctrl-C during apt',
        run: async (machine, place) => {
          const killed = machine.begin({ line: 'exec make run', cwd: place.folder })
          await killed.until(/^Installing Node packages/m, laterStartMs)
          await killed.signal('KILL', 'only')
          const broken = machine.begin({ line: 'exec make run', cwd: place.folder })
          await broken.until(/^Another make is installing .*; waiting for it/m, laterStartMs)
          await broken.until(/^Installing from Debian/m, firstStartMs)
          await machine.sh('sleep 3')
          const { said } = await broken.interrupt()
          assert.match(said, /Stopped/)
        },
      },
      {
        name: 'first start after both, Ctrl-C',
        run: (machine, place) => startAndStop(machine, place, firstStartMs),
      },
      {
        name: 'the nightly backup as the user linia, by a path',
        run: async (machine, place) => {
          const running = await start(machine, place, laterStartMs)
          await machine.sh('install -d -o linia /srv/backup')
          const asLinia = 'setpriv --reuid linia --regid linia --init-groups env HOME=/nonexistent'
          const line = `${asLinia} src/stack/linia backup /srv/backup/night`
          await succeeds(machine, place, line, /^Backed up to /m)
          await stop(running)
        },
      },
      updateByRoot,
      runThenTest,
      secondUser,
    ],
  },
  {
    name: 'user',
    who: 'an ordinary user in a path with spaces and ș',
    place: anas,
    cases: [
      {
        name: 'an ordinary user without rights is refused before npm; the command in the message works and starts nothing',
        run: async (machine, place) => {
          const told = /^linia: These packages are missing[^]*sudo make packages$/m
          await refused(machine, place, 'make run', told)
          await machine.sh(`[ ! -e "${place.folder}/node_modules" ]`)
          await succeeds(machine, { ...place, user: 'root' }, 'make packages', /^Installed/m)
          assert.deepEqual(machine.processes(), [])
          await machine.sh('[ ! -e /var/lib/postgresql/17/main ] && [ ! -e /usr/sbin/policy-rc.d ]')
        },
      },
      {
        name: 'a path with spaces, ș and –, LANG=ro_RO.UTF-8 not generated: first start, a call, doctor, stop',
        run: async (machine, place) => {
          const running = await start(machine, place, firstStartMs, romanian)
          await call(machine, place)
          await succeeds(machine, place, 'npx linia doctor', /^Nothing is missing or wrong\.$/m)
          await succeeds(machine, place, 'make stop', /^Stopped\.$/m)
          assert.equal((await running.ended).code, 0)
        },
      },
      {
        name: 'root’s `linia doctor` runs nothing of the user’s',
        run: async (machine, place) => {
          const loader = '~ana/.cache/linia969/asterisk-22-*/lib*/ld-linux-*.so.*'
          await machine.sh(
            `for f in ${loader}; do mv "$f" "$f.real"; printf '#!/bin/sh\\n[ $(id -u) != 0 ] || touch /tmp/root-ran-this\\nexec "%s.real" "$@"\\n' "$f" > "$f"; chmod 755 "$f"; done`,
          )
          await machine.run({ line: 'src/stack/linia doctor', cwd: place.folder })
          await machine.sh('[ ! -e /tmp/root-ran-this ]')
        },
      },
      {
        name: 'a var of 60 MB: the start and the doctor ask for space',
        run: async (machine, place) => {
          await machine.sh(
            'install -d -o ana /srv/small && mount -t tmpfs -o size=60m,mode=755,uid=1000 tmpfs /srv/small',
          )
          const env = { VAR_DIR: '/srv/small/var' }
          await refused(machine, place, 'make run', /^linia: .*MB.* free/m, env)
          await refused(machine, place, 'src/stack/linia doctor', /^! .*MB.* free/m, env)
        },
      },
      {
        name: 'a checkout with 300 MB: asked before npm',
        run: async (machine, place) => {
          const tight = { folder: '/srv/tight', user: 'root' }
          await machine.sh('mkdir /srv/tight && mount -t tmpfs -o size=300m tmpfs /srv/tight')
          await machine.sh(
            `cd "${place.folder}" && cp -r --parents Makefile package-lock.json src /srv/tight`,
          )
          await refused(machine, tight, 'make run', /^linia: Only \d+ MB are free in/m)
        },
      },
      {
        name: 'no Node or npm: a sentence',
        run: async (machine, place) => {
          await machine.sh(`rm -rf "${place.folder}/node_modules" /usr/bin/node /usr/bin/npm`)
          await refused(
            machine,
            place,
            'make run',
            /Node\.js and npm are missing.*apt-get install nodejs npm/,
          )
        },
      },
    ],
  },
  {
    name: 'test-run',
    who: 'root in a folder for everybody',
    place: roots,
    cases: [
      {
        name: 'test, then run: commands.test.ts',
        run: async (machine, place) => {
          await testFile(machine, place, 'test/stack/commands.test.ts')
          await startAndStop(machine, place, firstStartMs)
        },
      },
    ],
  },
]

/** The most fragile cases, for a change of the first start. */
export const shortJourney: Journey = {
  name: 'short',
  who: 'root in a folder for everybody',
  place: roots,
  cases: [firstStart, secondUser],
}

/** Part of `run-test`, for itself. */
export const updateJourney: Journey = {
  name: 'update',
  who: 'root in a folder for everybody',
  place: roots,
  cases: [
    { name: 'first start, Ctrl-C', run: (machine, place) => startAndStop(machine, place, firstStartMs) },
    updateByRoot,
  ],
}
