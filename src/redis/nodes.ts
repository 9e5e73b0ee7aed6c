/** Where each node of the line listens, in Redis; what was learnt is kept for when Redis is away. */
import type { Config } from '../config.ts'
import type { AcdKeys } from './keys.ts'
import type { AcdRedis } from './connection.ts'

type NodeAddress = Config['api']

export interface NodeDirectory {
  addressOf(node: string): Promise<NodeAddress | null>
}

/** Says where this node listens, again whenever Redis comes back. */
export function redisNodes(
  redis: AcdRedis,
  keys: AcdKeys,
  own: { readonly node: string; readonly address: NodeAddress },
): NodeDirectory {
  const known = new Map<string, NodeAddress>()
  const announce = () => {
    // Redis that goes again at once comes back with another `ready`.
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
        // Redis is away: a node that was there a moment ago mostly still is.
      }
      return known.get(node) ?? null
    },
  }
}
