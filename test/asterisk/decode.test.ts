import { readFile } from 'node:fs/promises'
import t from 'tap'
import { decodeAri, endOf } from '../../src/asterisk/ari/decode.ts'
import { numbersFile, type OpenWindow } from '../../src/asterisk/config/numbers-file.ts'
import { canHavePhone, phonesFile } from '../../src/asterisk/config/phones-file.ts'
import { soundsOf } from '../../src/asterisk/config/prompts.ts'
import { SecurityCounts } from '../../src/asterisk/security/security-counts.ts'
import { trunkSettings } from '../../src/asterisk/config/trunk-file.ts'
import { strandedIn } from '../../src/asterisk/fallback/watchdog.ts'
import { PbxName } from '../../src/core/ids.ts'
import { agent } from '../support/pbx/asterisk.ts'

const decode = (frame: Record<string, unknown>) => decodeAri(frame, PbxName('pbx1'), 1000)
const channel = (id: string, state = 'Up', more = {}) => ({ id, state, ...more })

void t.test('an arrival is decoded from the channel and the arguments of Stasis, with any content', (t) => {
  const args = ['inbound', '969', '1764025000123', '']
  const caller = { number: `07${'2'.repeat(90)}`, name: 'A\u0000n\u202ea\n' }
  const frame = {
    type: 'StasisStart',
    args,
    channel: channel('pbx1-1.2', 'Ring', { caller }),
  }
  t.same(decode(frame), {
    type: 'CallArrived',
    pbx: 'pbx1',
    call: 'pbx1-1.2',
    line: '969',
    callerNumber: `07${'2'.repeat(30)}`,
    callerName: 'Ana',
    arrivedAt: 1764025000123,
    queuedAt: null,
    answered: false,
  })
  const queued = ['inbound', '969', '1764025000123', '1764025009123']
  t.match(decode({ ...frame, args: queued }), { arrivedAt: 1764025000123, queuedAt: 1764025009123 })
  t.match(decode({ type: 'StasisStart', args: ['inbound'], channel: { id: 'pbx1-1.3' } }), {
    callerNumber: '',
    arrivedAt: 1000,
  })
  const channelvars = { LINIA_LINE: '0256', LINIA_ARRIVED: '1764025000123', LINIA_QUEUED: '1764025009123' }
  t.match(
    decode({ type: 'StasisStart', args: ['inbound'], channel: channel('pbx1-1.3', 'Up', { channelvars }) }),
    { line: '0256', arrivedAt: 1764025000123, queuedAt: 1764025009123 },
    'an Asterisk that an earlier release set up',
  )
  t.equal(decode({ type: 'StasisStart', args: [], channel: channel('pbx1-1.4') }), null)
  t.end()
})

void t.test("a caller's key is decoded; an agent's is for the other side", (t) => {
  const frame = (id: string, digit: string) => ({
    type: 'ChannelDtmfReceived',
    digit,
    duration_ms: 100,
    channel: channel(id),
  })
  for (const key of ['0', '9', '*', '#'])
    t.same(decode(frame('pbx1-1.2', key)), { type: 'KeyPressed', channel: 'pbx1-1.2', key })
  for (const key of ['A', 'D', '', '12']) t.equal(decode(frame('pbx1-1.2', key)), null, 'no key of a menu')
  t.equal(decode(frame('leg-pbx1-1.2-x', '1')), null)
  t.end()
})

