import t from 'tap'
import { preparePrompt } from '../../../src/asterisk/prompts/prepare-prompt.ts'
import { musicBounds, promptLoudnessLufs, recordingBytesMax } from '../../../src/core/prompts/prompt-sound.ts'
import { promptSecondsOf, recordablePrompts } from '../../../src/core/prompts/recordable.ts'
import { bounds } from '../../../src/core/rules.ts'
import { encodeWave } from '../../../src/core/prompts/wave.ts'
import type { PromptItem, Prompts, PromptVersions } from '../../../src/http/prompts/wire.ts'
import { serve, type Answer } from '../serve.ts'
import { rate, tone } from './tone.ts'

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const sound = text(tone(promptLoudnessLufs))
const reason = 'vocea Mariei'

async function opened(t: Parameters<typeof serve>[0], change: Parameters<typeof serve>[1] = {}) {
  const server = await serve(t, change)
  const as = await server.signIn('admin')
  const listed = async (name: string): Promise<PromptItem> => {
    const { items } = (await server.ask('GET', '/api/prompts', { as })).json as unknown as Prompts
    return items.find(({ prompt }) => prompt === name)!
  }
  return {
    ...server,
    as,
    listed,
    publish: (name: string, body: object) =>
      server.ask('POST', `/api/prompts/${name}/versions`, {
        as,
        body: { reason, basedOn: null, sound, ...body },
      }),
    prepare: (recording: unknown, prompt?: string) =>
      server.ask('POST', '/api/prompts/preparation', { as, body: { recording, prompt } }),
    /** A sound is no text. */
    bytes: async (path: string) => {
      const response = await fetch(server.url + path, { headers: { cookie: as } })
      return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) }
    },
  }
}

const machine = tone(-26, 2)
const long = tone(-26, 61)

t.test('the prompts are listed with the voice that callers hear', async (t) => {
  const { ask, as, listed, publish } = await opened(t, {
    prompts: {
      texts: { 'line-full': 'Toate liniile sunt ocupate.' },
      made: async (prompt) =>
        prompt === 'goodbye'
          ? null
          : {
              source: prompt === 'closed' ? 'studio' : 'machine',
              sound: prompt === 'music' ? long : machine,
            },
      prepare: preparePrompt,
    },
  })
  const { items } = (await ask('GET', '/api/prompts', { as })).json as unknown as Prompts
  t.same(
    items.map(({ prompt }) => prompt),
    [...recordablePrompts, 'music', 'music-general'],
  )
  t.match(await listed('line-full'), {
    text: 'Toate liniile sunt ocupate.',
    source: 'machine',
    seconds: 2,
    loudnessLufs: -26,
    version: null,
    at: null,
    by: null,
  })
  t.match(await listed('closed'), { source: 'studio' })
  t.match(
    await listed('music'),
    { seconds: 61, loudnessLufs: null },
    'the studio’s may be long: it is not measured',
  )
  t.match(
    await listed('goodbye'),
    { source: 'machine', seconds: null, loudnessLufs: null },
    'a node without sounds',
  )
  const { json } = await publish('line-full', {})
  t.match(await listed('line-full'), {
    source: 'recorded',
    seconds: 1,
    loudnessLufs: promptLoudnessLufs,
    version: json['id'],
    by: 'Dan Țepeș',
  })
})

t.test(
  'each prompt has its longest recording, so that what is heard in one playback ends within its bound',
  async (t) => {
    const { publish } = await opened(t)
    const most = promptSecondsOf['recording-notice']
    t.match(await publish('recording-notice', { sound: text(tone(promptLoudnessLufs, most + 1)) }), {
      status: 422,
      json: {
        code: 'prompt-too-long',
        detail: `Înregistrarea acestui mesaj are voie să dureze cel mult ${most} s.`,
      },
    })
    t.equal((await publish('recording-notice', { sound: text(tone(promptLoudnessLufs, most)) })).status, 201)
    // The time of the opening between them takes no longer.
    const openingSeconds = 15
    const { closed, goodbye } = promptSecondsOf
    for (const end of [goodbye, promptSecondsOf['leave-message']])
      t.ok(closed + openingSeconds + end < bounds.promptMs / 1_000)
    t.ok(promptSecondsOf.called < bounds.dialMarginMs / 1_000)
    for (const seconds of Object.values(promptSecondsOf)) t.ok(seconds < bounds.promptMs / 1_000)
  },
)

