/** `make prove`: its parts one after the other, and the page of their outcomes. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { machine } from '../../../tools/bench/measures/machine.ts'
import { joined, pageOf, settingOf, type Proof } from '../../../tools/prove/page.ts'
import { allParts, partsNamed, type Part } from '../../../tools/prove/parts.ts'
import { proveAll } from '../../../tools/prove/prove-all.ts'
import type { Outcome } from '../../../tools/prove/run-part.ts'
import { familyOf } from '../../support/processes.ts'
import { until } from '../../support/until.ts'

/** A part that is this program of Node. */
const part = (name: string, program: string, more: Partial<Part> = {}): Part => ({
  name,
  what: `the part ${name}`,
  program: ['-e', program],
  minutesMax: 1,
  figures: /^figure/,
  ...more,
})

/** Whether this process has a descendant with this text in its command. */
const isRunning = (text: string): boolean =>
  familyOf(process.pid).some(({ pid, command }) => pid !== process.pid && command.includes(text))

async function newFolder(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'linia-prove-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function prove(t: Test, parts: readonly Part[], ending = new AbortController(), into?: string) {
  const folder = into ?? (await newFolder(t))
  const written: (readonly Outcome[])[] = []
  const told: string[] = []
  const code = await proveAll(parts, {
    folder,
    ending: ending.signal,
    tell: (line) => told.push(line),
    write: (outcomes) => Promise.resolve(void written.push([...outcomes])),
  })
  return { code, folder, written, told, outcomes: written.at(-1) ?? [] }
}

t.test('a part that fails is shown as failed, and the others run', async (t) => {
  const { code, folder, written, told } = await prove(t, [
    part('fails', "console.log('before'); console.error('a reason'); process.exit(3)"),
    part('passes', "console.log('noise'); console.log('    # figure 7')"),
  ])
  t.equal(code, 1)
  t.match(written, [
    [{ part: 'fails', failure: 'ended with 3', figures: ['before', 'a reason'] }],
    [
      { part: 'fails', failure: 'ended with 3' },
      { part: 'passes', failure: null, figures: ['figure 7'] },
    ],
  ])
  t.equal(told.at(-1), 'FAILED: fails')
  t.equal(await readFile(join(folder, 'passes.log'), 'utf8'), 'noise\n    # figure 7\n')
})

t.test('when every part passes, the exit code is 0', async (t) => {
  const { code, outcomes } = await prove(t, [part('passes', '')])
  t.equal(code, 0)
  t.match(outcomes, [{ failure: null, figures: [] }])
})

t.test('a part has its settings, and bounds its test file', async (t) => {
  const said = "console.log('figure', process.env.SEEDS, process.env.TAP_TIMEOUT)"
  const { outcomes } = await prove(t, [part('set', said, { env: { SEEDS: '7' }, minutesMax: 2 })])
  t.same(outcomes[0]?.figures, ['figure 7 120'])
})

t.test('a part that takes too long is ended, and has failed', async (t) => {
  const { code, outcomes } = await prove(t, [
    part('endless', 'setInterval(() => {}, 1000)', { minutesMax: 0.01 }),
    part('passes', ''),
  ])
  t.equal(code, 1)
  t.match(outcomes, [{ failure: 'not finished within 0.01 minutes' }, { failure: null }])
})

t.test('an interrupt reaches the part and its children, and ends the proof', async (t) => {
  const child = "trap 'echo interrupted; exit 0' INT; echo ready; while :; do sleep 0.02; done"
  const program = `require('node:child_process').spawn('sh', ['-c', ${JSON.stringify(child)}], { stdio: 'inherit' })
    process.on('SIGINT', () => {})`
  const folder = await newFolder(t)
  const outputOf = () => readFile(join(folder, 'endless.log'), 'utf8').catch(() => '')
  const ending = new AbortController()
  const proof = prove(t, [part('first', ''), part('endless', program), part('last', '')], ending, folder)
  await until(async () => (await outputOf()) === 'ready\n', 10_000)
  ending.abort()
  const { code, written } = await proof
  t.equal(code, 130)
  t.match(written, [[{ part: 'first', failure: null }]], 'the page keeps what ran before')
  t.equal(await outputOf(), 'ready\ninterrupted\n')
})

