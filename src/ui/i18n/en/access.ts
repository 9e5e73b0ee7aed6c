import type { access as ro } from '../ro/access.ts'

export const access: typeof ro = {
  title: 'Another agent’s call',
  closed: {
    call: 'This call is neither yours nor of the caller you are talking to. You can open it, for 15 minutes, if you say why.',
    request:
      'This request was not registered by you and is not of the caller you are talking to. You can open it, for 15 minutes, if you say why.',
  },
  basis: {
    own: 'their own',
    consulted: 'consulted by a colleague',
    'present caller': 'of the caller at that time',
    reason: 'with a reason',
  },
  reason: 'Reason',
  choose: 'choose…',
  reasons: {
    'citizen asks': 'the citizen asks, from another number or at the counter',
    'colleague asks': 'a colleague or a department asks',
    'call back': 'the citizen is to be called back',
    correction: 'correction of a mistake',
    other: 'another reason',
  },
  text: 'In short',
  textHint: 'who asked, and what for',
  open: 'Open',
  onRecord: 'The reason is recorded with your name and the time; the supervisor and the auditor see it.',
  alerts: 'Unusually many looks, in the last 24 hours',
  noAlerts: 'Nothing unusual.',
  alert: '{{name}}: looks within one hour: {{looks}}; of these beyond own calls: {{reasons}}. Last: {{at}}',
  rule: 'Limits an hour: looks {{looksPerHour}}; beyond own calls {{reasonsPerHour}}.',
  stated: 'Opened with a reason, in the last 30 days',
  noneStated: 'Nothing yet.',
  at: 'When',
  who: 'Who',
  what: 'What',
  theCall: 'a call',
  textGone: 'deleted at the end of its retention',
  strip: 'looks to check',
}
