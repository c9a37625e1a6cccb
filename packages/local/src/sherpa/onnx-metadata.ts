import { type FileHandle, open } from 'node:fs/promises';

/** ModelProto.metadata_props, a repeated StringStringEntryProto { key = 1, value = 2 }. */
const METADATA_PROPS = 14;
const LENGTH_DELIMITED = 2;
/** Tag and length of a field: two varints of at most ten bytes. */
const LONGEST_HEAD_BYTES = 20;

/** The metadata of an ONNX file, read without loading its weights. Throws a RangeError for other files. */
export async function readOnnxMetadata(path: string): Promise<ReadonlyMap<string, string>> {
  const metadata = new Map<string, string>();
  await using file = await open(path);
  const { size } = await file.stat();
  for (let at = 0; at < size; ) {
    const head = await readAt(file, at, Math.min(LONGEST_HEAD_BYTES, size - at));
    const tag = readVarint(head, 0);
    const second = readVarint(head, tag.end);
    const [field, wireType] = [tag.value >> 3, tag.value & 7];
    if (field === 0 || (wireType !== 0 && wireType !== LENGTH_DELIMITED))
      throw new RangeError(`${path} is no ONNX file`);
    const length = wireType === LENGTH_DELIMITED ? second.value : 0;
    if (at + second.end + length > size) throw new RangeError(`${path} is cut off`);
    if (field === METADATA_PROPS) {
      const [key = '', value = ''] = readStrings(await readAt(file, at + second.end, length));
      metadata.set(key, value);
    }
    at += second.end + length;
  }
  return metadata;
}

/** A protobuf message grows by appending fields to it, so these bytes go to the end of the file. */
export function onnxMetadata(entries: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(
    Object.entries(entries).map(([key, value]) =>
      lengthDelimited(
        METADATA_PROPS,
        Buffer.concat([
          lengthDelimited(1, Buffer.from(key)),
          lengthDelimited(2, Buffer.from(value)),
        ]),
      ),
    ),
  );
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** Fields 1 and 2 of a message that has only strings. */
function readStrings(message: Buffer): string[] {
  const strings: string[] = [];
  for (let at = 0; at < message.length; ) {
    const tag = readVarint(message, at);
    const length = readVarint(message, tag.end);
    strings[(tag.value >> 3) - 1] = message.toString('utf8', length.end, length.end + length.value);
    at = length.end + length.value;
  }
  return strings;
}

function lengthDelimited(field: number, payload: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | LENGTH_DELIMITED), varint(payload.length), payload]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 127) | 128);
  }
}

/** Lengths may pass 2³¹, so no bit operations on the value. */
function readVarint(bytes: Buffer, start: number): { value: number; end: number } {
  let value = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * 2 ** (7 * (at - start));
    if (byte < 128) return { value, end: at + 1 };
  }
  throw new RangeError('No ONNX file: a number has no end');
}
