from bindery import tool
from typing import Any, Literal, NotRequired, TypedDict

class Items(TypedDict):
    insert: str | UpdateDocOperationsItemContentDeltaFormatItemInsert | UpdateDocOperationsItemContentDeltaFormatItemInsert2 | UpdateDocOperationsItemContentDeltaFormatItemInsert3
    """Content to insert. Use {text: "..."} for plain text, {mention: {id, type}} to tag a user/doc/board, or {column_value: {item_id, column_id}} to embed a live column value. The last operation in the array must be {text: "\\n"}."""
    attributes: NotRequired[UpdateDocOperationsItemContentDeltaFormatItemAttributes]
    """Optional formatting: bold, italic, underline, strike, code, link, color, background. Not applicable to mention or column_value ops."""

class Type(TypedDict):
    block_type: Literal["text"]
    text_block_type: NotRequired[Literal["NORMAL_TEXT", "LARGE_TITLE", "MEDIUM_TITLE", "SMALL_TITLE", "QUOTE"]]
    """Block subtype. LARGE_TITLE=H1, MEDIUM_TITLE=H2, SMALL_TITLE=H3."""
    delta_format: list[Items]
    """Array of delta operations. Last op must be {insert: {text: "\\n"}}. (not empty)"""
    alignment: NotRequired[Literal["LEFT", "RIGHT", "CENTER"]]
    direction: NotRequired[Literal["LTR", "RTL"]]

class Type2(TypedDict):
    block_type: Literal["list_item"]
    list_block_type: NotRequired[Literal["BULLETED_LIST", "NUMBERED_LIST", "CHECK_LIST"]]
    """List type. Defaults to BULLETED_LIST."""
    delta_format: list[Items]
    """Array of delta operations. Last op must be {insert: {text: "\\n"}}. (not empty)"""
    indentation: NotRequired[int]
    """Nesting level (0 = no indent). (at least 0)"""

class Type3(TypedDict):
    block_type: Literal["code"]
    delta_format: list[Items]
    """Array of delta operations. Last op must be {insert: {text: "\\n"}}. (not empty)"""
    language: NotRequired[str]
    """Programming language (e.g. "javascript", "python")."""

class Type4(TypedDict):
    block_type: Literal["divider"]

class Type5(TypedDict):
    block_type: Literal["page_break"]

class Type6(TypedDict):
    block_type: Literal["image"]
    public_url: NotRequired[str]
    """Publicly accessible image URL. Provide either public_url or asset_id. (uri)"""
    asset_id: NotRequired[int | str]
    """monday.com asset ID for the image. The image block will reference the asset directly. Provide either public_url or asset_id."""
    width: NotRequired[int]
    """Width in pixels. (at least 1)"""

class Type7(TypedDict):
    block_type: Literal["video"]
    raw_url: str
    """Video URL (YouTube, Vimeo, or direct video URL). (uri)"""
    width: NotRequired[int]
    """Width in pixels. (at least 1)"""

class Type8(TypedDict):
    block_type: Literal["notice_box"]
    theme: Literal["INFO", "TIPS", "WARNING", "GENERAL"]
    """Visual style of the notice box."""

class Type9(TypedDict):
    block_type: Literal["table"]
    row_count: int
    """Number of rows (1–25). (1 to 25)"""
    column_count: int
    """Number of columns (1–10). (1 to 10)"""
    width: NotRequired[int]
    """Table width in pixels."""
    column_style: NotRequired[list[UpdateDocOperationsItemBlockColumnStyleItem]]
    """Column widths. Array length must match column_count. Widths must sum to 100."""

class Type10(TypedDict):
    block_type: Literal["layout"]
    column_count: int
    """Number of columns (2–6). (2 to 6)"""
    column_style: NotRequired[list[UpdateDocOperationsItemBlockColumnStyleItem]]
    """Column widths. Array length must match column_count. Widths must sum to 100."""

