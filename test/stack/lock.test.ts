/** The lock of a running system, and the list of its processes. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import { isAlive, lockHolder, markOf, Processes, releaseLock, takeLock } from '../../src/stack/lock.ts'
import { quiet } from '../../src/stack/terminal.ts'
import { killAtExit } from '../support/at-exit.ts'
import { until } from '../support/until.ts'

const runningAt = (url: string) => ({ url, ledger: 'private' }) as const

t.test('one process holds the lock, and a lock of a dead process is free', async (t) => {
  const dir = t.testdir()
  t.equal(await takeLock(dir, runningAt('http://first')), null)
  t.match(await takeLock(dir, runningAt('http://second')), { pid: process.pid, url: 'http://first' })
  await releaseLock(dir)
  t.equal(await lockHolder(dir), null)
  t.equal(await takeLock(dir, runningAt('http://third')), null)
  await writeFile(
    join(dir, 'run', 'linia.lock'),
    JSON.stringify({ pid: process.pid, startedAt: '1', url: 'http://dead' }),
  )
  t.equal(await takeLock(dir, runningAt('http://fourth')), null)
})

t.test('a process is identified by its id and its start time', async (t) => {
  const own = markOf(process.pid)
  t.ok(own !== null && isAlive(own))
  t.notOk(isAlive({ pid: process.pid, startedAt: '1' }))
})

t.test('a process list that cannot be written is reported and stops nothing', async (t) => {
  const dir = t.testdir({ run: 'a file where a folder is needed' })
  const reports: string[] = []
  const processes = new Processes(dir, (line) => reports.push(line))
  processes.started(process.pid)
  await until(() => reports.length > 0)
  t.match(reports, [/processes\.json could not be written/])
  await rm(join(dir, 'run'))
  processes.started(process.pid)
  await until(() => existsSync(join(dir, 'run/processes.json')))
  await processes.clear()
})

t.test('the next run ends only processes that a killed run has left', async (t) => {
  const dir = t.testdir()
  const left = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
  killAtExit(left)
  const ended = once(left, 'exit')
  const { pid = 0 } = left
  const mark = markOf(pid)
  await mkdir(join(dir, 'run'))
  const marks = [mark, { pid: process.pid, startedAt: '1' }]
  await writeFile(join(dir, 'run/processes.json'), JSON.stringify(marks))
  t.equal(await new Processes(dir, quiet).endLeftovers(), 1)
  t.notSame(await ended, [0, null])
})
