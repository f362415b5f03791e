/** The words of how long the phone may be read without contact, in bokmål. */
import { speaker } from './words'

const WORDS = {
  'lease.until': 'Kan leses uten nett til',
  'lease.near': 'Koble til nett innen {dato} kl. {klokkeslett}. Da kan du fortsatt lese om beboerne. Usendt arbeid er trygt uansett.',
  'lease.over':
    'Telefonen har vært for lenge uten kontakt, så opplysninger om beboere er fjernet herfra. Usendt arbeid er trygt. Koble til nett og logg inn.',
  'lease.network_only': 'Bare på nett',
  'lease.network_only.what': 'Når appen låses, kan den ikke leses igjen før telefonen har nett. Du kan notere uansett.',
  'lease.network_only.shut':
    'Appen åpner bare med nett. Usendt arbeid er trygt. Koble til nett, og logg inn hvis appen ber om det. Da kommer alt tilbake.',
  'lease.write': 'Du kan fortsatt notere. Det sendes når telefonen har nett.',
  'lease.unread': [
    '{antall} registrering er forseglet og vises ikke før telefonen har hatt kontakt. Den er trygg og sendes når det er nett.',
    '{antall} registreringer er forseglet og vises ikke før telefonen har hatt kontakt. De er trygge og sendes når det er nett.',
  ],
} as const

export const say = speaker(WORDS)
