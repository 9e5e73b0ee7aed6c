import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import {
  addBlock,
  blockReason,
  blocksInForce,
  endBlock,
  listedBlocks,
} from '../../../src/people/blocked-callers/caller-blocks.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { quickHash } from '../../support/passwords.ts'
import { testDatabase } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { openedDirectory } from '../opened-directory.ts'

const { appUrl, db } = await testDatabase(t)
const supervisor = await addAccount(
  db,
  {
    username: 'super',
    name: 'Sorin Supervizor',
    roles: ['supervisor'],
    employer: 'Glas Contact SRL',
    password: 'o parolă lungă',
  },
  quickHash,
)
if (!supervisor.ok) throw new Error(supervisor.why)
const by = supervisor.account.id
const dayMs = 86_400_000
const number = '+40722000111'
const add = (change: Partial<Parameters<typeof addBlock>[1]> = {}) =>
  addBlock(db, { number, reason: 'amenințări', until: Date.now() + 30 * dayMs, by, ...change })
const added = async (change: Parameters<typeof add>[0] = {}) => {
  const block = await add(change)
  if (block === 'already blocked') throw new Error(block)
  return block.id
}

void t.test('a block is added and ended, once each; both stay on record without the number', async (t) => {
  const id = await added()
  t.match(await listedBlocks(db, 10), [{ id, number, reason: 'amenințări', by: { id: by } }])
  t.equal(await add(), 'already blocked')
  const both = await Promise.all([add({ number: '+40722000112' }), add({ number: '+40722000112' })])
  t.equal(both.filter((one) => one === 'already blocked').length, 1, 'also when both come at once')
  const ends = await Promise.all([endBlock(db, { block: id, by }), endBlock(db, { block: id, by })])
  t.strictSame([...ends].sort(), ['ended', 'not blocked'])
  t.equal(await endBlock(db, { block: 999_999, by }), 'not blocked')
  t.match(await blockReason(db, id), { reason: 'amenințări', by: { id: by } }, 'after its end, too')
  t.equal(await blockReason(db, 999_999), null)
  const again = await added()
  t.notSame(again, id, 'a number can be blocked anew')
  await endBlock(db, { block: again, by })
  const rows = await db.selectFrom('caller_blocks').selectAll().execute()
  t.notMatch(JSON.stringify(rows), /722000/)
  for (const { id: block } of await blocksInForce(db)) await endBlock(db, { block, by })
})

void t.test('a block that is over, or is for longer than a year', async (t) => {
  await added({ until: Date.now() - 1 })
  t.strictSame(await blocksInForce(db), [])
  await t.rejects(add({ until: Date.now() + 367 * dayMs }), { code: '23514' })
})

void t.test('a block takes effect at once, and the last good copy has it', async (t) => {
  const { directory, copyFile } = await openedDirectory(t, appUrl)
  let changes = 0
  directory.onChange(() => (changes += 1))
  directory.onUnseenChange(() => (changes += 1))
  const id = await added()
  await until(() => directory.blockOf(number, Date.now()) === id)
  t.equal(directory.blockedNumbers(Date.now()), 1, 'and the board counts it')
  t.equal(directory.blockOf(number, Date.now() - dayMs), null, 'not for one who has arrived before')
  t.equal(changes, 0, 'no page starts its feed anew')
  await until(() => existsSync(copyFile) && readFileSync(copyFile, 'utf8').includes(number))
  const away = await openedDirectory(t, 'postgresql://nobody:x@127.0.0.1:1/none', copyFile)
  t.equal(away.directory.blockOf(number, Date.now()), id)
  const { blocks: _, ...older } = JSON.parse(readFileSync(copyFile, 'utf8')) as Record<string, unknown>
  const olderFile = path.join(path.dirname(copyFile), 'older.json')
  writeFileSync(olderFile, JSON.stringify(older))
  const fromOlder = await openedDirectory(t, appUrl, olderFile)
  t.ok(fromOlder.directory.queues().length > 0, 'a copy of an earlier version')
  await endBlock(db, { block: id, by })
  await until(() => directory.blockOf(number, Date.now()) === null)
  for (const each of [directory, away.directory, fromOlder.directory]) await each.stop()
})
