export const roles = ['agent', 'supervisor', 'editor', 'administrator', 'auditor'] as const
export type Role = (typeof roles)[number]

export function isRole(word: string): word is Role {
  return roles.some((role) => role === word)
}
