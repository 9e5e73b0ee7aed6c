/** The demo's part in `make run`, loaded by `run.ts` when DEMO=1: accounts, taxpayers and a document system. */
import type { StackPlugin } from '../../src/stack/stack.ts'
import { whyNoButtons } from './buttons.ts'
import { noCitizens } from './demo-file.ts'
import { demoDocuments } from './documents/service.ts'
import { seedFiscal } from './fiscal/seed.ts'
import { citizensAddress, seedDemo } from './seed/seed-demo.ts'

export const plugin: StackPlugin = {
  async seed(seeding, tell) {
    const { environment, taxpayers } = await seedFiscal(seeding, tell)
    await seedDemo(seeding, { more: { taxpayers }, hasCodes: true })
    return environment
  },
  beside: demoDocuments,
  async notes(settings) {
    const accounts = `Demo accounts and their passwords: ${settings.paths.demo}`
    const missing = (await citizensAddress(settings.trunkHosts)) === null ? noCitizens : null
    return [accounts, whyNoButtons(settings), missing].filter((one) => one !== null)
  },
}
