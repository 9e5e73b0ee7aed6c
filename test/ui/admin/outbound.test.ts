/** The tab of calls to citizens: the draft, its faults, and differences in words. */
import t from 'tap'
import { faultsOf } from '../../../src/core/configuration/check.ts'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import { callOutRefusals, type CallOutRefusal } from '../../../src/core/phone-number.ts'
import type { OutboundDryRun } from '../../../src/http/configuration/wire.ts'
import type { Configuration, OutboundSetting } from '../../../src/core/configuration/schema.ts'
import { changeWords } from '../../../src/ui/admin/configuration/change-words.ts'
import { acceptDraft } from '../../../src/ui/admin/configuration/draft.ts'
import { faultWords, isOfOutbound, placeOf } from '../../../src/ui/admin/configuration/faults.ts'
import { onTopOf } from '../../../src/ui/admin/configuration/merge.ts'
import {
  boundOf,
  inForce,
  numbersIn,
  numbersText,
} from '../../../src/ui/admin/configuration/outbound/outbound-words.ts'
import { verdictWords } from '../../../src/ui/admin/configuration/outbound/verdict-words.ts'
import { textsIn } from '../texts.ts'

const outbound: OutboundSetting = {
  allowed: ['+402', '0219'],
  agents: 'returns',
  supervisors: 'any',
  perHour: 20,
  perHourAll: 200,
}
const withRules = (change: Partial<OutboundSetting> = {}): Configuration => ({
  ...firstConfiguration,
  outbound: { ...outbound, ...change },
})

t.test('numbers are typed with commas or on lines; a space parts none', (t) => {
  t.same(numbersIn('+40 256, 0219;\n +40 (31)-2 ,'), ['+40256', '0219', '+40312'])
  t.equal(numbersText('+40 256, ', ['+40256']), '+40 256, ', 'as typed')
  t.equal(numbersText('+40 256', ['+40', '256']), '+40, 256')
  t.end()
})

t.test('a reader sees the numbers that are in force, without those that the server no longer allows', (t) => {
  const published = { ...outbound, allowed: ['+402', '+44'], allowedToSupervisors: ['+49'] }
  t.same(inForce(published, outbound), { ...outbound, allowed: ['+402'] })
  t.same(inForce(published, { ...outbound, allowed: ['+44'], allowedToSupervisors: ['+49'] }), published)
  t.end()
})

t.test('a fault is found at its number, and is told with it', async (t) => {
  const [ro, en] = [await textsIn('ro'), await textsIn('en')]
  const faulty = withRules({ allowed: ['+402', '+44', '0900'] })
  const faults = faultsOf(faulty, boundOf(outbound))
  t.same(
    faults.map((fault) => faultWords(fault, faulty, ro)),
    [
      {
        item: 'Apeluri către cetățeni',
        sentence:
          'În străinătate se poate permite doar ce permit și setările serverului acelorași oameni (OUTBOUND_ALLOW, pentru supervizori și OUTBOUND_ALLOW_SUPERVISORS). (+44)',
      },
      {
        item: 'Apeluri către cetățeni',
        sentence: 'Numerele cu suprataxă (090x) nu se sună niciodată. (0900)',
      },
    ],
  )
  t.match(
    faults.map((fault) => faultWords(fault, faulty, en).item),
    ['Calls to citizens'],
  )
  t.equal(placeOf('outbound.allowed[1]'), null, 'of no list')
  t.ok(isOfOutbound('outbound.allowed[1]'))
  t.end()
})

