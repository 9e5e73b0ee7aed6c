/** Numbers, codes, forms and state transitions of a request. */
import * as fc from 'fast-check'
import t from 'tap'
import { categories, categoryOf } from '../../../src/city/requests/categories.ts'
import { checked, noAddress, type RequestForm } from '../../../src/city/requests/form.ts'
import { complaintText } from '../../../src/city/requests/late-complaint.ts'
import { idOf, readDay, readNumber, RequestId, writtenNumber } from '../../../src/city/requests/number.ts'
import {
  begun,
  daysGranted,
  duenessOn,
  follow,
  type Standing,
  type StatusEvent,
} from '../../../src/city/requests/standing.ts'
import { streetNames } from '../../../src/city/requests/street-names.ts'
import { cleanText } from '../../../src/city/requests/text.ts'
import { codeOf, readCode } from '../../../src/city/requests/tracking-code.ts'
import { workingDays } from '../../../src/city/requests/working-days.ts'
import { lampForm } from '../../ledger/requests/fixtures.ts'

const days = workingDays([])
const id = RequestId('CC2026-000123')

t.test('a number has its written form', async (t) => {
  t.equal(idOf({ prefix: 'CC', year: 2026, number: 123 }), 'CC2026-000123')
  t.equal(writtenNumber(id, '2026-11-24'), 'CC2026-000123/24.11.2026')
  t.equal(idOf({ prefix: 'CC', year: 2026, number: 1_234_567 }), 'CC2026-1234567')
})

t.test('a number is parsed as people write and say it', async (t) => {
  const read = { prefix: 'CC', year: 2026, number: 123 }
  for (const text of [
    'CC2026-000123/24.11.2026',
    'CC2026-000123',
    'cc 2026 123',
    ' 2026-123 ',
    'CC2026000123',
    '2026/123',
    'cc2026 – 000123',
    'CC 2026 – 000 123',
    'CC 2026 000 123/24.11.2026',
  ])
    t.strictSame(readNumber(text, 'CC'), read, text)
  t.strictSame(readNumber('SC2019-24421/27.09.2019', 'CC'), { prefix: 'SC', year: 2019, number: 24421 })
  for (const text of ['', '123', 'CC', 'CC2026-', '2026-0', 'CC1999-1', 'CC2026-1e3', '<b>2026-1</b>'])
    t.equal(readNumber(text, 'CC'), null, text)
})

t.test('every written number is parsed back', async () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2000, max: 2099 }),
      fc.integer({ min: 1, max: 999_999_999 }),
      (year, number) => {
        const read = readNumber(writtenNumber(idOf({ prefix: 'CC', year, number }), `${year}-03-07`), 'XX')
        return read?.prefix === 'CC' && read.year === year && read.number === number
      },
    ),
  )
})

t.test('a day is parsed as written on paper', async (t) => {
  for (const text of ['24.11.2026', '24/11/2026', '24 11 2026', '2026-11-24', ' 24-11-2026 '])
    t.equal(readDay(text), '2026-11-24', text)
  for (const text of ['31.02.2026', '24.11.26', 'ieri', '']) t.equal(readDay(text), null, text)
})

t.test('a code is six digits in any grouping', async (t) => {
  t.equal(codeOf(42), '000042')
  t.equal(readCode(' 123 456 '), '123456')
  t.equal(readCode('12-34-56'), '123456')
  for (const text of ['12345', '1234567', 'abcdef', '']) t.equal(readCode(text), null, text)
})

const lamp = categoryOf('street-lighting')
const registered: Standing = begun(
  { regime: 'petition', department: 'Drumuri', toHead: false, targetDays: lamp?.targetDays ?? null },
  '2026-11-24',
  days,
)

t.test('a street report is announced with the city’s target and bound by the legal term', async (t) => {
  t.match(registered, { state: 'registered', announcedOn: '2026-11-27', legalEndOn: '2026-12-28' })
  const plain = begun(
    { regime: 'petition', department: 'x', toHead: false, targetDays: null },
    '2026-11-24',
    days,
  )
  t.equal(plain.announcedOn, '2026-12-24')
})

