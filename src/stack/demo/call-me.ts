/** The demo's "Sună-mă": one citizen who calls the line, says what he wants and waits to be helped. */
import { Chance } from './chance.ts'
import { callCitizen, type Citizen } from './citizen.ts'
import type { DemoFile } from './demo-file.ts'
import { speak } from './speech.ts'
import { townsperson } from './townspeople.ts'

/** He does not wait for ever, whatever happens to the server. */
const wholeCallMs = 240_000
const callsAtOnceMax = 5

let going = 0

/**
 * Answers once the INVITE has left. The caller hangs up by himself after four minutes.
 * @throws when it could not be placed, or when five such citizens are on the phone already.
 */
export async function callMe(
  demo: Pick<DemoFile, 'sip' | 'trunk' | 'line'>,
  speechFolder: string,
): Promise<Citizen> {
  if (going >= callsAtOnceMax) throw new Error(`${callsAtOnceMax} trial callers are on the phone already`)
  going += 1
  try {
    const person = townsperson(new Chance(Date.now()))
    const citizen = await callCitizen({
      target: demo.sip,
      from: demo.trunk,
      number: demo.line,
      callerId: person.number ?? '0722000900',
      callerName: person.name,
      speech: await speak(person.concern.says, person.voice, speechFolder),
      patienceMs: wholeCallMs,
      talkMs: wholeCallMs,
    })
    await citizen.called
    void citizen.ended.finally(() => {
      going -= 1
    })
    return citizen
  } catch (error) {
    going -= 1
    throw error
  }
}
