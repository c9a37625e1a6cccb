import { readFile } from 'node:fs/promises';
import { clockTime, shortTime } from './clock-time.ts';
import { html, Markup } from './markup.ts';
import type { PageContent } from './page-content.ts';
import { overview, PX_PER_SECOND, strip } from './timeline.ts';
import { transcript } from './transcript.ts';

/** A call's report as one HTML page that needs nothing else, neither files nor network. */
export async function reportPage(content: PageContent): Promise<string> {
  const [base, timeline, words, player] = await Promise.all(
    ['page.css', 'timeline.css', 'transcript.css', 'player.js'].map(asset),
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; media-src data:; img-src data:">
<meta name="color-scheme" content="light dark">
<title>${content.title} · Earshot</title>
<link rel="icon" href="data:,">
<style>${[base, timeline, words].map((sheet) => sheet ?? null)}</style>
</head>
<body>
<main>
${heading(content)}
${figures(content)}
<section aria-labelledby="picture"><h2 id="picture">The call</h2>
${sound(content)}
${overview(content)}
<div class="scroller" tabindex="0" role="region" aria-label="Timeline, scrolls sideways" data-px-per-second="${PX_PER_SECOND}">
${strip(content)}</div>
<p class="legend"><span class="caller">caller</span><span class="agent">agent, as heard</span><span class="long">gap over 1.2 s</span></p>
</section>
<section aria-labelledby="words"><h2 id="words">Transcript</h2>
<div class="card">${transcript(content)}</div></section>
${messages(content)}
${findings(content)}
${checks(content)}
</main>
<script>${player ?? null}</script>
</body>
</html>
`.source;
}

async function asset(name: string): Promise<Markup> {
  return new Markup(await readFile(new URL(name, import.meta.url), 'utf8'));
}

function heading({ title, date, recording, checks: all }: PageContent): Markup {
  const failed = all.filter(({ ok }) => !ok).length;
  const verdict = failed === 0 ? 'as expected' : `${failed} of ${all.length} checks failed`;
  const { reason, detail } = recording.outcome;
  return html`<header><p class="mark-name">Earshot</p><h1>${title}</h1>
<p class="facts">${all.length > 0 ? html`<span class="verdict ${failed === 0 ? 'good' : 'bad'}">${verdict}</span>` : null}
<span>${reason.replaceAll('-', ' ')}${reason === 'agent-hung-up' || detail === '' ? '' : `: ${detail}`}</span><span>${clockTime(recording.durationMs)}</span>
<time datetime="${date.toISOString()}">${date.toISOString().slice(0, 16).replace('T', ' ')} UTC</time></p></header>`;
}

function figures({ report }: PageContent): Markup {
  const left = report.backchannels.filter(({ yielded }) => !yielded).length;
  const silent = report.bargeIns.map(({ silentAfterMs }) => silentAfterMs);
  const time = (ms: number | null): string => (ms === null ? '–' : shortTime(ms));
  const all: [string, string, string][] = [
    ['Reply gap, median', time(report.gap.p50), 'at the caller’s ear'],
    ['Reply gap, p95', time(report.gap.p95), 'at the caller’s ear'],
    ['Turns', String(report.turns.length), 'both sides'],
    [
      'Barge-ins',
      String(silent.length),
      silent.length > 0 ? `silent after ${shortTime(Math.max(...silent))}` : 'none tried',
    ],
    ['Backchannels', String(report.backchannels.length), `${left} left alone`],
    ['Cut in on the caller', String(report.agentInterruptions.length), 'by the agent'],
  ];
  return html`<dl class="figures">${all.map(
    ([name, value, note]) =>
      html`<div><dt>${name}</dt><dd>${value}<small>${note}</small></dd></div>`,
  )}</dl>`;
}

function sound({ audio }: PageContent): Markup {
  if (!audio)
    return html`<p>The recording is too long to be carried in this page; call.wav has it.</p>`;
  const source = `data:audio/wav;base64,${Buffer.from(audio).toString('base64')}`;
  return html`<audio controls preload="metadata" src="${new Markup(source)}" aria-label="The call: left the caller, right the agent as heard"></audio>`;
}

function messages({ report }: PageContent): Markup | null {
  if (report.messages.length === 0) return null;
  return html`<section aria-labelledby="messages"><h2 id="messages">Messages taken</h2>${report.messages.map(
    (message) =>
      html`<dl class="card message">${Object.entries(message)
        .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
        .map(([name, value]) => html`<div><dt>${name}</dt><dd>${String(value)}</dd></div>`)}</dl>`,
  )}</section>`;
}

function findings({ report }: PageContent): Markup {
  const list = report.findings.map(
    ({ code, level, text, atMs }) =>
      html`<li class="${level}"><span class="badge ${level}">${level}</span> <code>${code}</code> ${text} <small>at ${clockTime(atMs)}</small></li>`,
  );
  const none = html`<p>None: nothing on the wire or at the ear to complain about.</p>`;
  return html`<section aria-labelledby="findings"><h2 id="findings">Findings</h2>${list.length > 0 ? html`<ul class="card list">${list}</ul>` : none}</section>`;
}

function checks({ checks: all }: PageContent): Markup | null {
  if (all.length === 0) return null;
  return html`<section aria-labelledby="checks"><h2 id="checks">Expected of this call</h2><ul class="card list">${all.map(
    ({ name, ok, detail }) =>
      html`<li><span class="badge ${ok ? 'good' : 'error'}">${ok ? 'yes' : 'no'}</span> ${name} <small>${detail}</small></li>`,
  )}</ul></section>`;
}
