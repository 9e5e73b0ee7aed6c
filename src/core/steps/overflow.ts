/** A caller goes on waiting in another queue, by the place that their arrival gives them there. */
import type { CallEventOf } from '../call-event.ts'
import type { Waiting } from '../call.ts'
import { mayOverflow } from '../configuration/overflow.ts'
import { becomes, type Next } from './next.ts'

export function overflowed(call: Waiting, { queue, priority }: CallEventOf<'CallOverflowed'>): Next {
  return becomes(mayOverflow(call) ? { ...call, queue, priority, overflowedFrom: call.queue } : call)
}
