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