@tool
def create_column(
    *,
    boardId: float,
    columnType: Literal["auto_number", "board_relation", "button", "checkbox", "color_picker", "country", "creation_log", "date", "dependency", "direct_doc", "doc", "dropdown", "email", "file", "formula", "group", "hour", "integration", "item_assignees", "item_id", "last_updated", "link", "location", "long_text", "mirror", "name", "numbers", "people", "phone", "progress", "rating", "status", "subtasks", "tags", "team", "text", "time_tracking", "timeline", "unsupported", "vote", "week", "world_clock"],
    columnTitle: str,
    columnDescription: str = ...,
    columnSettings: str = ...,
) -> Any:
    """Create a new column in a monday.com board

boardId: The id of the board to which the new column will be added
columnType: The type of the column to be created
columnTitle: The title of the column to be created
columnDescription: The description of the column to be created
columnSettings: Column-specific configuration settings as a JSON string. Use get_column_type_info with fetchMode "schema" for the JSON schema for the given column type."""

class UpdateDocOperationsItem(TypedDict):
    operation_type: Literal["set_name"]
    name: str
    """New document name. (not empty)"""

class UpdateDocOperationsItem2(TypedDict):
    operation_type: Literal["add_markdown_content"]
    markdown: str
    """Markdown content to convert and append (or insert) as blocks."""
    after_block_id: NotRequired[str]
    """Insert after this block ID. Omit to append at end. Block IDs come from read_docs."""

class UpdateDocOperationsItemContentDeltaFormatItemInsert(TypedDict):
    text: str

class UpdateDocOperationsItemContentDeltaFormatItemInsertMention(TypedDict):
    id: str | float
    """User, doc, or board ID. Get user IDs from list_users_and_teams."""
    type: NotRequired[Literal["USER", "DOC", "BOARD"]]
    """Mention type. USER is most common. (default "USER")"""

class UpdateDocOperationsItemContentDeltaFormatItemInsert2(TypedDict):
    mention: UpdateDocOperationsItemContentDeltaFormatItemInsertMention
    """Mention blot — tags a user, doc, or board inline. Do not set attributes on mention ops."""

class UpdateDocOperationsItemContentDeltaFormatItemInsertColumnValue(TypedDict):
    item_id: str | float
    """The board item ID."""
    column_id: str
    """The column ID (e.g. "status", "date4"). Get column IDs from get_board_schema."""

class UpdateDocOperationsItemContentDeltaFormatItemInsert3(TypedDict):
    column_value: UpdateDocOperationsItemContentDeltaFormatItemInsertColumnValue
    """Column value blot — embeds a live board column value inline in the doc."""

class UpdateDocOperationsItemContentDeltaFormatItemAttributes(TypedDict, total=False):
    bold: bool
    italic: bool
    underline: bool
    strike: bool
    code: bool
    link: str
    color: str
    background: str

class UpdateDocOperationsItemContentDeltaFormatItem(TypedDict):
    insert: str | UpdateDocOperationsItemContentDeltaFormatItemInsert | UpdateDocOperationsItemContentDeltaFormatItemInsert2 | UpdateDocOperationsItemContentDeltaFormatItemInsert3
    """Content to insert. Use {text: "..."} for plain text, {mention: {id, type}} to tag a user/doc/board, or {column_value: {item_id, column_id}} to embed a live column value. The last operation in the array must be {text: "\\n"}."""
    attributes: NotRequired[UpdateDocOperationsItemContentDeltaFormatItemAttributes]
    """Optional formatting: bold, italic, underline, strike, code, link, color, background. Not applicable to mention or column_value ops."""

class UpdateDocOperationsItemContent(TypedDict):
    block_content_type: Literal["text"]
    delta_format: list[UpdateDocOperationsItemContentDeltaFormatItem]
    """Array of delta operations. Last op must be {insert: {text: "\\n"}}. (not empty)"""
    alignment: NotRequired[Literal["LEFT", "RIGHT", "CENTER"]]
    direction: NotRequired[Literal["LTR", "RTL"]]

class UpdateDocOperationsItemContent2(TypedDict):
    block_content_type: Literal["code"]
    delta_format: list[Items]
    """Array of delta operations. Last op must be {insert: {text: "\\n"}}. (not empty)"""
    language: NotRequired[str]
    """Programming language (e.g. "javascript", "python")."""

