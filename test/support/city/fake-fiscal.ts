/** A fiscal database in memory, with the demo town's accounts. It passes the same contract as the real adapter. */
import { sameAddress } from '../../../src/city/taxes/address.ts'
import {
  accountWith,
  type AccountPart,
  type TaxAccount,
  type TaxpayerId,
} from '../../../src/city/taxes/account.ts'
import { HeardAnswers } from '../../../src/city/connections/connection.ts'
import type {
  AccountAnswer,
  FiscalDatabase,
  FiscalTest,
  Found,
} from '../../../src/city/taxes/fiscal-database.ts'
import { sameName } from '../../../src/city/taxes/names.ts'
import { town } from './fiscal.ts'
import { townAccounts } from './town-accounts.ts'

export class FakeFiscal implements FiscalDatabase {
  /** While true, every answer is `unreachable`. */
  away = false
  /** Number of account queries. */
  asked = 0
  /** Answer of a test while it is there. */
  readOnly = true
  readonly heard = new HeardAnswers(Date.now)
  readonly #byIdentifier = new Map<string, TaxAccount>()

  constructor(options: typeof town = town) {
    for (const { identifier, account } of townAccounts(options)) this.#byIdentifier.set(identifier, account)
  }

  async find({ name, address, identifier }: Parameters<FiscalDatabase['find']>[0]): Promise<Found> {
    if (this.away) return this.#unreachable()
    this.heard.good()
    const account = this.#byIdentifier.get(identifier.value)
    return account !== undefined && sameName(name, account.name) && sameAddress(address, account.address)
      ? { outcome: 'match', taxpayer: account.taxpayer }
      : { outcome: 'no match' }
  }

  async account<Part extends AccountPart>(
    taxpayer: TaxpayerId,
    parts: readonly Part[],
  ): Promise<AccountAnswer<Part>> {
    this.asked += 1
    if (this.away) return this.#unreachable()
    this.heard.good()
    const account = [...this.#byIdentifier.values()].find((one) => one.taxpayer === taxpayer)
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
