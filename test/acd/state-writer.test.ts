/** The state writer alone: what is saved when. */
import { pino } from 'pino'
import t from 'tap'
import { systemClock } from '../../src/clock.ts'
import { CallId } from '../../src/core/ids.ts'
import type { AcdEvent } from '../../src/core/acd-event.ts'
import { AcdState } from '../../src/acd/acd-state.ts'
import { StoreUnavailable, type AcdStore } from '../../src/acd/ports.ts'
import { StateWriter } from '../../src/acd/state-writer.ts'
import { commitOf } from '../redis/samples.ts'
import { soon } from '../support/until.ts'

type PbxEventHandler = Parameters<AcdStore['onState']>[0]

function aSaver() {
  const spool = new Set<AcdEvent>()
  const overwritten: AcdEvent[][] = []
  const owed: string[][] = []
  const acknowledged: (readonly string[])[] = []
  let tell: PbxEventHandler = () => undefined
  const store = {
    commit: (() => Promise.resolve('SAVED')) as AcdStore['commit'],
    load: () => Promise.resolve({ calls: [], agents: [], effects: [] }),
    overwrite: (all: Parameters<AcdStore['overwrite']>[0], missed: readonly AcdEvent[]) => {
      overwritten.push([...missed])
      owed.push(all.effects.map(({ commit }) => commit))
      return Promise.resolve('SAVED' as const)
    },
    acknowledge: (commits: readonly string[]) => {
      acknowledged.push(commits)
      return Promise.resolve()
    },
    onState: (listener: PbxEventHandler) => {
      tell = listener
    },
  }
  const stateWriter = new StateWriter({
    store,
    spool: {
      add: (events) => events.forEach((event) => spool.add(event)),
      withdraw: (events) => events.forEach((event) => spool.delete(event)),
    },
    acdState: new AcdState(),
    clock: systemClock,
    meter: { committed: () => undefined, performed: () => undefined, alarm: () => undefined },
    log: pino({ level: 'silent' }),
    lost: () => stateWriter.lose(),
    recovered: () => undefined,
  })
  return {
    stateWriter,
    store,
    spool,
    overwritten,
    owed,
    acknowledged,
    tell: (state: Parameters<PbxEventHandler>[0]) => tell(state),
  }
}

void t.test('before the state is loaded nothing is overwritten, whatever Redis does', async (t) => {
  const { stateWriter, overwritten, tell } = aSaver()
  tell({ up: false, restarted: false })
  tell({ up: true, restarted: true })
  t.equal(stateWriter.away, false)
  t.same(overwritten, [])
  stateWriter.begin()
  tell({ up: true, restarted: true })
  await soon(() => overwritten.length === 1)
})

void t.test('an event is spooled once it is saved, and not before', async (t) => {
  const { stateWriter, store, spool } = aSaver()
  stateWriter.begin()
  const answer = Promise.withResolvers<'SAVED'>()
  store.commit = () => answer.promise
  const commit = commitOf('k1', 'c1', 0)
  const saved = stateWriter.save(commit)
  t.equal(spool.size, 0)
  answer.resolve('SAVED')
  t.equal(await saved, 'saved')
  t.same([...spool], commit.events)
})

void t.test('commits under way are included in the overwrite', async (t) => {
  const { stateWriter, store, overwritten, tell } = aSaver()
  stateWriter.begin()
  store.commit = () => Promise.withResolvers<'SAVED'>().promise
  const commit = commitOf('k1', 'c1', 0)
  void stateWriter.save(commit)
  tell({ up: true, restarted: true })
  await soon(() => overwritten.length === 1)
  t.same(overwritten[0], commit.events)
})

void t.test('missed events are written back in order, each once', async (t) => {
  const { stateWriter, store, overwritten } = aSaver()
  stateWriter.begin()
  const replies = new Map(['k1', 'k2'].map((id) => [id, Promise.withResolvers<'SAVED'>()]))
  store.commit = ({ id }) => replies.get(id)?.promise ?? Promise.resolve('SAVED')
  const [older, newer] = [commitOf('k1', 'c1', 0), commitOf('k2', 'c1', 1)]
  const saved = stateWriter.save(older)
  void stateWriter.save(newer)
  replies.get('k1')?.reject(new StoreUnavailable('too late'))
  t.equal(await saved, 'unsaved')
  await soon(() => overwritten.length === 1)
  t.same(overwritten[0], [...older.events, ...newer.events])
})

void t.test(
  'effects that are not performed yet are written back too, for a takeover after a crash',
  async (t) => {
    const { stateWriter, store, owed, acknowledged, tell } = aSaver()
    stateWriter.begin([{ commit: 'k0', effects: [{ do: 'FinishRecording', call: CallId('c0') }] }])
    const effects = [{ do: 'FinishRecording' as const, call: CallId('c1') }]
    for (const id of ['k1', 'k2', 'k3']) await stateWriter.save({ ...commitOf(id, id, 0), effects })
    stateWriter.performed('k1')
    await soon(() => acknowledged.length === 1)
    t.same(acknowledged, [['k1']])
    const reply = Promise.withResolvers<undefined>()
    const { overwrite } = store
    store.overwrite = async (...all) => {
      await reply.promise
      return overwrite(...all)
    }
    tell({ up: true, restarted: true })
    // Performed during the overwrite, which still writes it as owed.
    stateWriter.performed('k2')
    reply.resolve(undefined)
    await soon(() => !stateWriter.away)
    t.same(owed, [['k0', 'k2', 'k3']])
    t.same(acknowledged, [['k1'], ['k2']])
  },
)

void t.test('performed effects are acknowledged together, at the latest when the writer stops', async (t) => {
  const { stateWriter, acknowledged } = aSaver()
  stateWriter.begin()
  for (const id of ['k1', 'k2', 'k3']) await stateWriter.save(commitOf(id, id, 0))
  stateWriter.performed('k1')
  stateWriter.performed('k2')
  t.same(acknowledged, [], 'gathered')
  await soon(() => acknowledged.length > 0)
  t.same(acknowledged, [['k1', 'k2']])
  stateWriter.performed('k3')
  stateWriter.stop()
  t.same(acknowledged, [['k1', 'k2'], ['k3']])
  stateWriter.performed('k4')
  t.same(acknowledged.slice(2), [['k4']], 'one that was still being performed')
})

void t.test('a node that lost ownership withdraws the events that Redis never had', async (t) => {
  const { stateWriter, store, spool } = aSaver()
  stateWriter.begin()
  store.commit = () => Promise.reject(new StoreUnavailable('no answer'))
  store.overwrite = () => Promise.reject(new StoreUnavailable('no answer'))
  t.equal(await stateWriter.save(commitOf('k1', 'c1', 0)), 'unsaved')
  t.equal(spool.size, 1)
  stateWriter.lose()
  t.equal(spool.size, 0)
  t.equal(await stateWriter.save(commitOf('k2', 'c2', 0)), 'dropped')
  t.equal(spool.size, 0)
})