t.test('a published recording is listened to, and the machine’s voice again', async (t) => {
  const { ask, as, publish, bytes, listed, log } = await opened(t, {
    prompts: { texts: {}, made: async () => ({ source: 'machine', sound: machine }), prepare: preparePrompt },
  })
  const at = '/api/prompts/greeting'
  t.ok((await bytes(`${at}/sound`)).bytes.equals(machine))
  const published = await publish('greeting', {})
  t.match(published, { status: 201, json: { source: 'recorded', seconds: 1, by: 'Dan Țepeș', reason } })
  const id = Number(published.json['id'])
  t.equal((await bytes(`${at}/sound`)).bytes.toString('base64'), sound)
  t.equal((await bytes(`${at}/versions/${id}/sound`)).bytes.toString('base64'), sound)
  const stale = await publish('greeting', {})
  t.match(stale, { status: 409, json: { code: 'prompt-changed' } })
  const back = await publish('greeting', { sound: null, basedOn: id })
  t.match(back, { status: 201, json: { source: 'machine', seconds: null } })
  t.ok((await bytes(`${at}/sound`)).bytes.equals(machine))
  t.match(await listed('greeting'), { source: 'machine', version: back.json['id'], by: 'Dan Țepeș' })
  const again = await publish('greeting', { sound: null, basedOn: Number(back.json['id']) })
  t.match(again, { status: 409, json: { code: 'prompt-is-made' } })
  const versions = (await ask('GET', `${at}/versions`, { as })).json as unknown as PromptVersions
  t.match(
    versions.items.map(({ source }) => source),
    ['machine', 'recorded'],
  )
  t.ok(log.some((line) => line.includes('a sound of a prompt was published')))
  t.notOk(
    log.some((line) => line.includes(reason)),
    'the reason is in the register alone',
  )
  const nothing = { status: 404, json: { code: 'no-prompt-sound' } }
  for (const path of [
    `${at}/versions/${Number(back.json['id'])}/sound`,
    `/api/prompts/closed/versions/${id}/sound`,
  ])
    t.match(await ask('GET', path, { as }), nothing, path)
})

t.test('a recording is prepared, and is then what may be published', async (t) => {
  const { url, as, publish, log } = await opened(t, {
    prompts: { texts: {}, made: async () => null, prepare: preparePrompt },
  })
  const answer = await fetch(`${url}/api/prompts/preparation`, {
    method: 'POST',
    headers: { cookie: as, 'content-type': 'application/json' },
    body: JSON.stringify({ recording: text(tone(-40, 3)) }),
  })
  t.match([answer.status, answer.headers.get('content-type')], [200, 'audio/wav'])
  const prepared = text(new Uint8Array(await answer.arrayBuffer()))
  t.match(await publish('called', { sound: prepared }), {
    status: 201,
    json: { loudnessLufs: promptLoudnessLufs },
  })
  t.notOk(log.some((line) => line.includes(prepared.slice(0, 200))))
})

t.test('what cannot be used is refused with its reason, in both languages', async (t) => {
  const { ask, as, prepare, publish } = await opened(t, {
    prompts: { texts: {}, made: async () => null, prepare: preparePrompt },
  })
  const loud = tone(-12, 1)
  const overdriven = encodeWave(
    new Int16Array(loud.buffer, 44).map((sample) => Math.max(-32_768, Math.min(32_767, sample * 20))),
    rate,
  )
  for (const [code, recording] of [
    ['prompt-not-a-wave', Buffer.from('nu este un sunet')],
    ['prompt-silent', tone(-70, 2)],
    ['prompt-too-short', tone(-20, 0.1)],
    ['prompt-too-long', tone(-20, 61)],
    ['prompt-clipped', overdriven],
  ] as const) {
    t.match(await prepare(text(recording)), { status: 422, json: { code } }, `prepared: ${code}`)
    t.match(await publish('closed', { sound: text(recording) }), { status: 422 }, `published: ${code}`)
  }
  t.match(await publish('closed', { sound: text(loud) }), {
    status: 422,
    json: { code: 'prompt-not-prepared' },
  })
  t.match(await prepare('%%%'), { status: 422, json: { code: 'prompt-not-a-wave' } })
  const english = await ask('POST', '/api/prompts/preparation', {
    as,
    body: { recording: text(tone(-70, 2)) },
    headers: { 'accept-language': 'en' },
  })
  t.match(english.json, { detail: /Nothing is heard/ })
})

