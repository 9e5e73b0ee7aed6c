import t from 'tap'
import type { Configuration, OutboundSetting } from '../../../src/core/configuration/schema.ts'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import { publishConfiguration } from '../../../src/ledger/configuration/versions.ts'
import { changeConfiguration } from '../../support/configuration.ts'
import { dateAt, daysLater } from '../../../src/core/local-time.ts'
import { settingOf } from '../../../src/core/configuration/outbound.ts'
import { rules } from '../../core/samples.ts'
import { serve } from '../serve.ts'

const taxes = { id: 'taxe', name: 'Taxe și impozite', skill: 'taxe', levelMin: 2, priority: 10 }
const withTaxes = (document: Configuration): Configuration => ({
  ...document,
  queues: [...document.queues, taxes],
})

/** From yesterday on: midnight may pass. */
const closedFor = (days: number) =>
  Array.from({ length: days }, (_, index) => ({
    date: daysLater(dateAt(Date.now()), index - 1),
    hours: 'closed',
  }))

t.test('a document is checked, published and read again, with who, when and why', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('admin')
  const installed = { id: 0, publishedAt: null, by: null, reason: '', document: firstConfiguration }
  const server = { serverOutbound: settingOf(rules.callOut), serverAnswer: 'queue' }
  t.same((await ask('GET', '/api/configuration', { as })).json, { ...installed, ...server })
  t.same((await ask('GET', '/api/configuration/versions', { as })).json, { items: [], next: null })

  const document = withTaxes(firstConfiguration)
  const checked = await ask('POST', '/api/configuration/check', { as, body: { document } })
  t.same(checked.json, {
    faults: [],
    warnings: [
      { code: 'queue without agents', queue: 'general', skill: 'general' },
      { code: 'queue without agents', queue: 'taxe', skill: 'taxe' },
    ],
    hoursNeverOpen: [],
    menusNeverHeard: [],
    changes: [{ at: 'queues.taxe', after: taxes }],
  })
  const never = { id: 'avarie', name: 'Avarie', weekly: 'always', holidays: 'open', dates: closedFor(62) }
  const withNever = { document: { ...document, hours: [...document.hours, never] } }
  const { json } = await ask('POST', '/api/configuration/check', { as, body: withNever })
  t.match(json, { faults: [], hoursNeverOpen: ['avarie'] }, 'a warning: it may be on purpose')
  t.same((await ask('GET', '/api/configuration', { as })).json['id'], 0, 'nothing is saved')

  const body = { document, basedOn: 0, reason: ' ghișeul de taxe ' }
  const published = await ask('POST', '/api/configuration/versions', { as, body })
  const version = { by: 'Dan Țepeș', reason: 'ghișeul de taxe' }
  t.match(published, { status: 201, json: version })
  const { id } = published.json
  t.match((await ask('GET', '/api/configuration', { as: await signIn('super') })).json, {
    id,
    ...version,
    document,
    publishedAt: /^\d{4}-.*Z$/,
  })
  t.same((await ask('GET', `/api/configuration/versions/0`, { as })).json, installed)
  const closing = { ...withNever, basedOn: id, reason: 'avarie' }
  t.equal((await ask('POST', '/api/configuration/versions', { as, body: closing })).status, 201)
  const again = await ask('POST', '/api/configuration/check', { as, body: withNever })
  t.match(again.json, { hoursNeverOpen: [] }, 'so it is in force already')
  t.match(await ask('GET', '/api/configuration/versions/999999', { as }), {
    status: 404,
    json: { code: 'no-such-configuration' },
  })
})