void t.test("a phone's transfer key is decoded; the report of our own answer is not", (t) => {
  const frame = (wanted: Record<string, unknown>) => ({
    type: 'ChannelTransfer',
    refer_to: { requested_destination: wanted },
    referred_by: { source_channel: channel('leg-pbx1-1.1-x') },
  })
  const asked = { type: 'TransferAsked', channel: 'leg-pbx1-1.1-x', other: null }
  t.same(decode(frame({ destination: 'agent02' })), { ...asked, to: 'agent02' })
  t.same(decode(frame({ destination: 'a'.repeat(300) })), { ...asked, to: 'a'.repeat(80) })
  t.same(decode(frame({})), { ...asked, to: '' })
  t.same(decode(frame({ destination: 'agent02', protocol_id: '3c26@phone' })), { ...asked, to: null })
  t.same(
    decode({
      ...frame({}),
      refer_to: {
        requested_destination: { destination: 'agent02', protocol_id: '3c26@phone' },
        destination_channel: channel('pbx1-1.7'),
      },
    }),
    { ...asked, to: null, other: 'pbx1-1.7' },
    'the phone’s other call is with us',
  )
  t.equal(decode({ ...frame({ destination: 'agent02' }), state: 'channel_declined' }), null)
  t.match(
    decode({ type: 'ChannelTransfer' }),
    { type: 'TransferAsked', channel: '', to: '' },
    'of no leg of ours',
  )
  t.end()
})

void t.test('a colleague whom a phone dials is a second line; nobody else’s channel is', (t) => {
  const start = (name: string, exten: string) =>
    decode({
      type: 'StasisStart',
      args: ['second-line'],
      channel: channel('pbx1-1.7', 'Ring', { name, dialplan: { exten } }),
    })
  const line = { type: 'SecondLine', channel: 'pbx1-1.7', username: 'ana', device: 'desk' }
  t.same(start('PJSIP/ana-0000002a', '2436802'), { ...line, dialled: '2436802' })
  t.match(start('PJSIP/ana-web-0000002a', 'a'.repeat(300)), { device: 'web', dialled: 'a'.repeat(80) })
  t.equal(start('PJSIP/trunk-0000002a', 'ion'), null)
  t.equal(start('Local/7@linia-callout-0000002a;1', 'ion'), null)
  t.end()
})

void t.test('irrelevant and broken frames are null', (t) => {
  for (const frame of [
    {},
    { type: 'SomethingNew' },
    { type: 7 },
    { type: 'StasisStart' },
    { type: 'Dial', channel: 3 },
  ])
    t.equal(decode(frame), null)
  t.end()
})

void t.test('a caller who leaves the application was taken; a leg that leaves it has ended', (t) => {
  const taken = { type: 'CallerTaken', channel: 'pbx1-1.1' }
  t.same(decode({ type: 'StasisEnd', channel: channel('pbx1-1.1') }), taken)
  t.equal(decode({ type: 'StasisEnd', channel: channel('offer-1') }), null)
  t.end()
})

void t.test('the end of a leg is reported with its first event', (t) => {
  const request = (id: string, more: Record<string, unknown>) =>
    decode({ type: 'ChannelHangupRequest', channel: channel(id), ...more })
  t.match(request('offer-1', { cause: 16 }), { type: 'LegGone', end: 'hung up' })
  t.match(request('offer-1', {}), { type: 'LegGone', end: 'hung up' })
  t.equal(request('offer-1', { soft: true, cause: 1 }), null, 'the cause comes with ChannelDestroyed')
  t.equal(request('pbx1-1.1', { soft: true, cause: 2 }), null, 'a redirect is no end')
  t.match(request('pbx1-1.1', { soft: true, cause: 32 }), { end: 'hung up' })
  t.match(request('pbx1-1.1', { soft: true, cause: 1 }), { end: 'no audio' })
  const destroyed = (cause: number, state: string) =>
    decode({ type: 'ChannelDestroyed', channel: channel('offer-1', state), cause })
  t.match(destroyed(44, 'Up'), { end: 'no audio' })
  t.match(destroyed(16, 'Up'), { end: 'hung up' })
  t.match(destroyed(17, 'Ringing'), { end: 'busy' })
  t.equal(endOf(null, false), 'failed')
  t.end()
})

