/** A command in a machine; it can be interrupted as from a terminal. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'

/** `code` is null for a killed command. */
export interface Ended {
  readonly code: number | null
  readonly said: string
}

const stopsWithinMs = 60_000
const lookEveryMs = 100

export class Running {
  readonly ended: Promise<Ended>
  #said = ''
  readonly #sh: (line: string) => Promise<string>
  readonly #group: string

  /** @param sh runs a line in the machine. @param group the file with the number of the command's group. */
  constructor(sh: (line: string) => Promise<string>, child: ChildProcess, group: string, withinMs: number) {
    this.#sh = sh
    this.#group = group
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#said += text))
    this.ended = this.#end(child, withinMs)
  }

  get said(): string {
    return this.#said
  }

  /** Waits for a line. @throws with what was printed when it does not come, or the command ends before it. */
  async until(line: RegExp, withinMs: number): Promise<void> {
    let over = false
    void this.ended.then(() => (over = true))
    for (const began = performance.now(); !line.test(this.#said);) {
      if (over) throw new Error(`it ended without ${String(line)}:\n${this.#said}`)
      if (performance.now() - began > withinMs)
        throw new Error(`not within ${withinMs / 1000} s: ${String(line)}:\n${this.#said}`)
      await setTimeout(lookEveryMs)
    }
  }

  /** As Ctrl-C: to the command and all that it has started in its terminal. */
  async interrupt(): Promise<Ended> {
    await this.signal('INT')
    const late = setTimeout(stopsWithinMs, null, { ref: false })
    const ended = await Promise.race([this.ended, late])
    if (ended === null)
      throw new Error(`Ctrl-C has not ended it in ${stopsWithinMs / 1000} s:\n${this.#said}`)
    return ended
  }

  /** `only`: the command itself and nothing that it has started. */
  async signal(name: string, only: 'group' | 'only' = 'group'): Promise<void> {
    const target = only === 'group' ? `-$(cat ${this.#group})` : `$(cat ${this.#group})`
    await this.#sh(`kill -${name} ${target}`)
  }

  async #end(child: ChildProcess, withinMs: number): Promise<Ended> {
    const bound = new AbortController()
    const late = setTimeout(withinMs, 'late' as const, { signal: bound.signal }).catch(() => 'late' as const)
    const first = await Promise.race([once(child, 'close') as Promise<[number | null]>, late])
    bound.abort()
    if (first !== 'late') return { code: first[0], said: this.#said }
    await this.signal('KILL').catch(() => undefined)
    child.kill('SIGKILL')
    return { code: null, said: `${this.#said}\n(not ended within ${withinMs / 1000} s)` }
  }
}
