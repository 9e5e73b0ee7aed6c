import t from 'tap'
import { FakeFiscal } from '../support/city/fake-fiscal.ts'
import { fiscalContract } from './fiscal.ts'

const fiscal = new FakeFiscal()
await fiscalContract(t, {
  fiscal,
  goAway: () => {
    fiscal.away = true
  },
})
