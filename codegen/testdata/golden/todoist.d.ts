declare namespace todoist {
  type Schema0 = {
    /** The project ID. */
    id: string;
    /** The project name. */
    name: string;
    /** The parent project ID (for sub-projects, personal projects only). */
    parentId?: string;
    /** The folder ID this project belongs to (workspace projects only). */
    folderId?: string;
    /** The ordering index among siblings. */
    childOrder: number;
    sections: {id: string; name: string}[];
    /** Nested child projects. */
    children: todoist.Schema0[];
  };
}

declare const todoist: {
  /** Add one or more tasks to a project, section, or parent. Supports assignment to project collaborators. */
  add_tasks: Tool<{
    /** The array of tasks to add (max 25). (1 to 25 items) */
    tasks: {
      /** The task name/title. Should be concise and actionable (e.g., "Review PR #123", "Call dentist"). For longer content, use the description field instead. Supports Markdown. (not empty) */
      content: string;
      /** Additional details, notes, or context for the task. Use this for longer content rather than putting it in the task name. Supports Markdown. */
      description?: string;
      /** Task priority as a string: "p1" (highest), "p2" (high), "p3" (medium), or "p4" (lowest/default). Integers like 1, 2, 3, or 4 are not accepted. */
      priority?: "p1" | "p2" | "p3" | "p4";
      /** The due date for the task, in natural language. */
      dueString?: string;
      /** The deadline date for the task in ISO 8601 format (YYYY-MM-DD, e.g., "2025-12-31"). Deadlines are immovable constraints shown with a different indicator than due dates. */
      deadlineDate?: string;
      /** The duration of the task. Use format: "2h" (hours), "90m" (minutes), "2h30m" (combined), or "1.5h" (decimal hours). Max 24h. */
      duration?: string;
      /** The labels to attach to the task. */
      labels?: string[];
      /** The project ID to add this task to. Project ID should be an ID string, or the text "inbox", for inbox tasks. */
      projectId?: string;
      /** The section ID to add this task to. */
      sectionId?: string;
      /** The parent task ID (for subtasks). */
      parentId?: string;
      /** Position of the task among sibling tasks under the same parent/section. */
      order?: number;
      /** Assign task to this user. Can be "me" (assigns to current user), a user ID, name, or email address. User must be a collaborator on the target project. */
      responsibleUser?: string;
      /** Whether this task should be uncompletable (organizational header). Tasks with isUncompletable: true appear as organizational headers and cannot be completed. */
      isUncompletable?: boolean;
    }[];
  }, {
    /** The created tasks. */
    tasks: {
      /** The unique ID of the task. */
      id: string;
      /** The task title/content. */
      content: string;
      /** The task description. */
      description: string;
      /** The due date of the task (ISO 8601 format). */
      dueDate?: string;
      /** Whether the task is recurring, or the recurrence string. */
      recurring: boolean | string;
      /** The deadline date of the task (ISO 8601 format). */
      deadlineDate?: string;
      /** The priority level: p1 (highest), p2 (high), p3 (medium), p4 (lowest). */
      priority: "p1" | "p2" | "p3" | "p4";
      /** The ID of the project this task belongs to. */
      projectId: string;
      /** The ID of the section this task belongs to. */
      sectionId?: string;
      /** The ID of the parent task (for subtasks). */
      parentId?: string;
      /** The labels attached to this task. */
      labels?: string[];
      /** The duration of the task (e.g., "2h30m"). */
      duration?: string;
      /** The UID of the user responsible for this task. */
      responsibleUid?: string;
      /** Whether the task is uncompletable (organizational header). */
      isUncompletable?: boolean;
      /** The UID of the user who assigned this task. */
      assignedByUid?: string;
      /** Whether the task is checked/completed. */
      checked: boolean;
      /** When the task was completed (ISO 8601 format). */
      completedAt?: string;
      /** When the task was created (ISO 8601 format). */
      addedAt?: string;
    }[];
    /** The total number of tasks created. */
    totalCount: number;
    /** Failed task creations with error details. */
    failures: {
      /** The item that failed (usually an ID or identifier). */
      item: string;
      /** The error message. */
      error: string;
      /** The error code, if available. */
      code?: string;
    }[];
    /** The total number of tasks requested. */
    totalRequested: number;
    /** The number of successfully created tasks. */
    successCount: number;
    /** The number of failed task creations. */
    failureCount: number;
  }>;
  /** List personal labels and shared labels. Personal labels have full metadata (id, name, color, order, isFavorite) and support pagination and name search (partial, case insensitive). Shared labels are labels used on tasks shared with you — they are returned as names only (no IDs or metadata). When searching, all matching personal labels are fetched across all pages and returned as a single result set (limit and cursor are ignored). When not searching, personal labels are returned with pagination.
  @hints read-only, idempotent */
  find_labels: Tool<{
    /** Search for a label by name (partial and case insensitive match). Supports wildcards (e.g. "work*" for prefix match). Use "\*" for a literal asterisk. If omitted, all labels are returned. */
    searchText?: string;
    /** The maximum number of labels to return. (integer, 1 to 200, default 50) */
    limit?: number;
    /** The cursor to get the next page of labels (cursor is obtained from the previous call to this tool, with the same parameters). Ignored when searchText is provided. */
    cursor?: string;
  }, {
    /** The found personal labels. */
    labels: {
      /** The unique ID of the label. */
      id: string;
      /** The name of the label. */
      name: string;
      /** The color key of the entity. */
      color?: "berry_red" | "red" | "orange" | "yellow" | "olive_green" | "lime_green" | "green" | "mint_green" | "teal" | "sky_blue" | "light_blue" | "blue" | "grape" | "violet" | "lavender" | "magenta" | "salmon" | "charcoal" | "grey" | "taupe";
      /** The display order of the label. */
      order?: number;
      /** Whether the label is marked as favorite. */
      isFavorite: boolean;
    }[];
    /** Cursor for the next page of results. */
    nextCursor?: string;
    /** The total number of labels in this page. */
    totalCount: number;
    /** Whether there are more results available. */
    hasMore: boolean;
    /** Names of all shared labels visible to you. These have no IDs or metadata — use their names directly when filtering tasks. */
    sharedLabels: string[];
    /** The filters that were applied to the search. */
    appliedFilters: Record<string, unknown>;
  }>;
  /** Find tasks by text search, project/section/parent container, responsible user, labels, a raw Todoist filter string, or a saved filter by ID or name (filterIdOrName). At least one filter must be provided.
  @hints read-only, idempotent */
  find_tasks: Tool<{
    /** The text to search for in tasks. */
    searchText?: string;
    /** Find tasks in this project. Project ID should be an ID string, or the text "inbox", for inbox tasks. */
    projectId?: string;
    /** Find tasks in this section. */
    sectionId?: string;
    /** Find subtasks of this parent task. */
    parentId?: string;
    /** Find tasks assigned to this user. Can be a user ID, name, or email address. */
    responsibleUser?: string;
    /** How to filter by responsible user when responsibleUser is not provided. "assigned" = only tasks assigned to others; "unassignedOrMe" = only unassigned tasks or tasks assigned to me; "all" = all tasks regardless of assignment. Default value will be `unassignedOrMe`. */
    responsibleUserFiltering?: "assigned" | "unassignedOrMe" | "all";
    /** The maximum number of tasks to return. (integer, 1 to 100, default 10) */
    limit?: number;
    /** The cursor to get the next page of tasks (cursor is obtained from the previous call to this tool, with the same parameters). */
    cursor?: string;
    /** A raw Todoist filter query string (e.g. "today", "p1", "##Work", "(today | overdue) & p1"). Combined with other filters using AND. Cannot be used with projectId, sectionId, parentId, or filterIdOrName. */
    filter?: string;
    /** The ID or name of a saved Todoist filter. The filter's query will be fetched and used to find tasks. Cannot be used with the `filter` parameter, projectId, sectionId, or parentId. */
    filterIdOrName?: string;
    /** The labels to filter the tasks by */
    labels?: string[];
    /** The operator to use when filtering by labels. This will dictate whether a task has all labels, or some of them. Default is "or". */
    labelsOperator?: "and" | "or";
  }, {
    /** The found tasks. */
    tasks: {
      /** The unique ID of the task. */
      id: string;
      /** The task title/content. */
      content: string;
      /** The task description. */
      description: string;
      /** The due date of the task (ISO 8601 format). */
      dueDate?: string;
      /** Whether the task is recurring, or the recurrence string. */
      recurring: boolean | string;
      /** The deadline date of the task (ISO 8601 format). */
      deadlineDate?: string;
      /** The priority level: p1 (highest), p2 (high), p3 (medium), p4 (lowest). */
      priority: "p1" | "p2" | "p3" | "p4";
      /** The ID of the project this task belongs to. */
      projectId: string;
      /** The ID of the section this task belongs to. */
      sectionId?: string;
      /** The ID of the parent task (for subtasks). */
      parentId?: string;
      /** The labels attached to this task. */
      labels?: string[];
      /** The duration of the task (e.g., "2h30m"). */
      duration?: string;
      /** The UID of the user responsible for this task. */
      responsibleUid?: string;
      /** Whether the task is uncompletable (organizational header). */
      isUncompletable?: boolean;
      /** The UID of the user who assigned this task. */
      assignedByUid?: string;
      /** Whether the task is checked/completed. */
      checked: boolean;
      /** When the task was completed (ISO 8601 format). */
      completedAt?: string;
      /** When the task was created (ISO 8601 format). */
      addedAt?: string;
    }[];
    /** Cursor for the next page of results. */
    nextCursor?: string;
    /** The total number of tasks in this page. */
    totalCount: number;
    /** Whether there are more results available. */
    hasMore: boolean;
    /** The filters that were applied to the search. */
    appliedFilters: Record<string, unknown>;
  }>;
  /** Get a Markdown overview. If no projectId is provided, shows all projects with hierarchy and sections (useful for navigation). If projectId is provided, shows detailed overview of that specific project including all tasks grouped by sections.
  @hints read-only, idempotent */
  get_overview: Tool<{
    /** Optional project ID. If provided, shows detailed overview of that project. If omitted, shows overview of all projects. (not empty) */
    projectId?: string;
  }, {
    /** The type of overview returned. */
    type: "account_overview" | "project_overview";
    /** Total number of projects (account overview only). */
    totalProjects?: number;
    /** Total number of tasks. */
    totalTasks?: number;
    /** Total number of sections (project overview only). */
    totalSections?: number;
    /** Number of tasks not in any section (project overview only). */
    tasksWithoutSection?: number;
    /** Project information (project overview only). */
    projectInfo?: {id: string; name: string; isShared: boolean; isFavorite: boolean};
    /** Whether account has nested projects (account overview only). */
    hasNestedProjects?: boolean;
    /** Inbox information (account overview only). */
    inbox?: {
      /** The inbox project ID. */
      id: string;
      /** The inbox project name. */
      name: string;
      /** Sections in the inbox project. */
      sections: {
        /** The unique ID of the section. */
        id: string;
        /** The name of the section. */
        name: string;
        /** The description of the section. Supports Markdown. */
        description?: string;
      }[];
    } | null;
    /** List of projects with hierarchy, folders, and ordering (account overview only). */
    projects?: todoist.Schema0[];
    /** Project details (project overview only). */
    project?: {
      /** The project ID. */
      id: string;
      /** The project name. */
      name: string;
    };
    /** List of sections (project overview only). */
    sections?: {
      /** The unique ID of the section. */
      id: string;
      /** The name of the section. */
      name: string;
      /** The description of the section. Supports Markdown. */
      description?: string;
    }[];
    /** List of tasks (project overview only). */
    tasks?: unknown[];
    /** Statistics object (project overview only). */
    stats?: {totalTasks: number; totalSections: number; tasksWithoutSection: number};
  }>;
};
