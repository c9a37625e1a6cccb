import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import pg from 'pg';

/** A pooler that gives each transaction the next of two connections, as Supabase's does on port 6543. */
export interface TransactionPooler extends AsyncDisposable {
  readonly url: string;
  /** Names of statements that were prepared: there must be none. */
  readonly names: readonly string[];
  readonly transactions: number;
}

const CONNECTIONS = 2;
/** AuthenticationOk, ReadyForQuery (idle). */
const WELCOME = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);
const IDLE = 0x49;

/** One real connection, lent for a transaction at a time. */
class Server {
  readonly socket: Duplex;
  #borrower: Duplex | null = null;
  #rest = Buffer.alloc(0);
  onFree: () => void = () => undefined;

  constructor(socket: Duplex) {
    this.socket = socket;
    socket.removeAllListeners('data');
    socket.on('data', (data: Buffer) => this.#pass(data));
  }

  get free(): boolean {
    return this.#borrower === null;
  }

  lend(borrower: Socket, data: Buffer): void {
    this.#borrower = borrower;
    this.socket.write(data);
  }

  isLentTo(borrower: Socket): boolean {
    return this.#borrower === borrower;
  }

  #pass(data: Buffer): void {
    this.#borrower?.write(data);
    const { messages, rest } = split(Buffer.concat([this.#rest, data]));
    this.#rest = rest;
    const last = messages.at(-1);
    if (last?.[0] !== 0x5a || last[5] !== IDLE) return;
    this.#borrower = null;
    this.onFree();
  }
}

export async function openPooler(url: string): Promise<TransactionPooler> {
  const servers = await Promise.all(Array.from({ length: CONNECTIONS }, () => connected(url)));
  const waiting: { readonly socket: Socket; readonly data: Buffer }[] = [];
  const names: string[] = [];
  let transactions = 0;

  function pump(): void {
    for (const next of [...waiting]) {
      const server = servers[transactions % CONNECTIONS];
      if (!server?.free) return;
      waiting.shift();
      transactions++;
      server.lend(next.socket, next.data);
    }
  }

  function take(socket: Socket, message: Buffer): void {
    if (message[0] === 0x58) return;
    if (message[0] === 0x50 && message[5] !== 0) names.push(message.toString('utf8', 5, 20));
    const server = servers.find((each) => each.isLentTo(socket));
    if (server) server.socket.write(message);
    else waiting.push({ socket, data: message });
    pump();
  }

  for (const server of servers) server.onFree = pump;
  const sockets = new Set<Socket>();
  const door = createServer((socket) => {
    sockets.add(socket);
    welcome(socket, (message) => take(socket, message));
  }).listen(0, '127.0.0.1');
  await once(door, 'listening');
  const address = door.address();
  const own = new URL(url);
  own.port = String(typeof address === 'object' && address ? address.port : 0);
  return {
    url: own.href,
    names,
    get transactions() {
      return transactions;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      door.close();
      for (const { socket } of servers) socket.destroy();
    },
  };
}

async function connected(url: string): Promise<Server> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return new Server(client.connection.stream);
}

/** Takes anybody in; the first message has no type. */
function welcome(socket: Socket, take: (message: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  let isIn = false;
  socket.on('error', () => undefined);
  socket.on('data', (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    if (!isIn) {
      if (rest.length < 4 || rest.length < rest.readInt32BE(0)) return;
      rest = rest.subarray(rest.readInt32BE(0));
      isIn = true;
      socket.write(WELCOME);
    }
    const found = split(rest);
    rest = found.rest;
    for (const message of found.messages) take(message);
  });
}

/** Whole messages: a type, a length that counts itself, and as many bytes. */
function split(data: Buffer<ArrayBuffer>) {
  const messages: Buffer[] = [];
  while (data.length >= 5 && data.length >= 1 + data.readInt32BE(1)) {
    const length = 1 + data.readInt32BE(1);
    messages.push(data.subarray(0, length));
    data = data.subarray(length);
  }
  return { messages, rest: data };
}
