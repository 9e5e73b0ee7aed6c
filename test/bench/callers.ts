/** The bench's callers, in a process of their own so that their sound does not disturb its clocks. */
import { callThrough, type Citizen } from '../../src/stack/demo/citizen.ts'
import { openExchange, type Exchange } from '../../src/stack/demo/exchange.ts'
import { tone } from '../support/audio.ts'
import type { FromCallers, ToCallers } from './caller-messages.ts'

const speech = tone(800)
const citizens = new Map<string, Citizen>()
let exchange: Exchange | null = null
let number = ''
let keep = 0
let calls = 0

const tell = (message: FromCallers): void => {
  process.send?.(message)
}

async function call(): Promise<void> {
  if (exchange === null) return
  calls += 1
  const caller = `0722${String(calls).padStart(6, '0')}`
  const citizen = await callThrough(exchange, { number, callerId: caller, speech })
  citizens.set(caller, citizen)
  tell({ told: 'called', caller, at: await citizen.called })
  const { ending, packets } = await citizen.ended
  citizens.delete(caller)
  tell({ told: 'ended', caller, ending, packets })
  if (citizens.size < keep) begin()
}

/** A call goes on by itself. */
function begin(): void {
  call().catch(fail)
}

function fail(error: unknown): never {
  process.stderr.write(`callers: ${String(error)}\n`)
  process.exit(1)
}

async function obey(message: ToCallers): Promise<void> {
  if (message.do === 'open') {
    number = message.number
    exchange = await openExchange(message.from, message.target)
    tell({ told: 'open', sipp: exchange.pid })
  } else if (message.do === 'keep') {
    keep = message.callers
    for (let missing = keep - citizens.size; missing > 0; missing -= 1) begin()
  } else if (message.do === 'call') begin()
  else if (message.do === 'hang up') citizens.get(message.caller)?.hangUp()
  else {
    keep = 0
    const endings = [...citizens.values()].map((citizen) => citizen.ended)
    for (const citizen of citizens.values()) citizen.hangUp()
    await Promise.all(endings)
    await exchange?.close()
    tell({ told: 'closed' })
    process.disconnect()
  }
}

// The bench has died.
process.on('disconnect', () => process.exit())
process.on('message', (message: ToCallers) => {
  obey(message).catch(fail)
})
