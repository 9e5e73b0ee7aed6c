/**
 * The desk's commands on any node: done here where the line is, else by the owner. During a takeover a
 * command waits for the next owner, with a bound. One whose answer was lost is not repeated: hanging up
 * twice could hang up on the next caller.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { DeskAnswer, DeskCommand } from '../../core/desk-command.ts'
import { StoreUnavailable } from '../../acd/ports.ts'
import type { Desk } from '../../acd/ports.ts'
import { askNode, NodeGone } from './ask-node.ts'
import type { NodeAddress } from './ask-node.ts'
import { deskPath } from './secret.ts'

/** A takeover is over within this; then the line counts as away. */
const takeoverMs = 3_000
const lookEveryMs = 100
const answerMs = 1_000

export interface SharedDeskDeps {
  readonly node: string
  /** The desk of the line, where this node owns it. */
  readonly own: () => Desk | null
  readonly holder: () => string | null
  readonly addressOf: (node: string) => Promise<NodeAddress | null>
  /** What nodes show one another (`authorization`). */
  readonly authorization: string
  readonly monotonic: () => number
}

export function sharedDesk(deps: SharedDeskDeps): Desk {
  const owners = new Owners(deps)

  return {
    async perform(command) {
      const giveUpAt = deps.monotonic() + takeoverMs
      for (;;) {
        const answer = await once(deps, command)
        if (answer !== 'nobody' && !isAway(answer)) return answer
        const settled = owners.settled()
        if (settled || deps.monotonic() > giveUpAt) return answer === 'nobody' ? away : answer
        await pause(lookEveryMs)
      }
    },
  }
}

const away = { ok: false, refusal: 'line is away' } as const satisfies DeskAnswer
const isAway = (answer: DeskAnswer): boolean => !answer.ok && answer.refusal === 'line is away'

/** `nobody`: there is no owner now, or the one there was is gone. */
async function once(deps: SharedDeskDeps, command: DeskCommand): Promise<DeskAnswer | 'nobody'> {
  const own = deps.own()
  if (own !== null) return own.perform(command)
  const owner = deps.holder()
  const address = owner === null || owner === deps.node ? null : await deps.addressOf(owner)
  if (address === null) return 'nobody'
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
    if (error instanceof NodeGone) return 'nobody'
  }
  throw new StoreUnavailable('The node that owns the line gave no answer')
}

/** Whether the line has had the same owner for as long as a takeover lasts. */
class Owners {
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
