import type { AgentId, ContactId, QueueId } from '../../core/ids.ts'
import type { Directory } from '../../acd/ports.ts'

/** Names of agents, queues and contacts by id. An id that the directory no longer has is shown as it is. */
export class Names {
  readonly #directory: Pick<Directory, 'agents' | 'queues' | 'contacts'>
  #agents = new Map<AgentId, string>()
  #queues = new Map<QueueId, string>()
  #contacts = new Map<ContactId, string>()

  constructor(directory: Pick<Directory, 'agents' | 'queues' | 'contacts'>) {
    this.#directory = directory
    this.refresh()
  }

  refresh(): void {
    this.#agents = new Map(this.#directory.agents().map(({ id, name }) => [id, name]))
    this.#queues = new Map(this.#directory.queues().map(({ id, name }) => [id, name]))
    this.#contacts = new Map(this.#directory.contacts().map(({ id, name }) => [id, name]))
  }

  agent(id: AgentId): { id: string; name: string } {
    return { id, name: this.#agents.get(id) ?? id }
  }

  queue(id: QueueId): { id: string; name: string } {
    return { id, name: this.#queues.get(id) ?? id }
  }

  contact(id: ContactId): { id: string; name: string } {
    return { id, name: this.#contacts.get(id) ?? id }
  }
}
