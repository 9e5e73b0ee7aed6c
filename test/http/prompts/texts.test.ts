/** Recordings of the configuration's texts and of notices. The tests of this file follow one another in one database. */
import t from 'tap'
import { Value } from 'typebox/value'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import { promptLoudnessLufs } from '../../../src/core/prompts/prompt-sound.ts'
import { textSecondsOf } from '../../../src/core/prompts/recordable-texts.ts'
import { isFixedPrompt, isMusic } from '../../../src/core/prompts/recordable.ts'
import { Prompts } from '../../../src/http/prompts/wire.ts'
import { changeConfiguration } from '../../support/configuration.ts'
import { serve } from '../serve.ts'
import { tone } from './tone.ts'

const menu = { ro: 'Pentru taxe apăsați unu.', en: 'For taxes press one.' }
const [romanian, english] = [soundOf('ro', menu.ro), soundOf('en', menu.en)]
const notice = 'Casieria este închisă astăzi.'
const reason = 'vocea Mariei'
const soundFor = (seconds: number) => Buffer.from(tone(promptLoudnessLufs, seconds)).toString('base64')

t.test('texts of the configuration and of notices', async (t) => {
  const { ask, url, signIn, db } = await serve(t)
  const as = await signIn('admin')
  const listed = async () => {
    const { json } = await ask('GET', '/api/prompts', { as })
    t.ok(Value.Check(Prompts, json))
    return (json as unknown as Prompts).items.filter(
      ({ prompt }) => !isFixedPrompt(prompt) && !isMusic(prompt),
    )
  }
  const publish = (prompt: string, change: object = {}) =>
    ask('POST', `/api/prompts/${prompt}/versions`, {
      as,
      body: { sound: soundFor(1), basedOn: null, reason, ...change },
    })
  const bytes = async (path: string) => {
    const response = await fetch(`${url}/api/prompts/${path}`, { headers: { cookie: as } })
    return { status: response.status, text: Buffer.from(await response.arrayBuffer()).toString('base64') }
  }
  const says = (text: typeof menu) =>
    changeConfiguration(db, (document) => ({
      ...document,
      menus: [
        { id: 'first', name: 'Principal', says: text, keys: { '1': { queue: 'general' } }, repeats: 1 },
      ],
    }))

  await t.test('are listed after the fixed prompts, with where they are heard', async (t) => {
    t.same(await listed(), [])
    await says(menu)
    const until = new Date(Date.now() + 3_600_000).toISOString()
    const body = { text: notice, queues: [], until }
    t.equal((await ask('POST', '/api/caller-notices', { as: await signIn('super'), body })).status, 204)
    const place = { place: 'menu', name: 'Principal', nth: null }
    const machine = {
      source: 'machine',
      seconds: null,
      loudnessLufs: null,
      version: null,
      at: null,
      by: null,
    }
    t.same(await listed(), [
      {
        prompt: romanian,
        text: menu.ro,
        language: 'ro',
        heardIn: [place],
        secondsMax: textSecondsOf.menu,
        ...machine,
      },
      {
        prompt: english,
        text: menu.en,
        language: 'en',
        heardIn: [place],
        secondsMax: textSecondsOf.menu,
        ...machine,
      },
      {
        prompt: soundOf('ro', notice, 'notice'),
        text: notice,
        language: 'ro',
        heardIn: [{ place: 'notice', name: null, nth: null }],
        secondsMax: textSecondsOf.notice,
        ...machine,
      },
    ])
  })

  await t.test('are read out where this node has no sound of them', async (t) => {
    const { status, text } = await bytes(`${english}/sound`)
    t.equal(status, 200)
    t.equal(Buffer.from(text, 'base64').toString(), `en: ${menu.en}`)
    t.equal((await bytes('greeting/sound')).status, 404, 'a fixed prompt has one with the installation')
    t.equal((await bytes(`${soundOf('ro', 'nefolosit')}/sound`)).status, 404)
  })

  await t.test('are recorded, and have the machine’s voice again', async (t) => {
    const published = await publish(english)
    t.match(published, { status: 201, json: { source: 'recorded', reason } })
    t.match((await listed())[1], { source: 'recorded', seconds: 1, version: published.json['id'] })
    t.match((await listed())[0], { source: 'machine' }, 'each language has its own')
    t.equal((await bytes(`${english}/sound`)).text, soundFor(1))
    t.match(await publish(english), { status: 409, json: { code: 'prompt-changed' } })
    const basedOn = published.json['id']
    t.match(await publish(english, { sound: null, basedOn }), { status: 201, json: { source: 'machine' } })
    t.match(await publish(soundOf('ro', notice, 'notice')), { status: 201 })
  })

  await t.test('last as long as what is heard with them allows', async (t) => {
    const most = textSecondsOf.menu
    t.match(await publish(romanian, { sound: soundFor(most + 1) }), {
      status: 422,
      json: {
        code: 'prompt-too-long',
        detail: `Înregistrarea acestui mesaj are voie să dureze cel mult ${most} s.`,
      },
    })
    t.match(await publish(romanian, { sound: soundFor(most) }), { status: 201 })
  })

  await t.test('another text is another one; the recording stays on record', async (t) => {
    const later = 'Pentru taxe locale apăsați unu.'
    await says({ ...menu, ro: later })
    t.match((await listed())[0], { text: later, source: 'machine', version: null })
    const answer = await publish(romanian)
    t.match(answer, { status: 409, json: { code: 'prompt-not-in-use', detail: /nu se mai aude/ } })
    const { json } = await ask('GET', `/api/prompts/${romanian}/versions`, { as })
    t.match(json, { items: [{ source: 'recorded', reason }] })
    t.equal(
      (await bytes(`${romanian}/versions/${(json as { items: { id: number }[] }).items[0]?.id}/sound`))
        .status,
      200,
    )
    await says(menu)
    t.match((await listed())[0], { text: menu.ro, source: 'recorded' }, 'heard again with the text')
  })

  await t.test('a voice is taken back also while its text is in no use', async (t) => {
    await says({ ...menu, ro: 'Pentru taxe apăsați trei.' })
    const unused = async () => (await listed()).filter(({ text }) => text === '')
    t.match(await unused(), [{ prompt: romanian, language: 'ro', heardIn: [], source: 'recorded' }])
    const [one] = await unused()
    t.match(await publish(romanian, { sound: null, basedOn: one?.version }), { status: 201 })
    t.same(await unused(), [])
    await says(menu)
    t.match((await listed())[0], { text: menu.ro, source: 'machine' })
  })

  await t.test('names of no prompt and no text are refused', async (t) => {
    for (const name of ['menu-ro-12', 'menu-la-0123456789abcdef', 'menu-ro-0123456789ABCDEF', 'opens'])
      for (const path of ['sound', 'versions', 'versions/1/sound'])
        t.match(
          await ask('GET', `/api/prompts/${name}/${path}`, { as }),
          { status: 400, json: { code: 'validation' } },
          `${name} ${path}`,
        )
    t.match(await publish('menu-ro-12'), { status: 400, json: { code: 'validation' } })
  })
})
