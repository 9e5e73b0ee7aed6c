/** Maximum duration of each temporary violation while the system is healthy. */
export const boundsMs = {
  'a free agent beside a waiting caller': 1_500,
  'an unknown caller': 3_000,
  'a call without its caller': 3_000,
  // No event announces it; the audit detects it.
  'a caller who left the fallback': 15_000,
  // A caller retrying at the dialplan is admitted within seconds.
  'a caller kept by the fallback': 10_000,
  'an agent with two legs': 1_000,
  'an orphaned leg': 1_000,
  // One that a slow Asterisk makes for an owner who has died meanwhile is found by the audit.
  'an orphaned bridge': 13_000,
  'a tap without a listener': 3_000,
  'a conversation without its leg': 3_000,
  'a waiting caller without music': 3_000,
  'a talking caller who is not bridged': 6_000,
  'a held caller with audio': 3_000,
  'a talking caller with music': 3_000,
  'a caller hears whom they should not': 3_000,
  'a supervisor heard while monitoring': 1_000,
  'a whisper heard by others': 1_000,
  'somebody hears whom they should not': 3_000,
  'somebody is not heard': 6_000,
  'a supervisor who hears nobody': 6_000,
  // No event announces it; the audit detects it once the call has not changed between two of its comparisons.
  'a supervisor whose tap has ended': 45_000,
  'a colleague who waits in silence': 3_000,
  'a colleague with music': 3_000,
  'a conversation without its recorder': 3_000,
  'a recorder that runs during a pause': 3_000,
  'a supervisor who is recorded': 1_000,
  'an external party who is recorded': 1_000,
  'an orphaned external leg': 1_000,
  'a caller whom the external party has left': 3_000,
  // The ringing, the margin and a sweep.
  'a contact dialled without an end': 48_000,
  'a phone rung past its bound': 3_000,
  'a recording paused past its bound': 3_000,
  // The phone of a new or re-added agent is read by the next audit.
  'a wrong phone state': 15_000,
  // Own bound plus one sweep. Prompts are short here; one lasts longer only when its end event was lost.
  // Own bound and margin plus one sweep.
  'an agent’s phone summoned without an end': 25_000,
  'a citizen’s phone dialled without an end': 68_000,
  'a citizen’s phone dialled for nobody': 3_000,
  'a citizen who has picked up and hears nobody': 3_000,
  'an agent who calls and hears no ringing tone': 3_000,
  'a second line without the ringing tone': 3_000,
  'a ringing tone on a second line that talks': 3_000,
  'an agent who does not speak by the active line': 1_000,
  'a ringing tone in a conversation': 3_000,
  // 20 s, as the simulated city has it.
  'a message past its bound': 24_000,
  'a message that is not recorded': 3_000,
  'a caller in menus past the bound': 3_000,
  'a menu read past its bound': 63_000,
  'a key awaited past its bound': 8_000,
  'music in a menu': 3_000,
  'a menu is read to a caller who has left it': 3_000,
  'an announcement in a conversation': 1_000,
  'an announcement that is not heard': 3_000,
  'an announcement past its bound': 63_000,
  'music during an announcement': 3_000,
  'a waiting caller without an announcement': 3_000,
  'a waiting caller without a notice': 3_000,
  'a prompt without an end': 10_000,
  'a prompt past its bound': 63_000,
  'a connection without an end': 8_000,
  'a reconnection without an end': 13_000,
  'a caller waiting past the limit': 3_000,
  'a caller reserved past the bound': 3_000,
  // A sweep, and the next one where one of the callers before has just gone.
  'a caller who should have overflowed': 3_000,
} as const

export type Violable = keyof typeof boundsMs
