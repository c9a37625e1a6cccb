import { SaxesParser } from 'saxes';

/** An XML element: attributes, child elements, and its own text without theirs. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

interface OpenElement extends Element {
  readonly children: Element[];
  text: string;
}

/** Throws an error with line and column when the document is not well-formed. */
export function parseXml(document: string): Element {
  const parser = new SaxesParser();
  const open: OpenElement[] = [{ name: '', attributes: {}, children: [], text: '' }];
  const addText = (text: string) => {
    const element = open.at(-1);
    if (element) element.text += text;
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(document).close();
  const [root] = open[0]?.children ?? [];
  if (!root) throw new Error('the document is empty');
  return root;
}
