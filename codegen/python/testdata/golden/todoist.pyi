from bindery import tool
from typing import Any, Literal, NotRequired, TypedDict

class Schema0SectionsItem(TypedDict):
    id: str
    name: str

class Schema0(TypedDict):
    id: str
    """The project ID."""
    name: str
    """The project name."""
    parentId: NotRequired[str]
    """The parent project ID (for sub-projects, personal projects only)."""
    folderId: NotRequired[str]
    """The folder ID this project belongs to (workspace projects only)."""
    childOrder: float
    """The ordering index among siblings."""
    sections: list[Schema0SectionsItem]
    children: list[Schema0]
    """Nested child projects."""

class AddTasksResultTasksItem(TypedDict):
    id: str
    """The unique ID of the task."""
    content: str
    """The task title/content."""
    description: str
    """The task description."""
    dueDate: NotRequired[str]
    """The due date of the task (ISO 8601 format)."""
    recurring: bool | str
    """Whether the task is recurring, or the recurrence string."""
    deadlineDate: NotRequired[str]
    """The deadline date of the task (ISO 8601 format)."""
    priority: Literal["p1", "p2", "p3", "p4"]
    """The priority level: p1 (highest), p2 (high), p3 (medium), p4 (lowest)."""
    projectId: str
    """The ID of the project this task belongs to."""
    sectionId: NotRequired[str]
    """The ID of the section this task belongs to."""
    parentId: NotRequired[str]
    """The ID of the parent task (for subtasks)."""
    labels: NotRequired[list[str]]
    """The labels attached to this task."""
    duration: NotRequired[str]
    """The duration of the task (e.g., "2h30m")."""
    responsibleUid: NotRequired[str]
    """The UID of the user responsible for this task."""
    isUncompletable: NotRequired[bool]
    """Whether the task is uncompletable (organizational header)."""
    assignedByUid: NotRequired[str]
    """The UID of the user who assigned this task."""
    checked: bool
    """Whether the task is checked/completed."""
    completedAt: NotRequired[str]
    """When the task was completed (ISO 8601 format)."""
    addedAt: NotRequired[str]
    """When the task was created (ISO 8601 format)."""

class AddTasksResultFailuresItem(TypedDict):
    item: str
    """The item that failed (usually an ID or identifier)."""
    error: str
    """The error message."""
    code: NotRequired[str]
    """The error code, if available."""

class AddTasksResult(TypedDict):
    tasks: list[AddTasksResultTasksItem]
    """The created tasks."""
    totalCount: float
    """The total number of tasks created."""
    failures: list[AddTasksResultFailuresItem]
    """Failed task creations with error details."""
    totalRequested: float
    """The total number of tasks requested."""
    successCount: float
    """The number of successfully created tasks."""
    failureCount: float
    """The number of failed task creations."""

class AddTasksTasksItem(TypedDict):
    content: str
    """The task name/title. Should be concise and actionable (e.g., "Review PR #123", "Call dentist"). For longer content, use the description field instead. Supports Markdown. (not empty)"""
    description: NotRequired[str]
    """Additional details, notes, or context for the task. Use this for longer content rather than putting it in the task name. Supports Markdown."""
    priority: NotRequired[Literal["p1", "p2", "p3", "p4"]]
    """Task priority as a string: "p1" (highest), "p2" (high), "p3" (medium), or "p4" (lowest/default). Integers like 1, 2, 3, or 4 are not accepted."""
    dueString: NotRequired[str]
    """The due date for the task, in natural language."""
    deadlineDate: NotRequired[str]
    """The deadline date for the task in ISO 8601 format (YYYY-MM-DD, e.g., "2025-12-31"). Deadlines are immovable constraints shown with a different indicator than due dates."""
    duration: NotRequired[str]
    """The duration of the task. Use format: "2h" (hours), "90m" (minutes), "2h30m" (combined), or "1.5h" (decimal hours). Max 24h."""
    labels: NotRequired[list[str]]
    """The labels to attach to the task."""
    projectId: NotRequired[str]
    """The project ID to add this task to. Project ID should be an ID string, or the text "inbox", for inbox tasks."""
    sectionId: NotRequired[str]
    """The section ID to add this task to."""
    parentId: NotRequired[str]
    """The parent task ID (for subtasks)."""
    order: NotRequired[float]
    """Position of the task among sibling tasks under the same parent/section."""
    responsibleUser: NotRequired[str]
    """Assign task to this user. Can be "me" (assigns to current user), a user ID, name, or email address. User must be a collaborator on the target project."""
    isUncompletable: NotRequired[bool]
    """Whether this task should be uncompletable (organizational header). Tasks with isUncompletable: true appear as organizational headers and cannot be completed."""

@tool
def add_tasks(*, tasks: list[AddTasksTasksItem]) -> AddTasksResult:
    """Add one or more tasks to a project, section, or parent. Supports assignment to project collaborators.

tasks: The array of tasks to add (max 25). (1 to 25 items)"""

class GetOverviewResultProjectInfo(TypedDict):
    id: str
    name: str
    isShared: bool
    isFavorite: bool

class GetOverviewResultInboxSectionsItem(TypedDict):
    id: str
    """The unique ID of the section."""
    name: str
    """The name of the section."""
    description: NotRequired[str]
    """The description of the section. Supports Markdown."""

class GetOverviewResultInbox(TypedDict):
    id: str
    """The inbox project ID."""
    name: str
    """The inbox project name."""
    sections: list[GetOverviewResultInboxSectionsItem]
    """Sections in the inbox project."""

class GetOverviewResultProject(TypedDict):
    id: str
    """The project ID."""
    name: str
    """The project name."""

class GetOverviewResultStats(TypedDict):
    totalTasks: float
    totalSections: float
    tasksWithoutSection: float

class GetOverviewResult(TypedDict):
    type: Literal["account_overview", "project_overview"]
    """The type of overview returned."""
    totalProjects: NotRequired[float]
    """Total number of projects (account overview only)."""
    totalTasks: NotRequired[float]
    """Total number of tasks."""
    totalSections: NotRequired[float]
    """Total number of sections (project overview only)."""
    tasksWithoutSection: NotRequired[float]
    """Number of tasks not in any section (project overview only)."""
    projectInfo: NotRequired[GetOverviewResultProjectInfo]
    """Project information (project overview only)."""
    hasNestedProjects: NotRequired[bool]
    """Whether account has nested projects (account overview only)."""
    inbox: NotRequired[GetOverviewResultInbox | None]
    """Inbox information (account overview only)."""
    projects: NotRequired[list[Schema0]]
    """List of projects with hierarchy, folders, and ordering (account overview only)."""
    project: NotRequired[GetOverviewResultProject]
    """Project details (project overview only)."""
    sections: NotRequired[list[GetOverviewResultInboxSectionsItem]]
    """List of sections (project overview only)."""
    tasks: NotRequired[list[Any]]
    """List of tasks (project overview only)."""
    stats: NotRequired[GetOverviewResultStats]
    """Statistics object (project overview only)."""

@tool
def get_overview(*, projectId: str = ...) -> GetOverviewResult:
    """Get a Markdown overview. If no projectId is provided, shows all projects with hierarchy and sections (useful for navigation). If projectId is provided, shows detailed overview of that specific project including all tasks grouped by sections.
@hints read-only, idempotent

projectId: Optional project ID. If provided, shows detailed overview of that project. If omitted, shows overview of all projects. (not empty)"""
