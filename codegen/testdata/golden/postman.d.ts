declare namespace postman {
  type PrivateNetwork = {$eq?: boolean; $ne?: boolean};
  type WorkspaceId = {
    /** (not empty) */
    $eq?: string;
    /** (not empty) */
    $ne?: string;
    /** (not empty) */
    $in?: string[];
    /** (not empty) */
    $nin?: string[];
  };
}

declare const postman: {
  /** Search for Postman entities (requests, collections, workspaces, specs, flows, environments, mocks, and documents).

  **Ownership:**
  - `organization` — Search within all resources owned by your organization (default).
  - `external` — Search within the public Postman network (third-party and community APIs).
  - `all` — Search across all scopes.

  **When to use each ownership value and filters:**

  | Goal | Recommended approach |
  |------|----------------------|
  | Find an internal API (e.g. "our notification service") | `ownership: organization` |
  | Find a trusted API published to the Private Network | `ownership: organization` + `privateNetwork: true` filter |
  | Find an internal API in all resources of organization and are visible to the organization only | `ownership: organization` + `visibility: internal` filter |
  | Find an API by your organization that is made publicly visible | `ownership: organization` + `visibility: public` filter |
  | Find a third party publicly visible API (e.g. "Stripe API", "Twilio API") | `ownership: external` + `visibility: public` filter |
  | User says "our APIs", "internal", "team" | `ownership: organization` |
  | Search across all scopes | `ownership: all` |

  **Element Types:**
  - `requests`: Search for individual API requests.
  - `collections`: Search for API collections.
  - `workspaces`: Search for Postman workspaces.
  - `specs`: Search for API specifications.
  - `flows`: Search for Postman Flows.
  - `environments`: Search for Postman Environments.
  - `mocks`: Search for Postman Mock Servers.
  - `documents`: Search for Postman workspace documents.

  **Filters:**

  Use the `filters` parameter to narrow results. The top-level key must be `$and` with an array of condition objects. Each condition object must contain exactly one field key.

  Supported filter fields:
  | Field | Operators | Notes |
  |-------|-----------|-------|
  | `workspaceId` | `$eq`, `$ne`, `$in`, `$nin` | All element types. `$in`/`$nin` accept arrays. |
  | `collectionId` | `$eq`, `$ne`, `$in`, `$nin` | Requests and collections only. |
  | `visibility` | `$eq`, `$ne` | Values: `public`, `partner`, `internal`. All element types. |
  | `privateNetwork` | `$eq`, `$ne` | Boolean. All element types. |
  | `publisherIsVerified` | `$eq`, `$ne` | Boolean. All element types. |
  | `method` | `$eq`, `$ne`, `$in`, `$nin` | HTTP methods (GET, POST, etc.). Requests only. |
  | `tags` | `$eq`, `$ne`, `$in`, `$nin` | Workspaces and collections only. |
  | `requestId` | `$eq`, `$ne`, `$in`, `$nin` | Requests only. |
  | `specificationId` | `$eq`, `$ne`, `$in`, `$nin` | Specs only. |
  | `flowId` | `$eq`, `$ne`, `$in`, `$nin` | Flows only. |
  | `documentId` | `$eq`, `$ne`, `$in`, `$nin` | Documents only. |
  | `createdBy` | `$eq`, `$ne`, `$in`, `$nin` | All element types. |
  | `organizationId` | `$eq`, `$ne`, `$in`, `$nin` | All element types. |
  | `teamId` | `$eq`, `$ne`, `$in`, `$nin` | All element types. |
  | `isGitConnected` | `$eq`, `$ne` | Boolean. Workspaces, collections, requests, specs, flows, environments, mocks, documents. |
  | `type` | `$eq`, `$ne`, `$in`, `$nin` | Requests only. |

  **Filter examples:**
  - Private API Network only: `{"$and":[{"privateNetwork":{"$eq":true}}]}`
  - Single workspace: `{"$and":[{"workspaceId":{"$eq":"ws-abc123"}}]}`
  - Multiple workspaces: `{"$and":[{"workspaceId":{"$in":["ws-1","ws-2"]}}]}`
  - Public visibility: `{"$and":[{"visibility":{"$eq":"public"}}]}`
  - GET requests only: `{"$and":[{"method":{"$eq":"GET"}}]}`
  - Combine conditions: `{"$and":[{"visibility":{"$eq":"public"}},{"workspaceId":{"$eq":"ws-abc123"}}]}`
  - Environments in a workspace: `{"$and":[{"workspaceId":{"$eq":"ws-abc123"}}]}`
  @hints read-only, idempotent */
  searchPostmanElements: Tool<{
    /** The type of Postman entity to search for: `requests` (individual API requests), `collections` (API collections), `workspaces` (Postman workspaces), `specs` (API specifications), `flows` (Postman Flows), `environments` (Postman Environments), `mocks` (Postman Mock Servers), or `documents` (Postman workspace documents). (default "requests") */
    entityType?: "requests" | "collections" | "workspaces" | "specs" | "flows" | "environments" | "mocks" | "documents";
    /** The search query (e.g. "payment API", "notification service", "Stripe"). (at most 512 characters) */
    q?: string;
    /** The ownership scope. Use `organization` to search all resources in your organization (default), `external` to search the public Postman network, or `all` to search across all scopes. (default "organization") */
    ownership?: "organization" | "external" | "all";
    /** Structured filter expression. Top-level key must be "$and" with an array of condition objects. Each condition: { "<field>": { "<operator>": <value> } }. Example: {"$and":[{"privateNetwork":{"$eq":true}}]} */
    filters?: {
      /** Array of filter conditions. Each condition must contain exactly one field key mapped to an operator object. (not empty) */
      $and: {
        privateNetwork?: {$eq?: boolean; $ne?: boolean};
        publisherIsVerified?: postman.PrivateNetwork;
        isGitConnected?: postman.PrivateNetwork;
        visibility?: {$eq?: "internal" | "public" | "partner"; $ne?: "internal" | "public" | "partner"};
        workspaceId?: {
          /** (not empty) */
          $eq?: string;
          /** (not empty) */
          $ne?: string;
          /** (not empty) */
          $in?: string[];
          /** (not empty) */
          $nin?: string[];
        };
        collectionId?: postman.WorkspaceId;
        method?: postman.WorkspaceId;
        tags?: postman.WorkspaceId;
        requestId?: postman.WorkspaceId;
        specificationId?: postman.WorkspaceId;
        flowId?: postman.WorkspaceId;
        documentId?: postman.WorkspaceId;
        createdBy?: postman.WorkspaceId;
        organizationId?: postman.WorkspaceId;
        teamId?: postman.WorkspaceId;
        type?: postman.WorkspaceId;
      }[];
    };
    /** The cursor to get the next set of results in the paginated response. Pass the `nextCursor` value from the previous response. */
    cursor?: string;
    /** The maximum number of search results to return. Maximum: 25. (integer, 1 to 25, default 10) */
    limit?: number;
  }>;
};
