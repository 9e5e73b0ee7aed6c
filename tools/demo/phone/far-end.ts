/** The far end of the trunk, to which the city's calls to citizens and contacts go: a phone that need not register. */
import type { Address } from '../calls/exchange.ts'
import type { PhoneOptions } from './desk-phone.ts'
import { openTransactions } from './transactions.ts'

/** Of a provider's address without a port. */
const port = 5060

export const farEnd = (
  host: string,
  server: Address,
): Pick<PhoneOptions, 'host' | 'server' | 'username' | 'password' | 'connect'> => ({
  host,
  server,
  username: 'provider',
  password: '',
  connect: (own) => openTransactions(own, port),
})
