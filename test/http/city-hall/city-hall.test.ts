/** The city hall's name and arms: read with the settings, shown to everybody, and harmless. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { readSettings, WrongSettings } from '../../../src/config.ts'
import { lampForm, randomDraft } from '../../ledger/requests/fixtures.ts'
import { pngArms, svgArms } from '../../support/city/arms.ts'
import { serve, settings } from '../serve.ts'

const named = 'Primăria Orașului Băile Herculane'

t.test('without settings the name is Timișoara’s and there are no arms', async (t) => {
  t.strictSame(readSettings({}).cityHall, { name: 'Primăria Municipiului Timișoara', arms: null })
  const { ask } = await serve(t)
  t.match(await ask('GET', '/api/city-hall'), {
    status: 200,
    json: { name: 'Primăria Municipiului Timișoara', arms: null },
  })
  t.equal((await ask('GET', '/api/city-hall/arms')).status, 404)
})

t.test('a picture that is none, that is active, damaged or too large stops the start', async (t) => {
  const png = pngArms()
  const damaged = Buffer.from(png)
  damaged[50] = (damaged[50] ?? 0) ^ 1
  const inSvg = (content: string) => svgArms.replace('</svg>', `${content}</svg>`)
  const files = {
    'text.svg': 'the arms',
    'page.svg': `<html>${svgArms}</html>`,
    'script.svg': inSvg('<script>1</script>'),
    'handler.svg': inSvg('<path onload = "1"/>'),
    'foreign.svg': inSvg('<foreignObject/>'),
    'link.svg': inSvg('<use href="https://example.org/a.svg#b"/>'),
    'style.svg': inSvg('<path style="fill:url(http://example.org/a)"/>'),
    'entity.svg': `<!DOCTYPE svg [<!ENTITY a "b">]>${svgArms}`,
    'latin.svg': Buffer.from(inSvg('<text>ă</text>'), 'utf16le'),
    'large.svg': inSvg(`<!--${'x'.repeat(256 * 1024)}-->`),
    'cut.png': png.subarray(0, -6),
    'damaged.png': damaged,
    'more.png': Buffer.concat([png, Buffer.from('<script>')]),
  }
  const dir = t.testdir(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, text as string])),
  )
  for (const file of [...Object.keys(files), 'absent.svg', '.']) {
    const path = join(dir, file)
    try {
      readSettings({ CITY_ARMS: path })
      t.fail(`${file} is accepted`)
    } catch (error) {
      t.ok(error instanceof WrongSettings, file)
      t.match(String(error), /CITY_ARMS.*SVG without scripts and links, or a PNG, of at most 256 KB/s, file)
    }
  }
  for (const name of ['x'.repeat(81), 'a\nb', ' '])
    t.throws(() => readSettings({ CITY_NAME: name }), /CITY_NAME/, JSON.stringify(name))
})

t.test('the arms are served as a picture that runs nothing', async (t) => {
  const dir = t.testdir({ 'arms.svg': svgArms, 'arms.png': '' })
  await writeFile(join(dir, 'arms.png'), pngArms())
  for (const [file, type] of [
    ['arms.svg', 'image/svg+xml'],
    ['arms.png', 'image/png'],
  ] as const) {
    const { cityHall } = readSettings({ CITY_NAME: named, CITY_ARMS: join(dir, file) })
    const { ask, signIn, url } = await serve(t, { settings: { ...settings, cityHall } })
    const { json } = await ask('GET', '/api/city-hall')
    t.match(json, { name: named, arms: /^\/api\/city-hall\/arms\?version=[\da-f]{16}$/ }, file)
    const picture = await fetch(`${url}${String(json['arms'])}`)
    t.equal(picture.headers.get('content-type'), type)
    t.match(picture.headers.get('content-security-policy'), /^default-src 'none';.*sandbox$/)
    t.equal(picture.headers.get('x-content-type-options'), 'nosniff')
    t.equal(Buffer.from(await picture.arrayBuffer()).toString('base64'), cityHall.arms?.base64)
    const as = await signIn('agent01')
    const body = { draft: randomDraft(), call: null, form: lampForm() }
    const { id } = (await ask('POST', '/api/requests', { as, body })).json as { id: string }
    const sheet = await fetch(`${url}/api/requests/${id}/paper`, { headers: { cookie: as } })
    const text = Buffer.from(await sheet.arrayBuffer()).toString('latin1')
    t.equal(text.includes('/Subtype /Image'), type === 'image/png', `${file}: the proof of registration`)
    t.notMatch(text, /Timi/, 'its author is the city hall of the settings')
  }
})
