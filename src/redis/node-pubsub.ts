/** What nodes tell one another about pages and sessions: over Redis, to whoever listens now. */
import type { AcdKeys } from './keys.ts'
import type { AcdRedis } from './connection.ts'

export interface Channel {
  /** Resolves when Redis has passed it on; rejects while Redis is away. */
  publish(text: string): Promise<void>
  /** Everything that is told, our own included, in one order for all nodes. */
  onMessage(listener: (text: string) => void): void
  close(): void
}

/** `listener` makes a connection of its own, which can do nothing but listen. */
export function redisPubSub(redis: AcdRedis, listener: () => AcdRedis, keys: AcdKeys): Channel {
  const own = listener()
  const listeners: ((text: string) => void)[] = []
  own.on('ready', () => {
    // A connection that goes again at once comes back with another `ready`.
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
