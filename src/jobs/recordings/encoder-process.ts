/** The encoder's process: does what it is ordered to, says how it went, and ends with the server that began it. */
import { constants, setPriority } from 'node:os'
import { encode } from './encode.ts'
import type { Answer, Order } from './encoder.ts'

// Calls come first: encoding, and `lame` with it, may take its time.
setPriority(constants.priority.PRIORITY_LOW)

// A server that has died hears nothing any more.
const answer = (said: Answer): void => void process.send?.(said, undefined, undefined, () => undefined)

process.on('disconnect', () => process.exit())
process.on('message', ({ order, parameters }: Order) => {
  encode(...parameters).then(
    (done) => answer({ order, done }),
    (error: unknown) => answer({ order, failed: error instanceof Error ? error.message : String(error) }),
  )
})
