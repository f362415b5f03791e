/** What is said at the lock and about its secrets, in bokmål; the first screen says nothing of it. */
import { speaker } from './words'

export const say = speaker({
  'code.choose': 'Velg kort kode',
  'code.what':
    'Seks tall åpner skjermen igjen når appen har låst seg selv, i opptil en time. Koden blir ikke lagret: Lukker du appen, må du bruke passordfrasen.',
  'code.label': 'Kort kode, seks tall',
  'code.six': 'Koden må være seks tall.',
  'code.plain': 'Den er for lett å gjette. Velg en annen.',
  'code.chosen': 'Kort kode er valgt. Den gjelder til appen lukkes.',
  'code.stop': 'Slutt med kort kode',
  'code.wrong': ['Feil kode. {antall} forsøk igjen.', 'Feil kode. {antall} forsøk igjen.'],
  'code.spent': 'Feil kode fem ganger. Lås opp med passordfrasen. Alt på telefonen er trygt.',
  'code.lock': 'Lås helt',
  'lock.note.hint': 'Du kan skrive her uten å låse opp. Du kan ikke lese det igjen før du låser opp.',
  'lock.note.waits': ['{antall} notat venter til du låser opp', '{antall} notater venter til du låser opp'],
  'lock.note.whose': 'Hvem skriver?',
  'lock.note.write': 'Noter uten å låse opp',
  'lock.forgot.whose': 'Hvem har glemt passordfrasen?',
  'lock.forgot.title': 'Glemt passordfrasen',
  'lock.forgot.safe.title': 'Dette er trygt',
  'lock.forgot.safe':
    'Alt du har skrevet, også det du ikke ble ferdig med, sendes forseglet til kontoret først. Det kontoret har mottatt før, er der fortsatt.',
  'lock.forgot.goes.title': 'Dette blir borte herfra',
  'lock.forgot.goes':
    'Det telefonen har hentet for at du skal kunne lese det uten nett. Du får det igjen når du har logget inn.',
  'lock.forgot.then.title': 'Så gjør du',
  'lock.forgot.then': 'Logg inn med navn og passord, og velg en ny passordfrase. Du må ha nett.',
  'lock.forgot.do': 'Send alt og begynn på nytt',
  'lock.forgot.working': 'Sender alt til kontoret',
  'passphrase.by_passkey': 'Bytt med finger eller ansikt',
  'passphrase.change': 'Bytt passordfrase',
  'passphrase.changed': 'Passordfrasen er byttet. Den gamle åpner ikke lenger.',
  'passphrase.new': 'Ny passordfrase',
  'passphrase.now': 'Passordfrasen du har nå',
  'passphrase.wrong': 'Passordfrasen du har nå, stemmer ikke. Ingenting er endret.',
  'vault.passphrase.good': 'Lang nok.',
  'vault.passphrase.forgotten':
    'Ingen kan finne dem igjen for deg. Men usendt arbeid er trygt, også om du glemmer dem.',
  'vault.passphrase.how':
    'Velg minst fire ord du husker. Du skriver dem nå, og hver gang du låser opp.',
  'vault.passphrase.short': 'Litt til. Bruk minst fire ord.',
  'vault.create': 'Lås telefonen med denne',
  'vault.working': 'Låser',
  'vault.other_way': 'Jeg vil heller skrive en passordfrase',
  'vault.passkey': 'Enklest er å låse opp slik du låser opp telefonen.',
  'vault.title': 'Lås det som ligger på telefonen',
  'vault.why': 'Det du skriver om beboere, ligger låst på telefonen. Bare du kan åpne det.',
  'button.passkey_create': 'Bruk finger eller ansikt',
})
