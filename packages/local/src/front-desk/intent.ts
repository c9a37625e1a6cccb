import { KNOWN_HOLIDAYS } from './known-holidays.ts';

/** What a caller may want, told from words and phrases. */
export type Intent =
  | 'emergency'
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

/** What the profile has answers for. */
export type Topic =
  | 'hours'
  | 'open-now'
  | 'holidays'
  | 'address'
  | 'parking'
  | 'price'
  | 'duration'
  | 'services'
  | 'staff'
  | 'payment'
  | 'promos'
  | 'phone'
  | 'contact'
  | 'walk-in';

/** Weight of evidence for an intent; 3 is a whole phrase that means nothing else. */
type Evidence = readonly [weight: number, pattern: RegExp];

const DAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)days?';

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
  hours: [
    [
      4,
      / (?:(?:opening|business|office|working|store|your|the) hours|hours of (?:operation|business)|(?:what|when) (?:are )?(?:\w+ )?hours) /,
    ],
    [
      4,
      / (?:when|what time|how late|how early|until when|till when) (?:\w+ ){0,3}(?:open|opening|opens|close|closes|closing|closed|there|start|stop) /,
    ],
    [
      3,
      / (?:are|is|will) (?:you|the \w+|it|they|your \w+) (?:be )?(?:guys )?(?:\w+ )?(?:open|closed) /,
    ],
    [2, / (?:open|opens|opening|close|closes|closing|closed|hours) /],
    [1, new RegExp(` (?:today|tomorrow|tonight|weekends?|${DAY}) `)],
  ],
  'open-now': [
    [
      7,
      / (?:open|closed|there) (?:right |just )?now | still open | currently (?:open|closed) | open at the moment | open yet /,
    ],
  ],
  holidays: [
    [8, / holidays? /],
    ...KNOWN_HOLIDAYS.map(({ said }): Evidence => [8, said]),
    [8, / bank holiday /],
  ],
  address: [
    [
      4,
      / (?:address|directions|where are you|where is (?:the|your)|located|location|locations|how (?:do|can) i (?:get|find|come)|find you|get to you|get there|what street|which street|what floor|bus|subway|train) /,
    ],
  ],
  parking: [[5, / (?:park|parking|garage|leave my car) /]],
  price: [
    [
      4,
      / (?:how much|what (?:do|does|would|will|is|are) (?:\w+ ){0,5}(?:cost|costs|charge|price|prices|pricing|run)|price|prices|pricing|cost|costs|fee|fees|rate|rates|charge|expensive|quote) /,
    ],
  ],
  duration: [[5, / (?:how (?:long|many (?:minutes|hours))|duration|take long) /]],
  services: [
    [4, / (?:services?|treatments?|procedures?|included|includes?|involved?) /],
    [
      3,
      / (?:what|which) (?:\w+ ){0,3}(?:do you (?:offer|do|provide|have|sell)|you (?:offer|do|provide)) /,
    ],
    [2, / (?:do|can) you (?:\w+ )?(?:offer|do|provide|have|sell|give|fix|repair) /],
    [2, / (?:tell me (?:more )?about|interested in) /],
  ],
  staff: [
    [
      4,
      / (?:who (?:works|is (?:working|there|the|your|on)|are (?:the|your)|does|do i see|will)|staff|team|your (?:doctors|dentists|stylists|hygienists|barbers)|which (?:doctor|dentist|stylist|barber|hygienist)\w*) /,
    ],
    [2, / (?:is|are) (?:\w+ ){1,4}(?:there|in|available|working|around|free) /],
  ],
  payment: [
    [
      4,
      / (?:pay|payment|payments|credit cards?|debit|cash|visa|mastercard|amex|american express|discover|apple pay|google pay|paypal|venmo|checks|cheques?|girocard|deposits?|refund(?:s|ed)?|money back|financing|installments?|bitcoin|crypto|insurance) /,
    ],
    // A check of something is none to pay with.
    [4, / (?:by|with|take|accept|write) (?:a |my )?(?:personal )?check /],
    [1, / (?:take|accept) /],
  ],
  promos: [
    // 'What specials do you have' asks for no services.
    [1.5, / (?:specials|discounts?|promotions?|coupons?) /],
    [4, / (?:specials?|discounts?|promos?|promotions?|offers|deals?|coupons?|sales?) /],
  ],
  phone: [[5, / (?:your|the|office) (?:phone |telephone )?number /]],
  contact: [
    [
      5,
      / (?:(?:e ?mail|web) address|(?:your|an|the|a) (?:e ?mail|fax|web ?site|web ?page|home ?page)|fax number) /,
    ],
  ],
  // Asks about appointments and wishes for none, whatever else of the sentence looks like a wish.
  'walk-in': [
    [
      30,
      / (?:(?:do|does|would|will|should|if|whether) (?:i|we|you|one) (?:\w+ )?(?:need|require)(?: to (?:make|have|get|book))? (?:an? )?(?:appointments?|reservation|booking)|(?:do|if|whether) (?:i|we) (?:\w+ )?(?:need|have) to (?:book|reserve|(?:make|have|get) an appointment)|appointments? (?:necessary|needed|required)|by appointment only|without an appointment|walk ins?) /,
    ],
  ],
};

export const TOPICS: ReadonlySet<Intent> = new Set<Topic>([
  'hours',
  'open-now',
  'holidays',
  'address',
  'parking',
  'price',
  'duration',
  'services',
  'staff',
  'payment',
  'promos',
  'phone',
  'contact',
  'walk-in',
]);

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
