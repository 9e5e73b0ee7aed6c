export const roles = ['agent', 'supervisor', 'editor', 'administrator', 'auditor'] as const
export type Role = (typeof roles)[number]

export function isRole(word: string): word is Role {
  return roles.some((role) => role === word)
}

/** Who hands out accounts sees no city data: an administrator has no other role. */
export function mayGoTogether(roles: readonly Role[]): boolean {
  return !roles.includes('administrator') || roles.length === 1
}
