/** The figures of a run, as text. */
import { ageings, kinds } from './scenario.ts'
import { places } from './checks/estimates.ts'
import type { Figures, Judged } from './figures.ts'
import { ageingSeconds, type Starvation } from './starvation.ts'
import type { ShareResult } from './worker.ts'

export function report({ figures, starvations, failures }: ShareResult, seconds: number): readonly string[] {
  return [
    `${figures.days} days, ${figures.callers} callers in ${seconds.toFixed(1)} s: ` +
      `${figures.decisions} decisions, ${Math.round(figures.decisions / seconds)} a second; ${failures.length} failures`,
    ...byKind(figures),
    ...byPlace(figures),
    ...byAgeing(figures),
    ...(starvations.length === 0 ? [] : ofStarvation(starvations)),
  ]
}

function byKind({ byKind }: Figures): readonly string[] {
  const rows = kinds.map((kind) => {
    const { days, callers, served, hungUp, promised, calledBack, longestMs, told } = byKind[kind]
    return [
      kind,
      days,
      callers,
      percent(served, callers),
      percent(hungUp, callers),
      promised,
      calledBack,
      duration(longestMs),
      ...judgedIn(told),
    ]
  })
  const head = ['day', 'days', 'callers', 'served', 'hung up', 'promised', 'called back', 'longest wait']
  return table([...head, ...judgedHead], rows)
}

const byPlace = ({ byPlace }: Figures): readonly string[] =>
  table(
    ['place', ...judgedHead],
    places.map((place) => [place, ...judgedIn(byPlace[place])]),
  )

const judgedHead = ['estimates', 'within 30 %', 'too long', 'too short']
function judgedIn(told: Judged): readonly (string | number)[] {
  const all = told.within + told['too long'] + told['too short']
  return [all, percent(told.within, all), percent(told['too long'], all), percent(told['too short'], all)]
}

const byAgeing = ({ byAgeing }: Figures): readonly string[] =>
  table(
    ['ageing', 'days', 'longest wait', 'overtaken by one who came later by', 'share of the bound'],
    ageings.map((ageing) => {
      const { days, longestMs, latestMs, latestShare } = byAgeing[ageing]
      const share = ageing === 'none' ? 'no bound' : `${(latestShare * 100).toFixed(1)} %`
      return [ageing, days, duration(longestMs), duration(latestMs), share]
    }),
  )

function ofStarvation(all: readonly Starvation[]): readonly string[] {
  const most = (of: (one: Starvation) => number): string => duration(Math.max(...all.map(of)))
  const sum = (of: (one: Starvation) => number): number => all.reduce((total, one) => total + of(one), 0)
  const callers = sum((one) => one.callers)
  return table(
    [
      'a rush of eight hours, twice',
      'days',
      'longest wait, last queue',
      'first queue',
      'last queue served in the rush',
    ],
    [
      [
        'no ageing',
        all.length,
        most(({ longestMs }) => longestMs.unaged),
        most(({ longestOfFirstMs }) => longestOfFirstMs.unaged),
        percent(
          sum(({ servedInRush }) => servedInRush.unaged),
          callers,
        ),
      ],
      [
        `a step each ${ageingSeconds} s`,
        all.length,
        most(({ longestMs }) => longestMs.aged),
        most(({ longestOfFirstMs }) => longestOfFirstMs.aged),
        percent(
          sum(({ servedInRush }) => servedInRush.aged),
          callers,
        ),
      ],
    ],
  )
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): readonly string[] {
  const texts = [head, ...rows].map((row) => row.map(String))
  const widths = head.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)))
  return ['', ...texts.map((row) => row.map((text, column) => text.padStart(widths[column] ?? 0)).join('  '))]
}

const percent = (part: number, of: number): string => (of === 0 ? '–' : `${((part / of) * 100).toFixed(1)} %`)

function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
