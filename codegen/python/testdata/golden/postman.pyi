from bindery import tool
from typing import Any, Literal, NotRequired, TypedDict

class CreateEnvironmentEnvironmentValuesItem(TypedDict, total=False):
    enabled: bool
    """If true, the variable is enabled."""
    key: str
    """The variable's name."""
    value: str
    """The variable's value."""
    type: Literal["secret", "default"]
    """The variable's type:
- `secret` — The variable value is masked.
- `default` — The variable value is visible in plain text."""
    description: str
    """The variable's description. (at most 512 characters)"""

class CreateEnvironmentEnvironmentValuesItemSourcePostman(TypedDict, total=False):
    secretId: str
    """The variable's secret ID."""
    type: Literal["cloud"]
    """The variable's type:
- `cloud` — The variable value is synced and stored in the Postman Cloud."""
    vaultId: str
    """The variable's ID in the Postman Vault."""

class CreateEnvironmentEnvironmentValuesItemSource(TypedDict, total=False):
    postman: CreateEnvironmentEnvironmentValuesItemSourcePostman
    """Information about the Postman-specific source of the variable's value."""
    provider: Literal["postman"]
    """The secret's provider."""

class CreateEnvironmentEnvironmentValuesItem2(TypedDict, total=False):
    enabled: bool
    """If true, the variable is enabled."""
    key: str
    """The variable's name."""
    value: str
    """The variable's value."""
    type: Literal["secret", "default"]
    """The variable's type:
- `secret` — The variable value is masked.
- `default` — The variable value is visible in plain text."""
    secret: bool
    """If true, the variable is marked as secret and its value is retrieved from the mentioned provider in the source field."""
    source: CreateEnvironmentEnvironmentValuesItemSource
    """Information about the source of the variable's value."""
    description: str
    """The variable's description. (at most 512 characters)"""

class CreateEnvironmentEnvironment(TypedDict):
    name: str
    """The environment's name."""
    values: NotRequired[list[CreateEnvironmentEnvironmentValuesItem | CreateEnvironmentEnvironmentValuesItem2]]
    """Information about the environment's variables."""

@tool
def createEnvironment(*, workspace: str, environment: CreateEnvironmentEnvironment = ...) -> Any:
    """Creates an environment.

**Note:**

- The request body size cannot exceed the maximum allowed size of 30MB.
- If you receive an HTTP \\`411 Length Required\\` error response, manually pass the \\`Content-Length\\` header and its value in the request header.
- If you do not include the \\`workspace\\` query parameter, the system creates the environment in the oldest personal Internal workspace you own.
- Only [shared variable](https://learning.postman.com/docs/use/send-requests/variables/variables/#share-variable-values) values can be modified through the Postman API. A shared variable is an environment variable with its value synced and stored in the Postman cloud, and can be accessed by your teammates in the environment's workspace.

workspace: The workspace's ID.
environment: Information about the environment."""

@tool
def getCollections(*, workspace: str, name: str = ..., limit: int = ..., offset: int = ...) -> Any:
    """The workspace ID query is required for this endpoint. If not provided, the LLM should ask the user to provide it.
@hints read-only, idempotent

workspace: The workspace's ID.
name: Filter results by collections whose name exactly matches the given value. Partial or substring matches are not supported.
limit: The maximum number of rows to return in the response. (1 to 99)
offset: The zero-based offset of the first item to return."""

class UpdateCollectionRequestHeaderDataItem(TypedDict, total=False):
    key: str
    """The header's key."""
    value: str
    """The header's value."""
    description: str
    """The header's description."""

class UpdateCollectionRequestQueryParamsItem(TypedDict, total=False):
    key: str
    """The query parameter's key."""
    value: str
    """The query parameter's value."""
    description: str
    """The query parameter's description."""
    enabled: bool
    """If true, the query parameter is enabled."""

class UpdateCollectionRequestDataItem(TypedDict, total=False):
    key: str
    """The form data's key."""
    value: str
    """The form data's value."""
    description: str
    """The form data's description."""
    enabled: bool
    """If true, the form data entry is enabled."""
    type: Literal["text", "file"]
    """The form data's type."""
    uuid: str
    """The form data entry's unique identifier."""

class UpdateCollectionRequestGraphqlModeData(TypedDict, total=False):
    query: str
    """The GraphQL query."""
    variables: str
    """The GraphQL query variables, in JSON format."""

class UpdateCollectionRequestDataOptionsRaw(TypedDict, total=False):
    language: str
    """The raw mode data's language type."""

class UpdateCollectionRequestDataOptions(TypedDict, total=False):
    raw: UpdateCollectionRequestDataOptionsRaw
    """Options for the `raw` data mode."""
    urlencoded: dict[str, Any]
    """Options for the `urlencoded` data mode."""
    params: dict[str, Any]
    """Options for the `params` data mode."""
    binary: dict[str, Any]
    """Options for the `binary` data mode."""
    graphql: dict[str, Any]
    """Options for the `graphql` data mode."""

