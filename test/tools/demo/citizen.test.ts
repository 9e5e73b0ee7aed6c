/** A citizen's call against a line that sends two messages in one breath, as lines under load do. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { readReport } from '../../../tools/demo/calls/exchange.ts'
import {
  answer,
  header,
  parseMessage,
  sdp,
  write,
  type SipRequest,
} from '../../../tools/demo/phone/message.ts'
import { openTown } from '../../support/sip/citizen.ts'
import { until } from '../../support/until.ts'

interface Answering {
  /** Answers that very request. */
  readonly answer: (status: number, body?: string) => void
  /** Hangs up the request's call. */
  readonly hangUp: () => void
}
/** What the line does with a request. */
type Take = (request: SipRequest, how: Answering) => void

const againMs = 500

/** A line that does as the test says; like any, it repeats until it is heard: finals until the ACK, a BYE until its answer. */
async function openLine(t: Pick<Test, 'teardown'>, take: Take) {
  const socket = createSocket('udp4')
  const repeated = new Map<string, NodeJS.Timeout>()
  socket.bind(0, '127.0.0.3')
  await once(socket, 'listening')
  t.teardown(() => {
    for (const timer of repeated.values()) clearInterval(timer)
    socket.close()
  })
  const { address: host, port } = socket.address()
  const contact = ['contact', `<sip:line@${host}:${port}>`] as const
  socket.on('message', (bytes, from) => {
    const message = parseMessage(bytes.toString('utf8'))
    if (message === null) return
    const send = (text: string): void => socket.send(text, from.port, from.address)
    const callId = header(message, 'call-id')
    const insist = (what: 'final' | 'bye', text: string): void => {
      send(text)
      const key = `${callId} ${what}`
      if (!repeated.has(key)) repeated.set(key, setInterval(send, againMs, text))
    }
    const heard = (what: 'final' | 'bye'): void => clearInterval(repeated.get(`${callId} ${what}`))
    if (message.kind === 'response') return heard('bye')
    if (message.method === 'ACK') return heard('final')
    take(message, {
      answer(status, body) {
        const text = answer(message, status, 'As told', 'line', [contact], body)
        if (message.method === 'INVITE' && status >= 200) insist('final', text)
        else send(text)
      },
      hangUp() {
        const bye = write(`BYE sip:citizen@${from.address}:${from.port} SIP/2.0`, [
          ['via', `SIP/2.0/UDP ${host}:${port};branch=z9hG4bK-line-${callId}`],
          ['from', `${header(message, 'to').replace(/;tag=.*/, '')};tag=line`],
          ['to', header(message, 'from')],
          ['call-id', callId],
          ['cseq', '1 BYE'],
          ['max-forwards', '70'],
        ])
        insist('bye', bye)
      },
    })
  })
  return { host, port }
}

const callers = 50
const sound = sdp('127.0.0.3', 9)

/** Many at once: what one of them meets seldom, one of fifty meets. */
async function callAll(t: Pick<Test, 'teardown'>, take: Take) {
  const town = await openTown(t, { target: await openLine(t, take) })
  const citizens = await Promise.all(Array.from({ length: callers }, () => town.call({ keepMs: 0 })))
  const ended = Promise.all(citizens.map(async ({ ended }) => ended))
  return {
    answered: Promise.all(citizens.map(async ({ answered }) => answered)),
    hangUp: () => citizens.forEach((citizen) => citizen.hangUp()),
    /** How many ended how. */
    endings: async () => {
      const told = (await ended).map(({ ending, status, why }) =>
        [ending, status, why].filter(Boolean).join(' '),
      )
      const counts: Record<string, number> = {}
      for (const how of told) counts[how] = (counts[how] ?? 0) + 1
      return counts
    },
  }
}

t.test('both put the phone down at once: their goodbye and their answer to ours come together', async (t) => {
  const all = await callAll(t, (request, line) => {
    if (request.method === 'INVITE') line.answer(200, sound)
    if (request.method !== 'BYE') return
    line.hangUp()
    line.answer(200)
  })
  await all.answered
  all.hangUp()
  t.strictSame(await all.endings(), { 'hung up': callers })
})

t.test('the ringing tone and the answer in one breath', async (t) => {
  const all = await callAll(t, (request, line) => {
    if (request.method === 'BYE') line.answer(200)
    if (request.method !== 'INVITE') return
    line.answer(100)
    line.answer(183, sound)
    line.answer(200, sound)
  })
  t.notOk((await all.answered).includes(false))
  all.hangUp()
  t.strictSame(await all.endings(), { 'hung up': callers })
})

t.test('the answer and the goodbye in one breath', async (t) => {
  const all = await callAll(t, (request, line) => {
    if (request.method !== 'INVITE') return
    line.answer(200, sound)
    line.hangUp()
  })
  t.strictSame(await all.endings(), { 'line hung up': callers })
})

t.test('any refusal is one, also a rare one', async (t) => {
  const all = await callAll(t, (request, line) => {
    if (request.method === 'INVITE') line.answer(482)
  })
  t.strictSame(await all.endings(), { 'refused 482': callers })
})

t.test('who gives up in the moment of the answer has been answered, and hangs up', async (t) => {
  const invites = new Map<string, Answering>()
  const all = await callAll(t, (request, line) => {
    const callId = header(request, 'call-id')
    if (request.method === 'INVITE') {
      invites.set(callId, line)
      line.answer(180)
    } else if (request.method === 'CANCEL') {
      invites.get(callId)?.answer(200, sound)
      line.answer(200)
    } else if (request.method === 'BYE') {
      line.answer(200)
    }
  })
  await until(() => invites.size === callers)
  all.hangUp()
  t.strictSame(await all.endings(), { 'hung up': callers })
})

/** A line that rings, and lets go who gives up. */
const ringing = (rung: Map<string, Answering>): Take => {
  return (request, line) => {
    const callId = header(request, 'call-id')
    if (request.method === 'INVITE') {
      rung.set(callId, line)
      line.answer(180)
    } else if (request.method === 'CANCEL') {
      line.answer(200)
      rung.get(callId)?.answer(487)
    }
  }
}

t.test('who gives up while it rings is let go', async (t) => {
  const rung = new Map<string, Answering>()
  const all = await callAll(t, ringing(rung))
  await until(() => rung.size === callers)
  all.hangUp()
  t.strictSame(await all.endings(), { 'gave up': callers })
})

t.test('and who gives up as he dials, before SIPp has so much as heard of his call', async (t) => {
  const all = await callAll(t, ringing(new Map()))
  all.hangUp()
  t.strictSame(await all.endings(), { 'gave up': callers })
})

t.test('what SIPp writes of a call that it loses, and of one that it only wonders at', async (t) => {
  const callId = 'citizen-b2f813f6-2771'
  for (const line of [
    `Aborting call on UDP retransmission timeout for Call-ID '${callId}'`,
    `Aborting call on unexpected message for Call-Id '${callId}': while sending (index 34), received 'SIP/2.0 200 OK`,
    `Call-Id: ${callId}, receive timeout on message give-up:70 without label to jump to: aborting call`,
  ])
    t.match(readReport(line), { what: 'aborted', callId, detail: [line] })
  for (const line of [
    `Continuing call on unexpected message for Call-Id '${callId}': while sending (index 34), received 'SIP/2.0 200 OK`,
    `Dead call ${callId} (aborted at index 34), received 'SIP/2.0 486 Busy Here`,
  ])
    t.equal(readReport(line), null)
})
