import t from 'tap'
import { offerEnds, type OfferEnd } from '../../src/core/offer.ts'
import { unansweredReason, type UnansweredReason } from '../../src/core/reports/unanswered-offer.ts'

const ringing = { picked: false, callEndedBy: null } as const

void t.test('each end of an offer has a reason, by whether the agent had answered', (t) => {
  const reasons: Readonly<Record<OfferEnd, readonly [ringing: UnansweredReason, picked: UnansweredReason]>> =
    {
      'no answer': ['no answer', 'no answer'],
      declined: ['declined', 'declined'],
      busy: ['busy', 'busy'],
      unreachable: ['did not ring', 'not connected'],
      'did not ring': ['did not ring', 'not connected'],
      expired: ['no answer', 'not connected'],
      withdrawn: ['withdrawn', 'withdrawn'],
      cut: ['interrupted', 'interrupted'],
    }
  for (const end of offerEnds) {
    const [unanswered, picked] = reasons[end]
    t.equal(unansweredReason(end, ringing), unanswered, end)
    t.equal(
      unansweredReason(end, { ...ringing, picked: true }),
      picked,
      `${end}, after the agent had answered`,
    )
  }
  t.end()
})

void t.test('a withdrawn offer is told by who ended the call', (t) => {
  t.equal(unansweredReason('withdrawn', { ...ringing, callEndedBy: 'caller' }), 'caller hung up')
  t.equal(unansweredReason('withdrawn', { ...ringing, callEndedBy: 'system' }), 'interrupted')
  t.equal(unansweredReason('withdrawn', { ...ringing, callEndedBy: 'supervisor' }), 'ended by supervisor')
  t.end()
})
