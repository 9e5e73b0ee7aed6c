/** What tests cost: seconds of processor, which change less with the load of a machine than the time that passes. */
import { readFileSync } from 'node:fs'
import type { FileResult } from './test-count.ts'

/** Seconds of processor of this process and of its descendants that have ended, proc(5). */
export function processorS(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return fields.slice(11, 15).reduce((all, ticks) => all + Number(ticks) / 100, 0)
}

/** A line for each folder below `test`, the dearest first. What ends with its lane is nobody's. */
export function byFolder(found: readonly FileResult[]): readonly string[] {
  const folders = Map.groupBy(found, ({ file }) => (file === null ? 'shared' : folderOf(file)))
  return [...folders]
    .map(([folder, results]) => ({
      folder,
      files: results.length,
      spentS: results.reduce((all, { processorS: spent }) => all + spent, 0),
    }))
    .toSorted((one, other) => other.spentS - one.spentS)
    .map(
      ({ folder, files, spentS }) =>
        `${spentS.toFixed(0).padStart(6)} s of processor  ${folder} (${files} files)`,
    )
}

/** `e2e/line`, `tools/chaos`, `http`. */
function folderOf(file: string): string {
  const [, folder = '', inside = ''] = file.split('/')
  return ['e2e', 'tools'].includes(folder) && !inside.endsWith('.ts') ? `${folder}/${inside}` : folder
}
