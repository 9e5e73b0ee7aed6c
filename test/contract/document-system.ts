/** The contract of `DocumentSystem`, run over the fake and over the real adapter. */
import type { Test } from 'tap'
import {
  deliverWithinMs,
  findWithinMs,
  pingWithinMs,
  type DocumentSystem,
  type Received,
  type SealedMessage,
} from '../../src/city/documents/document-system.ts'
import { MessageId } from '../../src/city/documents/message.ts'

export type Condition = 'up' | 'down' | 'slow' | 'failing' | 'refusing' | 'garbled' | 'mute'

export interface DocumentsScene {
  readonly system: DocumentSystem
  /** Sets the behaviour of the other side from now on. */
  become(condition: Condition): Promise<void>
  /** Bodies of the messages that the other side has accepted, each id once. */
  taken(): readonly string[]
  /** A status signed by the other side, `ageMs` old. */
  signed(body: string, ageMs?: number): Received
}

/** Allowance for a busy machine. */
const slackMs = 5_000
const paper = { number: 'SC2026-018442', date: '2026-11-02', name: 'Popescu Maria' }
let messages = 0

function message(body: object) {
  messages += 1
  return { id: MessageId(`msg_${String(messages).padStart(32, '0')}`), body: JSON.stringify(body) }
}

const told = (version: number) => ({
  type: 'request.registered',
  timestamp: '2026-11-24T12:00:00.000Z',
  data: {
    request: `CC2026-${String(messages + 1).padStart(6, '0')}`,
    version,
    department: 'Serviciul Parcări',
  },
})

