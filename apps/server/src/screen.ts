import { type FetchEvent, ProgressBar } from '@earshot/local';

/** Where people read what the process says: a terminal or a file. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Shows on the screen how a download gets on. */
export function showDownload(screen: Screen): (event: FetchEvent) => void {
  const { isTTY: isTty = false, columns = 80 } = screen;
  const bar = new ProgressBar({ isTty, columns });
  return (event) => {
    screen.write(bar.render(event, performance.now()));
  };
}
