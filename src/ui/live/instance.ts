import { randomName } from '../shared/random-name.ts'

/**
 * Who this page is. It lives in memory only: the same page coming back after a network blip is the
 * same instance and keeps its call's leg; a reloaded page is a new one and is rung anew.
 */
export const instance: string = randomName()
