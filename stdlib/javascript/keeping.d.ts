/** Results that were too long to show, by the id that was shown instead. */
declare const results: { get(id: string): Promise<any>; list(): Promise<{ id: string; bytes: number; type?: string; made: string }[]> };
/** JSON that later scripts find again; get gives null for a key that is not there. */
declare const store: { set(key: string, value: unknown): Promise<void>; get(key: string): Promise<any>; delete(key: string): Promise<boolean>; keys(): Promise<string[]> };
/** Tells whoever waits how far the script is. */
declare function progress(message: string, done?: number, total?: number): void;
/** Rows as text with tabs, names once: the form that costs you least to read. */
declare function table(rows: Iterable<unknown>, columns?: string[]): string;
