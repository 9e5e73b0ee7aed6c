import t from 'tap'
import { foldAudio } from '../../../src/ui/agent/phone/audio-stats.ts'
import { asksForAutoAnswer } from '../../../src/ui/agent/phone/auto-answer.ts'
import { noAudio } from '../../../src/ui/agent/phone/phone-state.ts'
import { goesOn, typedOnMs } from '../../../src/ui/agent/keypad/typed-on.ts'
import { ToneQueue, type Tone } from '../../../src/ui/agent/phone/tone-queue.ts'
import { withoutLocalNames } from '../../../src/ui/agent/phone/sdp.ts'

t.test('each of the usual headers of an INVITE asks for automatic answering', (t) => {
  const asks = (headers: Record<string, string>) => asksForAutoAnswer((name) => headers[name])
  t.ok(asks({ 'X-Linia-Auto-Answer': '1' }))
  t.ok(asks({ 'Call-Info': '<sip:linia>;answer-after=0' }))
  t.ok(asks({ 'Alert-Info': '<sip:linia>;info=alert-autoanswer' }))
  t.notOk(asks({ 'Alert-Info': '<http://127.0.0.1/bellcore-dr2>' }))
  t.notOk(asks({ 'X-Linia-Auto-Answer': '0' }))
  t.notOk(asks({}))
  t.end()
})

t.test('missing sound is reported after three seconds, with the likely cause', (t) => {
  const sample = {
    packetsReceived: 50,
    packetsSent: 50,
    heard: 0.2,
    spoken: 0.1,
    ice: 'connected',
    voice: 'live',
  } as const
  const flowing = foldAudio(noAudio, sample, 250)
  t.match(flowing, { packetsReceived: 50, silentMs: 0, fault: null })
  const stopped = foldAudio(foldAudio(flowing, sample, 2_000), sample, 1_000)
  t.match(stopped, { silentMs: 3_000, fault: 'silent' })
  t.equal(foldAudio(stopped, { ...sample, ice: 'disconnected' }, 250).fault, 'network')
  t.equal(foldAudio(stopped, { ...sample, packetsReceived: 51, packetsSent: 51 }, 250).fault, null)
  t.end()
})

t.test(
  'a microphone without output is reported: at once when it is gone, after three seconds otherwise',
  (t) => {
    const sample = { packetsReceived: 50, packetsSent: 50, heard: 0.2, spoken: 0, ice: 'connected' } as const
    const flowing = foldAudio(noAudio, { ...sample, voice: 'live' }, 250)
    const gone = foldAudio(flowing, { ...sample, packetsReceived: 60, packetsSent: 60, voice: 'ended' }, 250)
    t.equal(gone.fault, 'microphone')
    const stalled = foldAudio(flowing, { ...sample, packetsReceived: 60, voice: 'live' }, 2_000)
    t.equal(stalled.fault, null)
    t.equal(
      foldAudio(stalled, { ...sample, packetsReceived: 70, voice: 'live' }, 1_000).fault,
      'microphone',
      'no packet is sent',
    )
    const mute = { ...sample, packetsReceived: 70, packetsSent: 70, voice: 'mute' } as const
    t.equal(foldAudio(stalled, mute, 1_000).fault, 'microphone', 'the device reports that it is muted')
    t.equal(foldAudio(stalled, { ...mute, voice: 'live' }, 1_000).fault, null)
    t.end()
  },
)

t.test('mDNS names in candidates are replaced by an address for Asterisk', (t) => {
  const named = 'a=candidate:59 1 udp 2113937151 1be27831-9764.local 58856 typ host generation 0'
  const plain = 'a=candidate:60 1 udp 2113937151 10.0.0.7 58857 typ host generation 0'
  t.equal(
    withoutLocalNames(`v=0\r\n${named}\r\n${plain}\r\n`),
    `v=0\r\n${named.replace('1be27831-9764.local', '127.0.0.1')}\r\n${plain}\r\n`,
  )
  t.end()
})

t.test('tones go out one after another; on hold those that have not begun are dropped', (t) => {
  const inserted: string[] = []
  const sent: Tone[] = []
  const sender = Object.assign(new EventTarget(), {
    canInsertDTMF: true,
    insertDTMF: (tone: string) => void inserted.push(tone),
  })
  const changes = (tone: string) => sender.dispatchEvent(Object.assign(new Event('tonechange'), { tone }))
  const queue = new ToneQueue(sender)
  for (const tone of ['1', '1', '#', '0'] as const) t.ok(queue.send(tone, () => sent.push(tone)))
  t.strictSame(inserted, ['1'])
  changes('1')
  changes('')
  t.strictSame([inserted, sent], [['1', '1'], ['1']])
  changes('1')
  queue.clear()
  changes('')
  t.strictSame(
    [inserted, sent],
    [
      ['1', '1'],
      ['1', '1'],
    ],
  )
  t.ok(
    queue.send('9', () => sent.push('9')),
    'later ones are sent',
  )
  t.strictSame(inserted, ['1', '1', '9'])
  sender.canInsertDTMF = false
  t.notOk(
    queue.send('9', () => undefined),
    'the other side takes none',
  )
  t.end()
})

t.test('digits that are typed on after the keypad has closed by itself go nowhere', (t) => {
  const press = (key: string, timeStamp: number, ctrlKey = false) =>
    goesOn({ key, ctrlKey, altKey: false, metaKey: false, timeStamp }, 1_000)
  t.ok(press('4', 1_200))
  t.ok(press('#', 1_000 + typedOnMs))
  t.notOk(press('4', 1_001 + typedOnMs), 'a pause: it is meant for what has the focus')
  t.notOk(press('a', 1_200))
  t.notOk(press('1', 1_200, true))
  t.end()
})
