/** How often Asterisk is asked to reload its phones and to qualify them. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { GeneratedFiles } from '../../src/asterisk/config/generated-files.ts'
import { PhoneWatch } from '../../src/asterisk/phones/phone-watch.ts'
import { until } from '../support/until.ts'

const phones = 'res_pjsip.so'
/** Reloads of the phones are five seconds apart: what is done within this time has not waited for one. */
const withoutWaitingMs = 4_500

t.test('reloads of the phones are spaced, and each change is loaded by one', async (t) => {
  const etcDir = t.testdir({})
  const sent: { readonly module: string; readonly at: number; readonly text: string }[] = []
  const read = (file: string) => readFile(join(etcDir, file), 'utf8')
  const files = new GeneratedFiles({
    etcDir,
    mayAct: () => true,
    reload: async (module) => {
      const text = module === phones ? await read('phones.conf') : ''
      sent.push({ module, at: performance.now(), text })
    },
  })
  const since = performance.now()
  await files.rewrite('phones.conf', '0', phones)
  t.ok(performance.now() - since < withoutWaitingMs, 'the first at once')
  const all = Promise.all(
    Array.from({ length: 10 }, (_, no) => files.rewrite('phones.conf', String(no + 1), phones)),
  )
  const other = files.rewrite('blocked.conf', 'an address', phones)
  await files.rewrite('numbers.conf', 'always', 'pbx_config.so')
  t.same(
    sent.map(({ module }) => module),
    [phones, 'pbx_config.so'],
    'another module does not wait',
  )
  t.ok(existsSync(join(etcDir, 'phones.conf.unread')), 'a change that is not loaded is marked')
  await Promise.all([all, other])
  const reloads = sent.filter(({ module }) => module === phones)
  t.same(
    reloads.map(({ text }) => text),
    ['0', '10'],
    'one reload for all changes',
  )
  const [first, second] = reloads
  const apartMs = (second?.at ?? 0) - (first?.at ?? 0)
  t.ok(apartMs > 4_900, `${Math.round(apartMs)} ms apart`)
  await until(() => !existsSync(join(etcDir, 'phones.conf.unread')))

  const waiting = files.rewrite('phones.conf', 'new', phones)
  // The rewrite has begun to wait for its turn.
  await pause(50)
  files.hurry()
  await waiting
  t.equal(sent.at(-1)?.text, 'new', 'a new connection does not wait')

  const before = sent.length
  const pending = files.rewrite('phones.conf', 'newer', phones)
  // As above.
  await pause(50)
  const connectedAt = performance.now()
  files.hurry()
  // The first act after a new connection of either kind writes all phones again.
  await files.rewrite('phones.conf', 'newer', phones)
  t.ok(
    performance.now() - connectedAt < withoutWaitingMs,
    'the same text again waits for no reload of its own',
  )
  await pending
  t.equal(sent.length, before + 1)
  t.equal(sent.at(-1)?.text, 'newer')
  t.notOk(existsSync(join(etcDir, 'phones.conf.unread')))
})

t.test('a reload that fails leaves the mark, and the next attempt repeats it', async (t) => {
  const etcDir = t.testdir({})
  let fails = true
  let reloads = 0
  const files = new GeneratedFiles({
    etcDir,
    mayAct: () => true,
    reload: () => {
      reloads += 1
      return fails ? Promise.reject(new Error('no answer')) : Promise.resolve()
    },
  })
  await t.rejects(files.rewrite('phones.conf', '1', phones), /no answer/)
  t.ok(existsSync(join(etcDir, 'phones.conf.unread')))
  fails = false
  files.hurry()
  await files.rewrite('phones.conf', '1', phones)
  t.equal(reloads, 2)
  t.notOk(existsSync(join(etcDir, 'phones.conf.unread')))
  await files.rewrite('phones.conf', '1', phones)
  t.equal(reloads, 2, 'the same text again needs none')
})

t.test('five hundred phones that register at once are qualified within seconds, not at once', async (t) => {
  const asked: { readonly endpoint: string; readonly atMs: number }[] = []
  let nowMs = 0
  const timers: { readonly atMs: number; readonly act: () => void }[] = []
  const watch = new PhoneWatch({
    tell: () => undefined,
    qualify: async (endpoint) => void asked.push({ endpoint, atMs: nowMs }),
    after: (waitMs, act) => void timers.push({ atMs: nowMs + waitMs, act }),
  })
  const runTo = (untilMs: number): void => {
    while (timers.length > 0) {
      timers.sort((a, b) => a.atMs - b.atMs)
      const [next] = timers
      if (next === undefined || next.atMs > untilMs) break
      timers.shift()
      nowMs = next.atMs
      next.act()
    }
    nowMs = untilMs
  }
  const uri = (no: number) => `sip:a${no}@192.0.2.${no % 250}:5060`
  const names = Array.from({ length: 500 }, (_, no) => `a${no}`)
  watch.listingBegins()
  watch.replaceAll(
    names.map((endpoint, no) => ({ endpoint, uri: uri(no), status: 'Unreachable' })),
    [],
  )
  // Those of the first moment were asked already.
  for (const endpoint of names.slice(20)) watch.authenticated(endpoint)
  t.ok(asked.length <= 20, `${asked.length} at once`)
  // One of those that wait answers meanwhile.
  watch.contact({ endpoint: 'a499', uri: uri(499), status: 'Reachable' })
  runTo(6_000)
  t.equal(asked.length, 499, 'each once, and none that answers')
  t.equal(new Set(asked.map(({ endpoint }) => endpoint)).size, 499)
  t.ok(asked.every(({ atMs }) => atMs <= 5_000))
  for (let from = 0; from < 5_000; from += 200) {
    const some = asked.filter(({ atMs }) => atMs >= from && atMs < from + 200).length
    t.ok(some <= 20, `${some} in 200 ms`)
  }
  watch.authenticated('a1')
  t.equal(asked.length, 500, 'a single phone is asked at once')
})
