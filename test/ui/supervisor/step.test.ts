import t from 'tap'
import { Problem } from '../../../src/ui/shared/server/api.ts'
import {
  blankStep,
  bodyOf,
  dayProblem,
  faultsOf,
  fieldOf,
  type Step,
} from '../../../src/ui/supervisor/requests/step.ts'

const term = {
  registeredOn: '2026-11-24',
  countedFrom: '2026-11-24',
  legalEndOn: '2026-12-28',
  extension: { daysMax: 15, law: 'OG 27/2002 art. 9' },
}
const today = '2026-12-04'
const step = (part: Partial<Step>): Step => ({ ...blankStep(term), note: '', ...part })
const whole = step({ kind: 'extended', days: 10, toldBy: 'phone', toldOn: '4.12.2026', note: 'Piesa vine.' })
const faults = (part: Partial<Step>) => faultsOf(step(part), term, today)

t.test('the day of the notice is between the registration and today, within the first term', async (t) => {
  t.equal(dayProblem({ toldOn: '29.12.2026' }, term, '2027-01-10'), 'toldTooLate')
  t.equal(dayProblem({ toldOn: '28.12.2026' }, term, '2027-01-10'), null)
  t.equal(dayProblem({ toldOn: '05.12.2026' }, term, today), 'toldAhead')
  t.equal(dayProblem({ toldOn: '23.11.2026' }, term, today), 'toldBefore')
  t.equal(dayProblem({ toldOn: '4.12' }, term, today), null, 'not typed to the end')
})

t.test('the notice of a reopened request is of the new term, like at the server', async (t) => {
  const reopened = { ...term, countedFrom: '2026-12-02', legalEndOn: '2027-01-04' }
  t.equal(dayProblem({ toldOn: '01.12.2026' }, reopened, today), 'toldBeforeReopening')
  t.equal(dayProblem({ toldOn: '02.12.2026' }, reopened, today), null)
})

t.test('an extension is as long as the law allows, and no longer', async (t) => {
  t.equal(step({}).days, 15)
  t.equal(blankStep({ extension: { daysMax: 20, law: 'L 544/2001 art. 7' } }).days, 20)
  t.strictSame(faultsOf({ ...whole, days: 15 }, term, today), {})
  t.strictSame(faultsOf({ ...whole, days: 16 }, term, today), { days: 'tooManyDays' })
})

t.test('each field of a step that lacks something is named', async (t) => {
  t.strictSame(faults({ note: 'x' }), { kind: 'missing' })
  t.strictSame(faults({ kind: 'extended', days: null, note: ' ' }), {
    days: 'missing',
    toldBy: 'missing',
    toldOn: 'missing',
    note: 'missing',
  })
  t.strictSame(faultsOf(whole, term, today), {})
  t.strictSame(faultsOf({ ...whole, days: 0, toldOn: '5.12.2026' }, term, today), {
    days: 'missing',
    toldOn: 'toldAhead',
  })
  t.strictSame(faultsOf({ ...whole, toldOn: 'mâine' }, term, today), { toldOn: 'missing' })
  t.strictSame(faults({ kind: 'redirected', authority: 'P' }), { authority: 'missing' })
  t.strictSame(faults({ kind: 'joined' }), { to: 'missing' })
  t.strictSame(faults({ kind: 'answered' }), { note: 'missing' })
  t.strictSame(faults({ kind: 'filed' }), { note: 'missing' })
  t.strictSame(faults({ kind: 'in progress' }), {})
  t.strictSame(faults({ kind: 'reopened' }), {})
})

t.test('a step is sent with its own fields only', async (t) => {
  const typed = { ...whole, department: 'Direcția Fiscală', authority: ' Aquatim ', to: ' TM2026-000001 ' }
  t.strictSame(bodyOf('extended', typed), {
    kind: 'extended',
    days: 10,
    told: { by: 'phone', on: '2026-12-04' },
    note: 'Piesa vine.',
  })
  t.strictSame(bodyOf('redirected', typed), {
    kind: 'redirected',
    authority: 'Aquatim',
    note: 'Piesa vine.',
  })
  t.strictSame(bodyOf('joined', typed), { kind: 'joined', to: 'TM2026-000001', note: 'Piesa vine.' })
  t.match(bodyOf('in progress', typed), { department: 'Direcția Fiscală' })
  t.strictSame(bodyOf('in progress', step({})), { kind: 'in progress', note: '' })
})

t.test('a refusal that is about a field is shown there', async (t) => {
  t.equal(fieldOf(new Problem(409, 'joined-to-none', '')), 'to')
  t.equal(fieldOf(new Problem(409, 'extension-too-long', '')), 'days')
  t.equal(fieldOf(new Problem(409, 'request-closed', '')), null)
  t.equal(fieldOf(null), null)
})
