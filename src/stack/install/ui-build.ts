/** Builds the screens with Vite when their sources have changed since the last build. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { must } from '../command.ts'
import { step } from '../terminal.ts'
import type { Say } from '../terminal.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
/** Sources of the screens, which import `core/` and the wire files of `http/`. */
const sources = ['src/ui', 'src/core', 'src/http', 'vite.config.ts', 'package-lock.json']

export const builtUi = join(root, 'dist/ui')

export async function buildUi(tell: Say): Promise<void> {
  const mark = join(root, 'dist', 'ui.sha256')
  const digest = await digestOf(sources.map((path) => join(root, path)))
  const built =
    existsSync(mark) && existsSync(join(builtUi, 'index.html')) ? await readFile(mark, 'utf8') : ''
  if (built === digest) return
  await step('Building the screens', tell, () =>
    must('Building the screens', process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build'], {
      cwd: root,
    }),
  )
  await writeFile(mark, digest)
}

async function digestOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths)
    for (const file of await filesBelow(path)) {
      hash.update(`${relative(root, file)}\0`)
      hash.update(await readFile(file))
    }
  return hash.digest('hex')
}

async function filesBelow(path: string): Promise<readonly string[]> {
  if (!existsSync(path)) return []
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return null
    throw error
  })
  if (entries === null) return [path]
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