void t.test('the next opening is announced: today, tomorrow, within the week, later', (t) => {
  // A Thursday, 10:00 in Bucharest.
  const now = Date.UTC(2026, 11, 24, 8)
  const closed = (day: number, hour: number, minute = 0, month = 11) =>
    soundsOf({ say: 'closed', opensAt: Date.UTC(2026, month, day, hour, minute) }, now).slice(1, -1)
  t.same(closed(24, 12, 30), ['opens', 'today', 'hour-14', 'minute-30'])
  t.same(closed(25, 6), ['opens', 'tomorrow', 'weekday-5', 'hour-8'])
  t.same(closed(28, 6, 3), ['opens', 'weekday-1', 'hour-8', 'minute-5'], 'rounded up, never too early')
  t.same(closed(35, 6), ['opens', 'weekday-1', 'day-4', 'month-1', 'hour-8'])
  t.same(soundsOf({ say: 'closed', opensAt: null }, now), ['closed', 'goodbye'])
  t.end()
})

const hoursOf = (windows: readonly OpenWindow[] | 'always') =>
  numbersFile([{ number: '969', also: [], answer: null, closingGraceMs: null, windows }])

void t.test('a number is dialled in each form in which providers send it', (t) => {
  const text = numbersFile([
    { number: '969', also: ['0256969'], answer: null, closingGraceMs: null, windows: 'always' },
    { number: '0256408300', also: [], answer: null, closingGraceMs: null, windows: 'always' },
  ])
  const forms = [...text.matchAll(/^exten => ([+\d]+),1,Goto\(linia-call,(\d+),1\)$/gm)]
  t.same(
    forms.map(([, form, number]) => `${form} ${number}`),
    [
      '969 969',
      '0256969 969',
      '+40256969 969',
      '40256969 969',
      '0040256969 969',
      '0256408300 0256408300',
      '+40256408300 0256408300',
      '40256408300 0256408300',
      '0040256408300 0256408300',
    ],
  )
  t.end()
})

void t.test('a number may say when its calls are answered, in each of its forms', (t) => {
  const text = numbersFile([
    { number: '969', also: ['0256969'], answer: 'agent', closingGraceMs: null, windows: 'always' },
    { number: '0256408300', also: [], answer: null, closingGraceMs: null, windows: 'always' },
  ])
  t.match(text, 'exten => 0256969,1,Set(LINIA_ANSWER=agent)\n same => n,Goto(linia-call,969,1)\n')
  t.equal(text.split('Set(LINIA_ANSWER=agent)').length - 1, 5)
  t.match(text, 'exten => 0256408300,1,Goto(linia-call,0256408300,1)\n')
  t.end()
})

void t.test('a number may say how long it serves after closing, in each of its forms', (t) => {
  const text = numbersFile([
    { number: '969', also: ['0256969'], answer: 'agent', closingGraceMs: 900_000, windows: 'always' },
    { number: '0256408300', also: [], answer: null, closingGraceMs: 0, windows: 'always' },
  ])
  const both = 'Set(LINIA_ANSWER=agent)\n same => n,Set(LINIA_CLOSING_GRACE_S=900)\n'
  t.match(text, `exten => 0256969,1,${both} same => n,Goto(linia-call,969,1)\n`)
  t.equal(text.split('Set(LINIA_CLOSING_GRACE_S=900)').length - 1, 5)
  t.match(text, 'exten => 0256408300,1,Set(LINIA_CLOSING_GRACE_S=0)\n same => n,Goto(linia-call,')
  t.end()
})

void t.test('numbers with the same hours share them', (t) => {
  const windows = [{ opensAt: 1_000_000, closesAt: 2_000_000 }]
  const text = numbersFile([
    { number: '969', also: [], answer: null, closingGraceMs: null, windows },
    { number: '0256408300', also: [], answer: null, closingGraceMs: null, windows },
  ])
  t.match(text, /^exten => 969,1,NoOp\(\)$/m)
  t.match(text, /^exten => 0256408300,1,Goto\(969,1\)$/m)
  t.end()
})

