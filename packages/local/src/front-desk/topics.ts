import { KNOWN_HOLIDAYS } from './known-holidays.ts';

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

export const TOPICS: ReadonlySet<string> = new Set<Topic>([
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

/** Weight of evidence for an intent; 3 is a whole phrase that means nothing else. */
export type Evidence = readonly [weight: number, pattern: RegExp];

const DAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)days?';

export const TOPIC_EVIDENCE: Readonly<Record<Topic, readonly Evidence[]>> = {
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
    // 'Come in' is how appointments are wished for.
    [
      4,
      / (?:can|could|may|should) (?:i|we) (?:just )?(?:come(?! in )|stop by|drop by|drop in|pop in|swing by|visit)(?: \w+){0,3} (?:at|on|by|today|tonight|tomorrow|this|after|before|around) /,
    ],
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
      / (?:pay|payment|payments|credit cards?|debit|cash|visa|mastercard|amex|american express|discover|apple pay|google pay|paypal|venmo|checks|cheques?|deposits?|refund(?:s|ed)?|money back|financing|installments?|bitcoin|crypto|insurance) /,
    ],
    // A check of something is none to pay with.
    [4, / (?:by|with|take|accept|write) (?:a |my )?(?:personal )?check /],
    [4, / (?:take|accept|by|with) (?:\w+ )?cards? /],
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
