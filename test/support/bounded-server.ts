/** The server with other bounds than the product's: those in `LINIA_TEST_BOUNDS`. Started by `stack.ts`. */
import { bounds } from '../../src/core/rules.ts'

Object.assign(bounds, JSON.parse(process.env['LINIA_TEST_BOUNDS'] ?? '{}'))
await import('../../src/main.ts')
