/** The register of contacts: administrators alone, each change on record. */
import t from 'tap'
import type { ContactRegister, ContactVersions } from '../../../src/http/contacts/wire.ts'
import { rules } from '../../core/samples.ts'
import { serve, type Person, type Served } from '../serve.ts'
import { testDatabase } from '../../support/postgres.ts'

const at = '/api/contact-register'
const register = { name: 'Stare civilă', number: '0256 408 300', language: null }

/** Its own database: the register is read whole. */
async function served(t: Parameters<typeof testDatabase>[0]): Promise<Served> {
  const { db } = await testDatabase(t)
  return serve(t, { db })
}

async function listed({ ask, signIn }: Served): Promise<ContactRegister['items']> {
  return ((await ask('GET', at, { as: await signIn('admin') })).json as unknown as ContactRegister).items
}

t.test('a contact is added, changed, closed and opened again, with who and when', async (t) => {
  const it = await served(t)
  const as = await it.signIn('admin')
  t.match(await it.ask('POST', at, { as, body: register }), { status: 201, json: { id: 'stare-civila' } })
  const [first] = await listed(it)
  t.match(first, {
    id: 'stare-civila',
    name: 'Stare civilă',
    number: '+40256408300',
    language: null,
    closed: false,
    by: 'Dan Țepeș',
    at: /^20.*Z$/,
  })
  const one = `${at}/stare-civila`
  const seen = { version: first?.version }
  const moved = { ...register, ...seen, number: '410' }
  t.equal((await it.ask('PUT', one, { as, body: moved })).status, 204)
  t.match(await it.ask('PUT', one, { as, body: moved }), { status: 409, json: { code: 'contact-changed' } })
  t.match(await it.ask('POST', `${one}/close`, { as, body: seen }), {
    status: 409,
    json: { code: 'contact-changed' },
  })
  const closing = { version: (await listed(it))[0]?.version }
  t.equal((await it.ask('POST', `${one}/close`, { as, body: closing })).status, 204)
  const [closed] = await listed(it)
  t.match(closed, { number: '410', closed: true })
  const again = { as, body: { version: closed?.version } }
  t.match(await it.ask('POST', `${one}/close`, again), { status: 404, json: { code: 'unknown-contact' } })
  const opening = { as, body: { ...register, version: closed?.version } }
  t.equal((await it.ask('PUT', one, opening)).status, 204)
  const { items } = (await it.ask('GET', `${one}/versions`, { as })).json as unknown as ContactVersions
  t.strictSame(
    items.map(({ number, closed, by }) => [number, closed, by]),
    [
      ['+40256408300', false, 'Dan Țepeș'],
      ['410', true, 'Dan Țepeș'],
      ['410', false, 'Dan Țepeș'],
      ['+40256408300', false, 'Dan Țepeș'],
    ],
  )
  t.match(await it.ask('GET', `${at}/nimeni/versions`, { as }), { status: 404 })
  t.match(await it.ask('PUT', `${at}/nimeni`, { as, body: moved }), { status: 404 })
  t.notMatch(it.log.join('\n'), /408300|Stare civil/, 'no number and no name in the log')
})

t.test('numbers, names and languages that cannot be are refused, each by its own code', async (t) => {
  const it = await served(t)
  const as = await it.signIn('admin')
  for (const [number, code] of [
    ['ghișeu', 'not-a-number'],
    [' - ', 'no-number-to-call'],
    ['112', 'emergency-number'],
    ['0256 969', 'own-number'],
    ['0900 123 456', 'premium-number'],
    ['+36 1 234 5678', 'foreign-number'],
    ['123456', 'number-not-allowed'],
  ] as const) {
    const answer = await it.ask('POST', at, { as, body: { ...register, number } })
    t.match(answer, { status: 409, json: { code } }, number)
    t.notMatch(answer.json['detail'], /de la post/, 'a sentence about contacts, not about the desk')
  }
  const english = { as, body: { ...register, number: '112' }, headers: { 'accept-language': 'en' } }
  t.match((await it.ask('POST', at, english)).json, { detail: /112 is no contact/ })
  t.match(await it.ask('POST', at, { as, body: { ...register, language: 'qq' } }), {
    status: 409,
    json: { code: 'not-a-language' },
  })
  for (const wrong of [{ name: ' ' }, { name: 'x'.repeat(61) }, { number: '' }, { language: 'HU' }])
    t.match(await it.ask('POST', at, { as, body: { ...register, ...wrong } }), {
      status: 400,
      json: { code: 'validation' },
    })
  t.strictSame(await listed(it), [], 'nothing was added')
  await it.ask('POST', at, { as, body: register })
  t.match(await it.ask('POST', at, { as, body: { ...register, name: ' STARE CIVILĂ ' } }), {
    status: 409,
    json: { code: 'contact-name-taken' },
  })
})

t.test('no number of the line is a contact', async (t) => {
  const { db } = await testDatabase(t)
  const directory = {
    agents: () => [],
    queues: () => [],
    contacts: () => [],
    outbound: () => null,
    onChange: () => undefined,
    numbers: () => [{ number: '0256408300', also: ['0356408300'] }],
  }
  const it = await serve(t, { db, directory: directory as never })
  const as = await it.signIn('admin')
  const refused = { status: 409, json: { code: 'own-number' } }
  for (const number of ['0256 408 300', '+40356408300'])
    t.match(await it.ask('POST', at, { as, body: { ...register, number } }), refused, number)
  t.match(await it.ask('POST', at, { as, body: { ...register, number: '410' } }), { status: 201 })
  const [{ id, version } = { id: '', version: 0 }] = await listed(it)
  t.match(await it.ask('PUT', `${at}/${id}`, { as, body: { ...register, version } }), refused)
})

t.test('a number abroad is one that the settings allow', async (t) => {
  const { db } = await testDatabase(t)
  const callOut = { ...rules.callOut, allowed: ['+361'] }
  const dryRun = {
    rules: { ...rules, callOut },
    lineHours: { kind: 'always' },
    closedOn: () => new Set<string>(),
    notices: () => [],
    textOf: () => '',
  } as const
  const it = await serve(t, { db, dryRun })
  const body = { ...register, number: '+36 1 234 5678', language: 'hu' }
  t.equal((await it.ask('POST', at, { as: await it.signIn('admin'), body })).status, 201)
})

t.test('administrators alone, whatever is asked', async (t) => {
  const it = await served(t)
  const body = { ...register, version: 1 }
  const asked: readonly (readonly [string, string, object?])[] = [
    ['GET', at],
    ['GET', `${at}/x/versions`],
    ['POST', at, register],
    ['PUT', `${at}/x`, body],
    ['POST', `${at}/x/close`, { version: 1 }],
  ]
  for (const person of ['agent01', 'super', 'audit', 'edit'] as const satisfies readonly Person[]) {
    const as = await it.signIn(person)
    for (const [method, path, sent] of asked)
      t.equal(
        (await it.ask(method, path, sent === undefined ? { as } : { as, body: sent })).status,
        403,
        `${person}: ${method} ${path}`,
      )
  }
  for (const [method, path, sent] of asked)
    t.equal((await it.ask(method, path, sent === undefined ? {} : { body: sent })).status, 401)
})
