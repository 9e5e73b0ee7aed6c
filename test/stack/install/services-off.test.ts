/** An installation of packages, even an interrupted one, leaves the machine unchanged. A folder plays the machine. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Test } from 'tap'
import { must } from '../../../src/stack/command.ts'
import { finishLeft, keepServicesOff, leftOn, type AsRoot } from '../../../src/stack/install/services-off.ts'
import { killAtExit } from '../../support/at-exit.ts'
import { until } from '../../support/until.ts'

const policy = 'usr/sbin/policy-rc.d'
const units = 'usr/lib/systemd/system'

/** Files are installed and removed below `top`; other commands are only recorded. */
function machine(t: Test): { top: string; asked: string[]; root: AsRoot } {
  const top = t.testdir({})
  mkdirSync(join(top, units), { recursive: true })
  const asked: string[] = []
  const root: AsRoot = async (what, ...args) => {
    if (args[0] === 'install' || args[0] === 'rm') return must(what, args[0], args.slice(1))
    asked.push(args.join(' '))
    return ''
  }
  return { top, asked, root }
}

const filesIn = (top: string) =>
  readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(top.length + 1))
    .filter((path) => !path.startsWith(units))

t.test('services stay off while their packages are installed, and no file is left afterwards', async (t) => {
  const { top, asked, root } = machine(t)
  const keepOff = await keepServicesOff(root, ['redis-server', 'caddy'], top)
  t.match(readFileSync(join(top, policy), 'utf8'), /^#!\/bin\/sh\n[^]*\nexit 101\n$/)
  t.equal(statSync(join(top, policy)).mode & 0o777, 0o755)
  t.same((await leftOn(top)).paths, [], 'a running installation does not count as interrupted')
  writeFileSync(join(top, units, 'redis-server.service'), '')
  await keepOff.release()
  t.same(filesIn(top), [])
  t.same(asked, ['systemctl disable --quiet redis-server'], 'only unpacked services are disabled')
})

t.test('the machine’s own policy file is left unchanged', async (t) => {
  const { top, root } = machine(t)
  mkdirSync(join(top, 'usr/sbin'))
  writeFileSync(join(top, policy), '#!/bin/sh\nexit 101\n')
  const keepOff = await keepServicesOff(root, [], top)
  await keepOff.release()
  t.same(filesIn(top), [policy])
  t.same((await leftOn(top)).paths, [])
})

t.test('a partly made change is undone', async (t) => {
  const { top, root } = machine(t)
  const failing: AsRoot = async (what, ...args) => {
    if (args.at(-1)?.endsWith('linia969.conf') === true && args[0] === 'install')
      throw new Error('no space left')
    return root(what, ...args)
  }
  await t.rejects(keepServicesOff(failing, [], top), /no space left/)
  t.same(filesIn(top), [])
})

t.test('the next installation finishes a killed one', async (t) => {
  const { top, asked, root } = machine(t)
  const source = fileURLToPath(new URL('../../../src/stack/', import.meta.url))
  const script = `
    import { must } from '${source}command.ts'
    import { keepServicesOff } from '${source}install/services-off.ts'
    await keepServicesOff((what, command, ...args) => must(what, command, args), ['redis-server'], '${top}')
    process.kill(process.pid, 'SIGKILL')`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' })
  killAtExit(child)
  t.same(await once(child, 'exit'), [null, 'SIGKILL'])
  writeFileSync(join(top, units, 'redis-server.service'), '')
  const left = await leftOn(top)
  t.equal(left.paths.length, 2)
  await finishLeft(root, left, top)
  t.same(filesIn(top), [])
  t.match(asked, [/dpkg --configure -a$/, 'systemctl disable --quiet redis-server'])
})

t.test('Ctrl-C ends an installation and undoes its changes', async (t) => {
  const source = fileURLToPath(new URL('../../../src/stack/', import.meta.url))
  const script = `
    import { must, withoutBeingKilled } from '${source}command.ts'
    import { runMain } from '${source}terminal.ts'
    await runMain(async () => {
      await withoutBeingKilled(async () => {
        try {
          console.log('installing')
          await must('Installing', 'sleep', ['60'])
        } finally {
          console.log(await must('Putting back', 'echo', ['put back'], { tidying: true }))
        }
      })
      return 0
    })`
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script])
    killAtExit(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    await until(() => output.includes('installing'))
    // Ctrl-C has no effect before the command runs.
    await until(() => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8') !== '')
    child.kill(signal)
    t.same(await once(child, 'close'), [1, null], signal)
    t.match(output, /^installing\nput back\n\nlinia: Stopped\.\n$/)
  }
})
