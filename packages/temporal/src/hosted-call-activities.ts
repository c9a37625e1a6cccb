import { type CallActivities, CallError } from '@earshot/calls';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

/** Well under the dial's heartbeat time-out. */
const BEAT_MS = 2_000;

/** The script's activities as Temporal is to have them: errors by their code, a dial that shows life. */
export function hostedCallActivities(activities: CallActivities) {
  return {
    calls: {
      begin: named(activities.begin.bind(activities)),
      find: asked(activities.find.bind(activities)),
      lookUp: asked(activities.lookUp.bind(activities)),
      hangUp: asked(activities.hangUp.bind(activities)),
      note: named(activities.note.bind(activities)),
      settle: named(activities.settle.bind(activities)),
      dial: alive(named(activities.dial.bind(activities))),
    },
    turns: { turn: named(activities.turn.bind(activities)) },
  };
}

/** Retried until it works: what cannot be kept now is kept later. */
function named<A extends unknown[], R>(work: (...given: A) => Promise<R>) {
  return (...given: A): Promise<R> => work(...given).catch((error) => fail(error, true));
}

/** Retried only while asking again may help. */
function asked<A extends unknown[], R>(work: (...given: A) => Promise<R>) {
  return (...given: A): Promise<R> => work(...given).catch((error) => fail(error, false));
}

/** A worker that dies while it dials is noticed by its silence. */
function alive<A extends unknown[], R>(work: (...given: A) => Promise<R>) {
  return async (...given: A): Promise<R> => {
    const context = Context.current();
    const beat = setInterval(() => context.heartbeat(), BEAT_MS);
    try {
      return await work(...given);
    } finally {
      clearInterval(beat);
    }
  };
}

/** Only our own errors are known to hold nothing of the call: of others the name and the place are told. */
function fail(error: unknown, always: boolean): never {
  if (error instanceof CallError) {
    const { code, message, retryable } = error;
    throw ApplicationFailure.create({ type: code, message, nonRetryable: !always && !retryable });
  }
  const { name, stack } = error instanceof Error ? error : new Error();
  const failure = ApplicationFailure.create({ type: name, message: 'Failed unexpectedly' });
  failure.stack =
    stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n') ?? '';
  throw failure;
}
