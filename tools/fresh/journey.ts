/** One machine and its cases in order, with the rules that hold after each. */
import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import type { Say } from '../../src/stack/terminal.ts'
import type { Case, Journey } from './cases.ts'
import { Machine } from './machine.ts'

interface Way {
  readonly base: string
  readonly machines: string
  readonly socket: string
  readonly checkout: string
  readonly tell: Say
}

/** A part that dies with its supervisor takes a moment to do so. */
const quietWithinMs = 15_000
const lookEveryMs = 200
const stack = /^ {4}at .*$/m

/** One result for each case: null, or why it failed. */
export async function travel(journey: Journey, way: Way): Promise<readonly (string | null)[]> {
  const { place } = journey
  const machine = await Machine.start(way.base, way.machines, way.socket)
  const end = () => void machine.stop().finally(() => process.exit(130))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
  const results: (string | null)[] = []
  try {
    await machine.connect()
    await machine.copyCheckout(way.checkout, place.folder, place.user)
    for (const one of journey.cases) results.push(await tried(journey, one, machine, way.tell))
    return results
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, end)
    await machine.stop()
  }
}

async function tried(journey: Journey, one: Case, machine: Machine, tell: Say): Promise<string | null> {
  const began = performance.now()
  const printedBefore = machine.record.length
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(0)} s`.padStart(6)
  try {
    await one.run(machine, journey.place)
    await leftNothing(machine)
    assert.doesNotMatch(machine.record.slice(printedBefore), stack, 'no stack trace is printed')
    tell(`ok    ${seconds()}  ${journey.name} (${journey.who}): ${one.name}`)
    return null
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    tell(`FAILED${seconds()}  ${journey.name} (${journey.who}): ${one.name}`)
    for (const line of why.split('\n').slice(-40)) tell(`        ${line}`)
    tell(`        again: make fresh CASES=${journey.name}`)
    await machine.endProcesses()
    return why
  }
}

async function leftNothing(machine: Machine): Promise<void> {
  for (const began = performance.now(); machine.processes().length > 0;) {
    if (performance.now() - began > quietWithinMs) break
    await setTimeout(lookEveryMs)
  }
  assert.deepEqual(machine.processes(), [], 'no process is left')
  assert.deepEqual(await machine.temporaryFolders(), [], 'no temporary folder is left')
}
