/** Wiring of the page about outside systems: their addresses without secrets, and the parts that know their states. */
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { nodeAuthorization } from './http/nodes/secret.ts'
import { sharedTrunk, type SharedTrunkDeps } from './http/nodes/shared-trunk.ts'
import type { Connections, ConnectionSettings } from './http/ports.ts'
import type { Witness } from './jobs/journal/witness.ts'
import { DueSoon } from './jobs/retention/due-soon.ts'

export interface ConnectionParts extends Pick<SharedTrunkDeps, 'own' | 'holder' | 'addressOf'> {
  readonly config: Config
  readonly redis: Redis
  readonly witness: Witness
  readonly log: Logger
  readonly now: () => number
}

export function openConnections({
  config,
  redis,
  witness,
  log,
  now,
  ...nodes
}: ConnectionParts): Connections {
  const due = new DueSoon({
    retentionUrl: config.retentionUrl,
    recordingKeys: config.paths.recordingKeys,
    ...config.retention,
    log,
    now,
  })
  return {
    settings: connectionSettings(config),
    trunk: sharedTrunk({
      ...nodes,
      node: config.node,
      authorization: nodeAuthorization(config.sessionSecret),
    }),
    // The connection has a timeout of its own.
    redisAnswers: async () => (await redis.ping()) === 'PONG',
    witness,
    dueSoon: () => due.counts(),
  }
}

/** A trunk that nobody has set: the demo's provider. */
const unsetTrunk = '127.0.0.2'

function connectionSettings(config: Config): ConnectionSettings {
  const { trunkHosts, trunkRegister, documents, given, witness, retention } = config
  return {
    trunk: {
      hosts: trunkHosts,
      isSet: trunkRegister !== null || trunkHosts.some((host) => host !== unsetTrunk),
      publicAddress: config.sipPublic,
    },
    documents:
      documents === null ? null : { address: originOf(documents.url), looksUp: documents.findUrl !== null },
    fiscal: given.taxDatabaseUrl === null ? null : { address: databaseIn(given.taxDatabaseUrl) },
    asterisk: { address: `${config.ari.host}:${config.ari.port}`, standby: config.standbyPbx },
    redis: { address: databaseIn(config.redisUrl) },
    database: { address: databaseIn(config.databaseUrl) },
    timeStamps: witness.stamps === null ? null : { address: originOf(witness.stamps.url) },
    witness: witness.push === null ? null : { address: originOf(witness.push.url) },
    retention: {
      audio: retention.audioDays,
      details: retention.detailsDays,
      requests: retention.requestsDays,
      logs: retention.logsDays,
      deletes: config.retentionUrl !== null,
    },
  }
}

const originOf = (url: string): string => new URL(url).origin

/** Host, port and database, without user and password; of a Unix socket its folder. */
function databaseIn(text: string): string {
  const url = new URL(text)
  const host = url.host === '' ? (url.searchParams.get('host') ?? 'localhost') : url.host
  return `${host}${url.pathname === '/' ? '' : url.pathname}`
}
