/** What ES2024's types and `@earshot/audio`'s declarations leave out. */
declare namespace WebAssembly {
  type Import = (...args: never[]) => unknown;
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(
    module: Module,
    imports: Readonly<Record<string, Readonly<Record<string, Import>>>>,
  ): Promise<Instance>;
}
