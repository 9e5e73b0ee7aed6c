/** The short form of `make fresh`: a first start on a bare Debian, and a second user of what it has fetched. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { whyNotHere } from '../../../tools/fresh/why-not-here.ts'
import { killAtExit } from '../../support/at-exit.ts'

const program = fileURLToPath(new URL('../../../tools/fresh/main.ts', import.meta.url))
const why = await whyNotHere()

t.test('the README’s commands on a bare Debian', { skip: why ?? false, timeout: 0 }, async (t) => {
  const child = spawn(process.execPath, [program, 'short'], { stdio: ['ignore', 'pipe', 'pipe'] })
  // Its machine ends with it.
  killAtExit(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const [code] = (await once(child, 'close')) as [number | null]
  t.comment(said)
  t.equal(code, 0, 'it ends well')
  const results = said.split('\n').filter((line) => /^(ok|FAILED) /.test(line))
  t.equal(results.length, 2)
  for (const line of results) t.match(line, /^ok /, line)
})
