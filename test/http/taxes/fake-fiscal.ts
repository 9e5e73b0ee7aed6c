/** A fiscal database in memory, which can be made not to answer. */
import {
  accountWith,
  type AccountPart,
  type TaxAccount,
  type TaxpayerId,
} from '../../../src/city/taxes/account.ts'
import { sameAddress } from '../../../src/city/taxes/address.ts'
import type { AccountAnswer, FiscalDatabase, Found, Search } from '../../../src/city/taxes/fiscal-database.ts'
import { sameName } from '../../../src/city/taxes/names.ts'

export class FakeFiscal implements FiscalDatabase {
  /** Accounts by CNP or CUI; a test may change them at any time. */
  readonly taxpayers = new Map<string, TaxAccount>()
  away = false
  /** The number of queries. */
  asked = 0

  constructor(taxpayers: Readonly<Record<string, TaxAccount>> = {}) {
    for (const [identifier, account] of Object.entries(taxpayers)) this.taxpayers.set(identifier, account)
  }

  async find({ name, address, identifier }: Search): Promise<Found> {
    this.asked++
    if (this.away) return { outcome: 'unreachable' }
    const account = this.taxpayers.get(identifier.value)
    const matches =
      account !== undefined && sameName(name, account.name) && sameAddress(address, account.address)
    return matches ? { outcome: 'match', taxpayer: account.taxpayer } : { outcome: 'no match' }
  }

  async account<Part extends AccountPart>(
    taxpayer: TaxpayerId,
    parts: readonly Part[],
  ): Promise<AccountAnswer<Part>> {
    this.asked++
    if (this.away) return { outcome: 'unreachable' }
    const account = [...this.taxpayers.values()].find((one) => one.taxpayer === taxpayer)
    return account === undefined
      ? { outcome: 'unknown' }
      : { outcome: 'account', account: accountWith(account, parts) }
  }
}
