import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { makeSounds } from '../../../src/asterisk/config/sounds.ts'
import { PromptFiles, type PublishedSound } from '../../../src/asterisk/prompts/prompt-files.ts'
import { TextSounds } from '../../../src/asterisk/config/text-sounds.ts'
import { soundOf, type SpokenText } from '../../../src/core/configuration/menu.ts'
import type { PromptName } from '../../../src/core/prompts/recordable.ts'
import { fetchSounds, keepSounds } from '../../../src/stack/install/sounds-cache.ts'
import { until } from '../../support/until.ts'

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
const filesIn = (fixed: string) => new PromptFiles({ fixed, texts: join(fixed, '../etc/menus') }, log)
const heard = (dir: string, name: string) => readFile(join(dir, `${name}.wav`), 'utf8')

function published(prompt: PromptName, sound: string, loads: string[] = []): PublishedSound {
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
  const files = filesIn(dir)
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
    const files = filesIn(dir)
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
  await filesIn(dir).apply([published('greeting', 'a voice')])
  for (const path of ['greeting.wav', 'recorded/greeting.wav', 'made/greeting.wav'])
    t.equal((await stat(join(dir, path))).mode & 0o777, 0o644, path)
  for (const path of ['recorded', 'made']) t.equal((await stat(join(dir, path))).mode & 0o777, 0o755, path)
})

void t.test('after a restart the last one is there, and is compared with the database later', async (t) => {
  const dir = await folder(t)
  await filesIn(dir).apply([published('greeting', 'a voice'), published('closed', 'closed')])
  const next = filesIn(dir)
  const loads: string[] = []
  await next.apply([published('greeting', 'a voice', loads)])
  t.same(loads, [], 'the file is as published')
  t.equal(await heard(dir, 'greeting'), 'a voice')
  t.equal(await heard(dir, 'closed'), 'closed of the machine')
})

void t.test('one that is replaced while it is loaded keeps the last one', async (t) => {
  const dir = await folder(t)
  const files = filesIn(dir)
  await files.apply([published('greeting', 'a voice')])
  await files.apply([{ ...published('greeting', 'gone'), load: async () => null }])
  t.equal(await heard(dir, 'greeting'), 'a voice')
})

