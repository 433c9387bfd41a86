/** The data argument of execute_code, undefined if there was none. */
declare const data: any;
/** Lines of log shown after the result; the result itself is what the script returns. */
declare const console: { log(...a: unknown[]): void; info(...a: unknown[]): void; debug(...a: unknown[]): void; warn(...a: unknown[]): void; error(...a: unknown[]): void; table(rows: unknown): void };
declare function sleep(ms: number): Promise<void>;
declare function setTimeout(f: (...a: any[]) => void, ms?: number, ...args: any[]): number;
declare function setInterval(f: (...a: any[]) => void, ms?: number, ...args: any[]): number;
declare function clearTimeout(id?: number): void;
declare function clearInterval(id?: number): void;
declare function queueMicrotask(f: () => void): void;
declare function structuredClone<T>(value: T): T;
declare function atob(base64: string): string;
declare function btoa(bytes: string): string;
declare class TextEncoder { encode(text?: string): Uint8Array }
declare class TextDecoder { constructor(encoding?: "utf-8"); decode(bytes?: ArrayBuffer | ArrayBufferView): string }
declare class URLSearchParams { constructor(init?: string | string[][] | Record<string, any>); append(name: string, value: any): void; delete(name: string): void; get(name: string): string | null; getAll(name: string): string[]; has(name: string): boolean; set(name: string, value: any): void; sort(): void; readonly size: number; entries(): IterableIterator<[string, string]>; forEach(f: (value: string, name: string) => void): void; [Symbol.iterator](): IterableIterator<[string, string]>; toString(): string }
declare class URL { constructor(url: string, base?: string); static canParse(url: string, base?: string): boolean; href: string; readonly origin: string; protocol: string; username: string; password: string; host: string; hostname: string; port: string; pathname: string; search: string; hash: string; readonly searchParams: URLSearchParams; toString(): string; toJSON(): string }
