/** Reasons for opening a call or a request that is neither one's own nor the present caller's. */

export const accessReasons = [
  /** The citizen is on the line from another number, or stands at the counter. */
  'citizen asks',
  /** A colleague or a department asks about it. */
  'colleague asks',
  /** The citizen is to be called back. */
  'call back',
  /** A number was mistyped, or a request was registered twice. */
  'correction',
  'other',
] as const
export type AccessReason = (typeof accessReasons)[number]

/** Kinds of objects that a reason opens. */
export const openedObjects = ['call', 'request'] as const
export type OpenedObject = (typeof openedObjects)[number]

/** How long a reason opens its object, for the session in which it was stated. */
export const openedForMs = 15 * 60_000
