/** What is said when the app cannot go on, in bokmål. */
import { speaker } from './words'

export const say = speaker({
  'stopped.elsewhere': 'Åpen i en annen fane',
  'stopped.hindered': 'Appen får ikke åpnet det som ligger på telefonen',
  'stopped.revoked': 'Telefonen er stengt',
  'stopped.storage_lost': 'Noe mangler på telefonen',
  'button.go_on': 'Gå videre',
  'button.try_again': 'Prøv igjen',
  'button.use_this': 'Bruk denne',
  'wrong.storage_lost':
    'Telefonen har slettet det appen hadde lagret. Det kontoret har mottatt, er trygt. Koble til nett for å se hva som mangler, og ring kontoret.',
  'wrong.two_tabs':
    'Appen er åpen i to faner. Det du skrev, er lagret. Fortsett i den andre, eller trykk Bruk denne.',
})
