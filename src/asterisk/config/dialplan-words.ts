/** Words that the dialplan and the application share. */

/** How a caller's channel shows that a message is recorded on it: before, the variable has the recorder's options (`dialplan/inbound.conf`). */
export const speaksVariable = 'LINIA_VOICEMAIL'
export const speaksNow = 'on'

/** The argument with which the dialplan hands over a call that an agent has dialled. */
export const secondLineArg = 'second-line'
