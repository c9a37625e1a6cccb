import { isGrpcServiceError } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { NativeConnection } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from './search-attributes.ts';

const { INDEXED_VALUE_TYPE_KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType;

/** gRPC: 6 another worker was faster, 7 and 16 we may not, 12 there is no such service. */
const IN_ORDER: readonly number[] = [6, 7, 12, 16];

/**
 * Makes the search attributes known to Temporal: without them no workflow of ours could go on. Where
 * we may not (Temporal Cloud) they must have been made by hand.
 */
export async function registerSearchAttributes(
  { operatorService }: Pick<NativeConnection, 'operatorService'>,
  namespace: string,
): Promise<void> {
  try {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    const missing = SEARCH_ATTRIBUTES.filter(({ name }) => !(name in customAttributes));
    if (missing.length === 0) return;
    const searchAttributes = Object.fromEntries(
      missing.map(({ name }) => [name, INDEXED_VALUE_TYPE_KEYWORD]),
    );
    await operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    const code = isGrpcServiceError(error) ? error.code : null;
    if (code !== null && IN_ORDER.includes(code)) return;
    throw error;
  }
}
