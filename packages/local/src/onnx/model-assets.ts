import { fileURLToPath } from 'node:url';

const asset = (path: string): string =>
  fileURLToPath(new URL(`../../assets/${path}`, import.meta.url));

/** Models that come with the repository; `assets/NOTICE.md` says from where. */
export const SILERO_MODEL = asset('silero-v6.2/silero_vad.onnx');
export const SMART_TURN_MODEL = asset('smart-turn-v3.2/smart-turn-v3.2-cpu.onnx');