t.test('whoever was slower is told who published, and when', async (t) => {
  const { ask, signIn, db } = await serve(t)
  const as = await signIn('admin')
  const { id: basedOn, document } = (await ask('GET', '/api/configuration', { as })).json
  const reason = 'program de iarnă'
  const body = { document, basedOn, reason }
  t.equal((await ask('POST', '/api/configuration/versions', { as, body })).status, 201)
  const late = await ask('POST', '/api/configuration/versions', {
    as,
    body: { ...body, reason: 'alt motiv' },
  })
  t.match(late, { status: 409, json: { code: 'configuration-changed' } })
  t.match(
    late.json['detail'],
    /^Dan Țepeș a publicat între timp altă versiune \(\d+ \p{L}+ \d{4}.*\d\d:\d\d\)/u,
  )
  await changeConfiguration(db, (before) => before)
  const english = { 'accept-language': 'en' }
  const later = await ask('POST', '/api/configuration/versions', { as, body, headers: english })
  t.match(later.json['detail'], /^Somebody at the command line has published/)
})

t.test('a publication that is repeated answers with the version that it has made', async (t) => {
  const { ask, signIn, db } = await serve(t)
  const as = await signIn('admin')
  const { id: basedOn, document } = (await ask('GET', '/api/configuration', { as })).json
  const before = (await ask('GET', '/api/configuration/versions', { as })).json['items'] as object[]
  const body = { document: document as Configuration, basedOn: Number(basedOn), reason: 'program de iarnă' }
  const publish = (reason: string) =>
    ask('POST', '/api/configuration/versions', { as, body: { ...body, reason } })
  const published = await publish('program de iarnă')
  t.equal(published.status, 201)
  t.match(await publish(' program de iarnă '), { status: 201, json: published.json })
  t.match(await publish('alt motiv'), { status: 409, json: { code: 'configuration-changed' } })
  const { items } = (await ask('GET', '/api/configuration/versions', { as })).json
  t.same(items, [published.json, ...before], 'one version')

  const next = { ...body, basedOn: Number(published.json['id']) }
  t.match(await publishConfiguration(db, { ...next, by: null }), { ok: true })
  t.match(
    await ask('POST', '/api/configuration/versions', { as, body: next }),
    {
      status: 409,
      json: { code: 'configuration-changed', detail: /^Cineva din linia de comandă a publicat/ },
    },
    'the same of another author',
  )
})

t.test('numbers abroad are bounded by the settings of the server, which come with the version', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('admin')
  const { id: basedOn, document, serverOutbound } = (await ask('GET', '/api/configuration', { as })).json
  t.match(serverOutbound, { allowed: ['+402', '+407'], agents: 'any', perHour: 30 })
  const outbound = { ...(serverOutbound as OutboundSetting), allowed: ['+4021', '+40800', '+373', '+4'] }
  const abroad = { ...(document as Configuration), outbound }
  const faults = [
    { at: 'outbound.allowed[2]', code: 'called number abroad', value: '+373' },
    { at: 'outbound.allowed[3]', code: 'called number abroad', value: '+4' },
  ]
  const checked = await ask('POST', '/api/configuration/check', { as, body: { document: abroad } })
  t.match(checked, { status: 200, json: { faults } })
  t.equal((checked.json['faults'] as unknown[]).length, faults.length)
  const published = await ask('POST', '/api/configuration/versions', {
    as,
    body: { document: abroad, basedOn, reason: 'toată lumea' },
  })
  t.match(published, { status: 422, json: { code: 'configuration-faulty', faults } })
})

t.test('a document with faults is not published; each fault has its place', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('admin')
  const { id: basedOn, document } = (await ask('GET', '/api/configuration', { as })).json
  const faulty = { ...(document as Configuration), numbers: [] }
  const faults = [{ at: 'numbers', code: 'no number', value: '' }]
  const checked = await ask('POST', '/api/configuration/check', { as, body: { document: faulty } })
  t.match(checked, { status: 200, json: { faults } })
  const body = { document: faulty, basedOn, reason: 'fără numere' }
  t.match(await ask('POST', '/api/configuration/versions', { as, body }), {
    status: 422,
    json: {
      code: 'configuration-faulty',
      faults,
      detail: 'Configurația are greșeli și nu a fost publicată.',
    },
  })
  t.equal((await ask('GET', '/api/configuration', { as })).json['id'], basedOn)
})

