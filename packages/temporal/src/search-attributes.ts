import { defineSearchAttributeKey } from '@temporalio/common';

/** By what calls can be found in Temporal. They are stored in the clear: never a number, never words. */
export const PHASE = defineSearchAttributeKey('EarshotPhase', 'KEYWORD');
export const DIRECTION = defineSearchAttributeKey('EarshotDirection', 'KEYWORD');
export const RECEPTIONIST = defineSearchAttributeKey('EarshotReceptionist', 'KEYWORD');
export const OUTCOME = defineSearchAttributeKey('EarshotOutcome', 'KEYWORD');

export const SEARCH_ATTRIBUTES = [PHASE, DIRECTION, RECEPTIONIST, OUTCOME] as const;
