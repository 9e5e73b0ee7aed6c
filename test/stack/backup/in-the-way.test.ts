/** What another system has left at the target of a restore. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { readSettings } from '../../../src/config.ts'
import { inTheWay } from '../../../src/stack/backup/parts.ts'
import { newAside, putAside } from '../../../src/stack/backup/put-aside.ts'
import { quiet } from '../../../src/stack/terminal.ts'

/** Restored rows beside any of these would be two systems in one. */
const states = {
  postgres: 'PG_VERSION',
  redis: 'appendonlydir/appendonly.aof.1.incr.aof',
  spool: '000000000001.ndjson',
  anchor: '2026-11-24.heads',
  recordings: 'pbx1-raw/caller.wav',
  'asterisk/studio': 'greeting.wav',
  'asterisk/log': 'cel.csv',
}

t.test('every state of another system is in the way of a restore, and is put aside whole', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'linia-target-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const settings = readSettings({ VAR_DIR: dir })
  t.same(await inTheWay(settings), [], 'a new machine')
  const folders = Object.keys(states).map((name) => join(dir, name))
  for (const [name, file] of Object.entries(states)) {
    mkdirSync(dirname(join(dir, name, file)), { recursive: true })
    writeFileSync(join(dir, name, file), 'theirs')
    t.ok((await inTheWay(settings)).includes(join(dir, name)), name)
  }
  const found = await inTheWay(settings)
  t.same(found.toSorted(), folders.toSorted())
  const aside = newAside()
  await putAside(settings.paths, found, aside, quiet)
  t.same(await inTheWay(settings), [])
  for (const [name, file] of Object.entries(states)) {
    t.notOk(existsSync(join(dir, name)), name)
    t.equal(readFileSync(join(dir, aside, name, file), 'utf8'), 'theirs', 'nothing is deleted')
  }
})

t.test('a database and a Redis of the city’s own are not looked for in the folder', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'linia-target-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const given = {
    DATABASE_URL: 'postgres://linia_app:x@db/linia',
    DATABASE_ADMIN_URL: 'postgres://a:x@db/linia',
  }
  mkdirSync(join(dir, 'postgres'))
  writeFileSync(join(dir, 'postgres/PG_VERSION'), '17')
  t.same(await inTheWay(readSettings({ VAR_DIR: dir, ...given })), [])
})
