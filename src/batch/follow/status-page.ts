import { byteSize, count } from "../../output/wording.ts";
import { figureList } from "../../report/figures.ts";
import { html, type Html } from "../../report/html.ts";
import { pageText } from "../../report/page.ts";
import type { ProgressPoint } from "./progress-over-time.ts";
import type { CampaignStatus } from "./status.ts";

const css = `
.progress { width: 100%; height: 16rem; display: block; overflow: visible; }
.progress polyline { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
.progress .opened { stroke: var(--stays); }
.progress .merged { stroke: var(--went); }
.progress .closed { stroke: var(--came); stroke-dasharray: 4 3; }
.progress .axis { stroke: var(--rule); stroke-width: 1; vector-effect: non-scaling-stroke; }
table.states td + td { text-align: right; font-variant-numeric: tabular-nums; }
`;

/** The page of `batch status --html`: one file, no script, nothing loaded. */
export function statusPage(
  status: CampaignStatus,
  points: readonly ProgressPoint[],
): string {
  const { states, saved, total } = status;
  return pageText({
    title: `Campaign ${status.campaign}`,
    header: html`<h1>Campaign ${status.campaign}</h1>
      ${figureList([
        {
          label: "Repositories",
          values: [String(total)],
          remark: `${states.unchanged} have nothing to change`,
        },
        {
          label: "Merged",
          values: [String(states.merged + states.committed)],
          remark: `saves ${byteSize(saved.merged)} an image set`,
        },
        {
          label: "Open requests",
          values: [String(states.open)],
          remark: `${status.checks.red} red, ${status.checks.green} green`,
        },
        {
          label: "Waiting",
          values: [String(states.planned + states.pushed)],
          remark: `would save ${byteSize(saved.planned)}`,
        },
      ])}`,
    sections: [
      { id: "progress", title: "Requests over time", body: chart(points) },
      {
        id: "states",
        title: "Repositories by state",
        body: stateTable(status),
        isHalf: true,
      },
      { id: "failures", title: "Failures", body: failureTable(status), isHalf: true },
    ],
    command: "dockerslim batch status --html",
    css,
  });
}

function chart(points: readonly ProgressPoint[]): Html {
  const last = points.at(-1);
  if (last === undefined) return html`<p>No request has been opened yet.</p>`;
  const highest = Math.max(1, last.opened, last.merged, last.closed);
  const line = (kind: "opened" | "merged" | "closed") =>
    html`<polyline
      class="${kind}"
      points="${points
        .map((point, index) => {
          const x = points.length === 1 ? 1000 : (1000 * index) / (points.length - 1);
          return `${x.toFixed(1)},${(300 - (300 * point[kind]) / highest).toFixed(1)}`;
        })
        .join(" ")}"
    />`;
  const first = points[0] ?? last;
  return html`<p>
      From ${day(first.at)} to ${day(last.at)}: ${count(last.opened, "request")} opened,
      ${last.merged} merged, ${last.closed} closed unmerged.
    </p>
    <svg
      class="progress"
      viewBox="0 0 1000 300"
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <line class="axis" x1="0" y1="300" x2="1000" y2="300" />
      ${line("opened")} ${line("merged")} ${line("closed")}
    </svg>
    <ul class="legend" aria-label="Colours">
      <li>
        <svg class="key" aria-hidden="true" focusable="false">
          <rect class="stays" width="100%" height="100%" /></svg
        >opened
      </li>
      <li>
        <svg class="key" aria-hidden="true" focusable="false">
          <rect class="went" width="100%" height="100%" /></svg
        >merged
      </li>
      <li>
        <svg class="key" aria-hidden="true" focusable="false">
          <rect class="came" width="100%" height="100%" /></svg
        >closed, dashed
      </li>
    </ul>`;
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace("T", " ");
}

function stateTable({ states }: CampaignStatus): Html {
  const rows = Object.entries(states).filter(([, amount]) => amount > 0);
  return countTable("State", rows);
}

function failureTable({ failures, conflicts }: CampaignStatus): Html {
  const rows = [
    ...failures.map((row) => [row.class, row.count] as const),
    ...conflicts.map((row) => [row.message, row.count] as const),
  ];
  return rows.length === 0 ? html`<p>None.</p>` : countTable("Reason", rows);
}

function countTable(
  title: string,
  rows: readonly (readonly [name: string, repositories: number])[],
): Html {
  return html`<table class="states">
    <thead>
      <tr>
        <th scope="col">${title}</th>
        <th scope="col">Repositories</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ([name, repositories]) =>
          html`<tr>
            <td>${name}</td>
            <td>${repositories}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
