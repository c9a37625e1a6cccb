/**
 * Hears only what a small JSGF grammar allows: the recognizer of a machine without models.
 *
 * How to write `expectation.grammar` (JSGF 1.0, what PocketSphinx understands of it):
 *
 *     #JSGF V1.0;
 *     grammar booking;
 *     public <answer> = [<opening>] <wish> [please];
 *     <opening> = um | well | hi | yes;
 *     <wish> = i'd like to book a <service> | (what | when) are your hours | my name is <name>;
 *     <service> = cleaning | check up | root canal;
 *     <name> = <first> [<last>];
 *     <first> = maria | john | siobhan;
 *     <last> = garcia | smith | o'brien;
 *     <digits> = (zero | oh | one | two | three | four | five | six | seven | eight | nine)+;
 *
 * - The header is optional; a bare `public <a> = yes | no;` is enough. The first public rule is
 *   what is heard. Use as many rules as you like; unused ones cost nothing.
 * - Works: `|`, `( )`, `[ ]`, `*`, `+`, `/weight/` in front of alternatives, `<NULL>`, comments,
 *   right recursion. Tags `{…}` are allowed and ignored. Refused with `bad-grammar`: quoted words,
 *   `import`, left recursion, rules that are used and not defined, more than 20,000 characters.
 * - Words are spoken words in any case; they come back in lower case: "i'd", "o'clock", "a.m.".
 *   Numbers are written as words ("twenty one", "nine thirty"), digits as digit words, letters as
 *   themselves ("j", "b"). A token with a digit in it is refused with `bad-grammar`.
 * - Names need no mark. Words that CMU's dictionary (134,000 words, most American first and last
 *   names) lacks get their sound from letter-to-sound rules; write an unusual name the way it is
 *   said as one more alternative, and map it back to the name in your own code.
 * - Backchannels, hesitations and "yes"/"no" are added to every grammar as whole answers
 *   ("mhm", "uh-huh", "yeah", "okay", "right", "yes", "no", "um", …) and need not be repeated.
 * - Anything else that is said comes back as `unclear: true, text: ''`. So write what callers say,
 *   carrier phrases included: the closer the grammar, the better the rejection.
 * - Size: a new grammar costs 10–30 ms for up to about 150 alternatives, and 740 ms for 465
 *   long ones, once; it is kept by its text, so build the text from the same parts in the same order.
 *   Loops of digits cost nothing. Two words that sound alike are told apart badly ("fifteen",
 *   "fifty"): read numbers, times and names back.
 */
export {};
