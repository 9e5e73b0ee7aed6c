import type { blockedCallers as ro } from '../../ro/callers/blocked-callers.ts'

export const blockedCallers: typeof ro = {
  nav: 'Blocked',
  title: 'Blocked callers',
  about:
    'Calls from these numbers are rejected before the queue, until the end date. A block does not touch a call in progress; while the server is down, the fallback line does not apply it.',
  none: 'No number is blocked.',
  number: 'Number',
  until: 'Until',
  from: 'Blocked on',
  reason: 'Reason',
  reasonHint: 'for example: repeated threats',
  by: 'By',
  days: 'Days (1–365)',
  lacks: 'Fill in number, reason and days.',
  block: 'Block',
  blockNumber: 'Block the number…',
  blockTitle: 'Block the number {{number}}',
  blockedNow: '{{number}} is blocked.',
  done: 'The number is blocked.',
  action: 'Action',
  unblock: 'Unblock',
  unblockNumber: 'Unblock {{number}}',
  unblocked: '{{number}} is not blocked any more.',
  ofCall: 'Blocked number',
  ofCallText: '{{reason}} ({{name}}, until {{until}})',
  noReason: 'the reason was deleted after its term',
}
