/** The effect queue alone: what is performed and acknowledged when. */
import { pino } from 'pino'
import t from 'tap'
import { systemClock } from '../../src/clock.ts'
import type { Effect } from '../../src/core/effect.ts'
import { AgentId, CallId, ChannelId, OfferId } from '../../src/core/ids.ts'
import { EffectQueue } from '../../src/acd/effect-queue.ts'
import type { Saved } from '../../src/acd/state-writer.ts'

const hangUp: Effect = { do: 'HangUp', channel: ChannelId('c1'), as: 'normal' }
const finish: Effect = { do: 'FinishRecording', call: CallId('c1') }

/** A queue whose saves and PBX the test answers. */
function aQueue() {
  const performed: Effect[] = []
  const acknowledged: string[] = []
  const saves = new Map<string, Promise<Saved>>()
  const away = new Set<Effect>()
  const queue = new EffectQueue({
    stateWriter: {
      save: ({ id }) => saves.get(id) ?? Promise.resolve('saved'),
      performed: (commit) => acknowledged.push(commit),
    },
    performer: {
      perform: (_call, effect) => {
        if (away.has(effect)) return Promise.resolve('not done')
        performed.push(effect)
        return Promise.resolve(null)
      },
    },
    clock: systemClock,
    mayPerform: () => true,
    log: pino({ level: 'silent' }),
    followed: () => undefined,
    eased: () => undefined,
  })
  const save = (id: string, call: string, effects: readonly Effect[]) =>
    queue.save(call, { id, writes: [], events: [], effects })
  return { queue, save, saves, away, performed, acknowledged }
}

const ringFor = (call: string): Effect => ({
  do: 'RingAgent',
  call: CallId(call),
  offer: OfferId(`leg-${call}`),
  agent: AgentId('ana'),
  device: 'web',
  callerNumber: null,
  ringTimeoutMs: 20_000,
  autoAnswer: false,
  isRecorded: true,
})

void t.test('a commit is acknowledged once all its effects are performed, and not before', async (t) => {
  const { queue, save, away, performed, acknowledged } = aQueue()
  away.add(hangUp)
  await save('k1', 'c1', [hangUp, finish])
  t.same(performed, [finish])
  t.same(acknowledged, [], 'the next owner would not repeat what is left')
  const undone = queue.takeUndone()
  t.match(undone, [{ commit: 'k1', effects: [hangUp] }])
  away.clear()
  for (const one of undone) await queue.repeat(one, () => true)
  t.same(performed, [finish, hangUp])
  t.same(acknowledged, ['k1'])
})

void t.test('a phone rings once its offer is saved, and not at all for another owner’s call', async (t) => {
  const { save, saves, performed } = aQueue()
  const [slow, fenced] = [Promise.withResolvers<Saved>(), Promise.withResolvers<Saved>()]
  saves.set('k1', slow.promise).set('k2', fenced.promise)
  const first = save('k1', 'c1', [ringFor('c1')])
  const second = save('k2', 'c2', [ringFor('c2')])
  await save('k3', 'c3', [ringFor('c3')])
  t.match(performed, [{ call: 'c3' }], 'the one that is saved')
  slow.resolve('saved')
  fenced.resolve('dropped')
  await Promise.all([first, second])
  t.match(performed, [{ call: 'c3' }, { call: 'c1' }])
  t.equal(performed.length, 2)
})
