import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { until } from '../../support/until.ts'
import { createAutosave } from '../../../src/ui/shared/unsaved/autosave.ts'

function slowServer() {
  const taken: string[] = []
  const answers: { readonly ok: () => void; readonly fail: () => void }[] = []
  const save = (value: string): Promise<void> => {
    taken.push(value)
    return new Promise((resolve, reject) => {
      answers.push({ ok: resolve, fail: () => reject(new Error('away')) })
    })
  }
  return { taken, answers, save }
}
const patient = { initial: '', pauseMs: 60_000, waitMaxMs: 60_000, retryMs: 60_000 }

t.test('a change during a save is saved after it', async (t) => {
  const { taken, answers, save } = slowServer()
  const draft = createAutosave({ ...patient, save })
  draft.change('a')
  const done = draft.flush()
  draft.change('ab')
  answers[0]?.ok()
  await Promise.resolve().then(() => undefined)
  await new Promise(setImmediate)
  answers[1]?.ok()
  t.equal(await done, true)
  t.strictSame(taken, ['a', 'ab'])
  t.match(draft.store.get(), { value: 'ab', status: 'saved' })
})

t.test('a failed save keeps the text, reports it, and the next attempt saves it', async (t) => {
  const { taken, answers, save } = slowServer()
  const draft = createAutosave({ ...patient, save })
  draft.change('notes')
  const first = draft.flush()
  answers[0]?.fail()
  t.equal(await first, false)
  t.match(draft.store.get(), { value: 'notes', status: 'failed', savedAt: null })
  const second = draft.flush()
  answers[1]?.ok()
  t.equal(await second, true)
  t.strictSame(taken, ['notes', 'notes'])
})

t.test('typing is saved after a pause', async (t) => {
  const saved = new Promise<string>((resolve) => {
    const draft = createAutosave({
      ...patient,
      pauseMs: 1,
      save: (value: string) => {
        resolve(value)
        return Promise.resolve()
      },
    })
    draft.change('un')
    draft.change('unu')
  })
  t.equal(await saved, 'unu')
})

t.test('the server’s value never overwrites a change, and is not sent back', async (t) => {
  const { taken, answers, save } = slowServer()
  const draft = createAutosave({ ...patient, save })
  draft.begin('from before')
  t.equal(draft.store.get().value, 'from before')
  t.equal(await draft.flush(), true)
  t.strictSame(taken, [])
  draft.change('mine')
  draft.begin('late answer')
  t.equal(draft.store.get().value, 'mine')
  const done = draft.flush()
  answers[0]?.ok()
  t.equal(await done, true)
  t.strictSame(taken, ['mine'])
})

t.test('typing without a pause is saved within the bound', async (t) => {
  const { taken, answers, save } = slowServer()
  const draft = createAutosave({ ...patient, waitMaxMs: 30, save })
  let typed = ''
  // Each stroke restarts the pause; without the bound nothing would ever be sent.
  await until(() => {
    typed += 'a'
    draft.change(typed)
    return taken.length > 0
  })
  answers[0]?.ok()
  t.ok(typed.startsWith(taken[0] ?? 'nothing'))
})

t.test('a page that closes sends unsaved changes only', async (t) => {
  const sent: [string, boolean][] = []
  const draft = createAutosave({
    ...patient,
    save: async (value: string, leaving) => void sent.push([value, leaving]),
  })
  draft.leave()
  draft.change('half a sent')
  draft.leave()
  t.strictSame(sent, [['half a sent', true]])
  await draft.flush()
  draft.leave()
  t.strictSame(sent.slice(1), [['half a sent', false]])
})

t.test('a page that hands over sends unsaved changes once, without retries', async (t) => {
  const sent: string[] = []
  const draft = createAutosave({
    ...patient,
    retryMs: 1,
    save: (value: string) => {
      sent.push(value)
      return Promise.reject(new Error('away'))
    },
  })
  draft.change('before')
  await draft.flush()
  await until(() => sent.length > 1)
  draft.change('after')
  draft.handOver()
  await new Promise(setImmediate)
  const { length } = sent
  t.equal(sent.at(-1), 'after')
  // A late timer would have sent by then.
  await delay(50)
  t.equal(sent.length, length)
})

t.test('a save in flight when a page hands over is not sent a second time', async (t) => {
  const { taken, answers, save } = slowServer()
  const draft = createAutosave({ ...patient, save })
  draft.change('mine')
  const done = draft.flush()
  draft.handOver()
  answers[0]?.fail()
  t.equal(await done, false)
  await new Promise(setImmediate)
  t.strictSame(taken, ['mine'])
})

t.test('a save that is refused for good is not repeated before the next change', async (t) => {
  const { taken, answers, save } = slowServer()
  const draft = createAutosave({ ...patient, retryMs: 1, pauseMs: 1, save, isFinal: () => true })
  draft.change('a')
  const first = draft.flush()
  answers[0]?.fail()
  t.equal(await first, false)
  // A retry without a pause would have been made by then.
  await delay(50)
  t.strictSame(taken, ['a'])
  t.match(draft.store.get(), { value: 'a', status: 'failed' })
  draft.change('ab')
  await until(() => taken.length === 2)
  answers[1]?.ok()
})
