declare const openapi: {
  /** Make a POST request to /pets */
  crt_pet: Tool<{
    name: string;
    parent?: unknown;
    kind?: {
      t?: "cat";
      /** (integer) */
      lives?: number;
    } | {t?: "dog"; good?: boolean};
  }>;
  /** Make a GET request to /pets/{pet-id} */
  get_pet: Tool<{
    /** pet-id parameter (uuid) */
    "pet-id": string;
  }>;
  /** Make a GET request to /pets */
  list_pets: Tool<{
    /** limit parameter */
    limit?: number | null;
    /** X-Trace-Id parameter */
    "X-Trace-Id"?: string;
  }>;
};
