/**
 * Takes the screenshots of README and docs at a running `make run`, in seven minutes: `node test/e2e/pictures.ts`. Best
 * after half an hour of `make demo`, which has to be stopped before. Requires pngquant.
 */
import { Morning } from '../../tools/demo/morning.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { takeBoards, takeJournal, takeSignIn } from './pictures/boards.ts'
import { openCallers } from './pictures/caller.ts'
import { takeDesk } from './pictures/desk.ts'
import { agentsVoice, demo, speechFolder } from './pictures/studio.ts'

const closings: (() => unknown)[] = []
try {
  const { newContext } = await openBrowser(
    { teardown: (close) => closings.unshift(close) },
    await agentsVoice(),
  )
  const callers = await openCallers()
  closings.unshift(() => callers.close())
  const morning = new Morning({ demo, seats: 8, seed: 969, speechFolder, say: () => undefined })
  closings.unshift(() => morning.end())
  await takeSignIn(await newContext())
  const desk = await newContext()
  const call = await takeDesk(desk, await newContext(), callers, () => morning.begin())
  await desk.close()
  await takeBoards(await newContext(), callers, call)
  await takeJournal(await newContext(), call)
} finally {
  for (const close of closings) await close()
}
process.exit()
