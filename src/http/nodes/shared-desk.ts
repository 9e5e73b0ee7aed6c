/**
 * The desk's commands on any node: done here where the line is, else by the owner. During a takeover a
 * command waits for the next owner, with a bound. One whose answer was lost is not repeated: hanging up
 * twice could hang up on the next caller.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Agent } from '../../core/agent.ts'
import type { AgentId, OfferId } from '../../core/ids.ts'
import { StoreUnavailable } from '../../acd/ports.ts'
import type { Command, DeskCommands } from '../../acd/ports.ts'
import { askNode, NodeGone } from './ask-node.ts'
import type { NodeAddress } from './ask-node.ts'
import { carryOut } from './desk-order.ts'
import type { DeskAnswer, DeskOrder } from './desk-order.ts'
import { deskPath } from './secret.ts'

/** A takeover is over within this; then the line counts as away. */
const takeoverMs = 3_000
const lookEveryMs = 100
const answerMs = 1_000

export interface SharedDeskDeps {
  readonly node: string
  /** The desk of the line, where this node owns it. */
  readonly own: () => DeskCommands | null
  readonly holder: () => string | null
  readonly addressOf: (node: string) => Promise<NodeAddress | null>
  /** What nodes show one another (`authorization`). */
  readonly authorization: string
  readonly monotonic: () => number
}

export function sharedDesk(deps: SharedDeskDeps): DeskCommands {
  const owners = new Owners(deps)

  async function ask(order: DeskOrder): Promise<DeskAnswer> {
    const giveUpAt = deps.monotonic() + takeoverMs
    for (;;) {
      const answer = await once(deps, order)
      if (answer !== 'nobody' && !isAway(answer)) return answer
      const settled = owners.settled()
      if (settled || deps.monotonic() > giveUpAt) return answer === 'nobody' ? away : answer
      await pause(lookEveryMs)
    }
  }
  async function command(order: DeskOrder): Promise<Command<Agent>> {
    return (await ask(order)) ?? away
  }

  return {
    signIn: (agent) => command({ do: 'signIn', agent }),
    signOut: (agent) => command({ do: 'signOut', agent }),
    ready: (agent) => command({ do: 'ready', agent }),
    pause: (agent, reason) => command({ do: 'pause', agent, reason }),
    chooseDevice: (agent, device) => command({ do: 'chooseDevice', agent, device }),
    hangUp: (agent, offer) => command({ do: 'hangUp', agent, ...of(offer) }),
    hold: (agent, offer) => command({ do: 'hold', agent, ...of(offer) }),
    resume: (agent, offer) => command({ do: 'resume', agent, ...of(offer) }),
    mute: (agent, muted, offer) => command({ do: 'mute', agent, muted, ...of(offer) }),
    decline: (agent, offer) => command({ do: 'decline', agent, ...of(offer) }),
    extendWrapUp: (agent, byMs) => command({ do: 'extendWrapUp', agent, byMs }),
    endWrapUp: (agent) => command({ do: 'endWrapUp', agent }),
    async pageOpened(agent: AgentId, instance) {
      await ask({ do: 'pageOpened', agent, instance })
    },
    // Nothing waits for this one: the audio tells soon enough.
    pageClosed: (agent, instance) => deps.own()?.pageClosed(agent, instance),
  }
}

const of = (offer: OfferId | undefined) => (offer === undefined ? {} : { offer })
const away = { ok: false, refusal: 'line is away' } as const satisfies Command<Agent>
const isAway = (answer: DeskAnswer): boolean => answer?.ok === false && answer.refusal === 'line is away'

/** `nobody`: there is no owner now, or the one there was is gone. */
async function once(deps: SharedDeskDeps, order: DeskOrder): Promise<DeskAnswer | 'nobody'> {
  const own = deps.own()
  if (own !== null) return carryOut(own, order)
  const owner = deps.holder()
  const address = owner === null || owner === deps.node ? null : await deps.addressOf(owner)
  if (address === null) return 'nobody'
  try {
    const { status, json } = await askNode(address, {
      method: 'POST',
      path: deskPath,
      body: order,
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
