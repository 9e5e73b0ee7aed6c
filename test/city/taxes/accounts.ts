/** Hand-written accounts. */
import {
  TaxpayerId,
  type Payment,
  type TaxAccount,
  type TaxObject,
  type YearlyDebt,
} from '../../../src/city/taxes/account.ts'

export const whole = { numerator: 1, denominator: 1 }
export const half = { numerator: 1, denominator: 2 }

export const flat: TaxObject = {
  id: '1',
  kind: 'building',
  type: 'Apartament',
  place: 'Str. Gheorghe Lazăr nr. 12, ap. 7',
  characteristics: [{ name: 'Suprafață utilă', value: '55 m²' }],
  zone: 'A',
  acquired: '2012-05-18',
  usefulArea: 55,
  share: half,
  coOwners: [{ name: 'Popescu Maria-Elena', share: half }],
  reductions: [],
}

export const car: TaxObject = {
  ...flat,
  id: '2',
  kind: 'vehicle',
  type: 'Autoturism',
  place: 'TM 12 ABC',
  zone: null,
  acquired: '2019-03-11',
  usefulArea: null,
  share: whole,
  coOwners: [],
}

export const garden: TaxObject = {
  ...flat,
  id: '3',
  kind: 'land',
  type: 'Teren intravilan',
  place: 'Str. Pomiculturii nr. 4',
  zone: 'D',
  acquired: '2015-07-01',
  usefulArea: null,
}

export function debt(object: string, year: number, over: Partial<YearlyDebt> = {}): YearlyDebt {
  const instalments = over.instalments ?? [
    { due: `${year}-03-31`, amount: 100_00, paid: 0 },
    { due: `${year}-09-30`, amount: 100_00, paid: 0 },
  ]
  const tax = over.tax ?? instalments.reduce((sum, { amount }) => sum + amount, 0)
  const paid = instalments.reduce((sum, one) => sum + one.paid, 0)
  return {
    object,
    year,
    tax,
    bonus: 0,
    paid,
    balance: tax - paid,
    lateCharges: 0,
    penalties: 0,
    ...over,
    instalments,
  }
}

export function payment(day: string, receipt: string, over: Partial<Payment> = {}): Payment {
  return {
    object: '1',
    day,
    amount: 100_00,
    charges: 0,
    channel: 'ghișeu',
    receipt,
    year: Number(day.slice(0, 4)),
    ...over,
  }
}

export function account(over: Partial<TaxAccount> = {}): TaxAccount {
  return {
    taxpayer: TaxpayerId('0b1b2c3d-0000-4000-8000-000000000001'),
    kind: 'person',
    name: 'Popescu Ion-Andrei',
    maskedIdentifier: '1******1233',
    roleNumber: 'R100007',
    address: 'Str. Gheorghe Lazăr nr. 12, ap. 7, Timișoara',
    deceased: null,
    asOf: '2026-11-24',
    objects: [flat, car, garden],
    debts: [],
    payments: [],
    ...over,
  }
}
