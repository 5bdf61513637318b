import type { HistoryReport } from "../images/history/report.ts";

/** `{"version":1,"image":{…},"layers":[…],"waste":[…]}`; sizes are bytes. */
export function historyJson(report: HistoryReport): string {
  const { rows, waste, ...image } = report;
  const value = {
    version: 1,
    image,
    history: rows,
    waste: waste.map(({ remedy, ...row }) => ({ ...row, ...remedy })),
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
