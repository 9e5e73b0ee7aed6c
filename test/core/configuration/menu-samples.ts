/** Two menus: the first one leads to the second, which leads back. */
import type { MenuSetting } from '../../../src/core/configuration/schema.ts'

export const welcome: MenuSetting = {
  id: 'welcome',
  name: 'Întâmpinare',
  says: { ro: 'Pentru taxe apăsați unu.', en: 'For taxes press one.' },
  keys: { '1': { menu: 'taxes' }, '2': { queue: 'general' }, '9': { language: 'en' } },
  repeats: 1,
}
export const taxes: MenuSetting = {
  id: 'taxes',
  name: 'Taxe',
  says: { ro: 'Pentru plată apăsați unu.', en: 'To pay press one.' },
  keys: { '1': { queue: 'taxes' }, '*': { back: true }, '#': { again: true } },
  repeats: 0,
}
