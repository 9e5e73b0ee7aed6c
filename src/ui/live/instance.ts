/**
 * Who this page is. It lives in memory only: the same page coming back after a network blip is the
 * same instance and keeps its call's leg; a reloaded page is a new one and is rung anew.
 */
export const instance: string = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
  byte.toString(16).padStart(2, '0'),
).join('')
