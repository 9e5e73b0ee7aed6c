import type { Configuration } from '../../src/core/configuration/schema.ts'
import type { PublishedConfiguration } from '../../src/http/configuration/wire.ts'
import type { Api } from '../../tools/demo/api.ts'

/** Publishes a change of the configuration in force. `administrator`: signed in. It is in force within a second (decision 50). */
export async function publish(
  administrator: Api,
  change: (document: Configuration) => Configuration,
  reason = 'probă',
): Promise<void> {
  const { id: basedOn, document } = await administrator.get<PublishedConfiguration>('/api/configuration')
  await administrator.ask('POST', '/api/configuration/versions', {
    document: change(document),
    basedOn,
    reason,
  })
}
