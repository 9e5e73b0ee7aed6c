/** `npm run docs`: checks every reference that the documentation and the source make to files of this repository. */
import { fileURLToPath } from 'node:url'
import { brokenReferences } from './references.ts'

const broken = await brokenReferences(fileURLToPath(new URL('../../', import.meta.url)))
for (const { file, line, problem } of broken) process.stderr.write(`${file}:${line}: ${problem}\n`)
if (broken.length > 0) {
  process.stderr.write(`${broken.length} references of the documentation are broken.\n`)
  process.exitCode = 1
}
