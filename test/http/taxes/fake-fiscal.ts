/** A fiscal database in memory, which can be made not to answer. */
import {
  accountWith,
  type AccountPart,
  type TaxAccount,
  type TaxpayerId,
} from '../../../src/city/taxes/account.ts'
import { sameAddress } from '../../../src/city/taxes/address.ts'
import { HeardAnswers } from '../../../src/city/connections/connection.ts'
import type {
  AccountAnswer,
  FiscalDatabase,
  FiscalTest,
  Found,
  Search,
} from '../../../src/city/taxes/fiscal-database.ts'
import { sameName } from '../../../src/city/taxes/names.ts'

export class FakeFiscal implements FiscalDatabase {
  /** Accounts by CNP or CUI; a test may change them at any time. */
  readonly taxpayers = new Map<string, TaxAccount>()
  away = false
  /** Whether the login can write nothing. */
  readOnly = true
  readonly heard = new HeardAnswers(Date.now)
  /** The number of queries. */
  asked = 0

  constructor(taxpayers: Readonly<Record<string, TaxAccount>> = {}) {
    for (const [identifier, account] of Object.entries(taxpayers)) this.taxpayers.set(identifier, account)
  }

  async find({ name, address, identifier }: Search): Promise<Found> {
    this.asked++
    if (this.away) return this.#unreachable()
    this.heard.good()
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
    if (this.away) return this.#unreachable()
    this.heard.good()
    const account = [...this.taxpayers.values()].find((one) => one.taxpayer === taxpayer)
    return account === undefined
      ? { outcome: 'unknown' }
      : { outcome: 'account', account: accountWith(account, parts) }
  }

  async test(): Promise<FiscalTest> {
    if (this.away) {
      this.#unreachable()
      return { outcome: 'fails', cause: 'no connection' }
    }
    this.heard.good()
    return { outcome: 'works', readOnly: this.readOnly }
  }

  #unreachable(): { readonly outcome: 'unreachable' } {
    this.heard.bad('no connection')
    return { outcome: 'unreachable' }
  }
}
