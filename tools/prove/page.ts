/** The page of the last proof, and what it is made of. */
import type { Machine } from '../bench/measures/machine.ts'
import type { Part } from './parts.ts'
import type { Outcome } from './run-part.ts'

/** Where a proof was run, and of what. */
export interface Setting {
  readonly date: string
  /** Null in a copy without git. */
  readonly commit: string | null
  /** Files differ from the commit. */
  readonly changed: boolean
  readonly machine: string
}

export interface Proof extends Setting {
  readonly outcomes: readonly Outcome[]
}

export function settingOf(about: Machine, changed: boolean): Setting {
  const { at, commit, processor, cores, memoryBytes, kernel } = about
  const memory = `${(memoryBytes / 2 ** 30).toFixed(1)} GiB of memory`
  const machine = `${processor}, ${cores} cores, ${memory}, Linux ${kernel}`
  return { date: at.slice(0, 10), commit, changed, machine }
}

/**
 * The outcomes of parts that ran before on the same commit and machine stay, so that the parts can be run one at a time.
 * Nothing stays where files differ from the commit, since nobody knows by how much.
 */
export function joined(before: Proof | null, setting: Setting, outcomes: readonly Outcome[]): Proof {
  const again = new Set(outcomes.map(({ part }) => part))
  const kept = before !== null && isSame(before, setting) ? before.outcomes : []
  return { ...setting, outcomes: [...kept.filter(({ part }) => !again.has(part)), ...outcomes] }
}

const isSame = (before: Setting, now: Setting): boolean =>
  !before.changed && !now.changed && before.commit === now.commit && before.machine === now.machine

export function pageOf(proof: Proof, parts: readonly Part[]): string {
  const commit = proof.commit?.slice(0, 8) ?? 'a copy without git'
  const rows = parts.map(({ name, what }) => {
    const outcome = proof.outcomes.find(({ part }) => part === name)
    return row(
      outcome === undefined
        ? [name, what, 'not run', '', '']
        : [
            name,
            what,
            outcome.failure === null ? 'passed' : `**failed**: ${outcome.failure}`,
            outcome.minutes.toFixed(1),
            outcome.figures.map(cell).join('<br>'),
          ],
    )
  })
  return `${[
    '# Proof',
    '',
    'The last run of `make prove`, which overwrites this page (`tools/prove/main.ts`).',
    '',
    row(['', '']),
    row(['---', '---']),
    row(['date', proof.date]),
    row(['machine', proof.machine]),
    row(['commit', proof.changed ? `${commit}, with changes that are not committed` : commit]),
    '',
    row(['part', 'what', 'result', 'minutes', 'key figures']),
    row(['---', '---', '---', '---', '---']),
    ...rows,
  ].join('\n')}\n`
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** Output as it is: nothing in it is a column, a link or a tag. */
const cell = (text: string): string => `\`${text.replaceAll('`', "'").replaceAll('|', '¦')}\``
