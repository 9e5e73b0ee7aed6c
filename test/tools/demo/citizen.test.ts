/** A citizen's call against a server that sends two messages back to back, as happens under load. */
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
  /** Answers this request. */
  readonly answer: (status: number, body?: string) => void
  /** Hangs up the request's call. */
  readonly hangUp: () => void
}
/** The server's reaction to a request. */
type Take = (request: SipRequest, how: Answering) => void

const againMs = 500

/** A scripted SIP server. It retransmits: final responses until the ACK, a BYE until its response. */
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

/** Many calls at once, so that rare interleavings occur. */
async function callAll(t: Pick<Test, 'teardown'>, take: Take) {
  const town = await openTown(t, { target: await openLine(t, take) })
  const citizens = await Promise.all(Array.from({ length: callers }, () => town.call({ keepMs: 0 })))
  const ended = Promise.all(citizens.map(async ({ ended }) => ended))
  return {
    answered: Promise.all(citizens.map(async ({ answered }) => answered)),
    hangUp: () => citizens.forEach((citizen) => citizen.hangUp()),
    /** Number of calls by ending. */
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

t.test('both sides hang up at once: their BYE and their response to ours arrive together', async (t) => {
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

t.test('180 and 200 back to back', async (t) => {
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

t.test('200 and BYE back to back', async (t) => {
  const all = await callAll(t, (request, line) => {
    if (request.method !== 'INVITE') return
    line.answer(200, sound)
    line.hangUp()
  })
  t.strictSame(await all.endings(), { 'line hung up': callers })
})

t.test('every refusal status is handled, also a rare one', async (t) => {
  const all = await callAll(t, (request, line) => {
    if (request.method === 'INVITE') line.answer(482)
  })
  t.strictSame(await all.endings(), { 'refused 482': callers })
})

t.test('a citizen who gives up at the moment of the answer counts as answered and hangs up', async (t) => {
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

/** A server that rings and accepts a CANCEL. */
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

t.test('a citizen who gives up while it rings cancels the call', async (t) => {
  const rung = new Map<string, Answering>()
  const all = await callAll(t, ringing(rung))
  await until(() => rung.size === callers)
  all.hangUp()
  t.strictSame(await all.endings(), { 'gave up': callers })
})

t.test('a citizen who gives up before SIPp has received the call cancels it', async (t) => {
  const all = await callAll(t, ringing(new Map()))
  all.hangUp()
  t.strictSame(await all.endings(), { 'gave up': callers })
})

t.test('an aborted call is recognised in SIPp’s log, a mere warning is not', async (t) => {
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
