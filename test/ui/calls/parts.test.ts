import t from 'tap'
import { earlierParts } from '../../../src/ui/agent/script/earlier-parts.ts'
import { ownWrapUp, partsOf } from '../../../src/ui/calls/wrap-up-parts.ts'

const ana = { id: 'a1', name: 'Ana Pop' }
const ion = { id: 'a2', name: 'Ion Țiplea' }
const dan = { id: 'a3', name: 'Ana Pop' }
const at = (minute: number): string => `2026-11-23T10:0${minute}:00.000Z`
const leg = (agent: typeof ana, from: number, until: number | null) => ({
  agent,
  device: 'web' as const,
  from: at(from),
  until: until === null ? null : at(until),
})
const wrapUp = (agent: typeof ana, subject: string) => ({
  agent,
  current: {
    subject,
    motivated: 'yes' as const,
    reason: null,
    resolution: 'none' as const,
    code: null,
    at: at(9),
    agent: agent.name,
    later: false,
  },
  earlier: [],
})
const note = (author: typeof ana, text: string) => ({
  at: at(9),
  author: author.name,
  authorId: author.id,
  text,
  later: false,
})

t.test('a part for each agent, in the order of their first words', (t) => {
  const call = {
    legs: [leg(ana, 1, 2), leg(ana, 2, 3), leg(ion, 4, 5)],
    agent: ion,
    answeredAt: at(1),
    wrapUps: [wrapUp(ion, 'Taxe')],
  }
  t.match(partsOf(call), [
    { agent: ana, form: null, counts: false },
    { agent: ion, form: { subject: 'Taxe' }, counts: true },
  ])
  t.equal(partsOf(call).length, 2)
  t.match(partsOf({ ...call, legs: [], wrapUps: [] }), [{ agent: ion, form: null }], 'a call without legs')
  t.strictSame(partsOf({ legs: [], agent: ion, answeredAt: null, wrapUps: [] }), [], 'it only rang')
  t.equal(ownWrapUp(call, 'a2')?.subject, 'Taxe')
  t.equal(ownWrapUp(call, 'a1'), null, 'a colleague’s form is not one’s own')
  t.end()
})

t.test('what the agents before have left', (t) => {
  const call = {
    legs: [leg(ana, 1, 2), leg(ion, 3, null)],
    notes: [
      note(ana, 'Vrea termenul.'),
      note(ion, 'De la mine'),
      note(dan, 'Alta cu același nume'),
      note(ana, ''),
    ],
    wrapUps: [wrapUp(ana, 'Taxe')],
  }
  const left = [
    { agent: ana, from: at(1), until: at(2), notes: ['Vrea termenul.'], form: wrapUp(ana, 'Taxe').current },
  ]
  t.strictSame(earlierParts(call, 'a2'), left)
  t.strictSame(earlierParts({ ...call, legs: [leg(ana, 1, 2)] }, 'a2'), left, 'while it rings')
  t.strictSame(earlierParts(call, 'a1'), [], 'the first agent has nobody before')
  const back = { ...call, legs: [leg(ana, 1, 2), leg(ion, 3, 4), leg(ana, 5, null)] }
  t.match(earlierParts(back, 'a1'), [{ agent: ion, notes: ['De la mine'] }], 'it came back')
  const again = { ...call, legs: [leg(ana, 1, 2), leg(ion, 3, 4), leg(ana, 5, 6)] }
  t.match(earlierParts(again, 'a3'), [
    { agent: ion, from: at(3) },
    { agent: ana, from: at(1), until: at(6) },
  ])
  t.end()
})
