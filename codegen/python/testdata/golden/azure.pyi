from bindery import tool
from typing import Any

@tool
def get_azure_bestpractices(
    *,
    intent: str,
    command: str = ...,
    parameters: dict[str, Any] = ...,
    learn: bool = ...,
) -> Any:
    """Azure best practices - Commands return a list of best practices for code generation, operations and deployment
            when working with Azure services.
            It should be called for any code generation, deployment or
            operations involving Azure, Azure Functions, Azure Kubernetes Service (AKS), Azure Container
            Apps (ACA), Bicep, Terraform, Azure Cache, Redis, CosmosDB, Entra, Azure Active Directory,
            Azure App Services, or any other Azure technology or programming language.
            This command set also includes the command to get AI application best practices, which provides specialized guidance
            for building AI applications, offering recommendations for agents, chatbots, workflows, and other
            AI-powered features leveraging Microsoft Foundry.
            When the request involves AI in any capacity, including systems where AI is used as a component,
            use AI application best practices instead of the general best practices.
            Call this tool first before creating any plans, todos or code.
            Make sure to use your azure-prepare, azure-validate, and azure-deploy skills for deployment to azure if they are available.
            Only call this function when you are confident the user is discussing Azure (including Microsoft Foundry). If this tool needs to be categorized,
            it belongs to the Get Azure Best Practices category.This tool is a hierarchical MCP command router.
Sub commands are routed to MCP servers that require specific fields inside the "parameters" object.
To invoke a command, set "command" and wrap its args in "parameters".
Set "learn=true" to discover available sub commands.

intent: The intent of the azure operation to perform.
command: The command to execute against the specified tool.
parameters: The parameters to pass to the tool command.
learn: To learn about the tool and its supported child tools and parameters. (default false)"""

@tool
def storage(
    *,
    intent: str,
    command: str = ...,
    parameters: dict[str, Any] = ...,
    learn: bool = ...,
) -> Any:
    """Storage operations - Commands for creating, listing, getting, and managing Azure Storage accounts,
blob containers, blobs, and tables. Use this tool to create storage accounts, list and get storage
account details (SKU, location, HNS, HTTPS-only settings), create and list blob containers, list
and get blob properties, upload files to blob storage, and list tables. Covers Azure Blob Storage,
Azure Table Storage, and storage account management. Do not use for Azure Cosmos DB containers,
Azure Container Registry, or Azure Managed Lustre file systems.This tool is a hierarchical MCP command router.
Sub commands are routed to MCP servers that require specific fields inside the "parameters" object.
To invoke a command, set "command" and wrap its args in "parameters".
Set "learn=true" to discover available sub commands.

intent: The intent of the azure operation to perform.
command: The command to execute against the specified tool.
parameters: The parameters to pass to the tool command.
learn: To learn about the tool and its supported child tools and parameters. (default false)"""
