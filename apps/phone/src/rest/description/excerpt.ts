import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { z } from 'zod';

/**
 * Takes from Twilio's own OpenAPI description (Apache 2.0) what this emulator is checked against: names
 * and shapes, not texts. The description comes in the package @twilio/cli-core, which would bring 290
 * others along; so it is not a dependency, and its excerpt is kept beside this file.
 *
 *     npm pack @twilio/cli-core@9.0.0 && tar xzf twilio-cli-core-9.0.0.tgz
 *     npm run describe -w @earshot/phone -- package/src/services/twilio-api/twilio_api_v2010.json
 */

const ACCOUNT = '/2010-04-01/Accounts/{AccountSid}';
const PATHS = [
  `${ACCOUNT}/Calls.json`,
  `${ACCOUNT}/Calls/{Sid}.json`,
  `${ACCOUNT}/Calls/{CallSid}/Recordings.json`,
  `${ACCOUNT}/Calls/{CallSid}/Recordings/{Sid}.json`,
  `${ACCOUNT}/Recordings.json`,
  `${ACCOUNT}/Recordings/{Sid}.json`,
  `${ACCOUNT}/AvailablePhoneNumbers/{CountryCode}/Local.json`,
  `${ACCOUNT}/AvailablePhoneNumbers/{CountryCode}/TollFree.json`,
  `${ACCOUNT}/AvailablePhoneNumbers/{CountryCode}/Mobile.json`,
  `${ACCOUNT}/IncomingPhoneNumbers.json`,
  `${ACCOUNT}/IncomingPhoneNumbers/{Sid}.json`,
];
const METHODS = ['get', 'post', 'delete'] as const;
/** What of a schema is a shape; the rest is prose and administration. */
const SHAPE = ['type', 'format', 'pattern', 'enum', 'nullable', 'required'];

/** By their names in the description. */
type Schemas = Record<string, object>;

const Node: z.ZodType<Record<string, unknown>> = z.record(z.string(), z.unknown());

function main(file: string): void {
  const source = readFileSync(file, 'utf8');
  const root = Node.parse(JSON.parse(source));
  const schemas: Schemas = {};
  const operations = PATHS.flatMap((one) =>
    METHODS.flatMap((method) => operationOf(root, one, method, schemas) ?? []),
  );
  const excerpt = {
    origin: '@twilio/cli-core 9.0.0, src/services/twilio-api/twilio_api_v2010.json',
    license: 'Apache-2.0, https://www.apache.org/licenses/LICENSE-2.0',
    changes: 'An excerpt: the shapes of some operations, without their texts.',
    sha256: createHash('sha256').update(source).digest('hex'),
    operations,
    schemas,
  };
  const target = path.join(import.meta.dirname, 'twilio-api-v2010.json');
  writeFileSync(target, `${JSON.stringify(excerpt, null, 1)}\n`);
}

function operationOf(root: Record<string, unknown>, url: string, method: string, schemas: Schemas) {
  const operation = at(root, 'paths', url, method);
  if (!operation) return null;
  const parameters = z.array(Node).parse(operation.parameters ?? []);
  const query = parameters.filter((one) => one.in === 'query');
  const form = at(
    operation,
    'requestBody',
    'content',
    'application/x-www-form-urlencoded',
    'schema',
  );
  const statuses = Object.keys(at(operation, 'responses') ?? {});
  const status = statuses.filter((one) => one.startsWith('2')).at(-1) ?? '';
  const answer = at(operation, 'responses', status, 'content', 'application/json', 'schema');
  return {
    method: method.toUpperCase(),
    path: url,
    query: query.map(({ name }) => name),
    form: Object.keys(at(form, 'properties') ?? {}),
    required: form?.required ?? [],
    status: Number(status),
    answer: answer ? shapeOf(answer, root, schemas) : null,
  };
}

/** A schema's shape; those that it refers to go into `schemas`. */
function shapeOf(
  schema: Record<string, unknown>,
  root: Record<string, unknown>,
  schemas: Schemas,
): object {
  const { $ref } = schema;
  if (typeof $ref === 'string') {
    const keys = $ref.slice(2).split('/');
    const name = keys.at(-1) ?? '';
    schemas[name] ??= shapeOf(at(root, ...keys) ?? {}, root, schemas);
    return { $ref: name };
  }
  const kept = Object.fromEntries(
    SHAPE.flatMap((key) => (key in schema ? [[key, schema[key]]] : [])),
  );
  const properties = Object.entries(at(schema, 'properties') ?? {});
  const items = at(schema, 'items');
  return {
    ...kept,
    ...(properties.length > 0 && {
      properties: Object.fromEntries(
        properties.map(([name, property]) => [name, shapeOf(Node.parse(property), root, schemas)]),
      ),
    }),
    ...(items && { items: shapeOf(items, root, schemas) }),
  };
}

function at(from: unknown, ...keys: readonly string[]): Record<string, unknown> | null {
  const found = keys.reduce<unknown>((node, key) => Node.safeParse(node).data?.[key], from);
  return Node.safeParse(found).data ?? null;
}

main(process.argv[2] ?? '');