class UpdateDocOperationsItemContent3(TypedDict):
    block_content_type: Literal["list_item"]
    delta_format: list[Items]
    """Array of delta operations. Last op must be {insert: {text: "\\n"}}. (not empty)"""
    checked: NotRequired[bool]
    """Check state for CHECK_LIST items."""
    indentation: NotRequired[int]
    """Nesting level (0 = no indent). (at least 0)"""

class UpdateDocOperationsItem3(TypedDict):
    operation_type: Literal["update_block"]
    block_id: str
    """ID of the block to update. Get block IDs from read_docs."""
    content: UpdateDocOperationsItemContent | UpdateDocOperationsItemContent2 | UpdateDocOperationsItemContent3
    """New content for the block. Use block_content_type to select: text (updates text/heading/quote content), code (updates code content), list_item (updates bullets/numbered/todo content). Cannot change block subtype — use replace_block for that."""

class UpdateDocOperationsItemBlock(TypedDict):
    block_type: Literal["text"]
    text_block_type: NotRequired[Literal["NORMAL_TEXT", "LARGE_TITLE", "MEDIUM_TITLE", "SMALL_TITLE", "QUOTE"]]
    """Block subtype. LARGE_TITLE=H1, MEDIUM_TITLE=H2, SMALL_TITLE=H3."""
    delta_format: list[Items]
    """Array of delta operations. Last op must be {insert: {text: "\\n"}}. (not empty)"""
    alignment: NotRequired[Literal["LEFT", "RIGHT", "CENTER"]]
    direction: NotRequired[Literal["LTR", "RTL"]]

class UpdateDocOperationsItemBlock2(TypedDict):
    block_type: Literal["list_item"]
    list_block_type: NotRequired[Literal["BULLETED_LIST", "NUMBERED_LIST", "CHECK_LIST"]]
    """List type. Defaults to BULLETED_LIST."""
    delta_format: list[Items]
    """Array of delta operations. Last op must be {insert: {text: "\\n"}}. (not empty)"""
    indentation: NotRequired[int]
    """Nesting level (0 = no indent). (at least 0)"""

class UpdateDocOperationsItemBlock3(TypedDict):
    block_type: Literal["code"]
    delta_format: list[Items]
    """Array of delta operations. Last op must be {insert: {text: "\\n"}}. (not empty)"""
    language: NotRequired[str]
    """Programming language (e.g. "javascript", "python")."""

class UpdateDocOperationsItemBlock4(TypedDict):
    block_type: Literal["divider"]

class UpdateDocOperationsItemBlock5(TypedDict):
    block_type: Literal["page_break"]

class UpdateDocOperationsItemBlock6(TypedDict):
    block_type: Literal["image"]
    public_url: NotRequired[str]
    """Publicly accessible image URL. Provide either public_url or asset_id. (uri)"""
    asset_id: NotRequired[int | str]
    """monday.com asset ID for the image. The image block will reference the asset directly. Provide either public_url or asset_id."""
    width: NotRequired[int]
    """Width in pixels. (at least 1)"""

class UpdateDocOperationsItemBlock7(TypedDict):
    block_type: Literal["video"]
    raw_url: str
    """Video URL (YouTube, Vimeo, or direct video URL). (uri)"""
    width: NotRequired[int]
    """Width in pixels. (at least 1)"""

class UpdateDocOperationsItemBlock8(TypedDict):
    block_type: Literal["notice_box"]
    theme: Literal["INFO", "TIPS", "WARNING", "GENERAL"]
    """Visual style of the notice box."""

class UpdateDocOperationsItemBlockColumnStyleItem(TypedDict):
    width: int

class UpdateDocOperationsItemBlock9(TypedDict):
    block_type: Literal["table"]
    row_count: int
    """Number of rows (1–25). (1 to 25)"""
    column_count: int
    """Number of columns (1–10). (1 to 10)"""
    width: NotRequired[int]
    """Table width in pixels."""
    column_style: NotRequired[list[UpdateDocOperationsItemBlockColumnStyleItem]]
    """Column widths. Array length must match column_count. Widths must sum to 100."""

