/**
 * `node lane.ts RUN SECONDS`: runs the test files that its parent names, one after the other, in this process: modules are loaded
 * once, and systems, browsers and databases can be shared (`scope.ts`). Each file is a subtest of its own name; its
 * `import t from 'tap'` gets that subtest. RUN marks the processes that a file starts.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import t, { type Test } from 'tap'
import { endLeftProcesses, mark, markedProcesses, markOf, signalAll } from './left-processes.ts'
import { processorS } from './processor.ts'
import { cluster, clusterUser, heldCluster } from '../cluster.ts'
import { removeRunFolder } from './folder.ts'
import { endProcess, enterFile } from './scope.ts'
import type { LaneAnswer, LaneTask } from './lanes.ts'

const [run = '', seconds] = process.argv.slice(2)
/** The test of each file, by the file's URL. */
const tests = new Map<string, Test>()
const scheme = 'lane-of:'
Object.assign(globalThis, { [Symbol.for(scheme)]: tests })

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL = '' } = context
    return specifier === 'tap' && tests.has(parentURL)
      ? { url: scheme + parentURL, format: 'module', shortCircuit: true }
      : next(specifier, context)
  },
  load(url, context, next) {
    if (!url.startsWith(scheme)) return next(url, context)
    const file = JSON.stringify(url.slice(scheme.length))
    const source = `export default globalThis[Symbol.for('${scheme}')].get(${file})`
    return { format: 'module', source, shortCircuit: true }
  },
})

t.setTimeout(0)
/** tap takes care that the channel to the parent does not keep the process alive; between two files nothing else would. */
const alive = setInterval(() => undefined, 60_000)
process.on('message', ({ file }: LaneTask) => {
  if (file === null) void finish()
  else void runFile(file)
})
// The parent is gone, and nobody else would end this process and what its files have started.
process.once('disconnect', () => {
  try {
    signalAll(markedProcesses(run), 'SIGKILL')
    removeRunFolder(run)
    if (process.env[heldCluster] !== undefined) cluster('leave', clusterUser(run, 1))
  } finally {
    process.kill(process.pid, 'SIGKILL')
  }
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end(signal))
answer({ file: null, processorS: 0, ends: false })

let running: string | null = null
/** The file that began what runs now, also after the file has ended. */
const begun = new AsyncLocalStorage<string>()

// A failure of the file that left the promise, and not of the one that runs now.
for (const late of ['unhandledRejection', 'uncaughtException'] as const)
  process.on(late, (error: unknown) => {
    const file = begun.getStore() ?? running
    t.fail(`${file} failed after its tests had ended`, { error: String(error) })
  })

async function runFile(file: string): Promise<void> {
  running = file
  const before = processorS()
  const environment = { ...process.env }
  process.env[mark] = markOf(run, file)
  const url = pathToFileURL(resolve(file)).href
  await t.test(file, { timeout: Number(seconds) * 1_000 }, async (test) => {
    tests.set(url, test)
    enterFile(test)
    await begun.run(file, () => import(url))
  })
  delete process.env[mark]
  const changed = restoreEnvironment(environment)
  if (changed.length > 0) t.fail(`${file} left changed variables of the environment`, { changed })
  const left = await endLeftProcesses(run, file)
  if (left.length > 0) t.fail(`${file} left processes, which were killed`, { left })
  running = null
  // Whoever supervises what is left would start it again beside the next file: that one gets another process.
  answer({ file, processorS: processorS() - before, ends: left.length > 0 })
}

/** Returns the names of the variables that had changed. */
function restoreEnvironment(before: NodeJS.ProcessEnv): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(process.env)])
  const changed = [...names].filter((name) => before[name] !== process.env[name])
  for (const name of changed) {
    const value = before[name]
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  return changed
}

/** Ends the process, also when a file has left a timer or a connection, which would keep it alive. */
async function finish(): Promise<void> {
  clearInterval(alive)
  await endProcess()
  t.end()
  process.exit()
}

function answer(one: LaneAnswer): void {
  process.send?.(one)
}

function end(signal: NodeJS.Signals): void {
  signalAll(markedProcesses(run), 'SIGKILL')
  process.kill(process.pid, signal)
}
