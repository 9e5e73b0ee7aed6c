/** A taxpayer's account, for the agent who has the verified caller on the line: read, and never written. */
import { TaxSectionParams, TaxSection } from './wire.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { refusals } from '../shell/documented.ts'
import { grantFor } from '../identity/grants.ts'
import { accountOf as fiscalAccountOf, recordCallAccess } from '../identity/live-call.ts'
import { accountOf } from '../session/session.ts'
import { taxSection } from './view.ts'

export function taxRoutes(app: App, { deps }: RouteContext): void {
  app.get(
    '/api/taxes/:handle/:section',
    {
      config: { access: ['agent'], cityData: true },
      schema: {
        operationId: 'taxSection',
        tags: ['taxes'],
        summary: 'One section of the account of the verified caller; each opening is on record',
        params: TaxSectionParams,
        response: { 200: TaxSection, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      const { handle, section } = request.params
      const agent = accountOf(request).id
      const { taxpayer } = await grantFor(deps, agent, handle)
      return taxSection(section, async (part) => {
        const account = await fiscalAccountOf(deps, taxpayer, [part])
        // Somebody else's database was asked meanwhile, for seconds perhaps: the call may be over by now.
        const { call, person, until } = await grantFor(deps, agent, handle)
        await recordCallAccess(deps.db, 'section', section, { agent, call, person })
        return { account, until }
      })
    },
  )
}
