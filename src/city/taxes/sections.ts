/** The sections of an account, each opened on its own and each opening on record (docs/rules/identity.md, rules 5 and 7). */

export const sections = ['objects', 'shares', 'reductions', 'due', 'paid'] as const
export type Section = (typeof sections)[number]
