import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { choosePorts } from '../../../src/stack/services/ports.ts'

t.test('ports are kept while they are free', async (t) => {
  const file = join(t.testdir(), 'ports.json')
  const first = await choosePorts(file, 2)
  t.strictSame(await choosePorts(file, 2), first)
  const taken = first.get('redis')
  const server = createServer().listen(taken, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const second = await choosePorts(file, 2)
  t.not(second.get('redis'), taken)
  t.equal(second.get('postgres'), first.get('postgres'))
})

t.test('a port given to another process is not given again, even before that process listens', async (t) => {
  const file = join(t.testdir(), 'ports.json')
  const ours = await choosePorts(file, 1)
  const program = `
    const { choosePorts } = await import('${new URL('../../../src/stack/services/ports.ts', import.meta.url).href}')
    console.log(JSON.stringify([...(await choosePorts('${file}', 1)).values()]))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])
  const theirs = JSON.parse(stdout) as number[]
  t.equal(theirs.length, ours.size)
  for (const [name, port] of ours) t.notOk(theirs.includes(port), name)
})
