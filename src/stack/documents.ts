/** The demo's document system as a supervised process; a city sets its own with DOCUMENTS_URL. */
import { fileURLToPath } from 'node:url'
import type { Settings } from '../config.ts'
import { frontUrls } from './front-urls.ts'
import type { Ports } from './ports.ts'
import { answersHttp } from './probes.ts'
import { ownPrograms } from './reach.ts'
import type { Secrets } from './secrets.ts'
import { Service, type ServiceOptions } from './service.ts'

const program = fileURLToPath(new URL('demo-documents.ts', import.meta.url))

interface Place {
  readonly settings: Settings
  readonly secrets: Secrets
  readonly ports: Ports
}

export interface DemoDocuments {
  readonly service: Service
  /** What tells the server where it is: settings as `config.ts` reads them. */
  readonly environment: Readonly<Record<string, string>>
}

/** Null when none is wanted, or the city's own is set. */
export function demoDocuments(
  { settings, secrets, ports }: Place,
  wanted: boolean | undefined,
  common: Pick<ServiceOptions, 'logFile' | 'onSpawn' | 'onChange'>,
): DemoDocuments | null {
  const port = ports.get('documents')
  if (wanted !== true || settings.documents !== null || port === undefined) return null
  const shared = {
    DOCUMENTS_SECRET: webhookSecret(secrets.documents),
    DOCUMENTS_STATUS_SECRET: webhookSecret(secrets.documentStatuses),
  }
  const service = new Service({
    name: 'the demo’s document system',
    command: process.execPath,
    args: [program],
    env: {
      ...shared,
      DEMO_PORT: String(port),
      STATUS_URL: `${frontUrls(settings)[0]}/api/documents/status`,
    },
    reach: { reads: ownPrograms, writes: [] },
    readyWithinMs: 10_000,
    probe: () => answersHttp({ host: '127.0.0.1', port }, '/healthz', (status) => status === 200),
    ...common,
  })
  const url = `http://127.0.0.1:${port}`
  const environment = { ...shared, DOCUMENTS_URL: `${url}/messages`, DOCUMENTS_FIND_URL: `${url}/find` }
  return { service, environment }
}

/** Our secrets are base64url; Standard Webhooks writes plain base64. */
function webhookSecret(secret: string): string {
  return `whsec_${Buffer.from(secret, 'base64url').toString('base64')}`
}