class UpdateDocOperationsItemBlock10(TypedDict):
    block_type: Literal["layout"]
    column_count: int
    """Number of columns (2–6). (2 to 6)"""
    column_style: NotRequired[list[UpdateDocOperationsItemBlockColumnStyleItem]]
    """Column widths. Array length must match column_count. Widths must sum to 100."""

class UpdateDocOperationsItem4(TypedDict):
    operation_type: Literal["create_block"]
    after_block_id: NotRequired[str]
    """Insert after this block ID. Omit to append at end. Block IDs come from read_docs."""
    parent_block_id: NotRequired[str]
    """Parent block ID for nested blocks. Only works for notice_box containers — use the notice_box block ID directly. Table/layout cell nesting is NOT supported by the API. IMPORTANT: A notice_box created in the same call cannot be referenced — use a separate call first to create it, then a second call to nest content inside it."""
    block: UpdateDocOperationsItemBlock | UpdateDocOperationsItemBlock2 | UpdateDocOperationsItemBlock3 | UpdateDocOperationsItemBlock4 | UpdateDocOperationsItemBlock5 | UpdateDocOperationsItemBlock6 | UpdateDocOperationsItemBlock7 | UpdateDocOperationsItemBlock8 | UpdateDocOperationsItemBlock9 | UpdateDocOperationsItemBlock10
    """The block to create. Use block_type to select the block type."""

class UpdateDocOperationsItem5(TypedDict):
    operation_type: Literal["delete_blocks"]
    block_ids: list[str]
    """Block IDs to permanently delete (1–100 per call). Put ALL IDs for the delete into this single array — do NOT emit multiple delete_blocks operations back-to-back. Works for all block types including BOARD, WIDGET, DOC embed, GIPHY. (1 to 100 items)"""

class UpdateDocOperationsItem6(TypedDict):
    operation_type: Literal["replace_block"]
    block_id: str
    """ID of the block to delete."""
    after_block_id: NotRequired[str]
    """Insert replacement after this block ID. Provide the ID of the block that precedes the deleted block."""
    parent_block_id: NotRequired[str]
    """Parent block ID for the replacement block."""
    block: Type | Type2 | Type3 | Type4 | Type5 | Type6 | Type7 | Type8 | Type9 | Type10
    """The new block to create in place of the deleted one."""

class UpdateDocOperationsItem7(TypedDict):
    operation_type: Literal["add_comment"]
    body: str
    """The comment text. Use HTML tags for formatting (not markdown). Do not use @ to mention users — use mentions_list instead. (not empty)"""
    parent_update_id: NotRequired[float]
    """The ID of an existing comment (update) to reply to. Omit to create a new top-level comment. Get comment IDs from read_docs with include_comments: true."""
    mentions_list: NotRequired[str]
    """Optional JSON array of mentions: [{"id": "123", "type": "User"}, {"id": "456", "type": "Team"}]. Valid types: User, Team, Board, Project."""
    block_id: NotRequired[str | list[str]]
    """Block ID (string) or array of block IDs to anchor the comment to. When an array is provided, the same comment highlights all specified blocks. Only works on text-content blocks (text, code, list_item, title, quote) — not on divider, table, layout, notice_box, image, video, or giphy. Get block IDs from read_docs with include_blocks: true. Omit to create a general doc-level comment. Pair with selection_from + selection_length (single block_id only) to comment on a specific text range."""
    selection_from: NotRequired[int]
    """Start character offset (0-indexed) of the selected text within the block. Requires block_id. Omit to comment on the entire block. (at least 0)"""
    selection_length: NotRequired[int]
    """Number of characters in the text selection. Requires block_id and selection_from. Only works for text, code, and list_item blocks that have a delta format. (at least 1)"""