void t.test('the made sounds have a source; a node without sounds has none and writes none', async (t) => {
  const dir = await folder(t)
  const files = filesIn(dir)
  await files.apply([published('greeting', 'a voice')])
  t.match(await files.made('greeting'), { source: 'machine', sound: Buffer.from('greeting of the machine') })
  t.match(await files.made('closed'), { source: 'studio' })
  t.equal(await files.made('goodbye'), null)
  const none = join(t.testdir({}), 'none')
  await filesIn(none).apply([published('greeting', 'a voice')])
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
  await filesIn(dir).apply([published('greeting', 'a voice')])
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

void t.test(
  'the waiting music is one file of a folder, which has no other one while it is written',
  async (t) => {
    const dir = await folder(t)
    await mkdir(join(dir, 'made/music'))
    await writeFile(join(dir, 'made/music/waiting.wav'), 'the melody')
    await writeFile(join(dir, 'made/made.json'), JSON.stringify({ music: 'studio 1764500000000' }))
    const files = filesIn(dir)
    t.match(await files.made('music'), { source: 'studio', sound: Buffer.from('the melody') })
    await files.apply([published('music', 'a piece')])
    t.equal(await heard(dir, 'music/waiting'), 'a piece')
    const next = filesIn(dir)
    await next.open()
    t.ok(next.isRecorded('music'), 'after a restart')
    await next.apply([])
    t.equal(await heard(dir, 'music/waiting'), 'the melody')
    // Asterisk plays each file of the folder whose name does not begin with a dot.
    t.same(await readdir(join(dir, 'music')), ['waiting.wav'])
  },
)

void t.test('the city’s own Asterisk may have no folder of music yet', async (t) => {
  const dir = t.testdir({ 'greeting.wav': 'the city’s' })
  const files = filesIn(dir)
  await files.apply([published('music', 'a piece')])
  t.equal(await heard(dir, 'music/waiting'), 'a piece')
  await files.apply([])
  await t.rejects(heard(dir, 'music/waiting'), { code: 'ENOENT' })
})

const menu: SpokenText = { sound: soundOf('ro', 'Taxe'), language: 'ro', text: 'Taxe' }

/** A node with an Asterisk, whose texts are not made yet. */
async function textsOf(t: Test) {
  const home = t.testdir({ sounds: {}, etc: {} })
  const dir = join(home, 'etc/menus')
  const files = new PromptFiles({ fixed: join(home, 'sounds'), texts: dir }, log)
  let speaks = true
  let alarms = 0
  const sounds = new TextSounds({
    dir,
    log,
    failed: () => void (alarms += 1),
    isRecorded: (sound) => files.isRecorded(sound),
    make: async (text, path) => {
      if (!speaks) throw new Error('there is no espeak-ng')
      await writeFile(path, `${text.text} of the machine`)
    },
    againMs: 20,
  })
  t.teardown(() => sounds.stop())
  return { dir, files, sounds, speaks: (now: boolean) => void (speaks = now), alarms: () => alarms }
}

void t.test('the recording of a text is heard, and the machine’s voice after it again', async (t) => {
  const { dir, files, sounds } = await textsOf(t)
  await sounds.prepare([menu])
  t.equal(await heard(dir, menu.sound), 'Taxe of the machine')
  await files.apply([published(menu.sound, 'a voice')])
  t.equal(await heard(dir, menu.sound), 'a voice')
  t.match(await files.made(menu.sound), { source: 'machine', sound: Buffer.from('Taxe of the machine') })
  await sounds.prepare([menu])
  t.equal(await heard(dir, menu.sound), 'a voice', 'a later list of texts changes nothing')
  await files.apply([])
  t.equal(await heard(dir, menu.sound), 'Taxe of the machine')
  t.notOk(files.isRecorded(menu.sound))
})

void t.test('a recorded text has a sound also where the machine makes none', async (t) => {
  const { dir, files, sounds, speaks, alarms } = await textsOf(t)
  speaks(false)
  await files.apply([published(menu.sound, 'a voice')])
  await sounds.prepare([menu])
  t.ok(sounds.has(menu.sound))
  t.equal(await heard(dir, menu.sound), 'a voice')
  t.equal(alarms(), 0, 'its callers hear it')
  await files.apply([])
  t.notOk(sounds.has(menu.sound))
  t.notOk(existsSync(join(dir, `${menu.sound}.wav`)), 'the recording is not taken for a made one')
  await until(() => alarms() > 0)
  speaks(true)
  await until(() => sounds.has(menu.sound))
  t.equal(await heard(dir, menu.sound), 'Taxe of the machine')
})

void t.test('sounds of an earlier version, beside no other folder, are the made ones', async (t) => {
  for (const first of ['the owner', 'a publication']) {
    const { dir, files, sounds, speaks } = await textsOf(t)
    await mkdir(dir, { recursive: true })
    await writeFile(join(dir, `${menu.sound}.wav`), 'made before')
    speaks(false)
    if (first === 'the owner') await sounds.prepare([menu])
    await files.apply([published(menu.sound, 'a voice')])
    await sounds.prepare([menu])
    t.equal(await heard(dir, menu.sound), 'a voice', first)
    await files.apply([])
    t.ok(sounds.has(menu.sound))
    t.equal(await heard(dir, menu.sound), 'made before', first)
  }
})

void t.test('a node that restarts with the database away has its recordings of texts', async (t) => {
  const { dir, files } = await textsOf(t)
  await files.apply([published(menu.sound, 'a voice'), published('greeting', 'another voice')])
  t.equal((await stat(dir)).mode & 0o777, 0o755)
  const next = new PromptFiles({ fixed: join(dir, '../../sounds'), texts: dir }, log)
  await next.open()
  t.ok(next.isRecorded(menu.sound) && next.isRecorded('greeting'))
  t.notOk(next.isRecorded('closed'))
  await next.apply([])
  t.notOk(next.isRecorded(menu.sound) || next.isRecorded('greeting'), 'once the database says so')
})

void t.test('a text that is made while its recording is published is heard as recorded', async (t) => {
  for (let round = 0; round < 20; round += 1) {
    const { dir, files, sounds } = await textsOf(t)
    await Promise.all([sounds.prepare([menu]), files.apply([published(menu.sound, 'a voice')])])
    t.equal(await heard(dir, menu.sound), 'a voice')
  }
})

void t.test('a folder that cannot be written keeps no recording from the other', async (t) => {
  const home = t.testdir({ sounds: {}, etc: { menus: { made: 'no folder', [`${menu.sound}.wav`]: 'x' } } })
  const files = new PromptFiles({ fixed: join(home, 'sounds'), texts: join(home, 'etc/menus') }, log)
  await t.rejects(files.apply([published(menu.sound, 'a voice'), published('greeting', 'a voice')]))
  t.equal(await heard(join(home, 'sounds'), 'greeting'), 'a voice')
  t.notOk(files.isRecorded(menu.sound))
})

void t.test(
  'the next owner has its sounds at once, and mends a copy that is not as it should be',
  async (t) => {
    const { dir, files, sounds } = await textsOf(t)
    await sounds.prepare([menu])
    await writeFile(join(dir, `${menu.sound}.wav`), 'as a process was killed')
    const next = new TextSounds({
      dir,
      log,
      failed: () => undefined,
      isRecorded: (sound) => files.isRecorded(sound),
    })
    const prepared = next.prepare([menu])
    t.ok(next.has(menu.sound), 'before any file is read')
    await prepared
    t.equal(await heard(dir, menu.sound), 'Taxe of the machine')
  },
)
