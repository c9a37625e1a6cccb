import { type Evidence, TOPIC_EVIDENCE, type Topic } from './topics.ts';

/** What a caller may want, told from words and phrases. */
export type Intent =
  | 'emergency'
  | 'pain'
  | 'goodbye'
  | 'cancel'
  | 'repeat'
  | 'hold'
  | 'thanks'
  | 'yes'
  | 'no'
  | 'who-are-you'
  | 'how-are-you'
  | 'hello'
  | 'appointment'
  | 'message'
  | Topic;

const EVIDENCE: Readonly<Record<Intent, readonly Evidence[]>> = {
  emergency: [
    [
      9,
      / (?:emergency|ambulance|heart attack|chest pain|unconscious|overdose|suicid\w*|choking|stroke) /,
    ],
    [9, / (?:can not|cannot|not able to|trouble|difficulty) (?:breathe|breathing) /],
    [
      9,
      / (?:bleeding (?:a lot|badly|heavily)|(?:will not|does not|not) stop bleeding|kill myself|on fire) /,
    ],
  ],
  pain: [
    [
      3,
      / (?:\w*aches?|aching|hurts?|hurting|in (?:\w+ )?pain|painful|swollen|swelling|bleeding|(?:broke|chipped|cracked|lost) (?:a|my) (?:tooth|filling|crown)) /,
    ],
  ],
  goodbye: [
    [7, / (?:bye|goodbye|good night|see you|talk to you later|have a (?:nice|good|great) \w+) /],
    [
      6,
      / (?:(?:that is|that will be|thats) (?:all|it|everything)|nothing else|i am (?:all set|done|good)|no more questions|hang up) /,
    ],
  ],
  cancel: [
    [
      7,
      / (?:never ?mind|forget (?:it|about it|that)|(?:do not|not) (?:want|need) (?:to )?(?:leave )?(?:a |the )?message|no message|skip (?:it|the message)|stop it|cancel (?:that|it|the message|my message)|leave it) /,
    ],
  ],
  repeat: [
    [
      6,
      / (?:(?:can|could|would) you (?:please )?(?:repeat|say)|repeat (?:that|it|please)|say (?:that|it) again|what was that|what did you (?:just )?say|(?:did|could) not (?:hear|catch|understand|get) (?:you|that|it)|come again|one more time|pardon(?: me)?|beg your pardon|again please) /,
    ],
    [5, /^ (?:(?:i am )?sorry|excuse me|what|huh|repeat|again|pardon) (?:what |sorry )?$/],
  ],
  hold: [
    [
      6,
      / (?:hold on|hang on|(?:just |wait )?(?:a|one) (?:moment|second|minute|sec)|give me a (?:moment|second|minute|sec)|let me (?:check|see|look|think|get|find)|bear with me|please wait) /,
    ],
    [5, /^ (?:wait|hold|just wait|wait wait)(?: please)? $/],
  ],
  thanks: [[3, / (?:thanks|thank you|appreciate it|cheers|great help) /]],
  yes: [
    [
      4,
      /^ (?:yes|sure|okay|correct|right|exactly|absolutely|definitely|of course|please|perfect|alright|all right|yes please|go ahead|please do|sounds good|mhm|uh huh|affirmative) /,
    ],
    [4, /^ (?:good|great|fine)(?: thanks| thank you)? $/],
    [4, /^ that would be (?:great|good|nice|fine|lovely|perfect)(?: thanks| thank you)? $/],
    [3, / (?:that is (?:right|correct|it|fine)|it is (?:right|correct)|you got it|yes|correct) /],
  ],
  no: [
    [
      5,
      /^ (?:no|not really|not quite|wrong|negative|incorrect|nothing|not (?:now|today|yet)|i do not think so) /,
    ],
    [
      5,
      / (?:(?:that is|it is|this is) (?:not|wrong|incorrect)|not (?:right|correct)|no thanks|no thank you) /,
    ],
  ],
  'who-are-you': [
    [
      6,
      / (?:are you (?:a |an )?(?:real|robot|human|machine|computer|person|bot|ai|recording|live)|(?:am i|is this) (?:speaking|talking)? ?(?:to |with )?(?:a |an )?(?:real|robot|human|machine|computer|bot|ai|recording)|who are you|who is this|who am i (?:speaking|talking)|what is your name|what (?:can|do) you do|what can i (?:ask|do)|how can you help|are you real) /,
    ],
  ],
  'how-are-you': [[4, / how (?:are you|is it going|do you do|are things) /]],
  hello: [
    [1, /^ (?:hi|hello|hey|good (?:morning|afternoon|evening)) /],
    [4, / (?:are you|anyone|anybody) (?:still )?there /],
  ],
  appointment: [
    [4, / (?:book|schedule|reschedule|rebook|reserve|arrange)(?:d|ing)? /],
    [4, / (?:appointment|appointments|reservation|booking|opening for|openings|slot|slots) /],
    [
      4,
      / (?:fit me in|squeeze me in|come in (?:on|at|for|this|next|tomorrow|today)|see (?:the|a) (?:dentist|doctor|hygienist|stylist|barber|vet)|get (?:a|my) \w+ (?:done|on|at|tomorrow)) /,
    ],
    [2, / would like (?:a|an|the|to (?:have|get|come)) /],
    [2, / (?:cancel|move|change|push back|make|set up|confirm) /],
  ],
  message: [
    [
      6,
      / (?:(?:leave|take|give|send|pass on|pass along) (?:\w+ ){0,3}message|call me back|calls me back|(?:give|have|get) (?:\w+ ){1,3}(?:call|ring)|callback|call back|return my call) /,
    ],
    [
      6,
      / (?:(?:speak|talk|connect me|transfer me|put me through|get me) (?:to|with)? ?(?:someone|somebody|a (?:person|human|real person|live person|representative)|the (?:manager|owner|boss|front desk|receptionist|office)|anyone|an agent|agent|representative|operator|human)) /,
    ],
    [
      5,
      / (?:(?:please |can you |could you )?(?:tell|let) (?!me |us )(?:\w+ ){1,4}(?:know|that|i|to)|running (?:\w+ ){0,3}late|(?:will|going to) be late|need to speak|want to speak|like to speak|speak to|speak with|talk to|talk with|returning (?:a|your|his|her) call) /,
    ],
    [4, / (?:operator|representative|manager|real person|human being) /],
  ],
  ...TOPIC_EVIDENCE,
};

/** Evidence for every intent in a phrase of `spokenPhrase`. */
export function weighIntents(phrase: string): ReadonlyMap<Intent, number> {
  const weights = Object.entries(EVIDENCE).map(
    ([intent, evidence]) =>
      [
        intent as Intent,
        evidence.reduce((sum, [weight, pattern]) => (pattern.test(phrase) ? sum + weight : sum), 0),
      ] as const,
  );
  return new Map(weights.filter(([, weight]) => weight > 0));
}
