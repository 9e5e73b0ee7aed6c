import t from 'tap'
import { connectionCauses, type ConnectionTest } from '../../../src/http/connections/wire.ts'
import {
  causeText,
  milliseconds,
  testText,
  waitingText,
} from '../../../src/ui/admin/connections/connection-words.ts'
import { languages, textsIn } from '../texts.ts'

const test: ConnectionTest = {
  id: 'fiscal',
  node: 'node1',
  outcome: 'works',
  cause: null,
  status: null,
  part: null,
  tookMs: 12.4,
  readOnly: true,
  hosts: [],
}

t.test('a test is told in words', async (t) => {
  const ro = await textsIn('ro')
  const told = (change: Partial<ConnectionTest>) => testText({ ...test, ...change }, ro, 'ro')
  t.equal(told({}), 'A răspuns în 12 ms.')
  t.match(told({ readOnly: false }), /^A răspuns în 12 ms\. Utilizatorul nostru POATE SCRIE acolo/)
  t.equal(
    told({ outcome: 'fails', cause: 'refused', status: 401, part: 'deliveries', readOnly: null }),
    'La primirea mesajelor: Răspunde, dar refuză (HTTP 401).',
  )
  const hosts = [
    { name: 'sip.furnizor.ro', roundTripMs: 8.26 },
    { name: '203.0.113.8', roundTripMs: null },
  ]
  t.equal(told({ id: 'trunk', hosts }), 'sip.furnizor.ro a răspuns în 8,3 ms; 203.0.113.8 nu răspunde.')
  const silent = hosts.slice(1)
  t.equal(
    told({ id: 'trunk', hosts: silent, outcome: 'fails', cause: 'no answer in time' }),
    '203.0.113.8 nu răspunde.',
  )
  t.match(told({ id: 'trunk', outcome: 'fails', cause: 'no owner' }), /Niciun nod/)
  t.equal(milliseconds(0.54, 'ro'), '0,5')
})

t.test('every cause has its sentence, in both languages', async (t) => {
  for (const language of languages) {
    const texts = await textsIn(language)
    for (const cause of connectionCauses) {
      const text = causeText(cause, 500, texts)
      t.match(text, /^\p{Lu}.*\.$/u, `${language} ${cause}`)
      t.notMatch(text, /connections\./)
      t.notMatch(text, /\bprob|\btest/i, 'also told where nobody has tried it')
    }
  }
})

t.test('waiting messages are counted with the oldest', async (t) => {
  const ro = await textsIn('ro')
  const oldestAt = '2026-11-24T12:03:00.000Z'
  const counts = { unsent: 0, late: 0, givenUp: 0, oldestAt: null, looksUp: false }
  t.equal(waitingText(counts, ro, 'ro'), 'Niciun mesaj nu așteaptă.')
  t.match(waitingText({ ...counts, unsent: null }, ro, 'ro'), /PostgreSQL lipsește/)
  t.equal(waitingText({ ...counts, unsent: 1, oldestAt }, ro, 'ro'), 'Un mesaj așteaptă, din 24 nov., 14:03')
  t.equal(
    waitingText({ ...counts, unsent: 20, late: 3, givenUp: 1, oldestAt }, ro, 'ro'),
    '20 de mesaje așteaptă, cel mai vechi din 24 nov., 14:03 · 3 întârziate · unul abandonat',
  )
})
