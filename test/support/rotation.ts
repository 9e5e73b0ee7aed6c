/**
 * The part of each search that one run of `make test` takes; `make prove` runs them whole.
 *
 * The number of commits decides the part, not their hash: consecutive commits take consecutive parts, so that any 41
 * of them, less than a week’s, see everything once. Parts drawn by a hash would leave out a third of everything in
 * that time. 41 is a prime, so that a reader who tests only every second or fourth commit sees everything as well.
 *
 * Seeds are a fixed range, all of them among those of `make prove`: a seed that fails in `make test` has passed before,
 * and the change is the reason.
 */
import { spawnSync } from 'node:child_process'

export const parts = 41

type Env = Readonly<Record<string, string | undefined>>

/** True when `LINIA_SEARCH=all` asks for everything. */
export const isWholeSearch = (env: Env = process.env): boolean => env['LINIA_SEARCH'] === 'all'

/** Neighbours of a list go to different parts, since they are of one kind. Of a list shorter than `parts` each part has one item. */
export function partOf<Item>(items: readonly Item[], turn: number): readonly Item[] {
  const part = turn % parts
  return items.length < parts
    ? items.filter((_, index) => index === part % items.length)
    : items.filter((_, index) => index % parts === part)
}

/** `size` seeds of the range from 1 to `size` × `parts`; `to` is the first one after them. */
export function seedsOf(size: number, turn: number): { readonly from: number; readonly to: number } {
  const from = 1 + (turn % parts) * size
  return { from, to: from + size }
}

/** Says which part of a search runs, for the output of its test. */
export const partSentence = (what: string, turn: number): string =>
  `${what}: part ${(turn % parts) + 1} of ${parts}. Everything: LINIA_SEARCH=all, or make prove`

/**
 * The number of commits, or `LINIA_ROTATION`. A shallow clone has a part of the history, always equally long: there the
 * hash decides. A copy without git takes the first part.
 */
export function turnOf(
  env: Env = process.env,
  git: (...args: readonly string[]) => string | null = askGit,
): number {
  const given = env['LINIA_ROTATION']
  if (given !== undefined) {
    if (!/^\d{1,9}$/.test(given)) throw new Error(`LINIA_ROTATION: a whole number is expected, not ${given}`)
    return Number(given)
  }
  const isShallow = git('rev-parse', '--is-shallow-repository') === 'true'
  if (isShallow) return Number.parseInt(git('rev-parse', 'HEAD')?.slice(0, 8) ?? '0', 16)
  return Number(git('rev-list', '--count', 'HEAD') ?? 0)
}

/** Null without git, or outside of a repository. */
function askGit(...args: readonly string[]): string | null {
  const { status, stdout } = spawnSync('git', ['-C', import.meta.dirname, ...args], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : null
}
