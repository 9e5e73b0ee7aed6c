/** Messages between nodes about pages and sessions, by Redis Pub/Sub: only nodes connected now receive them. */
import type { AcdKeys } from './keys.ts'
import type { AcdRedis } from './connection.ts'

export interface Channel {
  /** Resolves when Redis has distributed it; rejects while Redis is away. */
  publish(text: string): Promise<void>
  /** Every message, this node's own included, in one order for all nodes. */
  onMessage(listener: (text: string) => void): void
  close(): void
}

/** `listener` opens a connection: a subscribed one can do nothing else. */
export function redisPubSub(redis: AcdRedis, listener: () => AcdRedis, keys: AcdKeys): Channel {
  const own = listener()
  const listeners: ((text: string) => void)[] = []
  own.on('ready', () => {
    // A connection that breaks again at once emits another `ready` later.
    own.subscribe(keys.news).catch(() => undefined)
  })
  own.on('message', (_channel: string, text: string) => {
    for (const listener of listeners) listener(text)
  })
  return {
    async publish(text) {
      await redis.publish(keys.news, text)
    },
    onMessage: (listener) => {
      listeners.push(listener)
    },
    close: () => own.disconnect(),
  }
}