export async function documentsContract(t: Test, scene: DocumentsScene): Promise<void> {
  const { system } = scene
  const goOn = new AbortController().signal
  const deliver = (one: SealedMessage) => system.deliver(one, goOn)

  await t.test('a message is delivered once, however often it is sent', async (t) => {
    await scene.become('up')
    const before = scene.taken().length
    const one = message({ ...told(1), text: 'ăâîșț „ghilimele” 🕳️' })
    t.strictSame(await deliver(one), { outcome: 'delivered' })
    t.strictSame(await deliver(one), { outcome: 'delivered' })
    t.strictSame(scene.taken().slice(before), [one.body], 'byte for byte')
  })

  await t.test('a message whose answer was lost counts as a repetition the next time', async (t) => {
    await scene.become('mute')
    const before = scene.taken().length
    const one = message(told(1))
    t.match(await deliver(one), { outcome: 'unreachable' })
    await scene.become('up')
    t.strictSame(await deliver(one), { outcome: 'delivered' })
    t.equal(scene.taken().length, before + 1)
  })

  await t.test('a refusal has its status', async (t) => {
    await scene.become('failing')
    t.strictSame(await deliver(message(told(1))), { outcome: 'refused', status: 500 })
    await scene.become('refusing')
    t.strictSame(await deliver(message(told(1))), { outcome: 'refused', status: 422 })
  })

  await t.test('a system that is down is an outcome, not an error', async (t) => {
    await scene.become('down')
    t.strictSame(await deliver(message(told(1))), { outcome: 'unreachable', why: 'no connection' })
    t.strictSame(await system.find(paper), { outcome: 'unreachable', why: 'no connection' })
  })

  await t.test('a slow system delays no caller beyond the timeout', async (t) => {
    await scene.become('slow')
    const began = performance.now()
    t.strictSame(await system.find(paper), { outcome: 'unreachable', why: 'no answer in time' })
    const findMs = performance.now() - began
    t.ok(findMs >= findWithinMs - 50 && findMs < findWithinMs + slackMs, `find: ${Math.round(findMs)} ms`)
    t.strictSame(await deliver(message(told(1))), { outcome: 'unreachable', why: 'no answer in time' })
    const deliverMs = performance.now() - began - findMs
    t.ok(deliverMs < deliverWithinMs + slackMs, `deliver: ${Math.round(deliverMs)} ms`)
  })

  await t.test('a ping changes nothing, and is answered as a message would be', async (t) => {
    await scene.become('up')
    const before = scene.taken().length
    t.strictSame(await system.ping(), { outcome: 'delivered' })
    t.strictSame(await system.ping(), { outcome: 'delivered' })
    t.equal(scene.taken().length, before, 'nothing was taken')
    await scene.become('refusing')
    t.strictSame(await system.ping(), { outcome: 'refused', status: 422 })
    await scene.become('down')
    t.strictSame(await system.ping(), { outcome: 'unreachable', why: 'no connection' })
    await scene.become('slow')
    const began = performance.now()
    t.strictSame(await system.ping(), { outcome: 'unreachable', why: 'no answer in time' })
    t.ok(performance.now() - began < pingWithinMs + slackMs)
  })

  await t.test('a slow system does not delay a stop', async (t) => {
    await scene.become('slow')
    const stopping = new AbortController()
    setTimeout(() => stopping.abort(), 100)
    const began = performance.now()
    const answer = await system.deliver(message(told(1)), stopping.signal)
    t.strictSame(answer, { outcome: 'unreachable', why: 'stopped' })
    t.ok(performance.now() - began < slackMs)
  })

  await t.test(
    'a document is found by number, date and name together, in the spelling that people use',
    async (t) => {
      await scene.become('up')
      const found = await system.find(paper)
      t.match(found, {
        outcome: 'found',
        document: { number: paper.number, date: paper.date, state: 'in progress' },
      })
      t.match(await system.find({ ...paper, name: 'maria POPESCU' }), { outcome: 'found' })
      t.match(await system.find({ ...paper, number: 'sc2026-018442' }), { outcome: 'found' })
      t.strictSame(await system.find({ ...paper, name: 'Popescu Ana' }), { outcome: 'unknown' })
      t.strictSame(await system.find({ ...paper, date: '2026-11-03' }), { outcome: 'unknown' })
      t.strictSame(await system.find({ ...paper, number: 'SC2026-018443' }), { outcome: 'unknown' })
    },
  )

  await t.test('an answer that is not understood counts as unreachable', async (t) => {
    for (const condition of ['garbled', 'failing'] as const) {
      await scene.become(condition)
      t.strictSame(
        await system.find(paper),
        { outcome: 'unreachable', why: 'answer not understood' },
        condition,
      )
    }
    await scene.become('up')
  })

  await t.test('a message signed by the document system is verified over the received bytes', async (t) => {
    const body = '{ "type":"document.status",\n\t"data":{"a":"ș"} }'
    t.strictSame(system.open(scene.signed(body)), {
      ok: true,
      content: { type: 'document.status', data: { a: 'ș' } },
    })
    t.strictSame(system.open(scene.signed('not json')), { ok: false, why: 'not JSON' })
  })

  await t.test('any change makes a message not genuine', async (t) => {
    const right = scene.signed('{"type":"document.status"}')
    const changed: Record<string, Partial<Received>> = {
      'another byte in the body': { body: Buffer.from('{"type":"document.status" }') },
      'another id': { id: `${right.id}x` },
      'another time': { timestamp: String(Number(right.timestamp) + 1) },
      'no signature': { signature: '' },
      'no id': { id: '' },
      'a signature of another version': { signature: right.signature.replace('v1,', 'v2,') },
      'a made-up signature': { signature: `v1,${Buffer.alloc(32).toString('base64')}` },
      'an id without end': { id: 'x'.repeat(100_000) },
      'bytes that are no text': { body: Buffer.from([0x7b, 0xff, 0x7d]) },
    }
    for (const [what, change] of Object.entries(changed))
      t.strictSame(system.open({ ...right, ...change }), { ok: false, why: 'not genuine' }, what)
    t.ok(
      system.open({ ...right, signature: `v1,AAAA ${right.signature}` }).ok,
      'one valid signature of several',
    )
  })

  await t.test('a message older or newer than five minutes is not genuine', async (t) => {
    const minuteMs = 60_000
    t.ok(system.open(scene.signed('{}', 4 * minuteMs)).ok)
    t.strictSame(system.open(scene.signed('{}', 6 * minuteMs)), { ok: false, why: 'not genuine' })
    t.strictSame(system.open(scene.signed('{}', -6 * minuteMs)), { ok: false, why: 'not genuine' })
  })
}
