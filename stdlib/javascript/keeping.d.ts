/** Results that were too long to show, by the id that was shown instead. */
declare const results: { get(id: string): Promise<any>; list(): Promise<{ id: string; bytes: number; type?: string; made: string }[]> };
/** JSON that later scripts find again; get gives null for a key that is not there. */
declare const store: { set(key: string, value: unknown): Promise<void>; get(key: string): Promise<any>; delete(key: string): Promise<boolean>; keys(): Promise<string[]> };
/** What servers offer to be read; read gives a single text, parsed if it is JSON, else the contents. */
declare const resources: { list(server?: string): Promise<{ server: string; uri?: string; uriTemplate?: string; name: string; [key: string]: any }[]>; read(uri: string, server?: string): Promise<any> };
/** Prompts that servers have prepared. */
declare const prompts: { list(server?: string): Promise<{ server: string; name: string; [key: string]: any }[]>; get(name: string, args?: Record<string, string>, server?: string): Promise<any> };
/** Tells whoever waits how far the script is. */
declare function progress(message: string, done?: number, total?: number): void;
/** Rows as text with tabs, names once: the form that costs you least to read. */
declare function table(rows: Iterable<unknown>, columns?: string[]): string;
