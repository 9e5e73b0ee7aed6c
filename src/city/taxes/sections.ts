/** The sections of an account, each opened on its own and each opening on record (cityhall.md 4.5 and 4.7). */

export const sections = ['objects', 'shares', 'reductions', 'due', 'paid'] as const
export type Section = (typeof sections)[number]
