/** Refusals of declared days. */
export const declaredDaySentences = {
  'day-over': {
    status: 409,
    ro: 'Ziua a trecut.',
    en: 'The day is over.',
  },
  'day-without-reason': {
    status: 400,
    ro: 'Scrie de ce se închide: motivul se vede lângă declarație.',
    en: 'Say why it is closed: the reason is shown with the declaration.',
  },
  'day-changed': {
    status: 409,
    ro: 'Cineva a declarat între timp altceva pentru această zi. Nimic nu s-a salvat: uită-te cum e acum și încearcă din nou.',
    en: 'Somebody has declared something else for this day meanwhile. Nothing was saved: look at it as it is now, and try again.',
  },
} as const
