/** The demo's routes in the server, loaded by `main.ts` when DEMO=1. */
import { join } from 'node:path'
import type { ServerPlugin } from '../../src/http/route-context.ts'
import { roles } from '../../src/http/wire.ts'
import { callMe } from './calls/trial-call.ts'
import { readDemoFile } from './demo-file.ts'
import { demoRoutes } from './routes.ts'

/** `make run` writes the demo file before the server starts. */
export const plugin: ServerPlugin = async (paths) => {
  const file = await readDemoFile(paths.demo)
  const subject = demoRoutes({
    buttons: file.buttons,
    accounts: () =>
      file.accounts.flatMap(({ username, name, role }) => {
        const known = roles.find((one) => one === role)
        return known === undefined ? [] : [{ username, name, role: known }]
      }),
    callMe: () => callMe(paths.demo, join(paths.var, 'speech')),
  })
  return { subject, trialCalls: file.buttons }
}
