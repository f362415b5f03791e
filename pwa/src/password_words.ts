/** The words of a password that another has set, in bokmål. */
import { speaker } from './words'

const WORDS = {
  'password.set': 'Passordet ditt ble satt på nytt av {navn} {dag} kl. {klokkeslett}.',
  'password.set.do': 'Den som satte det, har sett det. Var det ikke avtalt? Si fra til {hvem}. Du bytter passord på kontorsiden.',
  'password.set.nobody': 'personvernombudet',
} as const

export const say = speaker(WORDS)
