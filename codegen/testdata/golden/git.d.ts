declare const git: {
  /** Manage branches: list all branches, show current branch, create a new branch, delete a branch, or rename a branch. */
  git_branch: Tool<{
    /** Path to the Git repository. Defaults to session working directory set via git_set_working_dir. (default ".") */
    path?: string;
    /** The branch operation to perform. (default "list") */
    mode?: "list" | "create" | "delete" | "rename" | "show-current";
    /** Branch name for create/delete/rename operations. (1 to 255 characters) */
    branchName?: string;
    /** New branch name for rename operation. (1 to 255 characters) */
    newBranchName?: string;
    /** Starting point (commit/branch) for new branch creation. (not empty) */
    startPoint?: string;
    /** Force the operation, bypassing safety checks. (default false) */
    force?: boolean;
    /** For list mode: show both local and remote branches. (default false) */
    all?: boolean;
    /** For list mode: show only remote branches. (default false) */
    remote?: boolean;
    /** For list mode: show only branches merged into HEAD (true) or specified commit (string). */
    merged?: boolean | string;
    /** For list mode: show only branches not merged into HEAD (true) or specified commit (string). */
    noMerged?: boolean | string;
    /** For list mode: cap the number of branches returned (applied at the git command). Use on repos with many branches. (integer, 1 to 1000) */
    limit?: number;
  }, {
    /** Indicates if the operation was successful. */
    success: boolean;
    mode: "list" | "create" | "delete" | "rename" | "show-current";
    /** List of branches (for list mode). */
    branches?: {
      /** Branch name. */
      name: string;
      /** True if this is the current branch. */
      current: boolean;
      /** Commit hash the branch points to. */
      commitHash: string;
      /** Upstream branch name if configured. */
      upstream?: string;
      /** Commits ahead of upstream. (integer) */
      ahead?: number;
      /** Commits behind upstream. (integer) */
      behind?: number;
    }[];
    /** Name of current branch. */
    currentBranch?: string;
    /** Success message for create/delete/rename modes. */
    message?: string;
  }>;
  /** Create a new commit with staged changes in the repository. Records a snapshot of the staging area with a commit message.

  **Commit Message Format:**
  Pass commit messages as JSON string parameters. Multi-line messages are supported using standard JSON string escaping.

  **Examples:**
  - Single line: { "message": "feat: add user authentication" }
  - Multi-line: { "message": "feat: add user authentication\n\nImplemented OAuth2 flow with JWT tokens.\nAdded tests for login and logout." }

  Note: Do not use bash heredoc syntax. Literal escape sequences (\n, \t) in the message string are automatically normalized to their actual characters. */
  git_commit: Tool<{
    /** Path to the Git repository. Defaults to session working directory set via git_set_working_dir. (default ".") */
    path?: string;
    /** Commit message. (1 to 10000 characters) */
    message: string;
    /** Override commit author (defaults to git config). */
    author?: {
      /** Author's name (not empty) */
      name: string;
      /** Author's email address (e.g. user@example.com). (not empty) */
      email: string;
    };
    /** Amend the previous commit instead of creating a new one. Use with caution. (default false) */
    amend?: boolean;
    /** Allow creating a commit with no changes. (default false) */
    allowEmpty?: boolean;
    /** Bypass pre-commit and commit-msg hooks. (default false) */
    noVerify?: boolean;
    /** File paths to stage before committing (atomic stage+commit operation). Entries must not start with "-". */
    filesToStage?: string[];
  }, {
    /** Indicates if the operation was successful. */
    success: boolean;
    /** SHA-1 hash of the created commit. */
    commitHash: string;
    /** The commit message. */
    message: string;
    /** Author of the commit. */
    author: string;
    /** Unix timestamp when the commit was created. (integer) */
    timestamp: number;
    /** Number of files changed in this commit. (integer) */
    filesChanged?: number;
    /** List of files that were committed. */
    committedFiles: string[];
    /** Number of line insertions. (integer) */
    insertions?: number;
    /** Number of line deletions. (integer) */
    deletions?: number;
    /** Whether the commit was signed. False when GIT_SIGN_COMMITS=false or when signing was attempted and fell back to unsigned on failure. */
    signed: boolean;
    /** Populated only when signing was requested but failed, and the commit was created unsigned as a fallback. */
    signingWarning?: string;
    /** Repository status after the commit. */
    status: {
      /** Current branch name after commit. */
      current_branch: string | null;
      /** Remaining staged changes after commit. */
      staged_changes: Record<string, unknown>;
      /** Unstaged changes after commit. */
      unstaged_changes: Record<string, unknown>;
      /** Untracked files after commit. */
      untracked_files: string[];
      /** Conflicted files after commit. */
      conflicted_files: string[];
      /** Whether working directory is clean. */
      is_clean: boolean;
    };
  }>;
  /** View differences between commits, branches, or working tree. Shows changes in unified diff format.
  @hints read-only */
  git_diff: Tool<{
    /** Path to the Git repository. Defaults to session working directory set via git_set_working_dir. (default ".") */
    path?: string;
    /** Target commit/branch to compare against. If not specified, shows unstaged changes in working tree. (not empty) */
    target?: string;
    /** Source commit/branch to compare from. If target is specified but not source, compares target against working tree. (not empty) */
    source?: string;
    /** Limit diff to specific file paths (relative to repository root). Entries must not start with "-". */
    paths?: string[];
    /** Show diff of staged changes instead of unstaged. (default false) */
    staged?: boolean;
    /** Include untracked files in the diff. Useful for reviewing all upcoming changes. (default false) */
    includeUntracked?: boolean;
    /** Show only names of changed files, not the diff content. (default false) */
    nameOnly?: boolean;
    /** Show diffstat (summary of changes) instead of full diff content. (default false) */
    stat?: boolean;
    /** Number of context lines to show around changes. (integer, 0 to 100, default 3) */
    contextLines?: number;
    /** Automatically exclude lock files and other generated files (e.g., package-lock.json, yarn.lock, bun.lock, poetry.lock, go.sum) from diff output to reduce context bloat. Set to false if you need to inspect these files. (default true) */
    autoExclude?: boolean;
  }, {
    /** Indicates if the operation was successful. */
    success: boolean;
    /** The diff output in unified diff format. */
    diff: string;
    /** Number of files with differences. (integer) */
    filesChanged: number;
    /** Total number of line insertions. (integer) */
    insertions?: number;
    /** Total number of line deletions. (integer) */
    deletions?: number;
    /** Files that were automatically excluded from the diff (e.g., lock files). Call again with autoExclude=false to include them. */
    excludedFiles?: string[];
  }>;
  /** View commit history with optional filtering by author, date range, file path, or commit message pattern.
  @hints read-only */
  git_log: Tool<{
    /** Path to the Git repository. Defaults to session working directory set via git_set_working_dir. (default ".") */
    path?: string;
    /** Maximum number of items to return (1-1000). (integer, 1 to 1000, default 10) */
    maxCount?: number;
    /** Number of items to skip for pagination. (integer, at least 0) */
    skip?: number;
    /** Show commits more recent than a specific date (ISO 8601 format). */
    since?: string;
    /** Show commits older than a specific date (ISO 8601 format). */
    until?: string;
    /** Filter commits by author name or email pattern. */
    author?: string;
    /** Filter commits by message pattern (regex supported). */
    grep?: string;
    /** Show commits from a specific branch or ref (defaults to current branch). (not empty) */
    branch?: string;
    /** Show commits that affected a specific file path. Must not start with "-". (not empty) */
    filePath?: string;
    /** Abbreviated output: return only hash, shortHash, and subject per commit. Significantly reduces response size. (default false) */
    oneline?: boolean;
    /** Include file change statistics for each commit. (default false) */
    stat?: boolean;
    /** Include the full diff patch for each commit. (default false) */
    patch?: boolean;
    /** Show GPG signature verification information for each commit. (default false) */
    showSignature?: boolean;
  }, {
    /** Indicates if the operation was successful. */
    success: boolean;
    /** Array of commit objects. */
    commits: {
      /** Full commit SHA-1 hash. */
      hash: string;
      /** Abbreviated commit hash (7 characters). */
      shortHash: string;
      /** Commit author name. */
      author?: string;
      /** Commit author email. */
      authorEmail?: string;
      /** Commit timestamp (Unix timestamp). (integer) */
      timestamp?: number;
      /** First line of the commit message. */
      subject: string;
      /** Commit message body (if present). */
      body?: string;
      /** Parent commit hashes. */
      parents?: string[];
      /** References (branches, tags) pointing to this commit. */
      refs?: string[];
      /** File change statistics (when stat option is used). */
      stat?: string;
      /** Full diff patch (when patch option is used). */
      patch?: string;
    }[];
    /** Total number of commits returned (may be limited by maxCount). (integer) */
    totalCount: number;
    /** Set when filters returned zero commits. Echoes the criteria and suggests broadening so callers can self-correct without inspecting the request. */
    note?: string;
  }>;
  /** Show the working tree status including staged, unstaged, and untracked files.
  @hints read-only */
  git_status: Tool<{
    /** Path to the Git repository. Defaults to session working directory set via git_set_working_dir. (default ".") */
    path?: string;
    /** Include untracked files in the output. (default true) */
    includeUntracked?: boolean;
  }, {
    /** Indicates if the operation was successful. */
    success: boolean;
    /** Current branch name. */
    currentBranch: string | null;
    /** Upstream ref the current branch is tracking (if any). */
    upstream?: string;
    /** Commits ahead of upstream (if tracking). (integer) */
    ahead?: number;
    /** Commits behind upstream (if tracking). (integer) */
    behind?: number;
    /** True if working directory is clean (no staged, unstaged, or untracked changes). When includeUntracked is false, untracked files are excluded from this check. */
    isClean: boolean;
    /** Changes that have been staged for the next commit. */
    stagedChanges: {
      /** Files added to the index (staged). */
      added?: string[];
      /** Files modified and staged. */
      modified?: string[];
      /** Files deleted and staged. */
      deleted?: string[];
      /** Files renamed and staged. */
      renamed?: string[];
      /** Files copied and staged. */
      copied?: string[];
    };
    /** Changes in the working directory that have not been staged. */
    unstagedChanges: {
      /** Files added but not staged. */
      added?: string[];
      /** Files modified but not staged. */
      modified?: string[];
      /** Files deleted but not staged. */
      deleted?: string[];
    };
    /** Files in the working directory not tracked by git. */
    untrackedFiles: string[];
    /** Files with merge conflicts that need resolution. */
    conflictedFiles: string[];
  }>;
};
