declare const everything: {
  /** Echoes back the input string
  @hints read-only, idempotent */
  echo: Tool<{
    /** Message to echo */
    message: string;
  }>;
  /** Demonstrates how annotations can be used to provide metadata about content.
  @hints read-only, idempotent */
  get_annotated_message: Tool<{
    /** Type of message to demonstrate different annotation patterns */
    messageType: "error" | "success" | "debug";
    /** Whether to include an example image (default false) */
    includeImage?: boolean;
  }>;
  /** Returns all environment variables, helpful for debugging MCP server configuration
  @hints read-only, idempotent */
  get_env: Tool;
  /** Returns up to ten resource links that reference different types of resources
  @hints read-only, idempotent */
  get_resource_links: Tool<{
    /** Number of resource links to return (1-10) (1 to 10, default 3) */
    count?: number;
  }>;
  /** Returns a resource reference that can be used by MCP clients
  @hints read-only, idempotent */
  get_resource_reference: Tool<{
    /** (default "Text") */
    resourceType?: "Text" | "Blob";
    /** ID of the text resource to fetch (default 1) */
    resourceId?: number;
  }>;
  /** Lists the current MCP roots provided by the client. Demonstrates the roots protocol capability even though this server doesn't access files.
  @hints read-only, idempotent */
  get_roots_list: Tool;
  /** Returns structured content along with an output schema for client data validation
  @hints read-only, idempotent */
  get_structured_content: Tool<{
    /** Choose city */
    location: "New York" | "Chicago" | "Los Angeles";
  }, {
    /** Temperature in celsius */
    temperature: number;
    /** Weather conditions description */
    conditions: string;
    /** Humidity percentage */
    humidity: number;
  }>;
  /** Returns the sum of two numbers
  @hints read-only, idempotent */
  get_sum: Tool<{
    /** First number */
    a: number;
    /** Second number */
    b: number;
  }>;
  /** Returns a tiny MCP logo image.
  @hints read-only, idempotent */
  get_tiny_image: Tool;
  /** Compresses a single file using gzip compression. Depending upon the selected output type, returns either the compressed data as a gzipped resource or a resource link, allowing it to be downloaded in a subsequent request during the current session.
  @hints idempotent */
  gzip_file_as_resource: Tool<{
    /** Name of the output file (default "README.md.gz") */
    name?: string;
    /** URL or data URI of the file content to compress (uri, default "https://raw.githubusercontent.com/modelcontextprotocol/servers/refs/heads/ma…) */
    data?: string;
    /** How the resulting gzipped file should be returned. 'resourceLink' returns a link to a resource that can be read later, 'resource' returns a full resource object. (default "resourceLink") */
    outputType?: "resourceLink" | "resource";
  }>;
  /** Simulates a deep research operation that gathers, analyzes, and synthesizes information. Demonstrates MCP task-based operations with progress through multiple stages. If 'ambiguous' is true and client supports elicitation, sends an elicitation request for clarification. */
  simulate_research_query: Tool<{
    /** The research topic to investigate */
    topic: string;
    /** Simulate an ambiguous query that requires clarification (triggers input_required status) (default false) */
    ambiguous?: boolean;
  }>;
  /** Toggles simulated, random-leveled logging on or off. */
  toggle_simulated_logging: Tool;
  /** Toggles simulated resource subscription updates on or off. */
  toggle_subscriber_updates: Tool;
  /** Demonstrates a long running operation with progress updates.
  @hints read-only, idempotent */
  trigger_long_running_operation: Tool<{
    /** Duration of the operation in seconds (default 10) */
    duration?: number;
    /** Number of steps in the operation (default 5) */
    steps?: number;
  }>;
};
