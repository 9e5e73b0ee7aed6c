/** The wall clock of one node, changed while it runs: Debian's libfaketime, which reads the shift from a file. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clockLibrary } from '../../src/stack/install/packages.ts'

const fileOf = (dir: string, node: number): string => join(dir, 'tmp', `clock-${node}`)

/** What a node's environment must say, so that its clock can be set later. */
export function shiftableClock(dir: string, node: number): Record<string, string> {
  const library = clockLibrary()
  if (library === null) return {}
  mkdirSync(join(dir, 'tmp'), { recursive: true, mode: 0o700 })
  writeFileSync(fileOf(dir, node), '+0')
  return {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: fileOf(dir, node),
    FAKETIME_CACHE_DURATION: '1',
    // Only the wall clock jumps.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }
}

/** Ahead by so much, soon: not before the library has looked into its file again. */
export function setClock(dir: string, node: number, aheadMs: number): void {
  writeFileSync(fileOf(dir, node), `+${Math.round(aheadMs / 1000)}`)
}
