/** The contract of `FiscalDatabase`, with the demo's town as data. */
import type { Test } from 'tap'
import { accountParts, TaxpayerId, type TaxAccount } from '../../src/city/taxes/account.ts'
import { standingOf } from '../../src/city/connections/connection.ts'
import type { FiscalDatabase } from '../../src/city/taxes/fiscal-database.ts'
import { readIdentifier, type Identifier } from '../../src/city/taxes/identifier.ts'
import { cast, type CastRole } from '../../tools/demo/fiscal/cast.ts'

export interface FiscalWorld {
  readonly fiscal: FiscalDatabase
  /** Makes the database unreachable from now on. */
  goAway(): Promise<void> | void
}

export function identifierOf(text: string): Identifier {
  const read = readIdentifier(text)
  if (!read.ok) throw new Error(`${text}: ${read.fault}`)
  return read.identifier
}

export async function accountOf(
  { fiscal }: Pick<FiscalWorld, 'fiscal'>,
  role: CastRole,
): Promise<TaxAccount> {
  const { name, address, identifier } = cast[role]
  const found = await fiscal.find({ name, address, identifier: identifierOf(identifier) })
  if (found.outcome !== 'match') throw new Error(`${role}: ${found.outcome}`)
  const answer = await fiscal.account(found.taxpayer, accountParts)
  if (answer.outcome !== 'account') throw new Error(`${role}: ${answer.outcome}`)
  return answer.account
}

export async function fiscalContract(t: Test, world: FiscalWorld): Promise<void> {
  const { fiscal } = world
  const outcomeOf = async (name: string, address: string, identifier: string) =>
    (await fiscal.find({ name, address, identifier: identifierOf(identifier) })).outcome

  await t.test('a taxpayer is found by name, address and number together', async (t) => {
    const { name, address, identifier } = cast.owner
    t.equal(await outcomeOf(name, address, identifier), 'match')
    t.equal(
      await outcomeOf('ion popescu', 'gheorghe lazar 12', identifier),
      'match',
      'in the spelling that people use',
    )
    t.equal(await outcomeOf('Ion Ionescu', address, identifier), 'no match')
    t.equal(await outcomeOf(name, 'Str. Gheorghe Lazăr nr. 13', identifier), 'no match')
    t.equal(
      await outcomeOf(name, address, cast.early.identifier),
      'no match',
      'the number of another taxpayer',
    )
    t.equal(await outcomeOf(name, address, '1850315350081'), 'no match', 'a number of no taxpayer')
    t.equal(await outcomeOf('', '', identifier), 'no match')
    t.equal(await outcomeOf('%', '%', identifier), 'no match')
    t.equal(await outcomeOf(`' or true --`, address, identifier), 'no match')
  })

  await t.test('an account has its name and date, and never the whole number', async (t) => {
    const account = await accountOf(world, 'owner')
    t.match(account, {
      kind: 'person',
      name: cast.owner.name,
      maskedIdentifier: '1******1233',
      deceased: null,
    })
    t.match(account.asOf, /^\d{4}-\d\d-\d\d$/)
    t.notMatch(JSON.stringify(account), cast.owner.identifier)
    t.strictSame(
      new Set(account.debts.map(({ year }) => year)),
      new Set([2026, 2025, 2024, 2023, 2022, 2021]),
    )
  })

  await t.test('only the requested parts are returned, each the same as in the whole account', async (t) => {
    const { objects, debts, payments, ...head } = await accountOf(world, 'owner')
    const whole = { objects, debts, payments }
    for (const part of accountParts) {
      const answer = await fiscal.account(head.taxpayer, [part])
      t.strictSame(answer, { outcome: 'account', account: { ...head, [part]: whole[part] } }, part)
    }
  })

  await t.test('a co-owner’s amounts are their own share', async (t) => {
    const [owner, wife] = [await accountOf(world, 'owner'), await accountOf(world, 'wife')]
    const flat = owner.objects[0]
    t.match(flat, { share: { numerator: 1, denominator: 2 }, coOwners: [{ name: cast.wife.name }] })
    const taxOf = (account: TaxAccount) =>
      account.debts.find((one) => one.object === flat?.id && one.year === 2026)?.tax ?? 0
    t.ok(taxOf(owner) > 0)
    t.ok(Math.abs(taxOf(owner) - taxOf(wife)) <= 1)
    t.notOk(
      wife.objects.some(({ kind }) => kind === 'concession'),
      'an object of the husband alone is not on the wife’s account',
    )
    t.notOk(wife.payments.some(({ receipt }) => owner.payments.some((one) => one.receipt === receipt)))
  })

  await t.test(
    'accounts of a foreigner, of a deceased person, without objects, and of a company with 400 objects',
    async (t) => {
      t.match(await accountOf(world, 'foreigner'), {
        name: 'Hans-Jürgen Müller',
        maskedIdentifier: '7******0013',
      })
      t.match((await accountOf(world, 'deceased')).deceased, /^2025-/)
      t.match(await accountOf(world, 'nothing'), { objects: [], debts: [], payments: [] })
      t.match(await accountOf(world, 'company'), { kind: 'company', maskedIdentifier: '1******7290' })
      t.equal((await accountOf(world, 'fleet')).objects.length, 400)
    },
  )

  await t.test('a text that is no handle is unknown', async (t) => {
    for (const text of ['0b1b2c3d-0000-4000-8000-0000000fffff', '', 'x', `' or true --`, '1850315351233'])
      t.strictSame(await fiscal.account(TaxpayerId(text), accountParts), { outcome: 'unknown' }, text)
  })

  await t.test('a test is about nobody, and finds that the login can write nothing', async (t) => {
    t.strictSame(await fiscal.test(), { outcome: 'works', readOnly: true })
    t.match(await standingOf([fiscal.heard]), { state: 'works', badAt: null })
  })

  await t.test('an unreachable database is an outcome of both queries, within their timeout', async (t) => {
    const { name, address, identifier } = cast.owner
    await world.goAway()
    const began = performance.now()
    t.equal(await outcomeOf(name, address, identifier), 'unreachable')
    t.strictSame(await fiscal.account(TaxpayerId('0b1b2c3d-0000-4000-8000-000000000001'), accountParts), {
      outcome: 'unreachable',
    })
    t.ok(performance.now() - began < 5_000)
    const tried = await fiscal.test()
    const cause = tried.outcome === 'fails' ? tried.cause : null
    t.ok(cause === 'no connection' || cause === 'login refused', String(cause))
    t.match(await standingOf([fiscal.heard]), { state: 'fails', cause })
  })
}
