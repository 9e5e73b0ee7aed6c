import type { AgentId, QueueId } from '../../core/ids.ts'
import type { Directory } from '../../acd/ports.ts'

/** Names of agents and queues by id. An id that the directory no longer has is shown as it is. */
export class Names {
  readonly #directory: Directory
  #agents = new Map<AgentId, string>()
  #queues = new Map<QueueId, string>()

  constructor(directory: Directory) {
    this.#directory = directory
    this.refresh()
  }

  refresh(): void {
    this.#agents = new Map(this.#directory.agents().map(({ id, name }) => [id, name]))
    this.#queues = new Map(this.#directory.queues().map(({ id, name }) => [id, name]))
  }

  agent(id: AgentId): { id: string; name: string } {
    return { id, name: this.#agents.get(id) ?? id }
  }

  queue(id: QueueId): { id: string; name: string } {
    return { id, name: this.#queues.get(id) ?? id }
  }
}