t.test('what is no configuration, and a publication without a reason, are refused', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('admin')
  const { id: basedOn, document } = (await ask('GET', '/api/configuration', { as })).json
  for (const body of [
    { document, basedOn, reason: ' ' },
    { document, basedOn },
    { document, basedOn, reason: 'x'.repeat(201) },
    { document: { ...(document as object), notices: [] }, basedOn, reason: 'anunțuri' },
    { document: { ...(document as object), queues: [{ ...taxes, levelMin: 6 }] }, basedOn, reason: 'nivel' },
    { document, basedOn: -1, reason: 'ceva' },
  ])
    t.match(
      await ask('POST', '/api/configuration/versions', { as, body }),
      { status: 400, json: { code: 'validation' } },
      JSON.stringify(body).slice(-60),
    )
})

t.test('a document of a large city passes, one of more than a megabyte does not', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('admin')
  const dates = Array.from({ length: 400 }, (_, index) => ({
    date: new Date(Date.UTC(2027, 0, 1 + index)).toISOString().slice(0, 10),
    hours: '08:00-12:00, 13:00-16:00',
    reason: 'program scurt',
  }))
  const check = (count: number, reason: string) =>
    ask('POST', '/api/configuration/check', {
      as,
      body: {
        document: {
          ...firstConfiguration,
          hours: Array.from({ length: count }, (_, index) => ({
            id: `h${index}`,
            name: `Program ${index}`,
            weekly: 'always',
            holidays: 'closed',
            dates: dates.map((date) => ({ ...date, reason })),
          })),
        },
      },
    })
  t.match(await check(10, 'program scurt'), { status: 200, json: { faults: [] } })
  t.match(await check(50, 'x'.repeat(100)), { status: 413 })
})

t.test('versions are listed in pages, newest first', async (t) => {
  const { ask, signIn, db } = await serve(t)
  const as = await signIn('super')
  const ids = [
    await changeConfiguration(db, (document) => document),
    await changeConfiguration(db, (document) => document),
    await changeConfiguration(db, (document) => document),
  ].toReversed()
  const page = async (query: string) => (await ask('GET', `/api/configuration/versions${query}`, { as })).json
  const first = await page('?limit=2')
  const idsOf = (list: Record<string, unknown>) => (list['items'] as { id: number }[]).map(({ id }) => id)
  t.same(idsOf(first), ids.slice(0, 2))
  t.equal(first['next'], ids[1])
  t.equal(idsOf(await page(`?limit=2&before=${ids[1]}`))[0], ids[2])
  t.equal((await page('?limit=200'))['next'], null)
  for (const query of ['?limit=0', '?limit=201', '?before=x', '?cursor=1'])
    t.equal((await ask('GET', `/api/configuration/versions${query}`, { as })).status, 400, query)
})

