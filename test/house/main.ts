/** Checks the source against the house rules; part of `make check`. `house.test.ts` runs the same checks. */
import { checkHouse } from './rules.ts'

const broken = await checkHouse()
for (const sentence of broken) process.stderr.write(`${sentence}\n`)
if (broken.length > 0) {
  process.stderr.write(`${broken.length} house rules are broken.\n`)
  process.exitCode = 1
}
