/** What a run of the benchmark keeps while it goes on, and which measures it takes; on made-up figures. */
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { outcomeOf } from '../../../tools/bench/comparison/outcome.ts'
import { CallMonitor } from '../../../tools/bench/load-generator/call-monitor.ts'
import { isKept, ratiosOf } from '../../../tools/bench/report/ratios.ts'
import { handOverName, type Result } from '../../../tools/bench/report/result.ts'
import { Report } from '../../../tools/bench/report/report.ts'
import { sizesWanted } from '../../../tools/bench/sizes.ts'

const nothing: Result = {
  system: 'Linia',
  rows: [],
  queued: null,
  atHalf: null,
  loaded: null,
  limit: null,
  outcomes: [],
  turns: [],
}
const row = (name: string, durations: readonly number[]) => ({ name, durations, budget: { p50: 6, p99: 20 } })

t.test('each row is printed once and is in the file before the next is measured', async (t) => {
  const folder = t.testdir({})
  const printed: string[] = []
  const report = await Report.begin(folder, sizesWanted({}), (line) => void printed.push(line))
  const onFile = async () => {
    const [name = '', ...more] = (await readdir(folder)).filter((name) => !name.endsWith('.svg'))
    t.same(more, [], 'one file')
    return JSON.parse(await readFile(join(folder, name), 'utf8'))
  }
  await report.city([row('a search', [1, 2, 3])])
  t.match(await onFile(), { city: [{ name: 'a search', n: 3, p50: 2 }], results: [] })
  const first = row('hand-over', [5, 5, 30])
  await report.system({ ...nothing, rows: [first] })
  t.match(await onFile(), { results: [{ system: 'Linia', figures: [{ name: 'hand-over', p90: 30 }] }] })
  await report.system({ ...nothing, rows: [first, row('arrival', [4])] })
  t.match(await onFile(), { city: [{ n: 3 }], results: [{ figures: [{}, { name: 'arrival', n: 1 }] }] })
  t.same(printed, [
    '  the city half: a search: n 3, mean 2.0, p50 2.0, p90 3.0, p99 3.0, max 3.0 ms; p50 ≤ 6, p99 ≤ 20: kept',
    '  Linia: hand-over: n 3, mean 13.3, p50 5.0, p90 30.0, p99 30.0, max 30.0 ms; p50 ≤ 6, p99 ≤ 20: MISSED',
    '  Linia: arrival: n 1, mean 4.0, p50 4.0, p90 4.0, p99 4.0, max 4.0 ms; p50 ≤ 6, p99 ≤ 20: kept',
  ])
  t.same(await report.end(null), ['hand-over'])
})

t.test('a ratio is told once both of its sides are measured; a missed one ends the run with 1', async (t) => {
  const printed: string[] = []
  const report = await Report.begin(t.testdir({}), sizesWanted({}), (line) => void printed.push(line))
  const handOver = (durations: readonly number[]) => [{ name: handOverName, durations, budget: null }]
  const ratios = () => printed.filter((line) => line.startsWith('  ratio: '))
  await report.system({ ...nothing, rows: handOver([4, 5, 20]) })
  t.same(ratios(), [])
  await report.system({ ...nothing, system: 'bare loop', rows: handOver([3, 3, 5]) })
  t.same(ratios(), [
    `  ratio: ${handOverName}, median ÷ the bare loop’s: ×1.67   budget ≤ 2: kept`,
    `  ratio: ${handOverName}, p90 ÷ the bare loop’s: ×4.00   budget ≤ 3: MISSED`,
  ])
  await report.system({ ...nothing, system: 'app_queue', rows: handOver([400, 500]) })
  t.equal(ratios().at(-1), `  ratio: ${handOverName}, app_queue’s median ÷ ours: ×80.00   budget ≥ 40: kept`)
  t.same(await report.end(null), [`${handOverName}, p90 ÷ the bare loop’s`])
})

t.test(
  'the processor per call is judged with and without compression; what was not measured is missed',
  (t) => {
    const loaded = (cpuPerCall: Readonly<Record<string, number>> | null) => ({
      outcome: outcomeOf('load', new CallMonitor()),
      ledger: null,
      cpuPerCall,
      idleMs: 0,
    })
    const judged = (cpuPerCall: Readonly<Record<string, number>> | null) =>
      ratiosOf(
        [
          { ...nothing, loaded: loaded(cpuPerCall) },
          { ...nothing, system: 'app_queue', loaded: loaded({ asterisk: 0.05 }) },
        ],
        [],
      ).map((ratio) => [Math.round(ratio.value * 100) / 100, isKept(ratio)])
    t.same(judged({ asterisk: 0.05, server: 0.005, encoding: 0.005, compression: 0.02 }), [
      [1.2, true],
      [1.6, false],
    ])
    t.same(judged(null), [
      [NaN, false],
      [NaN, false],
    ])
    t.end()
  },
)

t.test('ONLY takes the named measures, in the size wanted', (t) => {
  const sizes = sizesWanted({ ONLY: 'load, looks', LOAD_SECONDS: '7', HANDOVERS: '9', PER_SECOND: '5' })
  const taken = Object.entries(sizes).filter(([, size]) => size !== 0)
  t.same(Object.fromEntries(taken), { looks: 1_000, loadSeconds: 7, perSecond: 5 })
  t.throws(() => sizesWanted({ ONLY: 'loads' }), /no measure is called "loads"; there are handovers, /)
  t.throws(() => sizesWanted({ VIEWS: 'many' }), /VIEWS: a whole number is expected/)
  t.end()
})
