/** The demo's part in `make run`, loaded by `run.ts` when DEMO=1: accounts, taxpayers and a document system. */
import type { StackPlugin } from '../../src/stack/stack.ts'
import { noCitizens } from './demo-file.ts'
import { demoDocuments } from './documents/service.ts'
import { seedFiscal } from './fiscal/seed.ts'
import { citizensAddress, seedDemo } from './seed/seed-demo.ts'

export const plugin: StackPlugin = {
  async seed(seeding, tell) {
    const { environment, taxpayers } = await seedFiscal(seeding, tell)
    await seedDemo(seeding, { more: { taxpayers } })
    return environment
  },
  beside: demoDocuments,
  async notes({ paths, trunkHosts }) {
    const accounts = `Demo accounts and their passwords: ${paths.demo}`
    return (await citizensAddress(trunkHosts)) === null ? [accounts, noCitizens] : [accounts]
  },
}
