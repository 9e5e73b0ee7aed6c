/** The demo's document system as a supervised process; a city sets its own with DOCUMENTS_URL. */
import { fileURLToPath } from 'node:url'
import { frontUrls } from '../../../src/stack/services/front-urls.ts'
import { answersHttp } from '../../../src/stack/services/probes.ts'
import { ownPrograms } from '../../../src/stack/privileges/landlock.ts'
import type { StackPlugin } from '../../../src/stack/stack.ts'
import { Service } from '../../../src/stack/services/service.ts'

const program = fileURLToPath(new URL('./main.ts', import.meta.url))

/** Null when the city has its own document system. */
export const demoDocuments: StackPlugin['beside'] = ({ settings, secrets, ports }, common) => {
  const port = ports.get('documents')
  if (settings.documents !== null || port === undefined) return null
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

/** Secrets are base64url here; Standard Webhooks uses plain base64. */
function webhookSecret(secret: string): string {
  return `whsec_${Buffer.from(secret, 'base64url').toString('base64')}`
}
