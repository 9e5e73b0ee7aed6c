/** The columns of a file of people, and the faults that its rows can have. */
export const personColumns = ['username', 'name', 'roles', 'employer', 'skills'] as const
export type PersonColumn = (typeof personColumns)[number]

export const personFaultCodes = [
  'too many cells',
  'username not usable',
  'username twice',
  'account closed',
  'name not usable',
  'unknown role',
  'roles not together',
  'role of two',
  'unknown skill',
  'wrong level',
  'employer not usable',
  'contract ended',
] as const
export type PersonFaultCode = (typeof personFaultCodes)[number]

/**
 * People of one file that a page imports. They are opened in one transaction, at 40 ms each on a busy machine of two cores, and the
 * page waits ten seconds for the codes.
 */
export const importedMax = 100
