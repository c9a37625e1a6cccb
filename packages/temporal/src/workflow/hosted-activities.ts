import type { CallActivities } from '@earshot/calls';
import { ApplicationFailure, proxyActivities, workflowInfo } from '@temporalio/workflow';
import { turnQueueOf } from '../call-messages.ts';

/** A worker that dies in the midst of an attempt is noticed after this long. */
const ATTEMPT = '10 seconds';
/** The carrier's own time-outs, and what it lets us wait for, come first. */
const CARRIER_ATTEMPT = '20 seconds';
const FIRST_PAUSE = '500 milliseconds';
const LONGEST_PAUSE = '10 seconds';

/** An order this old is not dialled any more, as after an outage: nobody expects the call by then. */
const DIAL_WITHIN_MS = 900_000;

type Kept = Pick<CallActivities, 'begin' | 'note' | 'settle'>;
/** The script goes on when these reject, and comes back to them. */
type Asked = Pick<CallActivities, 'find' | 'lookUp' | 'hangUp'>;

/** What the script does to the world, with how often each is tried. */
export function hostedActivities(): CallActivities {
  const kept = proxyActivities<Kept>({
    startToCloseTimeout: ATTEMPT,
    retry: { initialInterval: FIRST_PAUSE, maximumInterval: LONGEST_PAUSE },
  });
  const asked = proxyActivities<Asked>({
    startToCloseTimeout: CARRIER_ATTEMPT,
    retry: { initialInterval: FIRST_PAUSE, maximumAttempts: 2 },
  });
  const { begin, note, settle } = kept;
  const { find, lookUp, hangUp } = asked;
  return { begin, turn: hostedTurn(), dial: hostedDial(), find, lookUp, hangUp, note, settle };
}

/** Turns are given out by a queue of their own, whose rate Temporal limits over all workers. */
function hostedTurn(): CallActivities['turn'] {
  const { taskQueue, startTime } = workflowInfo();
  const { turn } = proxyActivities<Pick<CallActivities, 'turn'>>({
    taskQueue: turnQueueOf(taskQueue),
    startToCloseTimeout: ATTEMPT,
  });
  return async (plan) => {
    if (Date.now() - startTime.getTime() > DIAL_WITHIN_MS)
      throw ApplicationFailure.nonRetryable('The order is too old to be dialled', 'too-late');
    return turn(plan);
  };
}

/** Dials once, whatever happens: when it rejects, nobody knows whether it rings. */
function hostedDial(): CallActivities['dial'] {
  const { dial } = proxyActivities<Pick<CallActivities, 'dial'>>({
    scheduleToStartTimeout: '60 seconds',
    startToCloseTimeout: '60 seconds',
    heartbeatTimeout: ATTEMPT,
    retry: { maximumAttempts: 1 },
    // An answer that is on its way is waited for: its id is needed to hang up.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  });
  return dial;
}
