/** Plants a bug in the source at load time. Call it before the source is imported. */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import type { FaultName } from './scenario.ts'

export interface PlantedBug {
  readonly name: string
  /** Path under `src/`. Bugs in Lua scripts are tested on a real Redis. */
  readonly file: string
  readonly find: string
  readonly replace: string
  /** The first violated invariant must be one of these; being caught by an unrelated one is not enough. */
  readonly rules: readonly string[]
  /** Faults under which the bug shows; default: all. */
  readonly faults?: readonly FaultName[]
}

/** Throws unless the text to be replaced is there exactly once. */
export function changed(text: string, { name, file, find, replace }: PlantedBug): string {
  const times = text.split(find).length - 1
  if (times !== 1) throw new Error(`"${name}": the text to replace occurs ${times} times in src/${file}`)
  return text.replace(find, () => replace)
}

export function plant(bug: PlantedBug): void {
  const url = new URL(`../../src/${bug.file}`, import.meta.url)
  registerHooks({
    load(asked, context, next) {
      if (asked !== url.href) return next(asked, context)
      const source = changed(readFileSync(url, 'utf8'), bug)
      return { format: 'module-typescript', source, shortCircuit: true }
    },
  })
}
