/** A receiver has a job of its own, and up to four connections at once. */
export const receiversMax = 10
export const receiverNameMax = 60
export const receiverReasonMax = 200

/** The id of the receiver that the settings name, which is in no register. */
export const settingsReceiver = 'default'
