/** Process of the encoder: performs orders from its parent, answers each, and ends when the parent is gone. */
import { constants, setPriority } from 'node:os'
import { compress } from './compress.ts'
import { encode } from './encode.ts'
import type { Answer, Order } from './encoder.ts'

// Calls have priority over encoding. `lame` inherits this priority.
setPriority(constants.priority.PRIORITY_LOW)

// The callback swallows the error of a parent that is gone.
const answer = (message: Answer): void => void process.send?.(message, undefined, undefined, () => undefined)

process.on('disconnect', () => process.exit())
process.on('message', (order: Order) => {
  perform(order).then(
    (done) => answer({ order: order.order, done }),
    (error: unknown) =>
      answer({ order: order.order, failed: error instanceof Error ? error.message : String(error) }),
  )
})

const perform = (order: Order): Promise<unknown> =>
  order.do === 'encode' ? encode(...order.parameters) : compress(...order.parameters)
