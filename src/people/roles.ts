export const roles = ['agent', 'supervisor', 'editor', 'administrator', 'auditor'] as const
export type Role = (typeof roles)[number]

export function isRole(word: string): word is Role {
  return roles.some((role) => role === word)
}

/**
 * An administrator and an auditor have no other role: account management, access to city data, and the control of both
 * stay separate.
 */
export const standsAlone = (role: Role): boolean => role === 'administrator' || role === 'auditor'

export function mayGoTogether(roles: readonly Role[]): boolean {
  return roles.length === 1 || !roles.some(standsAlone)
}

/**
 * Roles with power over others, which no one person can give: a single administrator could otherwise make a second one
 * and confirm their own proposals.
 */
export const rolesByTwo: readonly Role[] = ['supervisor', 'auditor', 'administrator']

export function needsTwo(roles: readonly Role[]): boolean {
  return roles.some((role) => rolesByTwo.includes(role))
}

/** In whatever order. */
export function sameRoles(one: readonly Role[], other: readonly Role[]): boolean {
  return one.length === other.length && one.every((role) => other.includes(role))
}
