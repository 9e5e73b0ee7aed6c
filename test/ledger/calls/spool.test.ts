import { appendFileSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { pino } from 'pino'
import t from 'tap'
import type { AcdEvent } from '../../../src/core/acd-event.ts'
import { Spool } from '../../../src/ledger/calls/spool.ts'
import { agentEvent, callEvents } from '../fixtures.ts'

const log = pino({ level: 'silent' })
const filesIn = (folder: string) => readdirSync(folder).sort()
const replayed = (spool: Spool): AcdEvent[] => [...spool.replay()].flat()

function openIn(folder: string, more: Partial<ConstructorParameters<typeof Spool>[0]> = {}): Spool {
  return new Spool({ folder, log, now: Date.now, ...more })
}

void t.test('unacknowledged events are replayed in order after a crash', async (t) => {
  const folder = t.testdir({})
  const events = callEvents({ id: 'pbx1-1.1' })
  const before = openIn(folder)
  before.add(events)
  before.add([agentEvent('a1', 7)])
  before.acknowledged(events.slice(0, 2))
  // No close: the process is gone.
  const after = openIn(folder)
  t.strictSame(
    replayed(after),
    [...events, agentEvent('a1', 7)],
    'acknowledgements are not stored: replaying is harmless',
  )
  after.acknowledged([...events, agentEvent('a1', 7)])
  t.equal(after.outstanding, 0)
  t.strictSame(filesIn(folder), [], 'a file with nothing outstanding is deleted')
})

void t.test('within one run only unacknowledged events of a certain age are replayed', async (t) => {
  let now = 1_000_000
  const spool = openIn(t.testdir({}), { now: () => now })
  const [first, second, ...rest] = callEvents({ id: 'pbx1-1.2' })
  spool.add([first!, second!])
  now += 30_000
  spool.add(rest)
  spool.acknowledged([first!])
  t.strictSame([...spool.replay(30_000)].flat(), [second])
  t.strictSame(replayed(spool), [second, ...rest])
})

void t.test('no file is read before an event is due', async (t) => {
  let now = 1_000_000
  const folder = t.testdir({})
  const spool = openIn(folder, { now: () => now })
  spool.add([agentEvent('a1', 1)])
  // Reading it now fails.
  rmSync(path.join(folder, filesIn(folder)[0]!))
  t.strictSame([...spool.replay(30_000)], [])
  now += 30_000
  t.throws(() => [...spool.replay(30_000)], { code: 'ENOENT' })
})

void t.test(
  'a file whose events are all acknowledged while an earlier one is replayed is no failure',
  async (t) => {
    const folder = t.testdir({})
    const spool = openIn(folder, { fileBytesMax: 1 })
    const events = [1, 2, 3].map((seq) => agentEvent('a1', seq))
    for (const event of events) spool.add([event])
    const replay = spool.replay()
    t.strictSame(replay.next().value, [events[0]])
    spool.acknowledged([events[1]!])
    t.equal(filesIn(folder).length, 2)
    t.strictSame([...replay].flat(), [events[2]])
  },
)

void t.test('a line cut short by a crash is skipped, and the next event begins a new file', async (t) => {
  const folder = t.testdir({})
  const before = openIn(folder)
  before.add([agentEvent('a1', 1)])
  const [file] = filesIn(folder)
  appendFileSync(path.join(folder, file!), '{"subject":"agent","id":"a1","se')
  const after = openIn(folder)
  after.add([agentEvent('a1', 2)])
  t.strictSame(replayed(after), [agentEvent('a1', 1), agentEvent('a1', 2)])
  t.equal(filesIn(folder).length, 2)
})

void t.test('files rotate, and a full file is deleted when its events are acknowledged', async (t) => {
  const folder = t.testdir({})
  const spool = openIn(folder, { fileBytesMax: 300 })
  const events = [1, 2, 3, 4, 5, 6].map((seq) => agentEvent('a1', seq))
  for (const event of events) spool.add([event])
  const full = filesIn(folder).length
  t.ok(full > 2, `${full} files`)
  spool.acknowledged(events.slice(0, 3))
  t.ok(filesIn(folder).length < full)
  t.strictSame(replayed(spool), events.slice(3))
  spool.close()
})

void t.test('the same event added twice is kept once', async (t) => {
  const folder = t.testdir({})
  const spool = openIn(folder)
  spool.add([agentEvent('a1', 1)])
  spool.add([agentEvent('a1', 1)])
  t.equal(
    readFileSync(path.join(folder, filesIn(folder)[0]!), 'utf8')
      .trim()
      .split('\n').length,
    1,
  )
})

void t.test('beyond the bound events are refused and counted without an exception', async (t) => {
  const spool = openIn(t.testdir({}), { bytesMax: 900 })
  for (let seq = 1; seq <= 10; seq += 1) spool.add([agentEvent('a1', seq)])
  t.ok(spool.outstanding >= 1)
  t.equal(spool.outstanding + spool.refused, 10)
  spool.acknowledged(replayed(spool))
  spool.add([agentEvent('a1', 11)])
  t.strictSame(replayed(spool), [agentEvent('a1', 11)], 'room again after the ledger caught up')
})

void t.test('a failing disk does not throw', async (t) => {
  const folder = t.testdir({ gone: {} })
  const spool = openIn(path.join(folder, 'gone'))
  rmSync(path.join(folder, 'gone'), { recursive: true })
  spool.add([agentEvent('a1', 1)])
  t.equal(spool.refused, 1)
})

void t.test('withdrawn events do not come back after a crash', async (t) => {
  const folder = t.testdir({})
  const before = openIn(folder, { fileBytesMax: 1_000 })
  const events = [1, 2, 3, 4, 5, 6].map((seq) => agentEvent('a1', seq))
  for (const event of events) before.add([event])
  before.withdraw([events[1]!, events[5]!])
  // The same number again, with the committed event.
  const other = agentEvent('a1', 6, Date.UTC(2026, 10, 24))
  before.add([other])
  const kept = [...[0, 2, 3, 4].map((index) => events[index]!), other]
  t.strictSame(replayed(before), kept)
  // No close: the process is gone.
  const after = openIn(folder)
  t.strictSame(replayed(after), kept)
  after.withdraw(kept)
  t.strictSame(filesIn(folder), [])
})
