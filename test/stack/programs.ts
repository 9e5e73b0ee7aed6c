/** Runs `make run` and the stack's other programs as a user does, with a folder and ports for each test. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { freePort } from '../../src/stack/services/ports.ts'
import { killAtExit } from '../support/at-exit.ts'
import { familyOf } from '../support/processes.ts'
import { until } from '../support/until.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
export const isRoot = process.getuid?.() === 0
export const nobody = ['setpriv', '--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups', '--']
/** The user whom `make run` by root goes on as, as a user who is not root from the beginning. */
export const ordinary = ['setpriv', '--reuid', 'linia', '--regid', 'linia', '--clear-groups', '--']
/** Tests run by root also act as the user `nobody`, who must be able to enter the checkout. */
export const entered =
  !isRoot || spawnSync(nobody[0] ?? '', [...nobody.slice(1), 'cat', join(root, 'Makefile')]).status === 0

export const bound = { timeout: 1_500_000 }

export type Environment = Readonly<Record<string, string>>

export interface Ended {
  readonly code: number | null
  readonly output: string
}

/** Bound for a program that ends by itself; a build of the screens takes the longest. */
const endsWithinMs = 120_000
const readyWithinMs = 300_000

/**
 * Runs a program of the stack to its end, without a terminal.
 * @throws when it does not end within its bound, such as a start that should have been refused.
 */
export async function command(
  env: Environment,
  words: readonly string[],
  as: readonly string[] = [],
): Promise<Ended> {
  const [program = '', ...args] = words
  const all = ['-u', 'NODE_OPTIONS', ...as, process.execPath, join('src/stack', program), ...args]
  const child = spawn('env', all, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  killAtExit(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = once(child, 'close') as Promise<[number | null]>
  const bound = new AbortController()
  const late = setTimeout(endsWithinMs, 'late' as const, { signal: bound.signal }).catch(
    () => 'late' as const,
  )
  const first = await Promise.race([ended, late])
  bound.abort()
  if (first !== 'late') return { code: first[0], output }
  child.kill('SIGKILL')
  await ended
  throw new Error(`${words.join(' ')} did not end within ${endsWithinMs} ms:\n${output}`)
}

export async function environment(t: Test): Promise<Environment> {
  const dir = mkdtempSync(join(tmpdir(), 'linia-commands-'))
  chmodSync(dir, 0o755)
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const [http, sip] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')]
  const ports = { HTTP_PORT: `${http}`, SIP_PORT: `${sip}` }
  // The default demo town takes longer than the rest of a first start.
  return { VAR_DIR: join(dir, 'var'), ...ports, GREETING: 'none', DEMO_TAXPAYERS: '200' }
}

/** Starts `make run`, or another program that runs until a signal ends it. */
export function begin(env: Environment, as: readonly string[] = [], program = 'run.ts') {
  const args = ['-u', 'NODE_OPTIONS', ...as, process.execPath, join(root, 'src/stack', program)]
  const child = spawn('env', args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  killAtExit(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const { pid = 0 } = child
  const parts = () => familyOf(pid).filter((one) => one.pid !== pid)
  return { pid, ended: once(child, 'close'), output: () => output, parts, kill: () => child.kill('SIGKILL') }
}

/** Starts `make run` and waits until it is ready; killed with the test. @throws when it does not become ready. */
export async function run(t: Test, env: Environment, as: readonly string[] = []) {
  const running = begin(env, as)
  // Otherwise a failed test would wait for it until the test's own bound.
  t.teardown(() => void running.kill())
  let ended = false
  void running.ended.then(() => (ended = true))
  await until(() => ended || isReady(running.output()), readyWithinMs)
  if (!isReady(running.output())) throw new Error(`make run ended before it was ready:\n${running.output()}`)
  return running
}

const isReady = (output: string): boolean => /^ready: /m.test(output)

/** Others can read nothing below VAR_DIR, except the prompts, which are not secret and lie in a closed folder. */
export function openToOthers(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(dir, 'asterisk/sounds')))
    .filter((path) => existsSync(path) && (statSync(path).mode & 0o077) !== 0)
}
