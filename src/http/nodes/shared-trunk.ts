/** The trunk for every node: its state and its test are the owner's, whichever node is asked. */
import { Compile } from 'typebox/compile'
import { trunkTestWithinMs, type Trunk, type TrunkAnswers, type TrunkState } from '../../acd/ports.ts'
import { askNode } from './ask-node.ts'
import type { NodeAddress } from './ask-node.ts'
import { trunkPath } from './secret.ts'
import { TrunkReply, type TrunkQuestion } from './trunk-exchange.ts'

export interface SharedTrunk {
  state(): Promise<{ readonly node: string; readonly state: TrunkState } | NoTrunk>
  /** `answers` null: Asterisk did not answer. Resolves within ten seconds. */
  test(): Promise<{ readonly node: string; readonly answers: TrunkAnswers | null } | NoTrunk>
}

export type NoTrunk =
  | 'no owner'
  /** There is an owner, which did not answer, or whose release does not know the question. It says nothing about the provider. */
  | 'owner silent'

export interface SharedTrunkDeps {
  readonly node: string
  /** This node's own trunk; null unless it is the owner. */
  readonly own: () => Trunk | null
  readonly holder: () => string | null
  readonly addressOf: (node: string) => Promise<NodeAddress | null>
  /** The header `authorization` between nodes. */
  readonly authorization: string
}

const stateWithinMs = 1_000
/** For the way to the owner. */
const wayMs = 1_000
const isReply = Compile(TrunkReply)

export function sharedTrunk(deps: SharedTrunkDeps): SharedTrunk {
  const { node, own } = deps
  return {
    async state() {
      const trunk = own()
      if (trunk !== null) return { node, state: trunk.state() }
      const reply = await askOwner(deps, 'state', stateWithinMs)
      if (typeof reply === 'string') return reply
      return reply.state === null ? 'owner silent' : { node: reply.node, state: reply.state }
    },
    async test() {
      const trunk = own()
      if (trunk !== null) return { node, answers: await trunk.test() }
      const reply = await askOwner(deps, 'test', trunkTestWithinMs + wayMs)
      return typeof reply === 'string' ? reply : { node: reply.node, answers: reply.answers }
    },
  }
}

async function askOwner(
  { node, holder, addressOf, authorization }: SharedTrunkDeps,
  ask: TrunkQuestion['ask'],
  timeoutMs: number,
): Promise<TrunkReply | NoTrunk> {
  const owner = holder()
  if (owner === null) return 'no owner'
  // This node has the lease, and does not run the line yet.
  if (owner === node) return 'owner silent'
  try {
    const address = await addressOf(owner)
    if (address === null) return 'owner silent'
    const { status, json } = await askNode(address, {
      method: 'POST',
      path: trunkPath,
      body: { ask } satisfies TrunkQuestion,
      headers: { authorization },
      timeoutMs,
    })
    return status === 200 && isReply.Check(json) ? json : 'owner silent'
  } catch {
    return 'owner silent'
  }
}
