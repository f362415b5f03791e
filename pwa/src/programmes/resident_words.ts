/**
 * The few fixed words of «Vis til beboer» in the languages that are asked for most. What was agreed is never translated
 * here: it stands as it was written. Pure.
 *
 * They were written by who made the app and have been read by no sworn translator; the screen says so to whoever shows it.
 */

export interface ResidentWords {
  /** The tag of the language, for the reader of the screen and for its letters. */
  lang: string
  /** What it is called in itself and by who chooses it. */
  name: string
  /** What somebody writes who means it, in small letters. */
  called: readonly string[]
  dir: 'ltr' | 'rtl'
  title: string
  /** That what follows stands as it was written, and who explains it. */
  note: string
  by: string
  doers: Readonly<Record<string, string>>
}

export const NORWEGIAN = 'nb'

export const LANGUAGES: readonly ResidentWords[] = [
  {
    lang: NORWEGIAN,
    name: 'Norsk',
    called: ['norsk', 'bokmål'],
    dir: 'ltr',
    title: 'Dette har vi avtalt',
    note: '',
    by: 'innen {dato}',
    doers: { tenant: 'Leietakeren', us: 'Vi', together: 'Sammen', landlord: 'Eiendom', other: 'Andre' },
  },
  {
    lang: 'ar',
    name: 'العربية (arabisk)',
    called: ['arabisk', 'arabic'],
    dir: 'rtl',
    title: 'هذا ما اتفقنا عليه',
    note: 'الاتفاقات مكتوبة كما سُجِّلت. اطلب منا أو من المترجم أن يشرحها لك.',
    by: 'في موعد أقصاه {dato}',
    doers: { tenant: 'المستأجر', us: 'نحن', together: 'معًا', landlord: 'المالك', other: 'آخرون' },
  },
  {
    lang: 'en',
    name: 'English (engelsk)',
    called: ['engelsk', 'english'],
    dir: 'ltr',
    title: 'This is what we have agreed',
    note: 'The agreements stand as they were written. Ask us or the interpreter to explain them.',
    by: 'by {dato}',
    doers: { tenant: 'The tenant', us: 'We', together: 'Together', landlord: 'The landlord', other: 'Others' },
  },
  {
    lang: 'pl',
    name: 'Polski (polsk)',
    called: ['polsk', 'polish'],
    dir: 'ltr',
    title: 'To ustaliliśmy',
    note: 'Ustalenia są pokazane tak, jak zostały zapisane. Poproś nas lub tłumacza o wyjaśnienie.',
    by: 'do {dato}',
    doers: { tenant: 'Najemca', us: 'My', together: 'Razem', landlord: 'Wynajmujący', other: 'Inni' },
  },
  {
    lang: 'so',
    name: 'Soomaali (somali)',
    called: ['somali'],
    dir: 'ltr',
    title: 'Waxaan ku heshiinnay',
    note: 'Heshiisyadu waa sidii loo qoray. Weydii annaga ama turjubaanka inay kuu sharraxaan.',
    by: 'ugu dambayn {dato}',
    doers: { tenant: 'Kireystaha', us: 'Annaga', together: 'Wada jir', landlord: 'Milkiilaha guriga', other: 'Kuwo kale' },
  },
  {
    lang: 'ti',
    name: 'ትግርኛ (tigrinja)',
    called: ['tigrinja', 'tigrinya', 'tigrinsk'],
    dir: 'ltr',
    title: 'ዝተሰማማዕናሉ',
    note: 'ስምምዓት ከምቲ ዝተጻሕፉ ኣለዉ። ንዓና ወይ ንተርጓሚ ከብርሁልኩም ሕተቱ።',
    by: 'ክሳብ {dato}',
    doers: { tenant: 'ተኻራዪ', us: 'ንሕና', together: 'ብሓባር', landlord: 'ኣካራዪ', other: 'ካልኦት' },
  },
  {
    lang: 'uk',
    name: 'Українська (ukrainsk)',
    called: ['ukrainsk', 'ukrainian'],
    dir: 'ltr',
    title: 'Про що ми домовилися',
    note: 'Домовленості показано так, як їх записано. Попросіть нас або перекладача пояснити їх.',
    by: 'до {dato}',
    doers: { tenant: 'Орендар', us: 'Ми', together: 'Разом', landlord: 'Орендодавець', other: 'Інші' },
  },
]

const [FIRST] = LANGUAGES as readonly [ResidentWords, ...ResidentWords[]]

/** The words of a language; Norwegian where there are none in it. */
export function wordsIn(lang: string): ResidentWords {
  return LANGUAGES.find((one) => one.lang === lang) ?? FIRST
}

/** The language that somebody meant: «Tigrinja», «tolk på telefon, arabisk»; the first that is said, else Norwegian. */
export function languageOf(...said: readonly (string | null)[]): ResidentWords {
  for (const words of said) {
    const found = LANGUAGES.find(({ called }) => called.some((name) => words?.toLowerCase().includes(name)))
    if (found) return found
  }
  return FIRST
}

/** What stands under an agreement: who does it, and by which day, in numbers that are read alike. */
export function aboutIn(words: ResidentWords, doer: string | null, dueOn: string | null): string {
  const [year, month, date] = (dueOn ?? '').split('-').map(Number)
  const by = dueOn === null ? '' : words.by.replace('{dato}', `${date}.${month}.${year}`)
  return [doer === null ? '' : (words.doers[doer] ?? ''), by].filter((part) => part !== '').join(' · ')
}
