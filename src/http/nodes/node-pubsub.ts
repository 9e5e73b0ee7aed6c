/** What every node must know at once: which page of an agent is in use, and which session is over. */
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
const isNews = Compile(NodeMessage)

/** The channel between nodes; `line/news.ts` is one. */
export interface NodeChannel {
  tell(text: string): Promise<void>
  onTold(listener: (text: string) => void): void
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

  /** While Redis is away the others do not hear of it: their own checks, each some seconds, must do. */
  async tell(
    news: { about: 'page'; agent: string; instance: string } | { about: 'session-end'; digest: string },
  ) {
    try {
      await this.#channel.tell(JSON.stringify({ ...news, from: this.#node }))
    } catch (error) {
      this.#log.debug({ err: error, about: news.about }, 'the other nodes were not told')
    }
  }

  /** `own`: this node has told it. */
  onNews(listener: (news: NodeMessage, own: boolean) => void): void {
    this.#channel.onTold((text) => {
      const news = parsed(text)
      if (isNews.Check(news)) listener(news, news.from === this.#node)
    })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not ours: no news.
    return null
  }
}
