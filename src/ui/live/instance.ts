import { randomName } from '../shared/random-name.ts'

/**
 * The id of this page. It is kept in memory only: the same page reconnecting after a network failure is the
 * same instance and keeps its call's leg; a reloaded page is a new one and is rung again.
 */
export const instance: string = randomName()
