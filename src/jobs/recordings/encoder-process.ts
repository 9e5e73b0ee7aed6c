/** Process of the encoder: performs orders from its parent, answers each, and ends when the parent is gone. */
import { constants, setPriority } from 'node:os'
import { encode } from './encode.ts'
import type { Answer, Order } from './encoder.ts'

// Calls have priority over encoding. `lame` inherits this priority.
setPriority(constants.priority.PRIORITY_LOW)

// The callback swallows the error of a parent that is gone.
const answer = (message: Answer): void => void process.send?.(message, undefined, undefined, () => undefined)

process.on('disconnect', () => process.exit())
process.on('message', ({ order, parameters }: Order) => {
  encode(...parameters).then(
    (done) => answer({ order, done }),
    (error: unknown) => answer({ order, failed: error instanceof Error ? error.message : String(error) }),
  )
})