void t.test('opening windows become dialplan that is open after its last window', (t) => {
  const text = hoursOf([{ opensAt: 1_000_000, closesAt: 2_000_000 }])
  t.match(text, /EPOCH} >= 1000 & \${EPOCH} < 2000 \+ 0\${ARG1}\]\?Return\(2000\)/)
  t.match(text, /EPOCH} >= 2000\]\?Return\(1\)/)
  t.match(hoursOf('always'), /exten => 969,1,Return\(1\)/)
  t.end()
})

void t.test('the dialplan has the next opening for every closed hour', (t) => {
  const at = (day: number, hour: number) => Date.UTC(2026, 11, day, hour)
  const windows = [at(24, 6), at(28, 6)].map((opensAt) => ({ opensAt, closesAt: opensAt + 14 * 3_600_000 }))
  const said = [...hoursOf(windows).matchAll(/EPOCH} >= (\d+)\]\?Set\(LINIA_OPENS=(.*)\)\)$/gm)].map(
    ([, from = '', sounds = '']) => [Number(from) * 1000, sounds.replaceAll('&${LINIA_SOUNDS}/', ' ').trim()],
  )
  t.same(said, [
    [at(16, 6), 'opens weekday-4 day-24 month-12 hour-8'],
    [at(17, 22), 'opens weekday-4 hour-8'],
    [at(22, 22), 'opens tomorrow weekday-4 hour-8'],
    [at(23, 22), 'opens today hour-8'],
    [at(24, 20), 'opens weekday-1 hour-8'],
    [at(26, 22), 'opens tomorrow weekday-1 hour-8'],
    [at(27, 22), 'opens today hour-8'],
  ])
  t.end()
})

void t.test('names and passwords that a configuration file cannot hold are refused', (t) => {
  for (const bad of ['', '1234', 'Ana', 'a b', 'x]', 'ana-web', 'trunk', 'trunk-2', 'a\nb'])
    t.notOk(canHavePhone(bad), bad)
  t.ok(canHavePhone('agent01'))
  const media = { host: '127.0.0.1', bindWeb: false, webFrom: null }
  const [, desk = '', web = ''] = phonesFile([agent('ana')], () => 'x'.repeat(20), media).split(
    /\[ana(?:-web)?\]\ntype = endpoint/,
  )
  t.match(
    desk,
    /^allow_transfer = yes\nset_var = PJSIP_TRANSFER_HANDLING\(\)=ari-only$/m,
    'moves no channel by itself',
  )
  t.match(web, /^allow_transfer = no$/m)
  t.notMatch(web, /allow_transfer = yes/)
  t.throws(() => phonesFile([agent('ana')], () => 'short', media))
  t.throws(() => phonesFile([agent('ana')], () => 'long-enough-but\nallow = all', media))
  t.notMatch(
    phonesFile([agent('1001')], () => 'x'.repeat(20), media),
    /1001/,
  )
  t.end()
})

void t.test('a trunk by address or by registration; nonsense is refused', (t) => {
  const { trunkMatches } = trunkSettings(['127.0.0.2', '10.0.0.0/24'], null)
  t.same(trunkMatches.match(/^\[.*\]$|^match = .*$/gm), [
    '[trunk-identify-1]',
    'match = 127.0.0.2',
    '[trunk-identify-2]',
    'match = 10.0.0.0/24',
  ])
  const registering = trunkSettings([], 'sip:0256969:s3cret@sip.example.ro:5080')
  t.match(registering.trunkRegistration, /server_uri = sip:sip\.example\.ro:5080/)
  t.match(registering.trunkMatches, /^match = sip\.example\.ro$/m)
  t.throws(() => trunkSettings(['1.2.3.4\ncontext = agents'], null))
  t.throws(() => trunkSettings([], 'https://example.ro'))
  t.end()
})

