/**
 * Messages that every node needs at once: which page of an agent is in use, and which session has ended.
 */
import type { FastifyBaseLogger } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { Instance } from '../wire.ts'

const NodeMessage = Type.Union([
  Type.Object({ about: Type.Literal('page'), from: Type.String(), agent: Type.String(), instance: Instance }),
  Type.Object({ about: Type.Literal('session-end'), from: Type.String(), digest: Type.String() }),
])
export type NodeMessage = Static<typeof NodeMessage>
const messageSchema = Compile(NodeMessage)

/** Publish and subscribe between the nodes; `redis/node-pubsub.ts` implements it. */
export interface NodeChannel {
  /** Rejects while the channel is not available. */
  publish(text: string): Promise<void>
  /** Every message, this node's own included, in one order for all nodes. */
  onMessage(listener: (text: string) => void): void
}

export class NodePubSub {
  readonly #channel: NodeChannel
  readonly #node: string
  readonly #log: FastifyBaseLogger

  constructor(channel: NodeChannel, node: string, log: FastifyBaseLogger) {
    this.#channel = channel
    this.#node = node
    this.#log = log
  }

  /** Never rejects: while Redis is not available, the other nodes find out by their own checks some seconds later. */
  async publish(
    message: { about: 'page'; agent: string; instance: string } | { about: 'session-end'; digest: string },
  ) {
    try {
      await this.#channel.publish(JSON.stringify({ ...message, from: this.#node }))
    } catch (error) {
      this.#log.debug({ err: error, about: message.about }, 'a message to the other nodes was not published')
    }
  }

  /** `own`: this node published the message. */
  onMessage(listener: (message: NodeMessage, own: boolean) => void): void {
    this.#channel.onMessage((text) => {
      const message = parsed(text)
      if (messageSchema.Check(message)) listener(message, message.from === this.#node)
    })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not one of our messages; the schema check drops it.
    return null
  }
}
