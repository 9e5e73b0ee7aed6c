/** The proof of registration: a PDF in the application's font, for roles that can see the request. */
import t from 'tap'
import { inflateSync } from 'node:zlib'
import { runsOf } from '../../../src/http/requests/fonts.ts'
import { lampForm, randomDraft, someone } from '../../ledger/requests/fixtures.ts'
import { serve } from '../serve.ts'

t.test('an agent prints the proof of registration', async (t) => {
  const { ask, signIn, url } = await serve(t)
  const as = await signIn('agent01')
  const long = 'Iluminatul nu funcționează, iar trotuarul este spart. '.repeat(100)
  const form = lampForm({ text: long, person: { ...someone, name: 'Șerban Țăranu 🙂' } })
  const body = { draft: randomDraft(), call: null, form }
  const { id } = (await ask('POST', '/api/requests', { as, body })).json as { id: string }
  const answer = await fetch(`${url}/api/requests/${id}/paper`, { headers: { cookie: as } })
  t.equal(answer.status, 200)
  t.equal(answer.headers.get('content-type'), 'application/pdf')
  t.equal(answer.headers.get('content-disposition'), `inline; filename="${id}.pdf"`)
  const sheet = Buffer.from(await answer.arrayBuffer())
  const text = sheet.toString('latin1')
  t.match(text, /^%PDF-1\.\d/)
  t.match(text, /\/Lang \(ro-RO\)/)
  t.ok((text.match(/\/Type \/Page\b/g) ?? []).length >= 2, 'a long text continues on another page')
  t.match(lettersOf(sheet), /ș.*ț|ț.*ș/s, 'its fonts contain ș and ț')
  t.equal((await ask('GET', `/api/requests/${id}/paper`, { as: await signIn('admin') })).status, 403)
  t.equal((await ask('GET', '/api/requests/CC2019-000001/paper', { as })).status, 404)
})

t.test('a text is split into runs of one font file each', async (t) => {
  t.strictSame(runsOf('Șos. 5'), [
    { part: 'latin-ext', text: 'Ș' },
    { part: 'latin', text: 'os. 5' },
  ])
  t.strictSame(runsOf('până la'), [
    { part: 'latin', text: 'pân' },
    { part: 'latin-ext', text: 'ă' },
    { part: 'latin', text: ' la' },
  ])
  t.strictSame(runsOf('aș🙂'), [
    { part: 'latin', text: 'a' },
    { part: 'latin-ext', text: 'ș' },
    { part: 'latin', text: '?' },
  ])
})

/** The characters of the glyphs, from the fonts' tables. */
function lettersOf(sheet: Buffer): string {
  const letters: string[] = []
  for (let at = sheet.indexOf('stream\n'); at !== -1; at = sheet.indexOf('stream\n', at + 7)) {
    const end = sheet.indexOf('endstream', at)
    const stream = inflated(sheet.subarray(at + 7, end))
    if (!stream.includes('beginbfrange')) continue
    for (const [, code = ''] of stream.matchAll(/<([\da-f]{4})>(?=[\s\]])/gi))
      letters.push(String.fromCharCode(Number.parseInt(code, 16)))
  }
  return letters.join('')
}

function inflated(bytes: Buffer): string {
  try {
    return inflateSync(bytes).toString('latin1')
  } catch {
    // An uncompressed stream, or a font.
    return ''
  }
}
