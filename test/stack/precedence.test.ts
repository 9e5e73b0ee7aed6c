/** Whose processor time comes first: what the kernel says of a part. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { Service, type ServiceOptions } from '../../src/stack/service.ts'
import { until } from '../support/until.ts'

const isRoot = process.getuid?.() === 0
const hasGroups = existsSync('/proc/self/autogroup')
const skip = hasGroups ? false : 'this kernel has no groups of sessions'

function part(dir: string, precedence: ServiceOptions['precedence'], probe: () => Promise<boolean>): Service {
  return new Service({
    name: 'the part',
    command: '/bin/sleep',
    args: ['60'],
    logFile: join(dir, 'part.log'),
    probe,
    probeEveryMs: 50,
    readyWithinMs: 30_000,
    ...(precedence === undefined ? {} : { precedence }),
  })
}

const groupOf = async ({ pid }: Service): Promise<number> =>
  Number(/nice (-?\d+)/.exec(await readFile(`/proc/${pid}/autogroup`, 'utf8'))?.[1])

t.test('the sound comes first', { skip: skip || (isRoot ? false : 'not root here') }, async (t) => {
  const service = part(t.testdir(), 'first', () => Promise.resolve(true))
  await service.start()
  t.teardown(() => service.stop())
  await until(async () => (await groupOf(service)) === -15)
  t.equal(getPriority(service.pid ?? 0), -15, 'its threads in its own session too')
})

t.test('who is started again comes last until he answers', { skip }, async (t) => {
  let answers = true
  const service = part(t.testdir(), 'last when it starts again', () => Promise.resolve(answers))
  await service.start()
  t.teardown(() => service.stop())
  t.equal(await groupOf(service), 0, 'at the first start nobody does its work')
  const first = service.pid ?? 0
  answers = false
  process.kill(first, 'SIGKILL')
  await until(() => service.pid !== null && service.pid !== first)
  await until(async () => (await groupOf(service)) === 19)
  answers = true
  await until(async () => (await groupOf(service)) === 0)
})
