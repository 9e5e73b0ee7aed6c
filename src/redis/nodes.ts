/** The API address of each node, in Redis. Known addresses are kept for while Redis is away. */
import type { Config } from '../config.ts'
import type { AcdKeys } from './keys.ts'
import type { AcdRedis } from './connection.ts'

type NodeAddress = Config['api']

export interface NodeDirectory {
  addressOf(node: string): Promise<NodeAddress | null>
}

/** Registers this node's address, again whenever Redis comes back. */
export function redisNodes(
  redis: AcdRedis,
  keys: AcdKeys,
  own: { readonly node: string; readonly address: NodeAddress },
): NodeDirectory {
  const known = new Map<string, NodeAddress>()
  const announce = () => {
    // A connection that breaks again at once emits another `ready` later.
    redis.hset(keys.nodes, own.node, JSON.stringify(own.address)).catch(() => undefined)
  }
  redis.on('ready', announce)
  if (redis.status === 'ready') announce()
  return {
    async addressOf(node) {
      try {
        const text = await redis.hget(keys.nodes, node)
        if (text !== null) known.set(node, JSON.parse(text) as NodeAddress)
      } catch {
        // Redis is away: the last known address is mostly still right.
      }
      return known.get(node) ?? null
    },
  }
}