t.test('differences are told field by field, and as a whole where the rules come or go', async (t) => {
  const ro = await textsIn('ro')
  const told = (before: Configuration, after: Configuration) => changeWords(before, after, ro, 'ro')
  t.same(told(withRules(), withRules({ perHour: 5, agents: 'none', allowedToSupervisors: ['+373'] })), [
    {
      at: 'outbound.agents',
      what: 'Apeluri către cetățeni: Ce sună operatorii',
      before: 'numai înapoi',
      after: 'nimic',
    },
    {
      at: 'outbound.perHour',
      what: 'Apeluri către cetățeni: Cetățeni sunați într-o oră de un operator',
      before: '20',
      after: '5',
    },
    {
      at: 'outbound.allowedToSupervisors',
      what: 'Apeluri către cetățeni: În plus, pentru supervizori',
      before: 'niciunul',
      after: '+373',
    },
  ])
  const whole =
    'Numere permise: +402, 0219; În plus, pentru supervizori: niciunul; Ce sună operatorii: numai înapoi; ' +
    'Ce sună supervizorii: orice număr permis; Cetățeni sunați într-o oră de un operator: 20; ' +
    'Numere scrise sunate într-o oră de toți: 200'
  const what = { at: 'outbound', what: 'Apeluri către cetățeni' }
  t.same(told(firstConfiguration, withRules()), [{ ...what, before: 'setările serverului', after: whole }])
  t.same(told(withRules(), firstConfiguration), [{ ...what, before: whole, after: 'setările serverului' }])
})

t.test('a draft on top of somebody else’s version keeps the rules that it has changed', (t) => {
  const [base, theirs, mine] = [withRules(), withRules({ perHour: 1 }), withRules({ perHour: 2 })]
  t.same(onTopOf(theirs, base, base).outbound, theirs.outbound)
  t.same(onTopOf(theirs, base, mine).outbound, mine.outbound)
  const narrowed = withRules({ allowed: ['+402'] })
  t.same(
    onTopOf(narrowed, base, mine).outbound,
    { ...outbound, allowed: ['+402'], perHour: 2 },
    'field by field',
  )
  t.same(onTopOf(mine, withRules({ allowedToSupervisors: ['+373'] }), narrowed).outbound, {
    ...outbound,
    allowed: ['+402'],
    perHour: 2,
  })
  t.notOk('outbound' in onTopOf(theirs, base, firstConfiguration), 'taken out')
  t.notOk('outbound' in onTopOf(firstConfiguration, firstConfiguration, firstConfiguration))
  t.end()
})

t.test('a kept draft of another shape is not taken', (t) => {
  t.ok(acceptDraft(withRules({ allowedToSupervisors: [] })))
  for (const wrong of [
    null,
    '',
    { allowed: '+402' },
    { allowed: [1] },
    { ...outbound, allowedToSupervisors: 1 },
  ])
    t.equal(acceptDraft({ ...firstConfiguration, outbound: wrong }), null)
  t.end()
})

t.test(
  'a verdict names the rule that refuses, or how the number is dialled, in both languages',
  async (t) => {
    const [inRomanian, inEnglish] = [await textsIn('ro'), await textsIn('en')]
    const said = (verdict: OutboundDryRun, by: 'agent' | 'supervisor' = 'agent') => {
      const { says, more } = verdictWords(verdict, by, inRomanian)
      return [says, ...more].join(' ')
    }
    const allowed = { number: '+40722000111', dialled: '0722000111', allowedBy: '+407' }
    t.equal(
      said({ verdict: 'allowed', ...allowed }),
      '+40722000111: se poate suna. Se formează 0722000111. Îl permite +407.',
    )
    const refused = (refusal: CallOutRefusal, maySupervisor = false) =>
      ({ verdict: 'refused', refusal, maySupervisor }) as const
    t.equal(
      said(refused('only returned calls', true)),
      'Nu se sună: „Ce sună operatorii” este „numai înapoi”, iar numărul este scris de mână. Un supervizor îl poate suna.',
    )
    t.equal(
      said(refused('not allowed to call'), 'supervisor'),
      'Nu se sună: „Ce sună supervizorii” este „nimic”.',
    )
    t.match(said(refused('a number not allowed')), /^Nu se sună: „Numere permise” nu îl cuprind\.$/)
    t.match(
      said(refused('a number not allowed'), 'supervisor'),
      /„În plus, pentru supervizori” nu îl cuprind\.$/,
    )
    t.match(said(refused('too many calls of all')), /„Numere scrise sunate într-o oră de toți” este 0/)
    const all = callOutRefusals.flatMap((refusal) =>
      [inRomanian, inEnglish].map((texts) => verdictWords(refused(refusal), 'agent', texts).says),
    )
    t.equal(new Set(all).size, 2 * callOutRefusals.length, 'each has its own sentence')
    for (const one of all) t.match(one, /^\p{Lu}[^{}]*\.$/u)
  },
)
