/** Runs the parts one after the other. */
import type { Say } from '../../src/stack/terminal.ts'
import type { Part } from './parts.ts'
import { runPart, type Outcome } from './run-part.ts'

interface Run {
  /** For the output of the parts. */
  readonly folder: string
  readonly ending: AbortSignal
  readonly tell: Say
  /** Receives all outcomes after each part, so that an interrupted proof keeps what it has. */
  readonly write: (outcomes: readonly Outcome[]) => Promise<void>
}

/** Exit status: 0 when every part has passed. An interrupted part has no outcome. */
export async function proveAll(
  parts: readonly Part[],
  { folder, ending, tell, write }: Run,
): Promise<number> {
  const outcomes: Outcome[] = []
  for (const part of parts) {
    tell(`${part.name}: ${part.what} (at most ${part.minutesMax} minutes) …`)
    const outcome = await runPart(part, folder, ending)
    if (ending.aborted) return 130
    outcomes.push(outcome)
    for (const line of outcome.figures) tell(`  ${line}`)
    tell(
      `  ${outcome.failure === null ? 'passed' : `FAILED: ${outcome.failure}`}, ${outcome.minutes.toFixed(1)} minutes`,
    )
    await write(outcomes)
  }
  const failed = outcomes.filter(({ failure }) => failure !== null).map(({ part }) => part)
  tell(failed.length === 0 ? 'Every part has passed.' : `FAILED: ${failed.join(', ')}`)
  return failed.length === 0 ? 0 : 1
}
