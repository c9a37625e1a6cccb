/** For questions that come without a grammar: what callers say to anybody. */
export const GENERAL_GRAMMAR = `#JSGF V1.0;
grammar general;
public <general> = [<opener>] (<talk> | <message> | <again> | <farewell> | <answer>) [please]
  | <hello> | <number>;
<hello> = hi | hello | hey | good morning | good afternoon | good evening;
<opener> = <hello> | well | okay | and;
<talk> = [<want>] (speak | talk) (to | with) (a | an | the) (person | human | real person | operator | manager)
  | [<want>] (speak | talk) (to | with) (someone | somebody);
<want> = i want to | i'd like to | i would like to | can i | could i | may i | i need to;
<message> = [<want>] leave a message | [<want>] make an appointment | take a message | call me back;
<again> = what | sorry | pardon | excuse me | repeat that | can you repeat that | say that again
  | could you say that again | i don't understand | help | hold on | one moment | wait;
<farewell> = goodbye | bye | bye bye | thank you | thanks | thank you goodbye | that's all | that's it
  | no that's all | no thank you | no thanks;
<answer> = yes | no | maybe | i don't know | not really | that's right | that's correct | correct | wrong
  | that's wrong | of course | sure | never mind;
<number> = (zero | oh | one | two | three | four | five | six | seven | eight | nine)+;
`;