t.test('busy loops run beside a part, and end with it', async (t) => {
  // The text is put together, so that the part does not count itself.
  const program = `const { readdirSync, readFileSync } = require('node:fs')
    const commandOf = (pid) => { try { return readFileSync('/proc/' + pid + '/cmdline', 'utf8') } catch { return '' } }
    const loops = readdirSync('/proc').filter((pid) => commandOf(pid).includes('process.ppid ===' + ' parent'))
    const own = loops.filter((pid) => readFileSync('/proc/' + pid + '/stat', 'utf8').split(') ')[1].split(' ')[1] === String(process.ppid))
    console.log('figure', own.length)`
  const { outcomes } = await prove(t, [part('busy', program, { busyLoops: 2 })])
  t.match(outcomes, [{ failure: null, figures: ['figure 2'] }])
  await until(() => !isRunning('process.ppid === parent'), 1_000)
})

t.test('the page has a row for each part, and its figures as they were printed', async (t) => {
  const proof: Proof = {
    date: '2026-12-03',
    commit: '52fb1194aaaa',
    changed: false,
    machine: 'a processor, 2 cores',
    outcomes: [
      { part: 'one', failure: null, minutes: 1.26, figures: ['7 seeds | 0 failures', '`a` <b>'] },
      { part: 'two', failure: 'ended with 1', minutes: 61, figures: [] },
    ],
  }
  const page = pageOf(proof, [part('one', ''), part('two', ''), part('three', '')])
  t.same(page.split('\n').slice(4), [
    '|  |  |',
    '| --- | --- |',
    '| date | 2026-12-03 |',
    '| machine | a processor, 2 cores |',
    '| commit | 52fb1194 |',
    '',
    '| part | what | result | minutes | key figures |',
    '| --- | --- | --- | --- | --- |',
    "| one | the part one | passed | 1.3 | `7 seeds ¦ 0 failures`<br>`'a' <b>` |",
    '| two | the part two | **failed**: ended with 1 | 61.0 |  |',
    '| three | the part three | not run |  |  |',
    '',
  ])
  t.match(pageOf({ ...proof, changed: true }, []), /52fb1194, with changes that are not committed/)
})

t.test('the page states the machine without its name', async (t) => {
  const setting = settingOf(
    { ...(await machine()), at: '2026-12-03T10:00:00Z', cores: 2, kernel: '6.18.5' },
    false,
  )
  t.equal(setting.date, '2026-12-03')
  t.match(setting.machine, /^.+, 2 cores, \d+\.\d GiB of memory, Linux 6\.18\.5$/)
})

t.test(
  'parts that ran before stay on the page only for the same commit and machine, without changes',
  async (t) => {
    const setting = { date: '2026-12-03', commit: 'a', changed: false, machine: 'm' }
    const outcome = (name: string, minutes: number): Outcome => ({
      part: name,
      failure: null,
      minutes,
      figures: [],
    })
    const before: Proof = { ...setting, outcomes: [outcome('one', 1), outcome('two', 1)] }
    const partsOf = (proof: Proof) => proof.outcomes.map(({ part, minutes }) => [part, minutes])
    t.same(partsOf(joined(before, setting, [outcome('two', 2)])), [
      ['one', 1],
      ['two', 2],
    ])
    for (const other of [{ commit: 'b' }, { machine: 'n' }, { changed: true }])
      t.same(partsOf(joined(before, { ...setting, ...other }, [outcome('two', 2)])), [['two', 2]])
    t.same(partsOf(joined(null, setting, [])), [])
  },
)

t.test('PARTS names parts; a name that there is not is refused', async (t) => {
  t.equal(partsNamed(undefined), allParts)
  t.same(
    partsNamed('soak,planted').map(({ name }) => name),
    ['soak', 'planted'],
  )
  t.throws(() => partsNamed('sok'), /There is no "sok"; there are: simulation, planted/)
})

t.test('each part is a program of this repository, with a name of its own', async (t) => {
  t.equal(new Set(allParts.map(({ name }) => name)).size, allParts.length)
  const root = join(import.meta.dirname, '../../..')
  for (const { program } of allParts) t.ok(existsSync(join(root, program[0])), program[0])
})