t.test('a request is due from the day after the announced one and overdue after the legal end', async (t) => {
  t.equal(duenessOn('2026-11-27', registered), 'in time')
  t.equal(duenessOn('2026-11-28', registered), 'due')
  t.equal(duenessOn('2026-12-28', registered), 'due')
  t.equal(duenessOn('2026-12-29', registered), 'overdue')
  t.equal(duenessOn('2027-12-29', { ...registered, state: 'answered' }), 'closed')
})

const next = (standing: Standing, event: StatusEvent, today = '2026-12-01') =>
  follow(id, 'petition', standing, event, today, days)

t.test('a request has one extension of at most fifteen days', async (t) => {
  const notice = { by: 'phone', on: '2026-12-01' } as const
  const extended = next(registered, { kind: 'extended', days: 15, notice })
  t.match(extended, {
    ok: true,
    standing: { extended: true, announcedOn: '2027-01-08', legalEndOn: '2027-01-11' },
  })
  t.strictSame(next(registered, { kind: 'extended', days: 16, notice }), {
    ok: false,
    why: 'extension too long',
  })
  t.match(
    next(registered, { kind: 'extended', days: 10, notice }),
    { standing: { legalEndOn: '2027-01-04' } },
    'ten days, of which the first end, moved off Christmas, had taken three',
  )
  t.equal(daysGranted({ days: 10 }, 'petition', registered), 10, 'as asked for')
  t.equal(daysGranted({ days: null }, 'petition', registered), 15, 'as the law allows')
  if (!extended.ok) return
  t.strictSame(next(extended.standing, { kind: 'extended', days: 1, notice }), {
    ok: false,
    why: 'extended already',
  })
})

t.test('the petitioner is told of an extension before the first term ends', async (t) => {
  const told = (on: string, today: string) =>
    next(registered, { kind: 'extended', days: 15, notice: { by: 'letter', on } }, today)
  t.equal(told('2026-12-28', '2027-01-04').ok, true, 'on the last day, recorded later')
  t.strictSame(told('2026-12-29', '2027-01-04'), { ok: false, why: 'told too late' })
  t.strictSame(told('2026-12-05', '2026-12-04'), { ok: false, why: 'not told yet' }, 'in the future')
  t.strictSame(told('2026-11-23', '2026-12-04'), { ok: false, why: 'not told yet' }, 'before it was there')
  const theirs = next(registered, { kind: 'extended', days: 15, notice: null })
  t.equal(theirs.ok, true, 'the document system has the notice')
})

t.test('after a reopening the notice is of the new term', async (t) => {
  const answered = next(registered, { kind: 'answered' })
  const reopened = next(answered.ok ? answered.standing : registered, { kind: 'reopened' }, '2026-12-10')
  t.match(reopened, { ok: true })
  if (!reopened.ok) return
  const told = (on: string) =>
    next(reopened.standing, { kind: 'extended', days: 15, notice: { by: 'phone', on } }, '2026-12-14')
  t.strictSame(told('2026-12-09'), { ok: false, why: 'not told yet' }, 'of the first term')
  t.equal(told('2026-12-10').ok, true)
})

t.test('a closed request accepts only a reopening with a new term', async (t) => {
  for (const event of [
    { kind: 'answered' },
    { kind: 'filed' },
    { kind: 'redirected', authority: 'Consiliul Județean' },
    { kind: 'joined', to: RequestId('CC2026-000001') },
  ] as const) {
    const closed = next(registered, event)
    t.match(closed, { ok: true, standing: { state: event.kind } })
    if (!closed.ok) continue
    t.strictSame(next(closed.standing, { kind: 'answered' }), { ok: false, why: 'closed' })
    t.match(next(closed.standing, { kind: 'numbered', number: '77' }), {
      ok: true,
      standing: { state: event.kind },
    })
    t.match(next(closed.standing, { kind: 'reopened' }, '2027-01-11'), {
      ok: true,
      standing: {
        state: 'in progress',
        countedFrom: '2027-01-11',
        extended: false,
        announcedOn: '2027-02-10',
      },
    })
  }
  t.strictSame(next(registered, { kind: 'reopened' }), { ok: false, why: 'not closed' })
  t.strictSame(next(registered, { kind: 'joined', to: id }), { ok: false, why: 'itself' })
  t.match(next(registered, { kind: 'in progress', department: null }), {
    standing: { state: 'in progress', department: 'Drumuri' },
  })
})