t.test('a caller’s way is tried under a draft, and under the version in force', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('admin')
  const { document } = (await ask('GET', '/api/configuration', { as })).json as { document: Configuration }
  const says = { ro: 'Pentru taxe, apăsați 1.' }
  const menu = { id: 'alegere', name: 'Alegere', says, keys: { '1': { queue: 'taxe' } }, repeats: 0 }
  const draft: Configuration = {
    numbers: document.numbers.map((one) => ({ ...one, menu: menu.id })),
    queues: [...document.queues.filter(({ id }) => id !== 'taxe'), taxes],
    hours: document.hours,
    menus: [menu],
  }
  const run = { number: '0256969', at: '2026-12-04T19:58:00.000Z', keys: ['1'] }
  const stepsOf = async (body: object) =>
    (await ask('POST', '/api/configuration/dry-run', { as, body })).json['steps']
  const heard = { step: 'greeting', says: '(greeting)' }
  const longest = {
    step: 'waited too long',
    at: '2026-12-04T20:08:00.000Z',
    by: 'longest wait',
    language: 'ro',
    says: '(waited too long)',
  }
  t.same(await stepsOf({ ...run, document: draft }), [
    { step: 'open', closesAt: null },
    heard,
    { step: 'menu', menu: 'alegere', language: 'ro', says: says.ro, isWrongKey: false },
    { step: 'key', key: '1' },
    { step: 'queue', queue: 'taxe', name: 'Taxe și impozite' },
    longest,
  ])
  t.match(await stepsOf(run), [{ step: 'open' }, heard, { step: 'queue', queue: 'general' }, longest])
  const announce = { position: false, estimate: false, firstAfterSeconds: 20, everySeconds: 60 }
  const announcing = (...texts: { ro: string }[]) => ({
    ...draft,
    queues: draft.queues.map((one) =>
      one.id === 'taxe' ? { ...one, announce: { ...announce, texts } } : one,
    ),
  })
  const heardThere = { firstAfterSeconds: 20, everySeconds: 60, language: 'ro' }
  t.same(
    (
      (await stepsOf({ ...run, document: announcing({ ro: 'Pe site.' }, { ro: 'La ghișeu.' }) })) as object[]
    ).slice(-3),
    [
      { step: 'own announcement', ...heardThere, says: 'Pe site.' },
      { step: 'own announcement', ...heardThere, says: 'La ghișeu.' },
      longest,
    ],
  )
  const sixTexts = announcing(...Array.from({ length: 6 }, (_, nth) => ({ ro: `Textul ${nth}.` })))
  t.equal(
    (await ask('POST', '/api/configuration/dry-run', { as, body: { ...run, document: sixTexts } })).status,
    400,
  )
  const own = { greeting: { ro: 'Bun venit la taxe.' } }
  const greeting = { ...draft, numbers: draft.numbers.map((one) => ({ ...one, says: own })) }
  t.match(await stepsOf({ ...run, document: greeting }), [
    { step: 'open' },
    { step: 'greeting', says: '(greeting: Bun venit la taxe.)' },
  ])
  const silent = {
    ...draft,
    numbers: draft.numbers.map((one) => ({ ...one, says: { closed: { ro: '…' } } })),
  }
  t.match(await ask('POST', '/api/configuration/dry-run', { as, body: { ...run, document: silent } }), {
    status: 422,
    json: { faults: [{ at: 'numbers[0].says.closed.ro', code: 'text not readable' }] },
  })
  const endless = {
    ...draft,
    numbers: draft.numbers.map((one) => ({ ...one, says: { closed: { ro: 'a'.repeat(201) } } })),
  }
  const tooLong = await ask('POST', '/api/configuration/dry-run', { as, body: { ...run, document: endless } })
  t.equal(tooLong.status, 400)
  t.same(await stepsOf({ ...run, isBlocked: true }), [{ step: 'busy' }])
  t.same(await stepsOf({ ...run, number: '112' }), [{ step: 'unknown number', number: '112' }])
  const hours = { id: 'zi', name: 'Zi', weekly: 'Mon-Fri 08:00-16:00', holidays: 'closed', dates: [] }
  const closing = {
    ...document,
    numbers: document.numbers.map((one) => ({ ...one, hours: 'zi' })),
    hours: [hours],
  }
  t.same(await stepsOf({ ...run, document: closing }), [
    { step: 'closed', opensAt: '2026-12-07T06:00:00.000Z', says: '(closed)' },
  ])
  t.match(await stepsOf({ ...run, at: '2026-12-04T10:00:00.000Z', document: closing }), [
    { step: 'open', closesAt: '2026-12-04T14:00:00.000Z' },
  ])
  const graced = { ...closing, numbers: closing.numbers.map((one) => ({ ...one, closingGraceMinutes: 5 })) }
  t.match(await stepsOf({ ...run, at: '2026-12-04T13:58:00.000Z', document: graced }), [
    { step: 'open', closesAt: '2026-12-04T14:00:00.000Z' },
    { step: 'greeting' },
    { step: 'queue' },
    { ...longest, at: '2026-12-04T14:05:00.000Z', by: 'closing' },
  ])
  const faulty = await ask('POST', '/api/configuration/dry-run', {
    as,
    body: { ...run, document: { ...draft, menus: [] } },
  })
  t.match(faulty, {
    status: 422,
    json: { code: 'configuration-faulty', faults: [{ code: 'menu unknown' }], detail: /corectează-le întâi/ },
  })
  for (const body of [
    { ...run, keys: ['x'] },
    { ...run, at: 'vineri' },
    { ...run, number: '' },
    { ...run, keys: Array.from({ length: 61 }, () => '1') },
  ])
    t.equal((await ask('POST', '/api/configuration/dry-run', { as, body })).status, 400, JSON.stringify(body))
})

