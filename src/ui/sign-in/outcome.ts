/** How a sign-in through the identity provider ended, as its redirect to this page tells: `?outcome=no-role`. */
const outcomes = ['away', 'refused', 'expired', 'no-role', 'closed', 'linked'] as const
export type Outcome = (typeof outcomes)[number]

export function outcomeIn(search: string): Outcome | null {
  const given = new URLSearchParams(search).get('outcome')
  return outcomes.find((one) => one === given) ?? null
}
