/** Planted bugs of callers who are asked after the conversation (`planted-bugs.ts`). */
import type { PlantedBug } from './plant.ts'

export const bugsOfSurveys: readonly PlantedBug[] = [
  {
    name: 'a caller who does not answer a survey stays in it',
    rules: ['an answer to a survey awaited past its bound'],
    file: 'core/deadline.ts',
    find: "    case 'survey':\n      return call.until",
    replace:
      "      return call.until\n    case 'survey':\n      return call.isReading ? call.until : Infinity",
  },
  {
    name: 'the agent is kept until the survey is over',
    rules: ['held agents and calls do not match', 'an agent is stuck'],
    file: 'core/steps/survey.ts',
    find: "agents: [{ agent: offer.agent, event: { type: 'CallEnded', offer: offer.id, wrapUpMs } }],",
    replace: 'agents: wrapUpMs < 0 ? [{ agent: offer.agent, event: null as never }] : [],',
  },
  {
    name: 'supervisors listen to a survey',
    rules: ['somebody stays for a survey'],
    file: 'core/steps/survey.ts',
    find: '    supervisions: [],\n',
    replace: '    supervisions: call.supervisions,\n',
  },
  {
    name: 'the key of the first question answers the second one, too',
    rules: ['an answer that the caller did not give'],
    file: 'core/announcements/survey.ts',
    find: "? { ...survey, helped: key === '1' }",
    replace: "? { ...survey, helped: key === '1', rating: 1 }",
  },
  {
    name: 'any key answers the first question',
    rules: ['a key without a meaning changed a survey', 'an answer that the caller did not give'],
    file: 'core/announcements/survey.ts',
    find: "return key === '1' || key === '2' ?",
    replace: "return key !== '#' ?",
  },
  {
    name: 'the second question is left out',
    rules: ['a key led elsewhere in a survey'],
    file: 'core/steps/survey.ts',
    find: 'surveyParts.indexOf(part) + 1] ??',
    replace: 'surveyParts.indexOf(part) + 2] ??',
  },
  {
    name: 'a caller is kept in silence in place of the thanks',
    rules: ['an answer to a survey awaited past its bound'],
    file: 'core/steps/survey.ts',
    find: '    playback: surveyReadingOf(facts.id, surveyParts.indexOf(part) + 1),\n    sounds: [surveySound(facts.language, part)],\n    isReading: true,',
    replace:
      "    playback: surveyReadingOf(facts.id, surveyParts.indexOf(part) + 1),\n    sounds: [surveySound(facts.language, part)],\n    isReading: part !== 'thanks',",
  },
  {
    name: 'the end of an interrupted question ends the next one',
    rules: ['the end of another question was applied'],
    file: 'core/steps/survey.ts',
    find: '    if (playback !== call.playback) return becomes(call)\n',
    replace: '',
  },
  {
    name: 'everybody whose agent hangs up is asked, whatever the queue says',
    rules: ['a survey of somebody else'],
    file: 'acd/announcements/survey.ts',
    find: 'if (survey === undefined || !isWorthAsking(since, survey, clock.now())) return event',
    replace: 'if (clock.now() < 0 || (survey !== undefined && !isWorthAsking)) return event',
  },
  {
    name: 'nobody is asked whose agent had them on hold',
    rules: ['a caller who should have been asked'],
    file: 'acd/announcements/survey.ts',
    find: '!inConversation(call) ||',
    replace: "!inConversation(call) || call.phase === 'held' ||",
  },
  {
    name: 'citizens who were called are asked',
    rules: ['a survey of somebody else'],
    file: 'acd/announcements/survey.ts',
    find: "  if (call.direction !== 'inbound') return event\n",
    replace: '',
  },
]
