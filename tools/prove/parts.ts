/** The parts of `make prove`: everything that searches, in full. */
import { UserError } from '../../src/stack/terminal.ts'

export interface Part {
  /** Its name in PARTS, and of its output in `var/prove/`. */
  readonly name: string
  readonly what: string
  /** A program of this repository for Node, with its arguments. */
  readonly program: readonly [string, ...string[]]
  readonly env?: Readonly<Record<string, string>>
  /** A part that takes longer is ended and has failed. */
  readonly minutesMax: number
  /** The lines of its output, without indentation and tap's `# `, that are its key figures. */
  readonly figures: RegExp
  /** Endless loops beside it, each of which takes a processor. */
  readonly busyLoops?: number
}

const everything = { LINIA_SEARCH: 'all' }
/** The count of a test file that runs by itself. */
const tapCount = '^\\{ total'

export const allParts: readonly Part[] = [
  {
    name: 'simulation',
    what: '10,000 seeds on the model of Redis, and a crash at every await',
    program: ['tools/simulation/main.ts'],
    env: { SEEDS: '10000' },
    minutesMax: 300,
    figures: /^\d+ seeds|^callers who talked|^a crash at every await|^SEED=/,
  },
  {
    name: 'planted',
    what: 'every planted bug is found by the simulator',
    program: ['test/tools/simulation/planted.test.ts'],
    env: everything,
    minutesMax: 90,
    figures: new RegExp(`planted bugs$|^not ok|${tapCount}`),
  },
  {
    name: 'real-scripts',
    what: '380 seeds with the real scripts on a real Redis',
    program: ['test/tools/simulation/real-scripts.test.ts'],
    env: everything,
    minutesMax: 60,
    figures: new RegExp(`transitions$|^not ok|${tapCount}`),
  },
  {
    name: 'fairness',
    what: '10,000 days of callers, and every planted bug of the days',
    program: ['test/tools/fairness/fairness.test.ts'],
    env: everything,
    minutesMax: 60,
    figures: new RegExp(`days, .* failures$|^not ok|${tapCount}`),
  },
  {
    name: 'requests',
    what: 'random requests that every schema accepts, from every role, two hundred for each route',
    program: ['test/hardening/handlers.test.ts'],
    env: everything,
    minutesMax: 30,
    figures: new RegExp(`^SEED=|× 200|^not ok|${tapCount}`),
  },
  {
    name: 'wrong-requests',
    what: 'every wrong request that the schemas name, at every route, and 5,000 changed bodies',
    program: ['test/hardening/api.test.ts'],
    env: everything,
    minutesMax: 30,
    figures: new RegExp(`^part 1 of 1|^not ok|${tapCount}`),
  },
  {
    name: 'chaos',
    what: 'every fault on real processes, with 50 conversations and 50 waiting callers',
    program: ['tools/chaos/main.ts'],
    env: { SEEDS: '0' },
    minutesMax: 60,
    figures: /^All bounds were kept|^BROKEN| is skipped: /,
  },
  {
    name: 'update',
    what: 'the servers of an older release are replaced by this one’s, with the same calls up',
    program: ['tools/chaos/main.ts'],
    env: { SEEDS: '0', FAULTS: 'update' },
    minutesMax: 30,
    figures: /^update .* kept$|^All bounds were kept|^BROKEN/,
  },
  {
    name: 'soak',
    what: 'an hour at half of the highest load: nothing grows',
    program: ['tools/soak/main.ts'],
    minutesMax: 100,
    figures: /^\d+ called|^keys of Redis|^the longest event loop lag|^All checks passed|^BROKEN/,
  },
  {
    name: 'fresh',
    what: 'the README on bare Debian machines',
    program: ['tools/fresh/main.ts'],
    minutesMax: 150,
    figures: /^FAILED|^\d+ passed, \d+ failed$/,
  },
  {
    name: 'bench',
    what: 'measured side by side with app_queue and the shortest ARI program',
    program: ['tools/bench/main.ts'],
    minutesMax: 45,
    figures: /^(?!ratio:).*: (?:×[\d.]+|not measured) {3}budget |^MISSED/,
  },
  {
    name: 'busy-test',
    what: '`make test` beside two busy loops',
    program: ['test/support/run.ts'],
    minutesMax: 240,
    figures: /^\d+ passed, \d+ failed$|skipped on this machine$|^unsteady/,
    busyLoops: 2,
  },
]

/** `names` as in PARTS, separated by commas. @throws {UserError} for a name that there is not. */
export function partsNamed(names: string | undefined, all: readonly Part[] = allParts): readonly Part[] {
  if (names === undefined || names === '') return all
  return names.split(',').map((name) => {
    const found = all.find((part) => part.name === name)
    if (found === undefined)
      throw new UserError(`There is no "${name}"; there are: ${all.map((part) => part.name).join(', ')}.`)
    return found
  })
}
