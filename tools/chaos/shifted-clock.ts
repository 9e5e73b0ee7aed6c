/** Shifts the wall clock of one running node with libfaketime, which reads the offset from a file. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clockLibrary } from '../../src/stack/install/packages.ts'

const fileOf = (dir: string, node: number): string => join(dir, 'tmp', `clock-${node}`)

/** Environment of a node whose clock can be set later. */
export function shiftableClock(dir: string, node: number): Record<string, string> {
  const library = clockLibrary()
  if (library === null) return {}
  mkdirSync(join(dir, 'tmp'), { recursive: true, mode: 0o700 })
  writeFileSync(fileOf(dir, node), '+0')
  return {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: fileOf(dir, node),
    FAKETIME_CACHE_DURATION: '1',
    // The monotonic clock stays true.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }
}

/** Sets the offset; takes effect when the library next reads its file. */
export function setClock(dir: string, node: number, aheadMs: number): void {
  writeFileSync(fileOf(dir, node), `+${Math.round(aheadMs / 1000)}`)
}
