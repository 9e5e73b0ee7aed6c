import type { signIn as ro } from '../ro/sign-in.ts'

export const signIn: typeof ro = {
  title: 'Linia 969',
  lead: 'The city hall’s contact centre',
  username: 'User name',
  password: 'Password',
  submit: 'Sign in',
  wrong: 'User name and password do not match.',
  slow: 'Too many attempts. Wait a minute, then try again.',
  demo: 'Demonstration: sign in as',
  demoNote: 'On this computer only; each button opens a trial account.',
}
