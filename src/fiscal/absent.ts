import { HeardAnswers } from '../city/connections/connection.ts'
import type { OpenFiscal } from './postgres.ts'

/** Without TAX_DATABASE_URL: the desk shows that taxes cannot be consulted; everything else works. */
export const absentFiscal: OpenFiscal = {
  find: () => Promise.resolve({ outcome: 'unreachable' }),
  account: () => Promise.resolve({ outcome: 'unreachable' }),
  test: () => Promise.resolve({ outcome: 'fails', cause: 'no connection' }),
  heard: new HeardAnswers(Date.now),
  unanswered: () => 0,
  close: () => Promise.resolve(),
}
