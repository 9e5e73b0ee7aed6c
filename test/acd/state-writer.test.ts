/** What is saved when, where no whole line is needed to see it. */
import { pino } from 'pino'
import t from 'tap'
import { systemClock } from '../../src/clock.ts'
import { CallId } from '../../src/core/ids.ts'
import type { LineEvent } from '../../src/core/acd-event.ts'
import { Mirror } from '../../src/acd/acd-state.ts'
import { StoreAway, type LineStore } from '../../src/acd/ports.ts'
import { Saver } from '../../src/acd/state-writer.ts'
import { commitOf } from '../redis/samples.ts'
import { until } from '../support/until.ts'

type Listener = Parameters<LineStore['onState']>[0]

function aSaver() {
  const spool = new Set<LineEvent>()
  const overwritten: LineEvent[][] = []
  const owed: string[][] = []
  const acknowledged: string[] = []
  let tell: Listener = () => undefined
  const store = {
    commit: (() => Promise.resolve('SAVED')) as LineStore['commit'],
    reserve: () => Promise.resolve('RESERVED' as const),
    load: () => Promise.resolve({ calls: [], agents: [], effects: [] }),
    overwrite: (all: Parameters<LineStore['overwrite']>[0], missed: readonly LineEvent[]) => {
      overwritten.push([...missed])
      owed.push(all.effects.map(({ commit }) => commit))
      return Promise.resolve('SAVED' as const)
    },
    acknowledge: (commit: string) => {
      acknowledged.push(commit)
      return Promise.resolve()
    },
    onState: (listener: Listener) => {
      tell = listener
    },
  }
  const saver = new Saver({
    store,
    spool: {
      add: (events) => events.forEach((event) => spool.add(event)),
      withdraw: (events) => events.forEach((event) => spool.delete(event)),
    },
    mirror: new Mirror(),
    clock: systemClock,
    meter: { committed: () => undefined, performed: () => undefined, alarm: () => undefined },
    log: pino({ level: 'silent' }),
    lost: () => saver.lose(),
    recovered: () => undefined,
  })
  return {
    saver,
    store,
    spool,
    overwritten,
    owed,
    acknowledged,
    tell: (state: Parameters<Listener>[0]) => tell(state),
  }
}

void t.test('who has not loaded the line writes nothing over it, whatever Redis does', async (t) => {
  const { saver, overwritten, tell } = aSaver()
  tell({ up: false, restarted: false })
  tell({ up: true, restarted: true })
  t.equal(saver.away, false)
  t.same(overwritten, [])
  saver.begin()
  tell({ up: true, restarted: true })
  await until(() => overwritten.length === 1)
})

void t.test('an event is on the disk once it is saved, and not before', async (t) => {
  const { saver, store, spool } = aSaver()
  saver.begin()
  const answer = Promise.withResolvers<'SAVED'>()
  store.commit = () => answer.promise
  const commit = commitOf('k1', 'c1', 0)
  const saved = saver.save(commit, false)
  t.equal(spool.size, 0)
  answer.resolve('SAVED')
  t.equal(await saved, 'saved')
  t.same([...spool], commit.events)
})

void t.test('what is under way as the line is written back goes along with it', async (t) => {
  const { saver, store, overwritten, tell } = aSaver()
  saver.begin()
  store.commit = () => Promise.withResolvers<'SAVED'>().promise
  const commit = commitOf('k1', 'c1', 0)
  void saver.save(commit, false)
  tell({ up: true, restarted: true })
  await until(() => overwritten.length === 1)
  t.same(overwritten[0], commit.events)
})

void t.test('the line is written back in the order in which it happened, each event once', async (t) => {
  const { saver, store, overwritten } = aSaver()
  saver.begin()
  const replies = new Map(['k1', 'k2'].map((id) => [id, Promise.withResolvers<'SAVED'>()]))
  store.commit = ({ id }) => replies.get(id)?.promise ?? Promise.resolve('SAVED')
  const [older, newer] = [commitOf('k1', 'c1', 0), commitOf('k2', 'c1', 1)]
  const saved = saver.save(older, false)
  void saver.save(newer, false)
  replies.get('k1')?.reject(new StoreAway('too late'))
  t.equal(await saved, 'unsaved')
  await until(() => overwritten.length === 1)
  t.same(overwritten[0], [...older.events, ...newer.events])
})

void t.test('what is not performed yet is written back too, for who takes over after a crash', async (t) => {
  const { saver, store, owed, acknowledged, tell } = aSaver()
  saver.begin([{ commit: 'k0', effects: [{ do: 'FinishRecording', call: CallId('c0') }] }])
  const effects = [{ do: 'FinishRecording' as const, call: CallId('c1') }]
  for (const id of ['k1', 'k2', 'k3']) await saver.save({ ...commitOf(id, id, 0), effects }, false)
  saver.performed('k1')
  t.same(acknowledged, ['k1'])
  const reply = Promise.withResolvers<undefined>()
  const { overwrite } = store
  store.overwrite = async (...all) => {
    await reply.promise
    return overwrite(...all)
  }
  tell({ up: true, restarted: true })
  // Done while the line was being written back: what is written says that it is owed.
  saver.performed('k2')
  reply.resolve(undefined)
  await until(() => !saver.away)
  t.same(owed, [['k0', 'k2', 'k3']])
  t.same(acknowledged, ['k1', 'k2'])
})

void t.test('who has lost the line takes back what Redis never had', async (t) => {
  const { saver, store, spool } = aSaver()
  saver.begin()
  store.commit = () => Promise.reject(new StoreAway('no answer'))
  store.overwrite = () => Promise.reject(new StoreAway('no answer'))
  t.equal(await saver.save(commitOf('k1', 'c1', 0), false), 'unsaved')
  t.equal(spool.size, 1)
  saver.lose()
  t.equal(spool.size, 0)
  t.equal(await saver.save(commitOf('k2', 'c2', 0), false), 'dropped')
  t.equal(spool.size, 0)
})
