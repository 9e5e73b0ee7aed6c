/** How a caller's channel shows that a message is recorded on it: before, the variable has the recorder's options (`dialplan/inbound.conf`). */
export const speaksVariable = 'LINIA_VOICEMAIL'
export const speaksNow = 'on'
