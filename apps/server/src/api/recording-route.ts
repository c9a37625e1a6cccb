import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { HttpError } from '../http-error.ts';
import type { Services } from '../services.ts';
import type { ApiApp } from './api-app.ts';
import { byteRange } from './byte-range.ts';
import { CallParams, findCall } from './find-call.ts';
import { problems } from './problem.ts';

const RangeHeaders = z.object({ range: z.string().max(200).optional() });

/** A call's recording: WAV, the caller left, the agent right. */
export function recordingRoute(app: ApiApp, { access, store, recordings }: Services): void {
  const schema = {
    tags: ['calls'],
    summary: 'Gives the recording of a call, or the part of it that Range asks for',
    params: CallParams,
    headers: RangeHeaders,
    produces: ['audio/wav'],
    response: {
      200: z.any().meta({ description: 'audio/wav' }),
      206: z.any().meta({ description: 'audio/wav, in part' }),
      ...problems(401, 403, 404, 416, 422, 429, 503),
    },
  };
  const options = { schema, onRequest: access.needs('calls:read') };
  app.get('/calls/:id/recording', options, async ({ params, headers }, reply) => {
    const { id } = await findCall(store, params.id);
    const file = recordings.pathOf(id) ?? '';
    const { size } = await stat(file).catch((cause) => {
      throw new HttpError('recording-not-found', 'This call has no recording', { cause });
    });
    const range = byteRange(headers.range, size);
    reply.header('accept-ranges', 'bytes').type('audio/wav');
    reply.header('content-disposition', `attachment; filename="${id}.wav"`);
    if (range === 'none') {
      reply.header('content-range', `bytes */${size}`);
      throw new HttpError('range-not-satisfiable', 'The recording is shorter than that');
    }
    const { start, end } = range ?? { start: 0, end: size - 1 };
    reply.header('content-length', end - start + 1);
    if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`);
    return reply.send(createReadStream(file, { start, end }));
  });
}