t.test('a call to a citizen is tried under a draft, and under the version in force', async (t) => {
  const { ask, signIn } = await serve(t)
  const as = await signIn('admin')
  const { document, serverOutbound } = (await ask('GET', '/api/configuration', { as })).json as {
    document: Configuration
    serverOutbound: NonNullable<Configuration['outbound']>
  }
  const tried = async (body: object) => ask('POST', '/api/configuration/outbound-dry-run', { as, body })
  const order = { number: '0722 000 111', by: 'agent' }
  const allowed = { verdict: 'allowed', number: '+40722000111', dialled: '0722000111', allowedBy: '+407' }
  t.match(await tried(order), { status: 200, json: allowed })
  const draft = (change: object) => ({ ...document, outbound: { ...serverOutbound, ...change } })
  const back = draft({ agents: 'returns' })
  t.same((await tried({ ...order, document: back })).json, {
    verdict: 'refused',
    refusal: 'only returned calls',
    maySupervisor: true,
  })
  t.match((await tried({ ...order, isReturning: true, document: back })).json, allowed)
  t.match((await tried({ ...order, by: 'supervisor', document: back })).json, allowed)
  for (const [number, refusal] of [
    ['ghișeu', 'not a number'],
    ['112', 'an emergency number'],
    ['0256969', 'our own number'],
    ['0900123456', 'a premium number'],
    ['+12125550100', 'a foreign number'],
  ])
    t.match((await tried({ ...order, number })).json, { verdict: 'refused', refusal, maySupervisor: false })
  t.match(await tried({ ...order, document: draft({ allowed: ['112'] }) }), {
    status: 422,
    json: { code: 'configuration-faulty', faults: [{ code: 'called number emergency' }] },
  })
  for (const body of [
    { ...order, number: '' },
    { ...order, number: '1'.repeat(41) },
    { ...order, by: 'audit' },
    { number: '1' },
  ])
    t.equal((await tried(body)).status, 400, JSON.stringify(body))
})

t.test('an administrator hears a text of a menu, and a supervisor one of a notice', async (t) => {
  const made: string[] = []
  const first = Promise.withResolvers<Buffer>()
  const { ask, signIn } = await serve(t, {
    textSample: (text, language) => {
      made.push(`${language}: ${text}`)
      if (text === 'mut') return Promise.reject(new Error('no voice'))
      return made.length === 1 ? first.promise : Promise.resolve(Buffer.from('RIFF'))
    },
  })
  const as = await signIn('admin')
  const listen = (body: object, who = as) => ask('POST', '/api/configuration/sample', { as: who, body })
  const order = { text: 'Pentru taxe, apăsați 1.', language: 'ro' }
  // One is read out, three wait, and one is too many.
  const asked = Array.from({ length: 5 }, () => listen(order))
  t.match(await Promise.race(asked), { status: 429 })
  first.resolve(Buffer.from('RIFF'))
  const answers = await Promise.all(asked)
  t.equal(answers.filter(({ status }) => status === 200).length, 4)
  const sound = answers.find(({ status }) => status === 200)
  t.match([sound?.headers.get('content-type'), sound?.text], ['audio/wav', 'RIFF'])
  t.match(made, ['ro: Pentru taxe, apăsați 1.'])
  t.match(await listen({ ...order, text: 'mut' }), { status: 503, json: { code: 'no-text-sample' } })
  for (const body of [
    { ...order, text: ' ' },
    { ...order, text: 'x'.repeat(601) },
    { ...order, language: 'la' },
  ])
    t.equal((await listen(body)).status, 400, JSON.stringify(body).slice(0, 60))
  t.equal((await listen(order, await signIn('super'))).status, 200)
  t.equal((await listen(order, await signIn('edit'))).status, 403)
})

