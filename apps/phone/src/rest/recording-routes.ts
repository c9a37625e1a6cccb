import type { Recording } from '../network/recording.ts';
import { recordingOf } from './call-form.ts';
import { callOf } from './call-routes.ts';
import { pageOf } from './page.ts';
import { callRecordingResource, recordingResource } from './resources.ts';
import { RestError } from './rest-error.ts';
import { type Account, formOf, type RestRequest, type Route } from './route.ts';

const ACCOUNT = '/2010-04-01/Accounts/:account';
const OF_CALL = `${ACCOUNT}/Calls/:sid/Recordings`;

/** Recordings of a call have the same address below their call as below the account. */
const BOTH = [`${ACCOUNT}/Recordings/:recording`, `${OF_CALL}/:recording`];

export const RECORDING_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: `${OF_CALL}.json`,
    handle: async (request, account) => {
      const call = callOf(request, account);
      if (call.status !== 'in-progress') throw new RestError(21220);
      const order = recordingOf(formOf(request), 'StartCallRecordingAPI');
      return {
        status: 201,
        json: shown(await account.exchange.record(call, order), request, account),
      };
    },
  },
  {
    method: 'GET',
    path: `${OF_CALL}.json`,
    handle: (request, account) => listed(callOf(request, account).recordings, request, account),
  },
  {
    method: 'GET',
    path: `${ACCOUNT}/Recordings.json`,
    handle: (request, account) => {
      const sid = request.query.get('CallSid');
      const all = account.exchange.recordings;
      return listed(sid ? all.filter(({ callSid }) => callSid === sid) : all, request, account);
    },
  },
  {
    method: 'POST',
    path: `${OF_CALL}/:recording.json`,
    handle: async (request, account) => {
      const recording = recordingNamed(request, account);
      const status = formOf(request).choice('Status', 'stopped', [
        'stopped',
        'paused',
        'in-progress',
      ]);
      if (!recording.turn(status)) throw new RestError(20404, request.path);
      if (status === 'stopped') await account.exchange.finish(recording);
      return { status: 200, json: shown(recording, request, account) };
    },
  },
  ...BOTH.flatMap((path): readonly Route[] => [
    {
      method: 'GET',
      path: `${path}.json`,
      handle: (request, account) => ({
        status: 200,
        json: shown(recordingNamed(request, account), request, account),
      }),
    },
    {
      method: 'DELETE',
      path: `${path}.json`,
      handle: async (request, account) => {
        const recording = recordingNamed(request, account);
        if (recording.live) throw new RestError(20001, 'the recording is still being made');
        await account.exchange.remove(recording);
        return { status: 204 };
      },
    },
    { method: 'GET', path: `${path}.wav`, handle: media },
    { method: 'GET', path, handle: media },
  ]),
];

/** The sound itself. */
function media(request: RestRequest, account: Account) {
  const recording = recordingNamed(request, account);
  if (recording.status !== 'completed') throw new RestError(20404, request.path);
  return { status: 200, file: recording.file } as const;
}

function recordingNamed({ path, names }: RestRequest, { exchange }: Account): Recording {
  const found = exchange.recordings.find(({ sid }) => sid === names.recording);
  if (!found || (names.sid !== undefined && found.callSid !== names.sid)) {
    throw new RestError(20404, path);
  }
  return found;
}

function listed(recordings: readonly Recording[], request: RestRequest, account: Account) {
  const page = pageOf('recordings', recordings, request, (one) => shown(one, request, account));
  return { status: 200, json: page } as const;
}

/** Below a call a recording is told otherwise than below the account. */
function shown(recording: Recording, { names }: RestRequest, { accountSid, baseUrl }: Account) {
  if (names.sid === undefined) return recordingResource(recording, accountSid, baseUrl());
  return callRecordingResource(recording, accountSid);
}
