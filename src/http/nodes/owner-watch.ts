/**
 * Who owns the line, as this node sees it, and whether the line works there. A node that stands by asks
 * the owner twice a second.
 */
import { Compile } from 'typebox/compile'
import { askNode } from './ask-node.ts'
import type { NodeAddress } from './ask-node.ts'
import { Readiness } from './wire.ts'

const askEveryMs = 500
const answerMs = 400

export interface Ownership {
  readonly node: string
  /** Whether this node owns the line now. */
  readonly isOwner: () => boolean
  /** Why this node declines to own the line; null: it does not. */
  readonly declines: () => string | null
  /** Whether a call would be answered by us, and what is missing; asked only of the owner. */
  readonly own: () => { readonly ready: boolean; readonly missing: readonly string[] }
  /** The node that owned the line when Redis was last asked; null: nobody. */
  readonly holder: () => string | null
  readonly addressOf: (node: string) => Promise<NodeAddress | null>
}

const isReadiness = Compile(Readiness)

export class OwnerWatch {
  readonly #ownership: Ownership
  readonly #timer: NodeJS.Timeout
  #asking = false
  #told: { readonly ready: boolean; readonly missing: readonly string[] } | null = null

  constructor(ownership: Ownership) {
    this.#ownership = ownership
    this.#timer = setInterval(() => void this.#look(), askEveryMs)
    this.#timer.unref()
  }

  readiness(): Readiness {
    const { node, isOwner, own, holder, declines } = this.#ownership
    if (isOwner()) {
      const { ready, missing } = own()
      return { ready, missing: [...missing], node, role: 'owner', owner: node }
    }
    const told = this.#told ?? { ready: false, missing: ['owner'] }
    const why = declines()
    return {
      ready: told.ready,
      missing: [...told.missing],
      node,
      role: 'standby',
      owner: holder(),
      ...(why === null ? {} : { declines: why }),
    }
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    try {
      this.#told = await this.#ask()
    } catch {
      // Nobody answers there: the line is away for whoever asks here.
      this.#told = null
    } finally {
      this.#asking = false
    }
  }

  async #ask(): Promise<{ ready: boolean; missing: readonly string[] } | null> {
    const { node, isOwner, holder, addressOf } = this.#ownership
    const owner = holder()
    if (isOwner() || owner === null || owner === node) return null
    const address = await addressOf(owner)
    if (address === null) return null
    const { json } = await askNode(address, { method: 'GET', path: '/readyz', timeoutMs: answerMs })
    // Who has just become, or ceased to be, the owner says so; it knows no better than we do then.
    return isReadiness.Check(json) && json.role === 'owner' ? json : null
  }
}
