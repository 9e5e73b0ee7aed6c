/** A taxpayer's account, for the agent in the call with the verified caller. It is read, never written. */
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
        summary: 'One section of the verified caller’s account; each access is recorded',
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
        // The fiscal database can take seconds to answer, so the call may have ended: check the grant again.
        const { call, person, until } = await grantFor(deps, agent, handle)
        await recordCallAccess(deps.db, 'section', section, { agent, call, person })
        return { account, until }
      })
    },
  )
}