t.test('administrators alone change the line; supervisors read', async (t) => {
  const { ask, signIn } = await serve(t)
  const body = { document: firstConfiguration, basedOn: 0, reason: 'fără drept' }
  for (const who of ['agent01', 'super', 'audit', 'edit'] as const) {
    const as = await signIn(who)
    const mayRead = who === 'super' ? 200 : 403
    for (const path of ['', '/versions', '/versions/0'])
      t.equal((await ask('GET', `/api/configuration${path}`, { as })).status, mayRead, `${who} ${path}`)
    const order = { number: '969', at: '2026-12-04T19:58:00.000Z', keys: [] }
    t.equal((await ask('POST', '/api/configuration/dry-run', { as, body: order })).status, mayRead, who)
    const call = { number: '0722000111', by: 'agent' }
    t.equal(
      (await ask('POST', '/api/configuration/outbound-dry-run', { as, body: call })).status,
      mayRead,
      who,
    )
    for (const path of ['/check', '/versions'])
      t.equal((await ask('POST', `/api/configuration${path}`, { as, body })).status, 403, `${who} ${path}`)
  }
  t.equal((await ask('GET', '/api/configuration')).status, 401)
})

t.test('a menu that the settings of the server let nobody hear is warned of, and published', async (t) => {
  const dryRun = {
    rules: { ...rules, answer: 'agent' as const },
    lineHours: { kind: 'always' as const },
    closedOn: () => new Set<string>(),
    notices: () => [
      { id: 1, text: 'Fără apă.', from: 0, until: Number.MAX_SAFE_INTEGER, daily: null, queues: [] },
    ],
    textOf: () => 'Bună ziua!',
  }
  const { ask, signIn } = await serve(t, { dryRun })
  const as = await signIn('admin')
  const { id: basedOn, document, serverAnswer } = (await ask('GET', '/api/configuration', { as })).json
  t.equal(serverAnswer, 'agent')
  const { numbers, ...others } = document as Configuration
  const says = { ro: 'Pentru un operator, apăsați 1.' }
  const menu = { id: 'alegere', name: 'Alegere', says, keys: { '1': { queue: 'general' } }, repeats: 0 }
  const withMenu = (change: object) => ({
    ...others,
    numbers: numbers.map((one) => ({ ...one, menu: menu.id, ...change })),
    menus: [menu],
  })
  const check = (change: object) =>
    ask('POST', '/api/configuration/check', { as, body: { document: withMenu(change) } })
  const menusNeverHeard = [{ number: '969', menu: 'alegere' }]
  t.match((await check({})).json, { faults: [], menusNeverHeard })
  t.match((await check({ answer: 'queue' })).json, { faults: [], menusNeverHeard: [] })
  t.match((await check({ answer: 'agent' })).json, {
    faults: [{ at: 'numbers[0].menu', code: 'menu never heard' }],
    menusNeverHeard: [],
  })
  const run = { number: '969', at: '2026-12-04T19:58:00.000Z', keys: ['1'] }
  const tried = await ask('POST', '/api/configuration/dry-run', {
    as,
    body: { ...run, document: withMenu({}) },
  })
  t.match(tried.json['steps'], [
    { step: 'open' },
    { step: 'not answered', seconds: 150, menu: 'alegere' },
    { step: 'greeting' },
    { step: 'queue', queue: 'general' },
    { step: 'notice', says: 'Fără apă.' },
  ])
  const body = { document: withMenu({}), basedOn, reason: 'meniu' }
  t.equal((await ask('POST', '/api/configuration/versions', { as, body })).status, 201)
})
