declare namespace notion {
  type PageIdParentRequest = {
    /** (uuid) */
    page_id: string;
  };
  type RichTextRequest = {text: {content: string; link?: Record<string, unknown> | null}; type?: "text"};
  type MovePageParentRequest = {
    type: "page_id";
    /** (uuid) */
    page_id: string;
  } | {
    type: "database_id";
    /** (uuid) */
    database_id: string;
  } | {type: "workspace"};
  type BlockObjectRequest = notion.ParagraphBlockRequest | notion.BulletedListItemBlockRequest;
  type ParentRequest = notion.PageIdParentRequest | notion.DataSourceIdParentRequest | {type: "workspace"};
  type SortObject = {property: string; direction: "ascending" | "descending"};
  type ParagraphBlockRequest = {paragraph?: {rich_text: notion.RichTextRequest[]}; type?: "paragraph"};
  type BulletedListItemBlockRequest = {
    bulleted_list_item?: {rich_text: notion.RichTextRequest[]};
    type?: "bulleted_list_item";
  };
  type DataSourceIdParentRequest = {
    type?: "database_id";
    /** (uuid) */
    database_id: string;
  };
}

declare const notion: {
  /** Notion | Create comment
  Error Responses:
  400: Bad request
  @hints destructive */
  API_create_a_comment: Tool<{
    parent: {
      /** the page ID */
      page_id: string;
    } | string;
    rich_text: ({
      text: {
        /** The content of the comment */
        content: string;
      };
    } | string | Record<string, unknown>)[];
  }>;
  /** Notion | Create a data source
  Error Responses:
  400: Bad request
  @hints destructive */
  API_create_a_data_source: Tool<{
    parent: notion.PageIdParentRequest | string;
    properties: Record<string, unknown> | string;
    title?: (notion.RichTextRequest | string | Record<string, unknown>)[];
  }>;
  /** Notion | Delete a block
  Error Responses:
  400: Bad request
  @hints destructive */
  API_delete_a_block: Tool<{
    /** Identifier for a Notion block */
    block_id: string;
  }>;
  /** Notion | Retrieve block children
  Error Responses:
  400: Bad request
  @hints read-only */
  API_get_block_children: Tool<{
    /** Identifier for a [block](ref:block) */
    block_id: string;
    /** If supplied, this endpoint will return a page of results starting after the cursor provided. If not supplied, this endpoint will return the first page of results. */
    start_cursor?: string;
    /** The number of items from the full list desired in the response. Maximum: 100 (integer, int32, default 100) */
    page_size?: number;
  }>;
  /** Notion | Retrieve your token's bot user
  Error Responses:
  400: Bad request
  @hints read-only */
  API_get_self: Tool;
  /** Notion | Retrieve a user
  Error Responses:
  400: 400
  @hints read-only */
  API_get_user: Tool<{
    /** (uuid) */
    user_id: string;
  }>;
  /** Notion | List all users
  Error Responses:
  400: 400
  @hints read-only */
  API_get_users: Tool<{
    /** If supplied, this endpoint will return a page of results starting after the cursor provided. If not supplied, this endpoint will return the first page of results. */
    start_cursor?: string;
    /** The number of items from the full list desired in the response. Maximum: 100 (integer, default 100) */
    page_size?: number;
  }>;
  /** Notion | List templates in a data source
  Error Responses:
  400: Bad request
  @hints read-only */
  API_list_data_source_templates: Tool<{
    /** Identifier for a Notion data source */
    data_source_id: string;
    start_cursor?: string;
    /** (integer, default 100) */
    page_size?: number;
  }>;
  /** Notion | Move a page
  Error Responses:
  400: Bad request
  @hints destructive */
  API_move_page: Tool<{
    /** Identifier for a Notion page (uuid) */
    page_id: string;
    parent: notion.MovePageParentRequest | string;
  }>;
  /** Notion | Append block children
  Error Responses:
  400: Bad request
  @hints destructive */
  API_patch_block_children: Tool<{
    /** Identifier for a [block](ref:block). Also accepts a [page](ref:page) ID. */
    block_id: string;
    /** Child content to append to a container block as an array of [block objects](ref:block) */
    children: (notion.BlockObjectRequest | string | Record<string, unknown>)[];
    /** The ID of the existing block that the new block should be appended after. */
    after?: string;
  }>;
  /** Notion | Update page properties
  Error Responses:
  400: Bad request
  @hints destructive */
  API_patch_page: Tool<{
    /** The identifier for the Notion page to be updated. */
    page_id: string;
    properties?: Record<string, unknown> | string;
    /** Set to true to delete a block. Set to false to restore a block. (default false) */
    in_trash?: boolean;
    archived?: boolean;
    icon?: {emoji: string} | string;
    cover?: {external: {url: string}; type?: "external"} | string;
  }>;
  /** Notion | Create a page
  Error Responses:
  400: Bad request
  @hints destructive */
  API_post_page: Tool<{
    parent: notion.ParentRequest | string;
    properties: Record<string, unknown> | string;
    /** The content to be rendered on the new page, represented as an array of [block objects](https://developers.notion.com/reference/block). */
    children?: (string | Record<string, unknown>)[];
    /** The icon of the new page. Either an [emoji object](https://developers.notion.com/reference/emoji-object) or an [external file object](https://developers.notion.com/reference/file-object).. (json) */
    icon?: string;
    /** The cover image of the new page, represented as a [file object](https://developers.notion.com/reference/file-object). (json) */
    cover?: string;
  }>;
  /** Notion | Search by title
  Error Responses:
  400: Bad request
  @hints destructive */
  API_post_search: Tool<{
    /** The text that the API compares page and database titles against. */
    query?: string;
    sort?: {
      /** The direction to sort. Possible values include `ascending` and `descending`. */
      direction?: string;
      /** The name of the timestamp to sort against. Possible values include `last_edited_time`. */
      timestamp?: string;
    } | string;
    filter?: {
      /** The value of the property to filter the results by.  Possible values for object type include `page` or `data_source`.  **Limitation**: Currently the only filter allowed is `object` which will filter by type of object (either `page` or `data_source`) */
      value?: "page" | "data_source";
      /** The name of the property to filter by. Currently the only property you can filter by is the object type.  Possible values include `object`.   Limitation: Currently the only filter allowed is `object` which will filter by type of object (either `page` or `data_source`) */
      property?: string;
    } | string;
    /** A `cursor` value returned in a previous response that If supplied, limits the response to results starting after the `cursor`. If not supplied, then the first page of results is returned. Refer to [pagination](https://developers.notion.com/reference/intro#pagination) for more details. */
    start_cursor?: string;
    /** The number of items from the full list to include in the response. Maximum: `100`. (integer, int32, default 100) */
    page_size?: number;
  }>;
  /** Notion | Query a data source
  Error Responses:
  400: Bad request
  @hints destructive */
  API_query_data_source: Tool<{
    /** Identifier for a Notion data source (database) */
    data_source_id: string;
    /** A list of page property value IDs to limit the response */
    filter_properties?: (string | Record<string, unknown>)[];
    filter?: Record<string, unknown> | string;
    sorts?: (notion.SortObject | string | Record<string, unknown>)[];
    start_cursor?: string;
    /** (integer, default 100) */
    page_size?: number;
    archived?: boolean;
    in_trash?: boolean;
  }>;
  /** Notion | Retrieve a block
  Error Responses:
  400: Bad request
  @hints read-only */
  API_retrieve_a_block: Tool<{
    /** Identifier for a Notion block */
    block_id: string;
  }>;
  /** Notion | Retrieve comments
  Error Responses:
  400: Bad request
  @hints read-only */
  API_retrieve_a_comment: Tool<{
    /** Identifier for a Notion block or page */
    block_id: string;
    /** If supplied, this endpoint will return a page of results starting after the cursor provided. If not supplied, this endpoint will return the first page of results. */
    start_cursor?: string;
    /** The number of items from the full list desired in the response. Maximum: 100 (integer, int32) */
    page_size?: number;
  }>;
  /** Notion | Retrieve a data source
  Error Responses:
  400: Bad request
  @hints read-only */
  API_retrieve_a_data_source: Tool<{
    /** Identifier for a Notion data source */
    data_source_id: string;
  }>;
  /** Notion | Retrieve a database
  Error Responses:
  400: Bad request
  @hints read-only */
  API_retrieve_a_database: Tool<{
    /** Identifier for a Notion database */
    database_id: string;
  }>;
  /** Notion | Retrieve a page
  Error Responses:
  400: Bad request
  @hints read-only */
  API_retrieve_a_page: Tool<{
    /** Identifier for a Notion page */
    page_id: string;
    /** A list of page property value IDs associated with the page. Use this param to limit the response to a specific page property value or values. To retrieve multiple properties, specify each page property ID. For example: `?filter_properties=iAk8&filter_properties=b7dh`. */
    filter_properties?: string;
  }>;
  /** Notion | Retrieve a page property item
  Error Responses:
  400: Bad request
  @hints read-only */
  API_retrieve_a_page_property: Tool<{
    /** Identifier for a Notion page */
    page_id: string;
    /** Identifier for a page [property](https://developers.notion.com/reference/page#all-property-values) */
    property_id: string;
    /** For paginated properties. The max number of property item objects on a page. The default size is 100 (integer, int32) */
    page_size?: number;
    /** For paginated properties. */
    start_cursor?: string;
  }>;
  /** Notion | Retrieve a page as Markdown
  Error Responses:
  400: Bad request
  403: The integration lacks the read/update content capability required for this page.
  404: Page not found or not shared with the integration.
  429: Rate limited.
  @hints read-only */
  API_retrieve_page_markdown: Tool<{
    /** Identifier for a Notion page (or block) to read or update as markdown. (uuid) */
    page_id: string;
    /** Whether to include meeting note transcripts. When false (default), a placeholder with the meeting note URL is shown instead of the full transcript. (default false) */
    include_transcript?: boolean;
  }>;
  /** Notion | Update a block
  Error Responses:
  400: Bad request
  @hints destructive */
  API_update_a_block: Tool<{
    /** Identifier for a Notion block */
    block_id: string;
    type?: Record<string, unknown> | string;
    /** Set to true to archive (delete) a block. Set to false to un-archive (restore) a block. (default true) */
    archived?: boolean;
  }>;
  /** Notion | Update a data source
  Error Responses:
  400: Bad request
  @hints destructive */
  API_update_a_data_source: Tool<{
    /** Identifier for a Notion data source */
    data_source_id: string;
    title?: (notion.RichTextRequest | string | Record<string, unknown>)[];
    description?: (notion.RichTextRequest | string | Record<string, unknown>)[];
    properties?: Record<string, unknown> | string;
  }>;
  /** Notion | Update a page's content as Markdown
  Error Responses:
  400: Bad request
  403: The integration lacks the read/update content capability required for this page.
  404: Page not found or not shared with the integration.
  409: Conflict (e.g. row limit exceeded).
  429: Rate limited.
  @hints destructive */
  API_update_page_markdown: Tool<{
    /** Identifier for a Notion page (or block) to read or update as markdown. (uuid) */
    page_id: string;
    /** The kind of edit to apply. Prefer `replace_content` (overwrite the whole page) or `update_content` (targeted find-and-replace). `insert_content` and `replace_content_range` are deprecated. */
    type: "replace_content" | "update_content" | "insert_content" | "replace_content_range";
    replace_content?: {
      /** The complete new page content as enhanced Markdown. */
      new_str: string;
      /** Permit deletion of existing child pages/databases that are no longer present in the new content. */
      allow_deleting_content?: boolean;
    } | string;
    update_content?: {
      /** Up to 100 find-and-replace edits applied in order. */
      content_updates: {
        /** Exact existing Markdown text to find. */
        old_str: string;
        /** Replacement Markdown text. */
        new_str: string;
        /** Replace every occurrence of old_str instead of just the first (default false). */
        replace_all_matches?: boolean;
      }[];
      /** Permit deletion of existing child pages/databases removed by the edits. */
      allow_deleting_content?: boolean;
    } | string;
    insert_content?: {
      /** Enhanced Markdown to insert. */
      content: string;
      /** Ellipsis-format selection ("start text...end text") to insert after. Cannot be combined with position. */
      after?: string;
      /** Insert at the start or end of the page. Cannot be combined with after. */
      position?: {type?: "start" | "end"};
    } | string;
    replace_content_range?: {
      /** New Markdown content for the range. */
      content: string;
      /** Ellipsis-format selection ("start text...end text") identifying the range to replace. */
      content_range: string;
      /** Permit deletion of child pages/databases within the replaced range. */
      allow_deleting_content?: boolean;
    } | string;
  }>;
};
