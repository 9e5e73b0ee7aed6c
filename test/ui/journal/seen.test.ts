import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { accessKinds, type AccessKind } from '../../../src/city/journal/access-log-entry.ts'
import { refusalsToAsk } from '../../../src/http/identity/wire.ts'
import { requestFilters } from '../../../src/http/requests/wire.ts'
import { sections } from '../../../src/http/taxes/wire.ts'
import { askedIn, callText, seenIn, type Reader } from '../../../src/ui/journal/seen.ts'
import { languages, textsIn } from '../texts.ts'

const call = 'pbx1-1764025000.12'
const request = 'CC2026-000123'
/** Every code that the server writes into an entry. */
const codes: Readonly<Record<AccessKind, readonly string[]>> = {
  paper: ['carte-identitate@3'],
  'screen-pop': ['requests: 0', 'requests: 21'],
  'request-list': [...requestFilters, 'follow-ups', 'similar', 'by number'],
  request: [request],
  document: ['SC2026-24421'],
  'person-search': ['handle-1', 'lock 7'],
  'question-set': [
    'check 12',
    'handle-1 granted',
    'handle-1 to confirm',
    ...refusalsToAsk.map((why) => `handle-1 ${why}`),
  ],
  verdict: ['check 12 passed', 'check 12 failed', 'check 12 void', 'check 12 confirmed'],
  section: sections,
  call: [call],
  'call-list': ['calls', 'identity locks', 'blocked callers'],
  justified: [call, request],
  refused: [call, request],
  'live-call': [call],
  hearing: [call, `${call} whole abcdefgh12345678`],
  export: ['looks', request],
  program: ['calls', call],
  journal: ['looks', 'reasons', 'proof/12'],
}
const readerOf = async (language: 'ro' | 'en'): Promise<Reader> => ({
  t: await textsIn(language),
  language,
  nameOf: (account) => (account === 'a1' ? 'Ana Pop' : null),
})

t.test('what was seen has words for every code, in both languages', async (t) => {
  for (const language of languages) {
    const reader = await readerOf(language)
    for (const kind of accessKinds)
      for (const about of codes[kind]) {
        const seen = seenIn({ kind, about, query: null, title: null }, reader)
        const text =
          seen.what === 'call' ? `${callText(seen.id, reader.t, language)} ${seen.note ?? ''}` : seen.text
        // English words may be those of a code; Romanian ones cannot.
        const isCode = language === 'ro' ? text.includes(about) : text === about
        t.equal(isCode, kind === 'document', `${language} ${kind} ${about}: ${text}`)
        t.notMatch(text, /journal\.|taxes\.|handle-|check \d|pbx1/, `${language} ${kind} ${about}`)
      }
  }
})

t.test('refusals that end alike have words of their own', async (t) => {
  const reader = await readerOf('ro')
  const textOf = (about: string) => seenIn({ kind: 'question-set', about, query: null, title: null }, reader)
  t.match(textOf('h locked'), { text: /blocat/ })
  t.match(textOf('h number locked'), { text: /prea multe încercări/ })
})

t.test('filters of a list are told by name and time', async (t) => {
  const reader = await readerOf('ro')
  const asked = (query: string, kind: AccessKind = 'journal') =>
    askedIn({ kind, about: 'looks', query, title: null }, reader)
  t.equal(
    asked(
      `account a1, kind section, about ${request}, from 2026-11-24T22:00:00.000Z, to 2026-11-25T22:00:00.000Z`,
    ),
    'contul: Ana Pop · o parte a contului fiscal · CC 2026 – 000 123 · de la 25 nov., 00:00 · până la 26 nov., 00:00',
  )
  t.equal(
    asked('agent a9, outcome abandoned, one number', 'call-list'),
    'contul: necunoscut · Abandonat · un număr de telefon',
  )
  t.equal(asked('without an answer, agent a1', 'call-list'), 'apeluri nepreluate · contul: Ana Pop')
  t.equal(asked('agent a1, without an answer', 'call-list'), 'contul: Ana Pop · apeluri nepreluate')
  t.equal(asked('a part of a number', 'call-list'), 'o parte dintr-un număr')
  t.equal(
    asked('queue taxe, since 2026-11-24T22:00:00.000Z', 'call-list'),
    'coada taxe · schimbate din 25 nov., 00:00',
  )
  t.equal(asked('account a1, from 2026-11-2'), 'contul: Ana Pop', 'a time that was cut off is left out')
  t.equal(
    askedIn({ kind: 'request-list', about: 'similar', query: 'street-lighting', title: null }, reader),
    'Iluminat public',
  )
  t.equal(
    askedIn({ kind: 'call', about: call, query: 'present caller', title: null }, reader),
    'al apelantului de atunci',
  )
})

t.test('the codes of this test are those in the source', async (t) => {
  const source = path.join(import.meta.dirname, '../../../src')
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /^(http|ledger).*\.ts$/.test(file),
  )
  const written = files.flatMap((file) => {
    const text = readFileSync(path.join(source, file), 'utf8')
    return text.includes('recordAccess') || text.includes('recordOnce') || text.includes('recordAsking')
      ? [...text.matchAll(/about: '([^']+)'|recordAsking\([^,]+, '([^']+)'/g)].map(([, a, b]) => a ?? b ?? '')
      : []
  })
  t.ok(written.length >= 6, written.join())
  const known = Object.values(codes).flat()
  t.strictSame(
    written.filter((code) => !known.includes(code)),
    [],
    'codes without words in ui/journal/seen.ts',
  )
})
