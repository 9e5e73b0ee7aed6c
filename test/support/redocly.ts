/** Redocly's command line, which lints the API's document and generates clients of it. */
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

const command = path.join(import.meta.dirname, '../../node_modules/.bin/redocly')
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
const maxBuffer = 64 * 1024 * 1024

/** Its standard output. It runs beside this process, which may be the server that it asks for the document. */
export async function redocly(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd, env, maxBuffer })
  return stdout
}
