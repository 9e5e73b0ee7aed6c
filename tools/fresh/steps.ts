/** Steps of the cases, each with its checks. */
import assert from 'node:assert/strict'
import type { Machine } from './machine.ts'
import type { Running } from './running.ts'

/** Folder of a machine's checkout, and its owner. */
export interface Place {
  readonly folder: string
  readonly user: string
}

/** A first start installs everything; the bound is for a machine under load. */
export const firstStartMs = 900_000
export const laterStartMs = 120_000
export const testFileMs = 900_000
const ready = /^ready: http/m

export async function startAndStop(machine: Machine, place: Place, withinMs: number): Promise<void> {
  const running = await start(machine, place, withinMs)
  await stop(running)
}

export async function start(
  machine: Machine,
  { folder, user }: Place,
  withinMs: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const running = machine.begin({ line: 'exec make run', user, cwd: folder, env, withinMs: withinMs * 2 })
  await running.until(ready, withinMs)
  return running
}

export async function stop(running: Running): Promise<void> {
  const { said } = await running.interrupt()
  assert.match(said, /^Stopped\.$/m)
}

export const call = (machine: Machine, { folder, user }: Place) =>
  succeeds(
    machine,
    { folder, user },
    'node_modules/.bin/node tools/fresh/one-call.ts var/demo.json',
    /^answered$/m,
  )

export async function succeeds(
  machine: Machine,
  { folder, user }: Place,
  line: string,
  says: RegExp,
): Promise<void> {
  const ended = await machine.run({ line, user, cwd: folder })
  assert.equal(ended.code, 0, `${line}:\n${ended.said}`)
  assert.match(ended.said, says)
}

/** The command must fail with this message. */
export async function refused(
  machine: Machine,
  { folder, user }: Place,
  line: string,
  says: RegExp,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const ended = await machine.run({ line, user, cwd: folder, env })
  assert.notEqual(ended.code, 0, `${line}:\n${ended.said}`)
  assert.match(ended.said, says)
}

/** Resolves with what was printed. */
export async function testFile(machine: Machine, { folder, user }: Place, file: string): Promise<string> {
  const line = `make test FILES=${file}`
  const { code, said } = await machine.run({ line, cwd: folder, user, withinMs: testFileMs })
  assert.match(said, /^\d+ passed, 0 failed$/m, said)
  assert.equal(code, 0)
  return said
}
