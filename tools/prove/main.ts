/**
 * `make prove`: everything that searches, in full, one part after the other. The output of each is in
 * `var/prove/<part>.log`; after each part the page `docs/measurements/prove.md` is overwritten. A part that fails does
 * not keep the others from running; the exit code is 1 then. Ctrl-C ends the part that runs, and the proof.
 *
 * PARTS (all): names, separated by commas (`tools/prove/parts.ts`).
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../../src/stack/command.ts'
import { textIfThere } from '../../src/stack/files.ts'
import { runMain, say } from '../../src/stack/terminal.ts'
import { machine } from '../bench/measures/machine.ts'
import { joined, pageOf, settingOf, type Proof } from './page.ts'
import { allParts, partsNamed } from './parts.ts'
import { proveAll } from './prove-all.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = join(root, 'var/prove')
const saved = join(folder, 'proof.json')
const page = 'docs/measurements/prove.md'

const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort())

await runMain(async () => {
  const parts = partsNamed(process.env['PARTS'])
  const setting = settingOf(await machine(), await isChanged())
  const before = await textIfThere(saved)
  const earlier = before === '' ? null : (JSON.parse(before) as Proof)
  return proveAll(parts, {
    folder,
    ending: ending.signal,
    tell: say,
    async write(outcomes) {
      const proof = joined(earlier, setting, outcomes)
      await writeFile(saved, JSON.stringify(proof, null, 2))
      await writeFile(join(root, page), pageOf(proof, allParts))
      say(`  written: ${page}`)
    },
  })
})
process.exit()

/** The page itself does not count: each part overwrites it. */
async function isChanged(): Promise<boolean> {
  const { code, stdout } = await runCommand('git', ['status', '--porcelain', '--', '.', `:!${page}`], {
    cwd: root,
  })
  return code === 0 && stdout !== ''
}
