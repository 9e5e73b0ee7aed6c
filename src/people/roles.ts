export const roles = ['agent', 'supervisor', 'editor', 'administrator', 'auditor'] as const
export type Role = (typeof roles)[number]

export function isRole(word: string): word is Role {
  return roles.some((role) => role === word)
}

/** An administrator has no other role, so that account management and access to city data stay separate. */
export function mayGoTogether(roles: readonly Role[]): boolean {
  return !roles.includes('administrator') || roles.length === 1
}
