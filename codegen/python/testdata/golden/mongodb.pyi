from bindery import tool
from typing import Any, Literal, NotRequired, TypedDict

class AggregateResult(TypedDict):
    documents: list[Any]
    """The documents returned by the aggregation pipeline"""
    count: float | Literal["indeterminate"]
    """The total number of documents returned by the aggregation pipeline"""
    appliedLimits: list[Literal["config.maxDocumentsPerQuery", "config.maxBytesPerQuery", "tool.responseBytesLimit"]]
    """The limits applied to the aggregation pipeline"""

class AggregatePipelineItemVectorSearch(TypedDict):
    exact: NotRequired[bool]
    """When true, uses an ENN algorithm, otherwise uses ANN. Using ENN is not compatible with numCandidates, in that case, numCandidates must be left empty. (default false)"""
    index: str
    """Name of the index, as retrieved from the `collection-indexes` tool."""
    path: str
    """Field, in dot notation, where to search. There must be a vector search index for that field."""
    numCandidates: NotRequired[int]
    """Number of candidates for the ANN algorithm. Mandatory when exact is false. (more than 0)"""
    limit: NotRequired[int]
    """(more than 0, default 10)"""
    filter: NotRequired[dict[str, Any]]
    """MQL filter that can only use filter fields from the index definition. Note to LLM: If unsure, use the `collection-indexes` tool to learn which fields can be used for filtering."""
    queryVector: list[float]
    """The vector embeddings to search for when using classic vector search indexes (type: 'vector'). Provide embeddings as an array of numbers. Use this for classic vector indexes. For auto-embed indexes (type: 'autoEmbed'), use 'query' instead."""

class AggregatePipelineItemVectorSearchQuery(TypedDict):
    text: str
    """The text query to search for."""

class AggregatePipelineItemVectorSearch2(TypedDict):
    exact: NotRequired[bool]
    """When true, uses an ENN algorithm, otherwise uses ANN. Using ENN is not compatible with numCandidates, in that case, numCandidates must be left empty. (default false)"""
    index: str
    """Name of the index, as retrieved from the `collection-indexes` tool."""
    path: str
    """Field, in dot notation, where to search. There must be a vector search index for that field."""
    numCandidates: NotRequired[int]
    """Number of candidates for the ANN algorithm. Mandatory when exact is false. (more than 0)"""
    limit: NotRequired[int]
    """(more than 0, default 10)"""
    filter: NotRequired[dict[str, Any]]
    """MQL filter that can only use filter fields from the index definition. Note to LLM: If unsure, use the `collection-indexes` tool to learn which fields can be used for filtering."""
    query: AggregatePipelineItemVectorSearchQuery
    """The query to search for when using auto-embed indexes (type: 'autoEmbed'). MongoDB will automatically generate embeddings for the text at query time. Use this for auto-embed indexes, not 'queryVector'."""
    model: NotRequired[Literal["voyage-4", "voyage-4-large", "voyage-4-lite", "voyage-code-3"]]
    """The embedding model to use for generating embeddings from the query text. If not specified, defaults to the model configured in the auto-embed index definition."""

AggregatePipelineItem = TypedDict("AggregatePipelineItem", {
    "$vectorSearch": AggregatePipelineItemVectorSearch | AggregatePipelineItemVectorSearch2,
})

@tool
def aggregate(
    *,
    connectionId: str,
    database: str,
    collection: str,
    pipeline: list[AggregatePipelineItem | dict[str, Any]],
    responseBytesLimit: float = ...,
) -> AggregateResult:
    """Run an aggregation against a MongoDB collection
@hints read-only

connectionId: The connection to run the operation against. Use the id returned by one of the connect tools.
database: Database name
collection: Collection name
pipeline: An array of aggregation stages to execute. If the user has asked for a vector search, `$vectorSearch` **MUST** be the first stage of the pipeline (or the first stage of a `$unionWith` sub-pipeline only when explicitly combining unrelated result sets — for hybrid full-text + vector search, use `$rankFusion` or `$scoreFusion` instead, see below). If the user has asked for lexical/Atlas search, use `$search` instead of `$text`. ### Usage Rules for `$vectorSearch` - **Index Type Detection:** Use the collection-indexes tool to determine if the target field has a classic vector index (type: 'vector') or an auto-embed index (type: 'autoEmbed'). - **Classic Vector Search (type: 'vector'):** Use 'queryVector' with embeddings as an array of numbers. - **Auto-Embed Vector Search (type: 'autoEmbed'):** Use 'query' - MongoDB automatically generates embeddings at query time. Do NOT use 'queryVector' or 'embeddingParameters' for auto-embed indexes. - **Unset embeddings:** Unless the user explicitly requests t…
responseBytesLimit: The maximum number of bytes to return in the response. This value is capped by the server's configured maximum and cannot be exceeded. (default 1048576)"""

class FindResult(TypedDict):
    documents: list[Any]
    """The documents returned by the find query"""
    queryResultsCount: NotRequired[float]
    """The total number of documents returned by the find query"""
    appliedLimits: list[Literal["config.maxDocumentsPerQuery", "config.maxBytesPerQuery", "tool.responseBytesLimit"]]
    """The limits applied to the find query"""

FindSortValue = TypedDict("FindSortValue", {
    "$meta": str,
})

@tool
def find(
    *,
    connectionId: str,
    database: str,
    collection: str,
    filter: dict[str, Any] = ...,
    projection: dict[str, Any] = ...,
    limit: float = ...,
    sort: dict[str, Literal[1, -1, "asc", "desc", "ascending", "descending"] | FindSortValue] = ...,
    responseBytesLimit: float = ...,
) -> FindResult:
    """Run a find query against a MongoDB collection
@hints read-only

connectionId: The connection to run the operation against. Use the id returned by one of the connect tools.
database: Database name
collection: Collection name
filter: The query filter, matching the syntax of the query argument of db.collection.find()
projection: The projection, matching the syntax of the projection argument of db.collection.find()
limit: The maximum number of documents to return (default 10)
sort: A document, describing the sort order, matching the syntax of the sort argument of cursor.sort(). The keys of the object are the fields to sort on, while the values are the sort directions (1 for ascending, -1 for descending).
responseBytesLimit: The maximum number of bytes to return in the response. This value is capped by the server's configured maximum and cannot be exceeded. (default 1048576)"""
