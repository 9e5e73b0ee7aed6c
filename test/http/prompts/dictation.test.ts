/** What the page asks while an administrator records by telephone. Asterisk's files are written by the test. */
import { execFile } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { DictationFiles, dictatedIn } from '../../../src/asterisk/prompts/dictations.ts'
import { dictationEndsMs, dictationMs, dictationsMax } from '../../../src/core/prompts/dictation.ts'
import { encodeWave } from '../../../src/core/prompts/wave.ts'
import { serve } from '../serve.ts'
import { tone } from './tone.ts'

const run = promisify(execFile)
const path = '/api/prompts/dictation'
const start = Date.UTC(2026, 11, 1, 8)

async function soundsFolder(t: Test): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'linia-dictation-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  // As the installation does: Asterisk has to write there.
  await mkdir(dictatedIn(dir))
  return dir
}

async function opened(t: Test) {
  const soundsDir = await soundsFolder(t)
  let at = start
  const files = () => new DictationFiles(soundsDir, () => at)
  const first = files()
  const server = await serve(t, { dictations: first })
  const as = await server.signIn('admin')
  const folder = dictatedIn(soundsDir)
  const codeOf = (number: unknown) => String(number).slice(3)
  return {
    ...server,
    as,
    files,
    folder,
    soundsDir,
    pass: (ms: number) => (at += ms),
    open: () => server.ask('POST', path, { as }),
    get: () => server.ask('GET', path, { as }),
    /** As Asterisk does; null: the phone has hung up before the tone. */
    record: async (number: unknown, sound: Uint8Array | null, isOver = true) => {
      await writeFile(join(folder, `${codeOf(number)}.call`), '1')
      if (sound !== null) await writeFile(join(folder, `${codeOf(number)}.wav`), sound)
      if (isOver) await writeFile(join(folder, `${codeOf(number)}.done`), '1')
    },
  }
}

const gone = { status: 404, json: { code: 'no-dictation' } }

t.test('a number is dialled, and the recording comes to the account that asked for it', async (t) => {
  const { ask, as, open, get, record, folder, log, people } = await opened(t)
  t.match(await get(), gone, 'nothing was asked for yet')
  const { status, json } = await open()
  t.equal(status, 201)
  t.match(json, { number: /^\*30\d{4}$/, state: 'waiting', recording: null })
  t.equal(Date.parse(String(json['until'])), start + dictationMs)
  t.same((await get()).json, json)
  const sound = tone(-20, 2)
  await record(json['number'], sound, false)
  t.match((await get()).json, { state: 'recording', recording: null }, 'no half recording is read')

  await record(json['number'], sound)
  for (let read = 0; read < 2; read += 1)
    t.match(
      (await get()).json,
      { state: 'recorded', recording: Buffer.from(sound).toString('base64') },
      'also when an answer was lost',
    )
  const end = async (until: unknown) =>
    (await ask('DELETE', `${path}?until=${encodeURIComponent(String(until))}`, { as })).status
  t.equal(await end(new Date(start).toISOString()), 204)
  t.match((await get()).json, { state: 'recorded' }, 'another one was meant: this one has taken its place')
  t.equal(await end(json['until']), 204)
  t.match(await get(), gone)
  t.same(readdirSync(folder), [], 'it is deleted once the page has it')
  t.equal(await end(json['until']), 204, 'twice does no harm')
  t.equal((await ask('DELETE', path, { as })).status, 400)
  t.ok(log.some((line) => line.includes('recorded by telephone') && line.includes(people.admin.id)))
  const code = String(json['number']).slice(3)
  t.notOk(
    log.some((line) => line.includes(`*30${code}`) || line.includes(`/${code}`)),
    'the number is in no log',
  )
})

t.test('each account has one, and none of another’s', async (t) => {
  const { open, get, record, files, folder } = await opened(t)
  const other = await files().open('another administrator')
  if (typeof other === 'string') throw new Error(other)
  await record(other.number, tone(-20))
  t.match(await get(), gone, 'a recording of another account')
  const first = (await open()).json
  const second = (await open()).json
  t.not(first['number'], second['number'])
  t.match((await get()).json, { number: second['number'], state: 'waiting' }, 'the earlier one has ended')
  await record(first['number'], tone(-20))
  t.match((await get()).json, { state: 'waiting', recording: null })
  t.same(await files().of('another administrator'), { ...other, state: 'recorded' })
  await files().sweep()
  t.equal(readdirSync(folder).length, 5, 'what is left of the earlier one is deleted')
})