t.test('the waiting music is published as a prompt is, longer and softer', async (t) => {
  const { url, as, listed, publish, prepare, bytes } = await opened(t, {
    prompts: { texts: {}, made: async () => ({ source: 'machine', sound: machine }), prepare: preparePrompt },
  })
  t.match(await listed('music'), { text: '', heardIn: [], source: 'machine', secondsMax: 240, seconds: 2 })
  const answer = await fetch(`${url}/api/prompts/preparation`, {
    method: 'POST',
    headers: { cookie: as, 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'music', recording: text(tone(-20, 240, 523)) }),
  })
  t.equal(answer.status, 200)
  const piece = text(new Uint8Array(await answer.arrayBuffer()))
  const published = await publish('music', { sound: piece })
  t.match(published, {
    status: 201,
    json: { source: 'recorded', seconds: 240, loudnessLufs: musicBounds.loudnessLufs },
  })
  t.match(await listed('music'), { source: 'recorded', seconds: 240, by: 'Dan Țepeș' })
  t.equal((await bytes('/api/prompts/music/sound')).bytes.toString('base64'), piece)
  const id = Number(published.json['id'])
  t.match(await publish('music', { sound: null, basedOn: id }), { status: 201, json: { source: 'machine' } })
  t.ok((await bytes('/api/prompts/music/sound')).bytes.equals(machine))
  t.match(await publish('music', { sound: null, basedOn: id + 1 }), { json: { code: 'music-is-made' } })
  t.match(await listed('music-general'), {
    text: '',
    heardIn: [{ place: 'music', name: String, nth: null }],
    secondsMax: 240,
  })
  t.match(await publish('music-general', { sound: piece }), { status: 201, json: { source: 'recorded' } })
  t.equal((await bytes('/api/prompts/music-general/sound')).bytes.toString('base64'), piece)
  t.match(await listed('music'), { source: 'machine' }, 'the line’s stays')
  t.match(
    await publish('music-nobody', { sound: piece }),
    { status: 409, json: { code: 'prompt-not-in-use' } },
    'there is no such queue',
  )
  const level = musicBounds.loudnessLufs
  for (const [code, recording] of [
    ['music-too-short', tone(level, 5)],
    ['music-too-long', tone(level, 242)],
    ['music-silent', tone(-75, 20)],
  ] as const) {
    t.match(await prepare(text(recording), 'music'), { status: 422, json: { code } }, `prepared: ${code}`)
    t.match(await publish('music', { sound: text(recording) }), { status: 422, json: { code } }, code)
  }
  const hour = text(Buffer.alloc(3_600 * rate * 2))
  t.match(await prepare(hour, 'music'), { status: 413, json: { code: 'body-too-large' } })
  t.match(await publish('music', { sound: hour }), { status: 413 })
  for (const name of ['closed', 'greeting'])
    t.match(await publish(name, { sound: piece }), { json: { code: 'prompt-too-long' } }, name)
  t.match(await publish('music', { sound: text(tone(promptLoudnessLufs, 20)) }), {
    json: { code: 'prompt-not-prepared' },
  })
})

t.test('bad input is refused before anything is done', async (t) => {
  const { ask, as, prepare, publish } = await opened(t)
  const refused = (answer: Answer, what: string) =>
    t.match(answer, { status: 400, json: { code: 'validation' } }, what)
  refused(await prepare(''), 'an empty recording')
  refused(await prepare(7), 'a number')
  refused(await prepare(null), 'no recording')
  for (const [what, body] of Object.entries({
    'no reason': { reason: ' ' },
    'a long reason': { reason: 'x'.repeat(201) },
    'a version that is none': { basedOn: 0 },
    'a sound that is none': { sound: 7 },
    'a sound that is far too long': { sound: 'A'.repeat(5_500_000) },
  }))
    refused(await publish('closed', body), what)
  for (const path of ['opens', 'weekday-1', '..%2Fmade%2Fgreeting', 'music%2Fwaiting'])
    t.equal((await ask('GET', `/api/prompts/${path}/sound`, { as })).status, 400, path)
  t.equal((await ask('GET', '/api/prompts/closed/versions/x/sound', { as })).status, 400)
  const large = await prepare('A'.repeat(Math.ceil(recordingBytesMax / 3) * 4 + 20_000))
  t.match(large, { status: 413, json: { code: 'body-too-large' } })
})

t.test('preparations wait for each other, and one that fails says so', async (t) => {
  const first = Promise.withResolvers<Uint8Array>()
  const { prepare } = await opened(t, {
    prompts: {
      texts: {},
      made: async () => null,
      prepare: async (recording) => {
        if (Buffer.from(recording).toString() === 'fault') throw new Error('sox has ended')
        return { ok: true, sound: await first.promise }
      },
    },
  })
  const asked = Array.from({ length: 5 }, () => prepare(text(Buffer.from('x'))))
  t.match(await Promise.race(asked), { status: 429 })
  first.resolve(Buffer.from('RIFF'))
  t.equal((await Promise.all(asked)).filter(({ status }) => status === 200).length, 4)
  t.match(await prepare(text(Buffer.from('fault'))), { status: 503, json: { code: 'no-prompt-preparation' } })
})

t.test('administrators alone', async (t) => {
  const { ask, signIn } = await serve(t)
  for (const who of ['agent01', 'super', 'audit', 'edit'] as const) {
    const as = await signIn(who)
    const body = { sound, basedOn: null, reason }
    for (const path of ['', '/closed/sound', '/closed/versions', '/closed/versions/1/sound'])
      t.equal((await ask('GET', `/api/prompts${path}`, { as })).status, 403, `${who} ${path}`)
    t.equal((await ask('POST', '/api/prompts/closed/versions', { as, body })).status, 403, who)
    t.equal(
      (await ask('POST', '/api/prompts/preparation', { as, body: { recording: sound } })).status,
      403,
      who,
    )
  }
  t.equal((await ask('GET', '/api/prompts')).status, 401)
})