class UpdateCollectionRequestAuthApikeyItem(TypedDict):
    key: str
    """The auth method's key value."""
    value: NotRequired[str | list[dict[str, Any]]]
    """The key's value."""
    type: NotRequired[Literal["string", "boolean", "number", "array", "object", "any"]]
    """The value's type."""

class UpdateCollectionRequestAuth(TypedDict):
    type: Literal["basic", "bearer", "apikey", "digest", "oauth1", "oauth2", "hawk", "awsv4", "ntlm", "edgegrid", "jwt", "asap", "noauth"]
    """The authorization type."""
    apikey: NotRequired[list[UpdateCollectionRequestAuthApikeyItem]]
    """The API key's authentication information."""
    awsv4: NotRequired[list[UpdateCollectionRequestAuthApikeyItem]]
    """The attributes for AWS Signature authentication."""
    basic: NotRequired[list[UpdateCollectionRequestAuthApikeyItem]]
    """The attributes for Basic Auth."""
    bearer: NotRequired[list[UpdateCollectionRequestAuthApikeyItem]]
    """The attributes for Bearer Token authentication."""
    digest: NotRequired[list[UpdateCollectionRequestAuthApikeyItem]]
    """The attributes for Digest access authentication."""
    edgegrid: NotRequired[list[UpdateCollectionRequestAuthApikeyItem]]
    """The attributes for Akamai Edgegrid authentication."""
    hawk: NotRequired[list[UpdateCollectionRequestAuthApikeyItem]]
    """The attributes for Hawk authentication."""
    ntlm: NotRequired[list[UpdateCollectionRequestAuthApikeyItem]]
    """The attributes for NTLM authentication."""
    oauth1: NotRequired[list[UpdateCollectionRequestAuthApikeyItem]]
    """The attributes for OAuth1 authentication."""
    oauth2: NotRequired[list[UpdateCollectionRequestAuthApikeyItem]]
    """The attributes for OAuth2 authentication."""
    jwt: NotRequired[list[UpdateCollectionRequestAuthApikeyItem]]
    """The attributes for JWT authentication."""
    asap: NotRequired[list[UpdateCollectionRequestAuthApikeyItem]]
    """The attributes for ASAP authentication."""

class UpdateCollectionRequestEventsItemScript(TypedDict, total=False):
    id: str
    """The script's ID."""
    type: str
    """The type of script. For example, `text/javascript`."""
    exec: list[str | None]
    """A list of script strings, where each line represents a line of code. Separate lines makes it easy to track script changes."""

class UpdateCollectionRequestEventsItem(TypedDict, total=False):
    listen: Literal["test", "prerequest"]
    """The event type."""
    script: UpdateCollectionRequestEventsItemScript
    """Information about the Javascript code that can be used to to perform setup or teardown operations in a response."""

@tool
def updateCollectionRequest(
    *,
    requestId: str,
    collectionId: str,
    name: str = ...,
    description: str | None = ...,
    method: Literal["GET", "PUT", "POST", "PATCH", "DELETE", "COPY", "HEAD", "OPTIONS", "LINK", "UNLINK", "PURGE", "LOCK", "UNLOCK", "PROPFIND", "VIEW"] = ...,
    url: str | None = ...,
    headerData: list[UpdateCollectionRequestHeaderDataItem] = ...,
    queryParams: list[UpdateCollectionRequestQueryParamsItem] = ...,
    dataMode: Literal["raw", "urlencoded", "formdata", "binary", "graphql"] = ...,
    data: list[UpdateCollectionRequestDataItem] | None = ...,
    rawModeData: str | None = ...,
    graphqlModeData: UpdateCollectionRequestGraphqlModeData | None = ...,
    dataOptions: UpdateCollectionRequestDataOptions | None = ...,
    auth: UpdateCollectionRequestAuth | None = ...,
    events: list[UpdateCollectionRequestEventsItem] = ...,
) -> Any:
    """Updates a request in a collection. For a complete list of properties, refer to the **Request** entry in the [Postman Collection Format documentation](https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html).

**Note:**

- You must pass a collection ID (\\`12ece9e1-2abf-4edc-8e34-de66e74114d2\\`), not a collection(\\`12345678-12ece9e1-2abf-4edc-8e34-de66e74114d2\\`), in this endpoint.
- This endpoint does not support changing the folder of a request.
- This endpoint acts like a PATCH method. It only updates the values that you pass in the request body.
@hints idempotent

requestId: The request's ID.
collectionId: The collection's ID.
name: The request's name.
description: The request's description.
method: The request's HTTP method.
url: The request's URL.
headerData: The request's headers.
queryParams: The request's query parameters.
dataMode: The request body's data mode.
data: The request body's form or urlencoded data.
rawModeData: The request body's raw mode data.
graphqlModeData: The request body's GraphQL mode data.
dataOptions: Additional options for the request body data.
auth: The request's authorization settings.
events: The request's pre-request and test scripts."""
