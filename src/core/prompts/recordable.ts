/**
 * The prompts that a person may speak: whole sentences. The pieces of dates and times are put together in one call from many files,
 * so they have one voice, which the machine makes.
 */
export const recordablePrompts = [
  'greeting',
  'recording-notice',
  'closed',
  'leave-message',
  'goodbye',
  'line-full',
  'waited-too-long',
  'callback-promised',
  'called',
  'fallback-hold',
  'technical-fault',
] as const
export type RecordablePrompt = (typeof recordablePrompts)[number]
