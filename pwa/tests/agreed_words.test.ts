import { expect, it } from 'vitest'
import { why } from '../src/held_words'
import { say as lease } from '../src/lease_words'
import { say } from '../src/programmes/words'
import { say as safety } from '../src/safety/words'
import { say as stopped } from '../src/stopped_words'
import { text } from '../src/words'

const DAY = {
  'state.saved.meaning': 'Trygt her. Kontoret har ikke fått det ennå.',
  'state.sending.meaning': 'På vei til kontoret. Du kan jobbe videre.',
  'state.check.meaning': 'Kontoret har det. Noen må velge eller rette. Ingenting er tapt.',
  'state.photos': 'Mottatt · {antall} bilder venter',
  'chip.received': 'Sist mottatt kl. {klokkeslett}',
  'today.no_answer': 'Notert kl. {klokkeslett}. Nytt forsøk {dato}?',
  'today.empty': 'Ingen avtalte besøk i dag. Se «Når du har tid».',
  'offline.back': 'Nett igjen. Sender {antall}.',
  'offline.bar': 'Uten nett – alt lagres på telefonen',
  'ready.done_until': 'Klar for dagen. Hentet kl. {klokkeslett}. Virker uten nett til {dato}.',
  'ready.missing': 'Ikke klar ennå: {antall} boliger gjenstår. Bli på nett litt til.',
  'lock.unsent': 'Låst. {antall} er ikke sendt ennå.',
  'practice.bar': 'Du øver. Ingenting sendes.',
  'deviation.mended_by_landlord': 'Rettet av eiendom {dato}.',
  'safety.alert': 'Les før du går: {kategori}. {tiltak} Gjelder til {dato}.',
  'login.wrong': 'Navn eller passord stemmer ikke. Alt på telefonen er trygt. Prøv igjen, eller be kontoret om hjelp.',
  'login.throttled': 'For mange forsøk på kort tid. Alt på telefonen er trygt. Prøv igjen kl. {klokkeslett}.',
  'wrong.no_space': 'Telefonen er full, og det siste er ikke lagret. Alt fra før er trygt. La skjermen stå, frigjør plass og trykk Lagre.',
  'wrong.too_old': 'Appen er for gammel til å hente nytt. Det du skriver, lagres og sendes. Trykk Oppdater når du har nett.',
  'wrong.revoked': 'Kontoret har stengt denne telefonen. Usendt arbeid er levert: {antall}. Resten er slettet herfra. Ring {telefonnummer}.',
  'wrong.clock': 'Klokka på telefonen viser {klokkeslett}, men den er {riktig_klokkeslett}. Alt er trygt og sendes som vanlig. Slå på automatisk tid.',
  'wrong.form': '{antall} felt må fylles ut eller rettes. Det du skrev, er lagret. Trykk på feltet.',
  'wrong.unreachable': 'Vi får ikke kontakt med kontoret. Alt er lagret på telefonen. Jobb videre, vi prøver igjen.',
  'wrong.session_over': 'Du er logget ut fordi det har gått lang tid. Usendt arbeid er trygt. Logg inn for å hente nytt.',
} as const

