/** One block of a tool's answer. */
interface ToolContent {
  type: "text" | "image" | "audio" | "resource" | "resource_link" | (string & {});
  text?: string;
  /** base64 */
  data?: string;
  mimeType?: string;
  [key: string]: unknown;
}

/** A tool's whole answer, as its server sent it. */
interface ToolResult {
  content: ToolContent[];
  structuredContent?: unknown;
  isError?: boolean;
  [key: string]: unknown;
}

/**
 * One tool. Calling it gives structuredContent if there is any, else a text
 * that is JSON parsed, else the text, else the content blocks; a tool that
 * says it failed throws a ToolError.
 */
interface Tool<In = Record<string, never>, Out = unknown> {
  (...args: {} extends In ? [args?: In] : [args: In]): Promise<Out>;
  /** The whole answer. */
  raw(...args: {} extends In ? [args?: In] : [args: In]): Promise<ToolResult>;
}

/** A server's tools by their own names, where JavaScript spells some of them otherwise. */
interface NamedTools {
  [tool: string]: Tool<any, any>;
}

/** What a call that failed throws. */
declare class ToolError extends Error {
  readonly server: string;
  readonly tool: string;
  /** What kind of failure it is, such as "upstream", "invalid" or "timeout". */
  readonly code: string;
  readonly hint?: string;
  /** What the tool answered, if it did. */
  readonly result?: ToolResult;
}

/** All tools of all servers: tools["server"]["tool"](args), and how to find them. */
interface Tools {
  /** Finds tools by words; gives lines that can be called as they stand. */
  search(
    text: string,
    options?: { server?: string; limit?: number; detail?: "name" | "line" | "full" },
  ): Promise<string>;
  /** Describes "server.tool" in full, or lists the tools of "server". */
  describe(name: string): Promise<string>;
  /** A server by its own name, and a tool by its own name: for names that JavaScript has other uses for. */
  server(name: string): any;
  tool(server: string, name: string): Tool<any, any>;
  [server: string]: any;
}
declare const tools: Tools;
