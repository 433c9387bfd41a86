from bindery import tool
from typing import Literal, NotRequired, TypedDict

class GitBranchResultBranchesItem(TypedDict):
    name: str
    """Branch name."""
    current: bool
    """True if this is the current branch."""
    commitHash: str
    """Commit hash the branch points to."""
    upstream: NotRequired[str]
    """Upstream branch name if configured."""
    ahead: NotRequired[int]
    """Commits ahead of upstream."""
    behind: NotRequired[int]
    """Commits behind upstream."""

class GitBranchResult(TypedDict):
    success: bool
    """Indicates if the operation was successful."""
    mode: Literal["list", "create", "delete", "rename", "show-current"]
    branches: NotRequired[list[GitBranchResultBranchesItem]]
    """List of branches (for list mode)."""
    currentBranch: NotRequired[str]
    """Name of current branch."""
    message: NotRequired[str]
    """Success message for create/delete/rename modes."""

@tool
def git_branch(
    *,
    path: str = ...,
    mode: Literal["list", "create", "delete", "rename", "show-current"] = ...,
    branchName: str = ...,
    newBranchName: str = ...,
    startPoint: str = ...,
    force: bool = ...,
    all: bool = ...,
    remote: bool = ...,
    merged: bool | str = ...,
    noMerged: bool | str = ...,
    limit: int = ...,
) -> GitBranchResult:
    """Manage branches: list all branches, show current branch, create a new branch, delete a branch, or rename a branch.

path: Path to the Git repository. Defaults to session working directory set via git_set_working_dir. (default ".")
mode: The branch operation to perform. (default "list")
branchName: Branch name for create/delete/rename operations. (1 to 255 characters)
newBranchName: New branch name for rename operation. (1 to 255 characters)
startPoint: Starting point (commit/branch) for new branch creation. (not empty)
force: Force the operation, bypassing safety checks. (default false)
all: For list mode: show both local and remote branches. (default false)
remote: For list mode: show only remote branches. (default false)
merged: For list mode: show only branches merged into HEAD (true) or specified commit (string).
noMerged: For list mode: show only branches not merged into HEAD (true) or specified commit (string).
limit: For list mode: cap the number of branches returned (applied at the git command). Use on repos with many branches. (1 to 1000)"""

class GitLogResultCommitsItem(TypedDict):
    hash: str
    """Full commit SHA-1 hash."""
    shortHash: str
    """Abbreviated commit hash (7 characters)."""
    author: NotRequired[str]
    """Commit author name."""
    authorEmail: NotRequired[str]
    """Commit author email."""
    timestamp: NotRequired[int]
    """Commit timestamp (Unix timestamp)."""
    subject: str
    """First line of the commit message."""
    body: NotRequired[str]
    """Commit message body (if present)."""
    parents: NotRequired[list[str]]
    """Parent commit hashes."""
    refs: NotRequired[list[str]]
    """References (branches, tags) pointing to this commit."""
    stat: NotRequired[str]
    """File change statistics (when stat option is used)."""
    patch: NotRequired[str]
    """Full diff patch (when patch option is used)."""

class GitLogResult(TypedDict):
    success: bool
    """Indicates if the operation was successful."""
    commits: list[GitLogResultCommitsItem]
    """Array of commit objects."""
    totalCount: int
    """Total number of commits returned (may be limited by maxCount)."""
    note: NotRequired[str]
    """Set when filters returned zero commits. Echoes the criteria and suggests broadening so callers can self-correct without inspecting the request."""

@tool
def git_log(
    *,
    path: str = ...,
    maxCount: int = ...,
    skip: int = ...,
    since: str = ...,
    until: str = ...,
    author: str = ...,
    grep: str = ...,
    branch: str = ...,
    filePath: str = ...,
    oneline: bool = ...,
    stat: bool = ...,
    patch: bool = ...,
    showSignature: bool = ...,
) -> GitLogResult:
    """View commit history with optional filtering by author, date range, file path, or commit message pattern.
@hints read-only

path: Path to the Git repository. Defaults to session working directory set via git_set_working_dir. (default ".")
maxCount: Maximum number of items to return (1-1000). (1 to 1000, default 10)
skip: Number of items to skip for pagination. (at least 0)
since: Show commits more recent than a specific date (ISO 8601 format).
until: Show commits older than a specific date (ISO 8601 format).
author: Filter commits by author name or email pattern.
grep: Filter commits by message pattern (regex supported).
branch: Show commits from a specific branch or ref (defaults to current branch). (not empty)
filePath: Show commits that affected a specific file path. Must not start with "-". (not empty)
oneline: Abbreviated output: return only hash, shortHash, and subject per commit. Significantly reduces response size. (default false)
stat: Include file change statistics for each commit. (default false)
patch: Include the full diff patch for each commit. (default false)
showSignature: Show GPG signature verification information for each commit. (default false)"""
