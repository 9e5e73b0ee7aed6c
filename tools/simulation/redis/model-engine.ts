/** The Redis model as the engine of a run. */
import { RedisModel, type CommandName, type Kept } from './model.ts'
import type { RedisEngine } from '../world/world.ts'

export class ModelEngine implements RedisEngine {
  readonly #model: RedisModel
  #added: string[] = []

  /** `eventsKey`: the stream that the ledger reads. */
  constructor(now: () => number, eventsKey: string) {
    this.#model = new RedisModel(now)
    this.#model.onAdded = (key, fields) => {
      if (key === eventsKey) this.#added.push(fields[1] ?? '')
    }
  }

  execute(name: CommandName, args: readonly (string | number)[]): unknown {
    return this.#model.execute(name, args)
  }
  newEvents(): readonly string[] {
    const added = this.#added
    if (added.length > 0) this.#added = []
    return added
  }
  keep(): Kept {
    return this.#model.keep()
  }
  restart(kept: unknown): void {
    this.#model.restart(kept as Kept | null)
  }
  flush(): void {
    this.#model.flush()
  }
}
