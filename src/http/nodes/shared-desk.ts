/**
 * The desk for every node: a command is carried out here if this node is the owner, otherwise it is sent to the
 * owner. During a takeover a command waits for the next owner, with a time limit. A command whose answer was lost
 * is not repeated: a second `hangUp` could hang up on the next caller.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { DeskAnswer, DeskCommand } from '../../core/desk-command.ts'
import { StoreUnavailable } from '../../acd/ports.ts'
import type { Desk } from '../../acd/ports.ts'
import { askNode, NodeGone } from './ask-node.ts'
import type { NodeAddress } from './ask-node.ts'
import { deskPath } from './secret.ts'

/** A takeover takes at most this long; after that the command is refused with `line is away`. */
const takeoverMs = 3_000
const lookEveryMs = 100
const answerMs = 1_000

export interface SharedDeskDeps {
  readonly node: string
  /** This node's own desk; null unless it is the owner. */
  readonly own: () => Desk | null
  readonly holder: () => string | null
  readonly addressOf: (node: string) => Promise<NodeAddress | null>
  /** The header `authorization` between nodes. */
  readonly authorization: string
  readonly monotonic: () => number
}

export function sharedDesk(deps: SharedDeskDeps): Desk {
  const owners = new OwnerHistory(deps)

  return {
    async perform(command) {
      const giveUpAt = deps.monotonic() + takeoverMs
      for (;;) {
        const answer = await once(deps, command)
        if (answer !== 'no owner' && !isAway(answer)) return answer
        const settled = owners.settled()
        if (settled || deps.monotonic() > giveUpAt) return answer === 'no owner' ? away : answer
        await pause(lookEveryMs)
      }
    },
  }
}

const away = { ok: false, refusal: 'line is away' } as const satisfies DeskAnswer
/** The owner may be a node of an older release, which answers `pageOpened` with null. */
const isAway = (answer: DeskAnswer | null): boolean =>
  answer?.ok === false && answer.refusal === 'line is away'

/** `no owner`: there is no owner now, or the former owner has ended. */
async function once(deps: SharedDeskDeps, command: DeskCommand): Promise<DeskAnswer | 'no owner'> {
  const own = deps.own()
  if (own !== null) return own.perform(command)
  const owner = deps.holder()
  const address = owner === null || owner === deps.node ? null : await deps.addressOf(owner)
  if (address === null) return 'no owner'
  try {
    const { status, json } = await askNode(address, {
      method: 'POST',
      path: deskPath,
      body: command,
      headers: { authorization: deps.authorization },
      timeoutMs: answerMs,
    })
    if (status === 200) return json as DeskAnswer
  } catch (error) {
    if (error instanceof NodeGone) return 'no owner'
  }
  throw new StoreUnavailable('The owner node gave no usable answer')
}

/** Observes whether the owner has stayed the same for longer than a takeover lasts. */
class OwnerHistory {
  readonly #deps: SharedDeskDeps
  #latest: string | null = null
  #since: number

  constructor(deps: SharedDeskDeps) {
    this.#deps = deps
    this.#since = deps.monotonic()
  }

  settled(): boolean {
    const { own, node, holder, monotonic } = this.#deps
    const owner = own() === null ? holder() : node
    if (owner !== this.#latest) {
      this.#latest = owner
      this.#since = monotonic()
    }
    return owner !== null && monotonic() - this.#since > takeoverMs
  }
}
