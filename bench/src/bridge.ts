import type { Section } from './section.ts';
export const bridge: Section = async () => [];
