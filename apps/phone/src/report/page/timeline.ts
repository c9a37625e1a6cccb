import type { ReportedTurn } from '../call-report.ts';
import { shortTime } from './clock-time.ts';
import { html, type Markup } from './markup.ts';
import type { PageContent } from './page-content.ts';

/** Geometry of the strip, in CSS pixels. */
export const PX_PER_SECOND = 56;
const LANE_PX = 92;
const AXIS_PX = 26;
const GAP_PX = 34;
const MARKS_PX = 30;
const BIN_FRAMES = 2;
const FRAME_MS = 20;
const LANES = {
  caller: AXIS_PX,
  agent: AXIS_PX + LANE_PX + GAP_PX,
};
const MARKS_Y = LANES.agent + LANE_PX + MARKS_PX / 2 + 2;
const HEIGHT_PX = LANES.agent + LANE_PX + MARKS_PX + 4;
/** From here a caller begins to wonder whether anybody is there. */
export const LONG_GAP_MS = 1_200;

/** The whole call in one look, as wide as the page. Redundant to the transcript, so hidden from readers. */
export function overview({ report, recording, spoken }: PageContent): Markup {
  const x = (ms: number): string => ((ms / Math.max(1, recording.durationMs)) * 1_000).toFixed(1);
  const bars = report.turns.map(
    ({ speaker, startMs, endMs }) =>
      html`<rect class="${speaker}" x="${x(startMs)}" y="${speaker === 'caller' ? 6 : 28}" width="${x(Math.max(endMs - startMs, 100))}" height="18" rx="2"/>`,
  );
  const murmurs = spoken
    .filter(({ kind }) => kind === 'backchannel')
    .map(
      ({ startMs, endMs }) =>
        html`<rect class="caller soft" x="${x(startMs)}" y="10" width="${x(Math.max(endMs - startMs, 300))}" height="10" rx="2"/>`,
    );
  return html`<svg class="overview" viewBox="0 0 1000 52" preserveAspectRatio="none" aria-hidden="true">${bars}${murmurs}<line class="playhead" x1="0" x2="0" y1="0" y2="52"/></svg>`;
}

/** Waveforms of both sides with turns, gaps, barge-ins and backchannels on a time axis. */
export function strip(content: PageContent): Markup {
  const { recording } = content;
  const width = Math.max(320, Math.ceil(at(recording.durationMs)) + 24);
  return html`<svg class="strip" width="${width}" height="${HEIGHT_PX}" viewBox="0 0 ${width} ${HEIGHT_PX}" role="img" aria-label="${spokenSummary(content)}">
${axis(recording.durationMs)}
${content.report.turns.map(block)}
<path class="wave caller" d="${wave(recording.peaks.caller, LANES.caller)}"/>
<path class="wave agent" d="${wave(recording.peaks.agent, LANES.agent)}"/>
${content.report.turns.map((turn, i) => gap(turn, content.report.turns.slice(0, i)))}
${marks(content)}
<line class="playhead" x1="0" x2="0" y1="${AXIS_PX - 6}" y2="${HEIGHT_PX}"/></svg>`;
}

function at(ms: number): number {
  return (ms / 1_000) * PX_PER_SECOND;
}

function axis(durationMs: number): Markup[] {
  return Array.from({ length: Math.floor(durationMs / 1_000) + 1 }, (_, second) => {
    const x = second * PX_PER_SECOND;
    const label =
      second % 5 === 0
        ? html`<text x="${x + 4}" y="14">${Math.floor(second / 60)}:${String(second % 60).padStart(2, '0')}</text>`
        : null;
    return html`<line class="tick${second % 5 === 0 ? ' five' : ''}" x1="${x}" x2="${x}" y1="${second % 5 === 0 ? 4 : 14}" y2="${HEIGHT_PX}"/>${label}`;
  });
}

function block({ speaker, startMs, endMs }: ReportedTurn): Markup {
  const width = Math.max(3, at(endMs - startMs));
  return html`<rect class="turn ${speaker}" x="${at(startMs).toFixed(1)}" y="${LANES[speaker]}" width="${width.toFixed(1)}" height="${LANE_PX}" rx="6"/>`;
}

/** One bar for every 40 ms, as high as the loudest sample, on a root scale so that soft speech shows. */
function wave(peaks: readonly number[], top: number): string {
  const middle = top + LANE_PX / 2;
  const bars: string[] = [];
  for (let i = 0; i < peaks.length; i += BIN_FRAMES) {
    const loudest = Math.max(...peaks.slice(i, i + BIN_FRAMES));
    const half = Math.max(0.5, Math.sqrt(loudest) * (LANE_PX / 2 - 6));
    const x = at((i + BIN_FRAMES / 2) * FRAME_MS).toFixed(1);
    bars.push(`M${x} ${(middle - half).toFixed(1)}v${(half * 2).toFixed(1)}`);
  }
  return bars.join('');
}

/** The silence before an answer, between the lanes, from the caller's end to the agent's beginning. */
function gap({ gapMs, startMs }: ReportedTurn, before: readonly ReportedTurn[]): Markup | null {
  if (gapMs === null || gapMs < 0) return null;
  const answered = before.findLast(({ speaker }) => speaker === 'caller');
  if (!answered) return null;
  const [from, to] = [at(startMs - gapMs), at(startMs)];
  const y = LANES.agent - GAP_PX / 2;
  return html`<g class="gap${gapMs > LONG_GAP_MS ? ' long' : ''}"><path d="M${from.toFixed(1)} ${y - 7}v14M${from.toFixed(1)} ${y}H${to.toFixed(1)}M${to.toFixed(1)} ${y - 7}v14"/><text x="${(to + 5).toFixed(1)}" y="${y + 4}">${shortTime(gapMs)}</text></g>`;
}

function marks({ report, spoken, recording }: PageContent): Markup[] {
  const murmurs = spoken.filter(({ kind }) => kind === 'backchannel');
  return [
    ...report.bargeIns.map(({ atMs, silentAfterMs }) =>
      mark('barge-in', atMs, `barge-in · silent after ${shortTime(silentAfterMs)}`),
    ),
    ...report.backchannels.map(({ atMs, yielded }, i) =>
      mark('backchannel', atMs, `“${murmurs[i]?.said ?? ''}”${yielded ? ' · agent yielded' : ''}`),
    ),
    ...report.agentInterruptions.map(({ atMs }) => mark('cut-in', atMs, 'agent cut in')),
    ...recording.digits.map(({ atMs, digit }) => mark('digit', atMs, `key ${digit}`)),
  ];
}

function mark(kind: string, atMs: number, label: string): Markup {
  const x = at(atMs).toFixed(1);
  return html`<g class="mark ${kind}"><line x1="${x}" x2="${x}" y1="${AXIS_PX}" y2="${MARKS_Y}"/><circle cx="${x}" cy="${MARKS_Y}" r="5"/><text x="${(at(atMs) + 10).toFixed(1)}" y="${MARKS_Y + 4}">${label}</text></g>`;
}

function spokenSummary({ report, recording }: PageContent): string {
  const seconds = Math.round(recording.durationMs / 1_000);
  return `Waveforms of caller and agent over ${seconds} seconds with ${report.turns.length} turns, ${report.bargeIns.length} barge-ins and ${report.backchannels.length} backchannels; the transcript below has them in words.`;
}
