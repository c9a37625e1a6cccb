/** English words by what they ask for at the end of what was said. Written without apostrophes. */
const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Nothing ends with these: what they belong to comes after them. */
export const UNFINISHED = words(`
  a an the my your our their whose every another and or but nor because cause if unless until till
  although whereas whether while since than im youre theyre ive weve youve theyve ill youll theyll
  id youd theyd hes shes theres whos whats lets thats wheres hows
  gonna wanna gotta whatever whoever upon via per versus vs toward towards according during`);
/** Said while looking for the next word. */
export const FILLERS = words('um umm uh uhh uhm er erm errr hm hmm mm');
/** Not between a word and its question: "what are you looking for". */
export const PREPOSITIONS = words(
  'of to in on at by for from with about into under between as like through without against near',
);
export const AUXILIARIES = words(`
  am is are was were be been do does did have has had can could will would should must might may
  not dont doesnt didnt cant couldnt wont wouldnt shouldnt isnt arent wasnt werent havent hasnt`);
export const SUBJECTS = words('i we they he she');
/** Subject or object. After a word that opens a clause they are its subject. */
export const PRONOUNS = words(
  'i we they he she you it this that these those there someone people everyone',
);
/** Verbs that something or a clause must follow. */
export const TRANSITIVES = words(`
  want wants wanted need needs get gets give gives tell take make put bring send set say says said
  saying think thinking thought guess hope believe believes suppose mean meant wonder wondering trying going
  consider considering including looking seems appears suggests shows indicates means using
  see let adjust discuss called conclude having getting making keep goes`);
export const DEGREES = words('very really just also so even still then maybe perhaps possibly');
/** Between a subject and its verb. */
export const MID_ADVERBS = words(
  'just also really actually even still always never ever probably all both only already maybe',
);
/** A subject with its auxiliary, as heard or written without the apostrophe. */
export const CONTRACTIONS = words(`
  im youre theyre ive weve youve theyve ill youll theyll id youd theyd hes shes theres`);
/** Adjectives that a noun must follow where an article or the like stands before them. */
export const ATTRIBUTES = words(`
  new next whole other first second last different wrong right current recent certain specific
  upcoming previous clear interesting good better main random additional potential kind sort only
  big small large long brilliant basic following`);
export const DETERMINERS = words(`
  a an the my your our their his her its this these those some any another no every each several`);
/** They open a clause, so that a subject after them is not the end. */
export const CLAUSE_OPENERS = words(`
  if what when because that while where unless whether than how who which why since before after
  until although though like and but so as once wherever whatever whenever think thing`);
export const SUBORDINATORS = words(
  'if when while because since before after once unless although though as whenever until',
);
export const QUESTION_WORDS = words(
  'what whats when where wheres who whos why which how hows whose whom',
);
/** Verbs that turn round in questions. */
export const QUESTION_VERBS = words(`
  am is are was were do does did have has had can could will would should may might shall isnt arent
  wasnt dont doesnt didnt cant couldnt wont wouldnt shouldnt havent hasnt`);
/** What stands before the sentence itself. */
export const LEADS = words(
  'and so but well okay ok oh um uh hi hello hey yeah yes no sorry please actually now then hmm',
);
/** They say that, and more words follow: "it seems that". */
export const CLAIMS = words(`
  say says said saying think thinking thought believe know indicates suggests shows agree appears appear seems
  means guess hope feel understand told see so such now given sure`);
