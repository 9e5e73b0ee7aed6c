/** Asks for a number in the folder of sounds that is given, as a server would, and says what came of it. */
import { DictationFiles } from '../../../src/asterisk/prompts/dictations.ts'

const [, , soundsDir = ''] = process.argv
const opened = await new DictationFiles(soundsDir, Date.now)
  .open('an administrator')
  .catch((error: NodeJS.ErrnoException) => `refused: ${error.code ?? error.message}`)
console.log(typeof opened === 'string' ? opened : opened.state)
