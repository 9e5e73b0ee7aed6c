/** Several persons in one call: a check, a grant and looks of their own, and the attempts of one call. */
import t from 'tap'
import { Value } from 'typebox/value'
import { personMark } from '../../../src/city/journal/person.ts'
import type { TaxAccount } from '../../../src/city/taxes/account.ts'
import * as wire from '../../../src/http/identity/wire.ts'
import { answered, questions, search, startConversation } from '../conversation.ts'
import { serve, type Served } from '../serve.ts'
import { FakeFiscal } from '../taxes/fake-fiscal.ts'
import { aCnp, aCompany, anAccount } from '../taxes/taxpayers.ts'

const personKey = 'marks the persons of the tests, long enough'
const cui = '18547290'

async function cityHall(t: Parameters<typeof serve>[0]) {
  const husband = aCnp()
  const stranger = aCnp()
  const accounts = new Map<string, TaxAccount>([
    [husband, anAccount()],
    [cui, aCompany()],
    [stranger, anAccount()],
  ])
  const fiscal = new FakeFiscal(Object.fromEntries(accounts))
  const served = await serve(t, { fiscal })
  const account = (identifier: string): TaxAccount => {
    const found = accounts.get(identifier)
    if (found === undefined) throw new Error('no such account')
    return found
  }
  const find = async (as: string, identifier: string): Promise<string> => {
    const { name, address } = account(identifier)
    return String((await search(served, as, { name, address, identifier })).json['handle'])
  }
  const check = async (as: string, identifier: string, how: 'right' | 'wrong') => {
    const handle = await find(as, identifier)
    return { handle, verdict: (await answered(served, as, handle, account(identifier), how)).json }
  }
  return { served, fiscal, husband, stranger, account, find, check }
}

async function peopleOf(served: Served, as: string): Promise<wire.IdentityState['people']> {
  const answer = await served.ask('GET', '/api/identity', { as })
  return Value.Parse(wire.IdentityState, answer.json).people
}

const sectionOf = (served: Served, as: string, handle: string) =>
  served.ask('GET', `/api/taxes/${handle}/objects`, { as })

t.test('husband, then firm: each with a grant of its own, and the first one stays', async (t) => {
  const { served, husband, check } = await cityHall(t)
  const { as, call } = await startConversation(served, 'agent01')
  const first = await check(as, husband, 'right')
  const second = await check(as, cui, 'right')
  t.match([first.verdict, second.verdict], [{ verdict: 'passed' }, { verdict: 'passed' }])
  t.match(await peopleOf(served, as), [
    { handle: second.handle, state: 'granted', who: { kind: 'company' } },
    { handle: first.handle, state: 'granted', who: { kind: 'person' } },
  ])
  for (const { handle } of [first, second, first]) t.equal((await sectionOf(served, as, handle)).status, 200)
  for (const [person, looks] of [
    [husband, 2],
    [cui, 1],
  ] as const) {
    const rows = await served.db
      .selectFrom('journal_looks')
      .select(['call', 'about'])
      .where('person', '=', personMark(personKey, person))
      .where('kind', '=', 'section')
      .execute()
    t.equal(rows.length, looks, 'each look is on record under its own person')
    t.ok(rows.every((row) => row.call === call))
  }
})

t.test('the persons are masked, and only for the agent who may consult them', async (t) => {
  const { served, fiscal, husband, stranger, account, find, check } = await cityHall(t)
  const call = await startConversation(served, 'agent01')
  await check(call.as, husband, 'right')
  await find(call.as, stranger)
  const [found, granted] = await peopleOf(served, call.as)
  t.equal(found?.who, null, 'a match alone names nobody')
  const { name, maskedIdentifier } = account(husband)
  t.match(granted?.who, { kind: 'person', maskedIdentifier })
  for (const word of name.split(' ')) t.notMatch(granted?.who?.initials, word)
  fiscal.away = true
  t.match((await peopleOf(served, call.as))[1], { state: 'granted', who: null }, 'a grant needs no name')
  fiscal.away = false
  const other = await served.signIn('agent02')
  call.goesTo('agent02')
  t.match(
    (await peopleOf(served, other))[1],
    { state: 'to confirm', who: null },
    'not before the agent confirms',
  )
  call.hangsUp()
  t.same(await peopleOf(served, other), [])
})

t.test('further persons give no further attempts, and a success gives none back', async (t) => {
  const { served, husband, stranger, find, check } = await cityHall(t)
  const { as } = await startConversation(served, 'agent01')
  t.match((await check(as, stranger, 'wrong')).verdict, { verdict: 'failed', again: true })
  const own = await check(as, husband, 'right')
  t.match(own.verdict, { verdict: 'passed' })
  t.match((await questions(served, as, await find(as, cui))).json, { state: 'asking', lastAttempt: true })
  t.match((await check(as, cui, 'wrong')).verdict, { verdict: 'failed', again: false })
  for (const identifier of [stranger, cui])
    t.match((await questions(served, as, await find(as, identifier))).json, { why: 'no attempts' })
  t.equal((await sectionOf(served, as, own.handle)).status, 200, 'what was proved stays proved')
})
