/**
 * The readiness that this node reports: its own if it is the owner, otherwise the owner's. A standby node asks
 * the owner for it twice a second.
 */
import { Compile } from 'typebox/compile'
import { askNode } from './ask-node.ts'
import type { NodeAddress } from './ask-node.ts'
import { Readiness } from './wire.ts'

const askEveryMs = 500
const answerMs = 400

export interface Ownership {
  readonly node: string
  /** Whether this node is the owner now. */
  readonly isOwner: () => boolean
  /** Why this node declines to become the owner; null: it does not decline. */
  readonly declines: () => string | null
  /** Whether this node would answer a call, and the parts that are missing. Called only while it is the owner. */
  readonly own: () => { readonly ready: boolean; readonly missing: readonly string[] }
  /** The owner when Redis was last asked; null: there was none. */
  readonly holder: () => string | null
  readonly addressOf: (node: string) => Promise<NodeAddress | null>
}

const isReadiness = Compile(Readiness)

export class OwnerWatch {
  readonly #ownership: Ownership
  readonly #timer: NodeJS.Timeout
  #asking = false
  #ownersAnswer: { readonly ready: boolean; readonly missing: readonly string[] } | null = null

  constructor(ownership: Ownership) {
    this.#ownership = ownership
    this.#timer = setInterval(() => void this.#update(), askEveryMs)
    this.#timer.unref()
  }

  readiness(): Readiness {
    const { node, isOwner, own, holder, declines } = this.#ownership
    if (isOwner()) {
      const { ready, missing } = own()
      return { ready, missing: [...missing], node, role: 'owner', owner: node }
    }
    const answer = this.#ownersAnswer ?? { ready: false, missing: ['owner'] }
    const why = declines()
    return {
      ready: answer.ready,
      missing: [...answer.missing],
      node,
      role: 'standby',
      owner: holder(),
      ...(why === null ? {} : { declines: why }),
    }
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #update(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    try {
      this.#ownersAnswer = await this.#ask()
    } catch {
      // The owner does not answer, so this node reports that no call would be answered.
      this.#ownersAnswer = null
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
    // During a takeover the asked node may not be the owner (any more); its answer is then no better than ours.
    return isReadiness.Check(json) && json.role === 'owner' ? json : null
  }
}
