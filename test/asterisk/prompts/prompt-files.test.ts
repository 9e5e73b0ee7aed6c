import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { makeSounds } from '../../../src/asterisk/config/sounds.ts'
import { PromptFiles, type PublishedSound } from '../../../src/asterisk/prompts/prompt-files.ts'
import type { RecordablePrompt } from '../../../src/core/prompts/recordable.ts'
import { fetchSounds, keepSounds } from '../../../src/stack/install/sounds-cache.ts'

const log = pino({ level: 'silent' })

/** As after a start, without the seconds that speech takes. */
async function folder(t: Test): Promise<string> {
  const dir = join(t.testdir({}), 'sounds')
  await mkdir(join(dir, 'made'), { recursive: true })
  const list: Record<string, string> = { greeting: '1f0c', closed: 'studio 1764500000000' }
  await writeFile(join(dir, 'made/made.json'), JSON.stringify(list))
  for (const name of Object.keys(list)) {
    await writeFile(join(dir, `made/${name}.wav`), `${name} of the machine`)
    await writeFile(join(dir, `${name}.wav`), `${name} of the machine`)
  }
  return dir
}
const heard = (dir: string, name: string) => readFile(join(dir, `${name}.wav`), 'utf8')

function published(prompt: RecordablePrompt, sound: string, loads: string[] = []): PublishedSound {
  return {
    prompt,
    digest: createHash('sha256').update(sound).digest('hex'),
    load: async () => {
      loads.push(prompt)
      return Buffer.from(sound)
    },
  }
}

void t.test('a published sound is heard under the same name, and the made one after it again', async (t) => {
  const dir = await folder(t)
  const files = new PromptFiles(dir, log)
  const loads: string[] = []
  await files.apply([published('greeting', 'a voice', loads)])
  t.equal(await heard(dir, 'greeting'), 'a voice')
  t.equal(await heard(dir, 'closed'), 'closed of the machine')
  await files.apply([published('greeting', 'a voice', loads)])
  t.same(loads, ['greeting'], 'it is loaded once')
  await files.apply([published('greeting', 'another voice', loads)])
  t.equal(await heard(dir, 'greeting'), 'another voice')
  await files.apply([])
  t.equal(await heard(dir, 'greeting'), 'greeting of the machine')
  t.same(
    (await readdir(dir)).filter((name) => name.includes('half')),
    [],
    'nothing half written',
  )
})

void t.test(
  'a sound that no start has made, as the city’s own Asterisk has it, is the one to go back to',
  async (t) => {
    const dir = t.testdir({ 'greeting.wav': 'the city’s' })
    const files = new PromptFiles(dir, log)
    await files.apply([published('greeting', 'a voice')])
    await files.apply([published('greeting', 'another voice')])
    t.equal(await heard(dir, 'greeting'), 'another voice')
    await files.apply([])
    t.equal(await heard(dir, 'greeting'), 'the city’s')
  },
)

void t.test('another user reads a published sound, whatever the mask', async (t) => {
  const dir = t.testdir({ 'greeting.wav': 'the city’s' })
  const mask = process.umask(0o077)
  t.teardown(() => process.umask(mask))
  await new PromptFiles(dir, log).apply([published('greeting', 'a voice')])
  for (const path of ['greeting.wav', 'recorded/greeting.wav', 'made/greeting.wav'])
    t.equal((await stat(join(dir, path))).mode & 0o777, 0o644, path)
  for (const path of ['recorded', 'made']) t.equal((await stat(join(dir, path))).mode & 0o777, 0o755, path)
})

void t.test('after a restart the last one is there, and is compared with the database later', async (t) => {
  const dir = await folder(t)
  await new PromptFiles(dir, log).apply([published('greeting', 'a voice'), published('closed', 'closed')])
  const next = new PromptFiles(dir, log)
  const loads: string[] = []
  await next.apply([published('greeting', 'a voice', loads)])
  t.same(loads, [], 'the file is as published')
  t.equal(await heard(dir, 'greeting'), 'a voice')
  t.equal(await heard(dir, 'closed'), 'closed of the machine')
})

void t.test('one that is replaced while it is loaded keeps the last one', async (t) => {
  const dir = await folder(t)
  const files = new PromptFiles(dir, log)
  await files.apply([published('greeting', 'a voice')])
  await files.apply([{ ...published('greeting', 'gone'), load: async () => null }])
  t.equal(await heard(dir, 'greeting'), 'a voice')
})

void t.test('the made sounds have a source; a node without sounds has none and writes none', async (t) => {
  const dir = await folder(t)
  const files = new PromptFiles(dir, log)
  await files.apply([published('greeting', 'a voice')])
  t.match(await files.made('greeting'), { source: 'machine', sound: Buffer.from('greeting of the machine') })
  t.match(await files.made('closed'), { source: 'studio' })
  t.equal(await files.made('goodbye'), null)
  const none = join(t.testdir({}), 'none')
  await new PromptFiles(none, log).apply([published('greeting', 'a voice')])
  await t.rejects(readdir(none), { code: 'ENOENT' })
})

void t.test('a start makes its sounds beside the recordings, and the cache has none of them', async (t) => {
  const home = t.testdir({})
  const [dir, studio, cache] = ['sounds', 'studio', 'cache'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ]
  await mkdir(studio)
  // The user's cache, so that nothing is spoken here but on a new machine.
  await fetchSounds(dir)
  await makeSounds(dir, studio)
  const machine = await readFile(join(dir, 'greeting.wav'))
  await new PromptFiles(dir, log).apply([published('greeting', 'a voice')])
  await makeSounds(dir, studio)
  t.equal(await heard(dir, 'greeting'), 'a voice', 'a start with PostgreSQL away keeps it')
  await keepSounds(dir, cache)
  t.ok((await readFile(join(cache, 'greeting.wav'))).equals(machine))
  t.notOk((await readdir(cache)).includes('recorded'))
  const other = join(home, 'other')
  await fetchSounds(other, cache)
  await makeSounds(other, studio)
  t.ok((await readFile(join(other, 'greeting.wav'))).equals(machine))
  t.ok((await readdir(join(other, 'music'))).includes('waiting.wav'))
})