t.test('a number lasts for ten minutes, and two more for a call that has begun', async (t) => {
  const { open, get, record, pass, files, folder } = await opened(t)
  await open()
  pass(dictationMs - 1)
  t.match(await get(), { status: 200, json: { state: 'waiting' } })
  pass(1)
  t.match(await get(), gone, 'nobody has called')
  const { json } = await open()
  pass(dictationMs - 1)
  await record(json['number'], tone(-20), false)
  pass(60_000)
  t.match(await get(), { status: 200, json: { state: 'recording' } })
  await record(json['number'], tone(-20))
  t.match(await get(), { status: 200, json: { state: 'recorded' } })
  pass(dictationEndsMs)
  t.match(await get(), gone)
  // As at the start of a server, which knows nothing of an earlier one.
  await files().sweep()
  t.same(readdirSync(folder), [])
})

t.test('a recording is still there after the server was started again', async (t) => {
  const { open, record, files, people } = await opened(t)
  const { json } = await open()
  await record(json['number'], tone(-20))
  await files().sweep()
  t.match(await files().of(people.admin.id), { number: json['number'], state: 'recorded' })
})

t.test('too many at a time, and a node that is not beside an Asterisk', async (t) => {
  const { open, pass, files, folder, soundsDir, log } = await opened(t)
  // As by so many nodes at one moment: none deletes what another has just opened.
  const others = Array.from({ length: dictationsMax }, (_, index) => files().open(`other ${index}`))
  await Promise.all(others)
  const refused = await open()
  t.match(refused, { status: 429, json: { code: 'too-many-dictations' } })
  t.ok(refused.headers.get('retry-after'))
  pass(dictationMs)
  t.equal((await open()).status, 201, 'once their time is over')
  rmSync(folder, { recursive: true })
  await writeFile(folder, 'no folder')
  t.match(await open(), { status: 409, json: { code: 'dictation-not-here' } })
  t.ok(log.some((line) => line.includes('cannot be written')))
  rmSync(soundsDir, { recursive: true })
  t.match(await open(), { status: 409, json: { code: 'dictation-not-here' } })
})

t.test('a disk that is full ends the request, and leaves no code', async (t) => {
  const soundsDir = await soundsFolder(t)
  // No file may have a byte.
  const open = `ulimit -f 0 && exec "${process.execPath}" test/http/prompts/open-dictation.ts "${soundsDir}"`
  const { stdout } = await run('sh', ['-c', open], { timeout: 60_000 })
  t.match(stdout, /^refused: E/)
  t.same(readdirSync(dictatedIn(soundsDir)), [])
})

t.test('a mark that was never written whole ends as the others do', async (t) => {
  const { files, folder, pass } = await opened(t)
  const dictation = await files().open('somebody')
  if (typeof dictation === 'string') throw new Error(dictation)
  const mark = join(folder, `${dictation.number.slice(3)}.open`)
  await truncate(mark)
  await utimes(mark, start / 1_000, start / 1_000)
  t.equal((await files().sweep()).length, 1, 'another node may be writing it')
  pass(dictationMs)
  t.same(await files().sweep(), [])
  t.same(readdirSync(folder), [])
})

t.test('a minute that ends in silence is judged by its preparation', async (t) => {
  const { open, get, record } = await opened(t)
  const spoken = Int16Array.from({ length: 61 * 8_000 }, (_, at) =>
    at < 16_000 ? 3_000 * Math.sin(at / 2) : 0,
  )
  await record((await open()).json['number'], encodeWave(spoken, 8_000))
  t.match(await get(), { status: 200, json: { state: 'recorded' } })
})

t.test('a recording that cannot be used says why', async (t) => {
  const { open, get, record } = await opened(t)
  const silence = encodeWave(new Int16Array(16_000), 8_000)
  const clipped = encodeWave(
    Int16Array.from({ length: 16_000 }, (_, index) => (index % 20 < 10 ? 32_000 : -32_000)),
    8_000,
  )
  for (const [sound, code] of [
    [null, 'dictation-empty'],
    [Buffer.from('RIFF, but no sound'), 'prompt-not-a-wave'],
    [encodeWave(new Int16Array(), 8_000), 'prompt-too-short'],
    [tone(-20).subarray(0, 2_000), 'prompt-too-short'],
    [silence, 'prompt-silent'],
    [clipped, 'prompt-clipped'],
  ] as const) {
    await record((await open()).json['number'], sound)
    for (let read = 0; read < 2; read += 1) t.match(await get(), { status: 422, json: { code } }, code)
  }
})

t.test('administrators alone may record by telephone', async (t) => {
  const { ask, signIn } = await opened(t)
  for (const who of ['agent01', 'super', 'audit', 'edit'] as const) {
    const as = await signIn(who)
    for (const method of ['POST', 'GET', 'DELETE'])
      t.equal(
        (
          await ask(method, method === 'DELETE' ? `${path}?until=${new Date(start).toISOString()}` : path, {
            as,
          })
        ).status,
        403,
        `${method} ${who}`,
      )
  }
  t.equal((await ask('POST', path)).status, 401)
})
