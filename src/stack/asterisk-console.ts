/** Asterisk's console: its control socket, which neither callers nor the server can fill. */
import { statSync } from 'node:fs'
import { programOf } from '../asterisk/config/layout.ts'
import { findProgram, runCommand } from './command.ts'

const answersWithinMs = 2_000

export interface AsteriskConsole {
  /** As in `AsteriskOptions`. */
  readonly tree: string | null
  /** Its `asterisk.conf`. */
  readonly conf: string
  /** A folder of the user that Asterisk runs as. Root asks as this user, and so reads no file that the user could have written. */
  readonly owned: string
}

/** The answer to one command; null when there is none in time. `withinMs`: two seconds; null without a bound. */
export async function askConsole(
  at: AsteriskConsole,
  command: string,
  withinMs: number | null = answersWithinMs,
): Promise<string | null> {
  const { uid, gid } = statSync(at.owned)
  const program = programOf(at.tree)
  const asterisk = [program.command, ...program.args, '-C', at.conf, '-rx', command]
  const owner = ['--reuid', String(uid), '--regid', String(gid), '--clear-groups', '--']
  const isOther = process.getuid?.() === 0 && uid !== 0
  const [first = '', ...rest] = isOther
    ? [findProgram('setpriv') ?? 'setpriv', ...owner, ...asterisk]
    : asterisk
  const { code, output } = await runCommand(first, rest, withinMs === null ? {} : { withinMs })
  return code === 0 ? output : null
}