@tool
def update_doc(
    *,
    doc_id: str = ...,
    object_id: str = ...,
    operations: list[UpdateDocOperationsItem | UpdateDocOperationsItem2 | UpdateDocOperationsItem3 | UpdateDocOperationsItem4 | UpdateDocOperationsItem5 | UpdateDocOperationsItem6 | UpdateDocOperationsItem7],
) -> Any:
    """Update an existing monday.com document. Provide doc_id (preferred) or object_id, plus an ordered operations array (executed sequentially, stops on first failure).

OPERATIONS:
- set_name: Rename the document.
- add_markdown_content: Append markdown as blocks (or insert after a block). Best for text, headings, lists, simple tables — no block IDs needed.
- update_block: Update content of an existing text, code, or list_item block in-place.
- create_block: Create a new block at a precise position. Use parent_block_id to nest inside notice_box, table cell, or layout cell.
- delete_blocks: Permanently delete 1–100 blocks in one call. Provide all block IDs in the block_ids array. The ONLY option for BOARD, WIDGET, DOC embed, and GIPHY blocks.
- replace_block: Delete a block and create a new one in its place (use when update_block is not supported).
- add_comment: Create a new comment or reply on the document (doc-level, block-level, or text-selection).

WHEN TO USE EACH OPERATION:
- text / code / list_item → update_block. Use replace_block to change subtype (e.g. NORMAL_TEXT→LARGE_TITLE)
- divider / table / image / video / notice_box / layout → replace_block (properties immutable after creation)
- BOARD / WIDGET / DOC / GIPHY → delete_blocks only

GETTING BLOCK IDs: Call read_docs with include_blocks: true — returns id, type, position, and content per block.

BLOCK CONTENT (delta_format): Array of insert ops. Last op MUST be {insert: {text: "\\n"}}.
- Plain: [{insert: {text: "Hello"}}, {insert: {text: "\\n"}}]
- Bold: [{insert: {text: "Hi"}, attributes: {bold: true}}, {insert: {text: "\\n"}}]
- Mention user/doc/board: [{insert: {text: "Hey "}}, {insert: {mention: {id: 12345, type: "USER"}}}, {insert: {text: "\\n"}}] — type is USER, DOC, or BOARD. id is numeric (user IDs from list_users_and_teams)
- Inline column value: [{insert: {column_value: {item_id: 111, column_id: "status"}}}, {insert: {text: "\\n"}}]
- Supported attributes: bold, italic, underline, strike, code, link, color, background (not applicable to mention/column_value ops)

IMAGE WITH ASSET: For asset-based images, use create_block with block_type "image" and asset_id (instead of public_url). add_markdown_content does NOT support asset images — for mixed content, alternate add_markdown_content (text) and create_block (image) operations in sequence.

BATCHING DELETES: delete_blocks accepts 1..100 IDs. Put ALL IDs in one operation's block_ids array. Never emit multiple delete_blocks operations in a row.

COMMENTS:
- add_comment: Create a new comment or reply on the document. Three scopes:
  - Doc-level (no block_id): comment appears on the doc as a whole.
  - Block-level (block_id only): comment is anchored to a specific block. The block shows a comment indicator in the UI.
  - Text-selection (block_id + selection_from + selection_length): comment is anchored to a specific character range inside a text/code/list_item block. That text is highlighted with a comment marker.
  Block-level and text-selection comments only work on blocks with text content (text, code, list_item, title, quote). They do NOT work on: divider, page_break, table, layout, notice_box, image, video, or giphy blocks.
  Get block IDs from read_docs with include_blocks: true. Format body with HTML, not markdown. Use mentions_list for @mentions.
@hints destructive

doc_id: The document ID (the id field from read_docs). Takes priority over object_id if both are provided. (not empty)
object_id: The document object ID (the object_id field from read_docs, visible in the document URL). Resolved to doc_id. (not empty)
operations: Ordered list of operations to perform. Executed sequentially. Stops at first failure. Operation types: - set_name: Rename the document. - add_markdown_content: Append markdown as blocks (simplest for text/lists/tables). - update_block: Change content of an existing text/code/list/divider block. - create_block: Create a new block at a specific position (supports text, list_item, code, divider, page_break, image, video, notice_box, table, layout). - delete_blocks: Permanently delete 1–100 blocks in one call. Provide all block IDs in the block_ids array. Works for all block types including BOARD, WIDGET, DOC embed, and GIPHY. - replace_block: Delete a block and create a new one in its place. Use for: changing image/video source, table restructure, notice_box theme change. - add_comment: Create a new comment or reply on the document. Use parent_update_id to reply to an existing comment. Format text with HTML. Uses the doc's backing board item. WHEN TO USE WHICH: - Adding new text sections → add_markdown_…"""
