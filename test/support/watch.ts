/** `make watch`: runs the tests that a change can reach, again after each change, until Ctrl-C. */
import { spawn } from 'node:child_process'
import { watch } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { say } from '../../src/stack/terminal.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** An editor writes several files at once. */
const settlesMs = 200

let running: Promise<unknown> = Promise.resolve()
let settling: NodeJS.Timeout | undefined

function again(): void {
  clearTimeout(settling)
  settling = setTimeout(() => {
    running = running.then(runOnce)
  }, settlesMs)
}

function runOnce(): Promise<unknown> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run.ts')], {
    cwd: root,
    env: { ...process.env, CHANGED: '1' },
    stdio: 'inherit',
  })
  return new Promise((resolve) => child.once('close', resolve)).then(() => say('Waiting for a change …'))
}

again()
await Promise.all(
  ['src', 'tools', 'test'].map(async (folder) => {
    for await (const { filename } of watch(join(root, folder), { recursive: true }))
      if (filename !== null && /\.tsx?$/.test(filename)) again()
  }),
)