void t.test('outbound calls use each host that is no network, the registrar first', (t) => {
  const exits = (hosts: readonly string[], registration: string | null = null) =>
    trunkSettings(hosts, registration)
  const mixed = exits(['203.0.113.0/28', '203.0.113.20', 'sip.example.ro', '2001:db8::7'])
  t.equal(
    mixed.trunkExits,
    'LINIA_EXITS = 3\nLINIA_EXIT_1 = 203.0.113.20\nLINIA_EXIT_2 = sip.example.ro\nLINIA_EXIT_3 = [2001:db8::7]',
  )
  t.equal(mixed.trunkAors, 'trunk,trunk-2,trunk-3')
  t.match(mixed.trunkContacts, 'contact = sip:203.0.113.20')
  t.equal(
    exits(['203.0.113.20', 'sip.example.ro'], 'sip:u:password@sip.example.ro:5080').trunkExits,
    'LINIA_EXITS = 2\nLINIA_EXIT_1 = sip.example.ro:5080\nLINIA_EXIT_2 = 203.0.113.20',
  )
  t.match(exits(['203.0.113.0/28']), { trunkExits: 'LINIA_EXITS = 0', trunkAors: 'trunk' })
  t.end()
})

void t.test('security events are counted per address and minute, within bounds', (t) => {
  const counts = new SecurityCounts()
  const event = (address: string) => ({ event: 'InvalidPassword', remoteaddress: `IPV4/UDP/${address}/5060` })
  for (let i = 0; i < 70; i++) counts.add(event('203.0.113.7'), 120_000 + i)
  t.same(counts.all(), [{ address: '203.0.113.7', minute: 120_000, kind: 'InvalidPassword', count: 70 }])
  t.equal(counts.add({ event: 'SuccessfulAuth' }, 120_000), false)
  for (let i = 0; i < 20_000; i++) counts.add(event(`10.${i >> 8}.0.${i & 255}`), 180_000)
  t.ok(counts.all().length <= 10_001)
  counts.add(event('203.0.113.8'), 120_000 + 3 * 3_600_000)
  t.equal(counts.all().length, 1, 'after an hour all are forgotten')
  t.end()
})

void t.test('the watchdog takes only stranded callers', (t) => {
  const row = (uniqueid: string, bridgeid: string, application = 'Stasis') => ({
    channel: `PJSIP/${uniqueid}`,
    uniqueid,
    bridgeid,
    application,
  })
  const rows = [
    row('pbx1-1', 'b1'),
    row('offer-1', 'b1', 'AppDial2'),
    row('pbx1-2', ''),
    row('offer-2', 'b2', 'AppDial2'),
    row('pbx1-3', '', 'Queue'),
    row('pbx1-4', '', 'Echo'),
  ]
  const { callers, legs } = strandedIn(rows)
  t.same([callers, legs], [[rows[2]], [rows[3]]])

  const side = 'side-pbx1-6-u2'
  const tap = 'tap-pbx1-7-u4'
  const beside = [
    row('pbx1-6', ''),
    row('leg-pbx1-6-u1', side),
    row('leg-pbx1-6-u2', side),
    row('leg-pbx1-7-u4', tap),
    row('ear-pbx1-7-u4-u3', tap),
  ]
  const [caller, ...others] = beside
  t.same(strandedIn(beside), { callers: [caller], legs: others }, 'an ear is no caller')
  const line = { ...row('pbx1-8.2', ''), applicationdata: 'linia,second-line' }
  t.same(strandedIn([line]), { callers: [], legs: [line] }, 'nor is an agent’s second line')
  t.end()
})

void t.test(
  'keys come as telephone events alone: one that is sent in SIP INFO as well counts once',
  async (t) => {
    const modules = await readFile(new URL('../../asterisk-conf/modules.conf', import.meta.url), 'utf8')
    t.match(modules, /^load = res_rtp_asterisk\.so$/m)
    t.notMatch(modules, /^load = res_pjsip_dtmf_info\.so$/m, 'it asks for no dtmf_mode')
  },
)
