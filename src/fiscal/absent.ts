import type { OpenFiscal } from './postgres.ts'

/** Where TAX_DATABASE_URL is not set: the desk says that taxes cannot be consulted, and everything else works. */
export const absentFiscal: OpenFiscal = {
  find: () => Promise.resolve({ outcome: 'unreachable' }),
  account: () => Promise.resolve({ outcome: 'unreachable' }),
  unanswered: () => 0,
  close: () => Promise.resolve(),
}
