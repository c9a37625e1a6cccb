import type { ReportedTurn } from '../call-report.ts';
import { clockTime, shortTime } from './clock-time.ts';
import { html, type Markup } from './markup.ts';
import type { PageContent } from './page-content.ts';
import { LONG_GAP_MS } from './timeline.ts';

interface Row {
  readonly atMs: number;
  readonly endMs: number;
  readonly who: 'caller' | 'agent';
  readonly words: Markup;
  readonly gap: Markup | null;
}

/** The call in words: turns, murmurs and keys in the order in which they began. */
export function transcript(content: PageContent): Markup {
  const rows = [...turnRows(content), ...murmurRows(content), ...digitRows(content)].sort(
    (a, b) => a.atMs - b.atMs,
  );
  return html`<table>
<thead><tr><th scope="col">Time</th><th scope="col">Speaker</th><th scope="col">What was said and heard</th><th scope="col" class="number">Gap</th></tr></thead>
<tbody>${rows.map(row)}</tbody></table>`;
}

function row({ atMs, endMs, who, words, gap }: Row): Markup {
  const time = clockTime(atMs);
  return html`<tr class="${who}" data-from="${atMs}" data-to="${endMs}">
<td><button type="button" data-at="${atMs}" aria-label="Play from ${time}">${time}</button></td>
<th scope="row"><span class="who">${who}</span></th><td class="words">${words}</td><td class="number">${gap}</td></tr>`;
}

function turnRows({ report }: PageContent): Row[] {
  return report.turns.map((turn) => ({
    atMs: turn.startMs,
    endMs: turn.endMs,
    who: turn.speaker,
    words: html`${turn.speaker === 'caller' ? callerWords(turn) : agentWords(turn)}${badges(turn, report.bargeIns)}`,
    gap:
      turn.gapMs === null
        ? null
        : html`<span class="${turn.gapMs > LONG_GAP_MS ? 'long-gap' : 'gap-time'}">${shortTime(turn.gapMs)}</span>`,
  }));
}

function callerWords({ said, heard }: ReportedTurn): Markup {
  const understood =
    heard !== '' && plain(heard) !== plain(said)
      ? html`<small class="understood">understood: ${heard}</small>`
      : null;
  return html`${said}${understood}`;
}

/** What was heard, and struck through what was meant but cut off. */
function agentWords({ said, heard }: ReportedTurn): Markup {
  if (said === '' && heard === '') return html`<em>words not told by the server</em>`;
  if (!said.startsWith(heard)) return html`${heard}`;
  const unheard = said.slice(heard.length);
  return unheard.trim() === '' ? html`${said}` : html`${heard}<del>${unheard}</del>`;
}

function badges(turn: ReportedTurn, bargeIns: PageContent['report']['bargeIns']): Markup[] {
  const bargeIn = bargeIns.find(({ atMs }) => atMs === turn.startMs && turn.speaker === 'caller');
  return [
    ...(bargeIn
      ? [
          html` <span class="badge barge-in">barge-in, silent after ${shortTime(bargeIn.silentAfterMs)}</span>`,
        ]
      : []),
    ...(turn.interrupted
      ? [
          html` <span class="badge">${turn.speaker === 'agent' ? 'interrupted' : 'the agent cut in'}</span>`,
        ]
      : []),
  ];
}

function murmurRows({ report, spoken }: PageContent): Row[] {
  return spoken
    .filter(({ kind }) => kind === 'backchannel')
    .map(({ said, startMs, endMs }, i) => ({
      atMs: Math.round(startMs),
      endMs: Math.round(endMs),
      who: 'caller',
      words: html`<span class="murmur">${said}</span> <span class="badge backchannel">${report.backchannels[i]?.yielded ? 'backchannel, the agent yielded' : 'backchannel, left alone'}</span>`,
      gap: null,
    }));
}

function digitRows({ recording }: PageContent): Row[] {
  return recording.digits.map(({ atMs, digit }) => ({
    atMs,
    endMs: atMs + 100,
    who: 'caller',
    words: html`<kbd>${digit}</kbd>`,
    gap: null,
  }));
}

function plain(words: string): string {
  return words
    .toLowerCase()
    .replace(/[^a-z0-9 ]/g, '')
    .replace(/ +/g, ' ')
    .trim();
}
