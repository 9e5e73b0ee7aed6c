import t from 'tap'
import { wholeDetail, type Detail } from '../../../src/ui/calls/use-calls.ts'

t.test('a call of a node of the release before has no survey', (t) => {
  const older = { id: 'c1', talkMs: 1_000 } as unknown as Omit<Detail, 'survey'>
  t.strictSame(wholeDetail(older), { id: 'c1', talkMs: 1_000, survey: null })
  const survey = { askedAt: '2026-12-01T10:00:00.000Z', helped: true, rating: null }
  t.match(wholeDetail({ ...older, survey }), { survey })
  t.end()
})