const HELD = {
  'held.text': 'Kontoret har mottatt dette, men kan ikke bruke det ennå: {grunn}. Ingenting er tapt. Du får svar her.',
  'held.mid_clash': 'Telefonen er satt tilbake til en eldre kopi. Begge utgavene er tatt vare på. Kontoret ser på det.',
  'held.locked': 'Registreringen er låst. Det du skrev, er lagt ved som tillegg til vurdering.',
  'held.delete': '{navn} endret dette etter at du så det sist. Det er ikke slettet. Kontoret avgjør.',
  'held.superseded': 'Du rettet dette selv senere. Det siste gjelder.',
}
const LATER = {
  'search.none': 'Ingen treff på «{sokeord}». Prøv gate, oppgang eller bolignummer.',
  'logout.unsent': '{antall} er ikke sendt. De ligger trygt her og sendes senere. Vil du logge ut?',
  'checks.both': 'Du skrev {ditt_svar}. {navn} skrev {kollegas_svar}. Begge er tatt vare på.',
  'returned.text': '{navn} ber deg rette {felt}: {kommentar}',
  'critical.left': 'Kritiske punkter svarer du på selv: {antall} igjen.',
  'help.asked': 'Notert. Fristen regnes fra nå, også uten nett.',
  'deviation.call_first': 'Ring {telefonnummer} først. Skriv etterpå.',
  'dwellings.empty': 'Ingen boliger her ennå. Kontoret deler ut områdene.',
  'outbox.empty': 'Alt er sendt. Sist mottatt kl. {klokkeslett}.',
  'checks.hidden': 'En annen har svart noe annet. Kontoret avgjør.',
  'safety.not_alone': 'Gå ikke inn alene. Ring en kollega eller lederen din.',
  'photo.unreadable': 'Bildet kan ikke leses og ble ikke lagt til. Teksten er lagret. Ta bildet på nytt.',
  'photo.large': 'Fila er på {mb} MB. Grensen er {grense} MB. Resten er lagret. Velg en mindre fil.',
  'wrong.no_access': 'Vi finner ikke dette, eller du har ikke tilgang. Det du selv har skrevet, er trygt. Spør lederen din.',
  'wrong.changed_meanwhile': '{navn} endret dette mens du skrev. Begge svar er tatt vare på. Velg ett, eller la kontoret avgjøre.',
  'wrong.checklist': 'Sjekklista er endret siden du begynte. Svarene dine er beholdt. Svar på {antall} nye punkter.',
  'wrong.duplicate': 'Et avvik som ligner, ble meldt {dato}. Det du skrev, er lagret. Legg til på det, eller meld et nytt.',
} as const

const STOPPED = {
  'wrong.storage_lost': 'Telefonen har slettet det appen hadde lagret. Det kontoret har mottatt, er trygt. Koble til nett for å se hva som mangler, og ring kontoret.',
  'wrong.two_tabs': 'Appen er åpen i to faner. Det du skrev, er lagret. Fortsett i den andre, eller trykk Bruk denne.',
} as const

const SAFETY = {
  'alone.watched': 'Trygt besøk til kl. {klokkeslett}. Melder du deg ikke, varsles {navn}.',
  'alone.soon': 'Er alt bra? Trykk Ferdig eller Mer tid innen kl. {klokkeslett}.',
  'alone.over': 'Tiden er ute. {navn} ble varslet kl. {klokkeslett}.',
  'alone.unheard': 'Kontoret vet ikke at du er her. Ingen blir varslet. Ring {telefonnummer} før du går inn.',
  'alone.locked': 'Telefonen kan ikke minne deg på tiden mens den er låst.',
  'alone.out_first': 'Gå ut først. Ring 112 hvis du er i fare.',
  'alone.out_warned': '{navn} ble varslet kl. {klokkeslett}.',
  'alone.out_unwarned': 'Ingen er varslet. Ring {telefonnummer}.',
  'alone.afterwards': 'Hvordan går det? Skriv det viktigste nå, resten i morgen.',
} as const

const LEASE = {
  'lease.near': 'Koble til nett innen {dato} kl. {klokkeslett}. Da kan du fortsatt lese om beboerne. Usendt arbeid er trygt uansett.',
  'lease.over': 'Telefonen har vært for lenge uten kontakt, så opplysninger om beboere er fjernet herfra. Usendt arbeid er trygt. Koble til nett og logg inn.',
} as const

const said = <Agreed extends Readonly<Record<string, string>>>(agreed: Agreed, speak: (key: keyof Agreed & string) => string): Record<string, string> =>
  Object.fromEntries(Object.keys(agreed).map((key) => [key, speak(key)]))

it('the sentences that were agreed with those who read them are said letter for letter', () => {
  expect(said(DAY, text)).toEqual(DAY)
  expect(said(HELD, why)).toEqual(HELD)
  expect(said(LATER, say)).toEqual(LATER)
  expect(said(STOPPED, stopped)).toEqual(STOPPED)
  expect(said(SAFETY, safety)).toEqual(SAFETY)
  expect(said(LEASE, lease)).toEqual(LEASE)
})