const wrongOf = (form: RequestForm): string[] => {
  const answer = checked(form)
  return answer.ok ? [] : answer.wrong.map(({ field, why }) => `${field}: ${why}`)
}

t.test('a broken lamp may be reported anonymously, a petition may not', async (t) => {
  t.strictSame(wrongOf(lampForm({ person: null })), [])
  t.strictSame(wrongOf(lampForm({ category: 'social', person: null })), ['person: not without a name'])
})

t.test('all missing fields are reported at once', async (t) => {
  const person = { name: ' ', phone: '', email: '', address: noAddress }
  t.strictSame(wrongOf(lampForm({ category: 'transport', person, text: ' ' })), [
    'person.name: name missing',
    'person.phone: contact missing',
    'fields.route: field missing',
    'text: text missing',
  ])
  t.strictSame(wrongOf(lampForm({ place: noAddress })), ['place.street: street missing'])
  t.strictSame(wrongOf(lampForm({ category: 'nu' })), ['category: unknown category'])
  t.strictSame(
    wrongOf(lampForm({ category: '', text: '' })),
    ['category: unknown category', 'text: text missing'],
    'all errors at once, also without a category',
  )
  t.strictSame(wrongOf(lampForm({ fields: { 'whole-street': 'poate' } })), [
    'fields.whole-street: unknown choice',
  ])
  const odd = { name: 'Ion', phone: '12', email: 'ion@', address: noAddress }
  t.strictSame(wrongOf(lampForm({ person: odd })), [
    'person.phone: not a telephone number',
    'person.email: not an e-mail address',
  ])
})

t.test('names and texts are normalised', async (t) => {
  const person = { name: " O'Neill-Ţăranu\u202e  Ş. ", phone: '0722000911', email: '', address: noAddress }
  const answer = checked(
    lampForm({ person, text: 'Linia\r\nA doua <b>linie</b>\u0007', fields: { pole: ' 14 ', other: 'x' } }),
  )
  t.match(answer, {
    ok: true,
    form: {
      person: { name: "O'Neill-Țăranu Ș." },
      text: 'Linia\nA doua <b>linie</b>',
      fields: { pole: '14' },
    },
  })
  t.notOk(answer.ok && 'other' in answer.form.fields, 'what another category asked is not kept')
  t.equal(cleanText('a\u0000b'), 'ab')
})

t.test('categories have different ids, and fields of their own', async (t) => {
  t.ok(categories.length >= 30)
  t.equal(new Set(categories.map((one) => one.id)).size, categories.length)
  t.ok(categories.every(({ name, department }) => name.ro !== '' && name.en !== '' && department !== ''))
})

t.test('the street register has unique, well-formed names', async (t) => {
  t.ok(streetNames.length >= 350, String(streetNames.length))
  const doubles = streetNames.filter((name, index) => streetNames.indexOf(name) !== index)
  t.strictSame(doubles, [])
  t.notOk(streetNames.some((name) => /[şţŞŢ]|\s\s|\n/.test(name)))
})

t.test('the complaint states whether the answer is due or overdue', async (t) => {
  const late = { announcedOn: '2026-12-24', legalEndOn: '2026-12-28' }
  t.match(
    complaintText(id, '2026-11-24', { ...late, lateness: 'due' }),
    /CC2026-000123\/24\.11\.2026.*comunicat a expirat la 24\.12\.2026/,
  )
  t.match(
    complaintText(id, '2026-11-24', { ...late, lateness: 'overdue' }),
    /termenul legal s-a împlinit la 28\.12\.2026/,
  )
})
