declare namespace monday {
  type Items = {
    /** The file ID returned by the workforms upload endpoint. */
    id: string;
    /** Original file name (e.g. "image.png"). */
    name: string;
    /** File extension (e.g. "pdf", "png"). */
    extension?: string;
    /** Whether the file is an image. */
    is_image?: boolean;
  };
  type Items2 = {
    /** The ID of the column */
    column_id: string;
    /** Whether the column is visible */
    visible: boolean;
  };
}

declare const monday: {
  /** Submit a response to a monday.com WorkForm. Use get_form first to retrieve the WorkForm, then:
  - Inspect each question's showIfRules to determine which questions are conditionally shown based on previous answers.
  - Inspect each question's settings for any answer constraints (e.g. rating limits, select options, label limits).
  - Take note of any titles, descriptions, and content blocks to present the form naturally as you walk the user through it.
  - Take note of pages and question order to present questions in the correct sequence.
  Gather all answers upfront before calling this tool — do not submit one question at a time. Accepts a bare form token, a full WorkForm URL (e.g. https://forms.monday.com/forms/{form_token}?r=use1), or a shortened wkf.ms URL (e.g. https://wkf.ms/4tqP28t) — shortened URLs are automatically resolved by following the redirect. Returns the submission ID. */
  create_form_submission: Tool<{
    /** The unique token identifying the WorkForm. Can be a bare token, a full WorkForm URL (e.g. https://forms.monday.com/forms/abc123?r=use1), or a shortened wkf.ms URL (e.g. https://wkf.ms/4tqP28t). Shortened URLs are automatically resolved by following the redirect. */
    form_token: string;
    /** Array of answers to submit. Each answer specifies a question_id and the value for that question type. */
    answers: {
      /** The ID of the question being answered. */
      question_id: string;
      /** Answer for name questions. */
      name?: string;
      /** Answer for email questions. */
      email?: string;
      /** Answer for short text questions. */
      short_text?: string;
      /** Answer for long text questions. */
      long_text?: string;
      /** Answer for link questions. */
      link?: string;
      /** Answer for updates questions. */
      updates?: string;
      /** Answer for boolean questions. */
      boolean?: boolean;
      /** Answer for number questions. */
      number?: number;
      /** Answer for rating questions. Must be a positive number within the question's configured limit. (at least 1) */
      rating?: number;
      /** Answer for single-select questions — the selected option ID. */
      single_select?: string;
      /** Answer for multi-select questions — list of selected option IDs. */
      multi_select?: number[];
      /** Answer for people questions — list of user IDs. Obtain user IDs via the list_users_and_teams tool. */
      people?: string[];
      /** Answer for connected boards questions — list of connected item IDs. */
      connected_boards?: string[];
      /** Answer for phone questions. */
      phone?: {
        /** The phone number. */
        phone: string;
        /** The ISO 3166-1 alpha-2 country code (e.g. "US"). */
        country_short_name: string;
      };
      /** Answer for country questions. */
      country?: {
        /** The full country name (e.g. "United States"). */
        country_name: string;
        /** The ISO 3166-1 alpha-2 country code (e.g. "US"). */
        country_code: string;
      };
      /** Answer for date questions. */
      date?: {
        /** The date in YYYY-MM-DD format. */
        date: string;
        /** UTC offset in minutes. (integer) */
        zone_diff?: number;
      };
      /** Answer for date range questions. */
      date_range?: {
        /** Start date in YYYY-MM-DD format. */
        from: string;
        /** End date in YYYY-MM-DD format. */
        to: string;
      };
      /** Answer for location questions. Requires a Google Maps place ID and structured address components. */
      location?: {
        /** Latitude. */
        lat: number;
        /** Longitude. */
        lng: number;
        /** Google Maps place ID. */
        place_id: string;
        /** Full formatted address. */
        address: string;
        country: {
          /** Full country name. */
          long_name: string;
          /** ISO 3166-1 alpha-2 country code. */
          short_name: string;
        };
        city: {
          /** Full city name. */
          long_name: string;
          /** Abbreviated city name. */
          short_name: string;
        };
        street: {
          /** Full street name. */
          long_name: string;
          /** Abbreviated street name. */
          short_name: string;
        };
        street_number: {
          /** Full street number. */
          long_name: string;
          /** Abbreviated street number. */
          short_name: string;
        };
      };
      /** Answer for file questions. Each file must be uploaded first to obtain a file ID. Up to the question's configured limit. */
      file?: {
        /** The file ID returned by the workforms upload endpoint. */
        id: string;
        /** Original file name (e.g. "image.png"). */
        name: string;
        /** File extension (e.g. "pdf", "png"). */
        extension?: string;
        /** Whether the file is an image. */
        is_image?: boolean;
      }[];
      /** Answer for signature questions. The file must be uploaded first to obtain a file ID. */
      signature?: monday.Items;
    }[];
    /** The timezone offset of the submitter in minutes (e.g. -120 for UTC-2, 0 for UTC). (integer, -840 to 840) */
    form_timezone_offset: number;
    /** The password for the WorkForm. Only required if the WorkForm has password protection enabled (check features.password.enabled from get_form). If required, ask the user for the password before submitting. */
    password?: string;
    /** Tags to attach to the submission — each tag maps a value to a specific board column. */
    tags?: {
      /** The column ID this tag maps to. */
      column_id: string;
      /** The tag value to submit. */
      value: string;
    }[];
  }>;
  /** Create a new table-type board view with optional filters, sort, tags, and table-specific settings (column visibility/order and group-by). Use this instead of create_view when you need to configure table-specific settings. For a simple table view, create_view also works.

  Filter operators: any_of, not_any_of, is_empty, is_not_empty, greater_than, lower_than, between, contains_text, not_contains_text

  Example settings.columns: { "column_properties": [{ "column_id": "status", "visible": true }], "column_order": ["name", "status", "date"] }
  Example settings.group_by: { "conditions": [{ "columnId": "status" }], "hideEmptyGroups": true } */
  create_view_table: Tool<{
    /** The board ID to create the table view on */
    boardId: string;
    /** The name of the view (e.g. "High Priority Items", "My Tasks") */
    name?: string;
    /** Filter configuration for the view */
    filter?: {
      /** Filter rules */
      rules?: {
        /** The column ID to filter by */
        column_id: string;
        /** The value(s) to compare against (default []) */
        compare_value?: unknown;
        /** The comparison operator (defaults to any_of) */
        operator?: "any_of" | "between" | "contains_terms" | "contains_text" | "ends_with" | "greater_than" | "greater_than_or_equals" | "is_empty" | "is_not_empty" | "lower_than" | "lower_than_or_equal" | "not_any_of" | "not_contains_text" | "starts_with" | "within_the_last" | "within_the_next";
      }[];
      /** Logical operator between rules (defaults to and) */
      operator?: "and" | "or";
    };
    /** Sort configuration for the view */
    sort?: {
      /** The column ID to sort by */
      column_id: string;
      /** Sort direction (defaults to asc) */
      direction?: "asc" | "desc";
    }[];
    /** Tags to apply to the view */
    tags?: string[];
    /** Table-specific view settings (column visibility/order, group-by) */
    settings?: {
      /** Column visibility and order configuration */
      columns?: {
        /** Visibility configuration for main board columns */
        column_properties?: {
          /** The ID of the column */
          column_id: string;
          /** Whether the column is visible */
          visible: boolean;
        }[];
        /** Visibility configuration for subitem columns */
        subitems_column_properties?: monday.Items2[];
        /** Number of floating columns to display (integer) */
        floating_columns_count?: number;
        /** Ordered list of column IDs */
        column_order?: string[];
      };
      /** Group-by configuration for the table view */
      group_by?: {
        /** Group-by conditions */
        conditions: {
          /** ID of the column to group by */
          columnId: string;
          config?: {
            sortSettings?: {
              /** Sort direction (ASC or DESC) */
              direction: "ASC" | "DESC";
              /** Type of sorting to apply */
              type?: string;
            };
          };
        }[];
        /** Whether to hide groups with no items */
        hideEmptyGroups?: boolean;
      };
    };
  }>;
  /** Update an existing table-type board view — change its name, filters, sort, tags, or table-specific settings (column visibility/order and group-by). Provide only the fields you want to change. Omitted fields are left unchanged.

  Filter operators: any_of, not_any_of, is_empty, is_not_empty, greater_than, lower_than, between, contains_text, not_contains_text

  Example settings.columns: { "column_properties": [{ "column_id": "status", "visible": true }], "column_order": ["name", "status", "date"] }
  Example settings.group_by: { "conditions": [{ "columnId": "status" }], "hideEmptyGroups": true }
  @hints idempotent */
  update_view_table: Tool<{
    /** The ID of the table view to update */
    viewId: string;
    /** The board ID the view belongs to */
    boardId: string;
    /** New name for the view (omit to leave unchanged) */
    name?: string;
    /** Filter configuration to apply to the view */
    filter?: {
      /** Filter rules */
      rules?: {
        /** The column ID to filter by */
        column_id: string;
        /** The value(s) to compare against (default []) */
        compare_value?: unknown;
        /** The comparison operator (defaults to any_of) */
        operator?: "any_of" | "between" | "contains_terms" | "contains_text" | "ends_with" | "greater_than" | "greater_than_or_equals" | "is_empty" | "is_not_empty" | "lower_than" | "lower_than_or_equal" | "not_any_of" | "not_contains_text" | "starts_with" | "within_the_last" | "within_the_next";
      }[];
      /** Logical operator between rules (defaults to and) */
      operator?: "and" | "or";
    };
    /** Sort configuration for the view */
    sort?: {
      /** The column ID to sort by */
      column_id: string;
      /** Sort direction (defaults to asc) */
      direction?: "asc" | "desc";
    }[];
    /** Tags to apply to the view */
    tags?: string[];
    /** Table-specific view settings (column visibility/order, group-by) */
    settings?: {
      /** Column visibility and order configuration */
      columns?: {
        /** Visibility configuration for main board columns */
        column_properties?: {
          /** The ID of the column */
          column_id: string;
          /** Whether the column is visible */
          visible: boolean;
        }[];
        /** Visibility configuration for subitem columns */
        subitems_column_properties?: monday.Items2[];
        /** Number of floating columns to display (integer) */
        floating_columns_count?: number;
        /** Ordered list of column IDs */
        column_order?: string[];
      };
      /** Group-by configuration for the table view */
      group_by?: {
        /** Group-by conditions */
        conditions: {
          /** ID of the column to group by */
          columnId: string;
          config?: {
            sortSettings?: {
              /** Sort direction (ASC or DESC) */
              direction: "ASC" | "DESC";
              /** Type of sorting to apply */
              type?: string;
            };
          };
        }[];
        /** Whether to hide groups with no items */
        hideEmptyGroups?: boolean;
      };
    };
  }>;
};
