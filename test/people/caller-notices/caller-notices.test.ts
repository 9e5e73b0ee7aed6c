import t from 'tap'
import { AgentId, QueueId } from '../../../src/core/ids.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import {
  addCallerNotice,
  heldCallerNotices,
  endCallerNotice,
  listedCallerNotices,
} from '../../../src/people/caller-notices/caller-notices.ts'
import { Story } from '../../http/states.ts'
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
const hourMs = 3_600_000
const text = 'Nu este apă pe strada Florilor până la ora opt.'
const add = (change: Partial<Parameters<typeof addCallerNotice>[1]> = {}) =>
  addCallerNotice(db, {
    text,
    queues: [],
    from: null,
    until: Date.now() + hourMs,
    daily: null,
    by,
    ...change,
  })

void t.test('a notice ends by itself, or by a supervisor once, and stays on record', async (t) => {
  const id = await add({ queues: [QueueId('taxe'), QueueId('taxe')] })
  const short = await add({ until: Date.now() + 300 })
  await until(async () => (await heldCallerNotices(db)).every((one) => one.id !== short))
  t.match(await heldCallerNotices(db), [{ id, text, queues: ['taxe'] }])
  const ends = await Promise.all([
    endCallerNotice(db, { notice: id, by }),
    endCallerNotice(db, { notice: id, by }),
  ])
  t.strictSame([...ends].sort(), ['ended', 'not in force'])
  t.equal(await endCallerNotice(db, { notice: 999_999, by }), 'not in force')
  t.same(await heldCallerNotices(db), [])
  const [latest, first] = await listedCallerNotices(db, 10)
  t.match(latest, { id: short, endedAt: null, by: { name: 'Sorin Supervizor' }, heard: 0, spared: 0 })
  t.match(first, { id, text })
  t.type(first?.endedAt, 'number')
})

void t.test('a planned notice is held before it begins, and its daily hours with it', async (t) => {
  const { directory, copyFile } = await openedDirectory(t, appUrl)
  const from = Date.now() + 20 * hourMs
  const daily = { from: 480, to: 720 }
  const id = await add({ from, until: from + 72 * hourMs, daily, text: 'Mâine nu este apă.' })
  await until(() => directory.callerNotices().some((one) => one.id === id))
  t.match(
    directory.callerNotices().find((one) => one.id === id),
    { from, daily },
  )
  t.ok(
    directory.texts().some((one) => one.text === 'Mâine nu este apă.'),
    'its sound is made before',
  )
  await until(async () => {
    const away = await openedDirectory(t, 'postgres://nobody@127.0.0.1:1/none', copyFile).catch(() => null)
    const held = away?.directory.callerNotices().find((one) => one.id === id)
    return held?.from === from && held.daily?.to === 720
  })
  const [listed] = await listedCallerNotices(db, 1)
  t.match(listed, { id, from, daily })
  t.equal(await endCallerNotice(db, { notice: id, by }), 'ended', 'it is withdrawn before it begins')
  await t.rejects(add({ from, until: from + 16 * 24 * hourMs }), 'the register has the bound as well')
  await t.rejects(add({ from: Date.now() + 16 * 24 * hourMs, until: Date.now() + 17 * 24 * hourMs }))
})

void t.test('it is in force on every node within a second, and while the database is away', async (t) => {
  const { directory, copyFile } = await openedDirectory(t, appUrl)
  let [seen, unseen] = [0, 0]
  directory.onChange(() => (seen += 1))
  directory.onUnseenChange(() => (unseen += 1))
  const id = await add()
  await until(() => directory.callerNotices().some((one) => one.id === id))
  t.same([seen, unseen], [0, 1], 'its sound is made, and no page starts its feed anew')
  t.equal(directory.texts()[0]?.text, text, 'its sound is made before those of the menus')
  await until(async () => {
    const away = await openedDirectory(t, 'postgres://nobody@127.0.0.1:1/none', copyFile).catch(() => null)
    return away?.directory.callerNotices().some((one) => one.id === id) === true
  })
  await endCallerNotice(db, { notice: id, by })
  await until(() => directory.callerNotices().every((one) => one.id !== id))
})

void t.test('the callers whom it spared: they hung up during it, or soon after', async (t) => {
  const notice = await add()
  const at = Date.now() + 1_000
  const heard = (id: string, leavesAfterMs: number, endsAfterMs: number | null) => {
    const story = new Story(id, at)
    const before = [story.arrives(), story.waits(at), story.hears(notice, at + 1_000)]
    const read = endsAfterMs === null ? [] : [story.waits(at + endsAfterMs)]
    return { story, events: [...before, ...read], leavesAt: at + leavesAfterMs }
  }
  const stories = [heard('during', 5_000, null), heard('soon', 23_000, 9_000), heard('late', 25_000, 9_000)]
  for (const { story, events, leavesAt } of stories)
    await writeEvents(db, [...events, story.ends(leavesAt, 'abandoned')])
  const answered = heard('answered', 12_000, 9_000)
  const { story, events, leavesAt } = answered
  await writeEvents(db, [...events, story.talks(AgentId('agent-1'), at + 10_000), story.ends(leavesAt)])
  await writeEvents(db, heard('waits', 0, 9_000).events)
  // One who was offered to an agent in vain meanwhile heard it to its end.
  const offered = new Story('offered', at)
  const agent = AgentId('agent-2')
  await writeEvents(db, [
    offered.arrives(),
    offered.waits(at),
    offered.hears(notice, at + 1_000),
    offered.rings(agent, at + 2_000),
    offered.missed(at + 6_000, agent),
    offered.waits(at + 9_000),
    offered.ends(at + 23_000, 'abandoned'),
  ])
  const [listed] = await listedCallerNotices(db, 1)
  t.match(listed, { id: notice, heard: 6, spared: 3 })
})
