/** How the delivery of a message stands, and why a receiver could not be asked. */

/** `given up`: tried for a week. */
export const deliveryOutcomes = ['delivered', 'retrying', 'given up'] as const
export type DeliveryOutcome = (typeof deliveryOutcomes)[number]

/** `no secret`: the key that signs could not be opened, and nothing was sent. */
export const deliveryFailures = [
  'no connection',
  'no answer in time',
  'answer not understood',
  'no secret',
] as const
export type DeliveryFailure = (typeof deliveryFailures)[number]
