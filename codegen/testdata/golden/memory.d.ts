declare const memory: {
  /** Add new observations to existing entities in the knowledge graph */
  add_observations: Tool<{
    observations: {
      /** The name of the entity to add the observations to */
      entityName: string;
      /** An array of observation contents to add */
      contents: string[];
    }[];
  }, {results: {entityName: string; addedObservations: string[]}[]}>;
  /** Create multiple new entities in the knowledge graph */
  create_entities: Tool<{
    entities: {
      /** The name of the entity */
      name: string;
      /** The type of the entity */
      entityType: string;
      /** An array of observation contents associated with the entity */
      observations: string[];
    }[];
  }, {
    entities: {
      /** The name of the entity */
      name: string;
      /** The type of the entity */
      entityType: string;
      /** An array of observation contents associated with the entity */
      observations: string[];
    }[];
  }>;
  /** Create multiple new relations between entities in the knowledge graph. Relations should be in active voice */
  create_relations: Tool<{
    relations: {
      /** The name of the entity where the relation starts */
      from: string;
      /** The name of the entity where the relation ends */
      to: string;
      /** The type of the relation */
      relationType: string;
    }[];
  }, {
    relations: {
      /** The name of the entity where the relation starts */
      from: string;
      /** The name of the entity where the relation ends */
      to: string;
      /** The type of the relation */
      relationType: string;
    }[];
  }>;
  /** Delete multiple entities and their associated relations from the knowledge graph
  @hints destructive, idempotent */
  delete_entities: Tool<{
    /** An array of entity names to delete */
    entityNames: string[];
  }, {success: boolean; message: string}>;
  /** Delete specific observations from entities in the knowledge graph
  @hints destructive, idempotent */
  delete_observations: Tool<{
    deletions: {
      /** The name of the entity containing the observations */
      entityName: string;
      /** An array of observations to delete */
      observations: string[];
    }[];
  }, {success: boolean; message: string}>;
  /** Delete multiple relations from the knowledge graph
  @hints destructive, idempotent */
  delete_relations: Tool<{
    /** An array of relations to delete */
    relations: {
      /** The name of the entity where the relation starts */
      from: string;
      /** The name of the entity where the relation ends */
      to: string;
      /** The type of the relation */
      relationType: string;
    }[];
  }, {success: boolean; message: string}>;
  /** Open specific nodes in the knowledge graph by their names
  @hints read-only, idempotent */
  open_nodes: Tool<{
    /** An array of entity names to retrieve */
    names: string[];
  }, {
    entities: {
      /** The name of the entity */
      name: string;
      /** The type of the entity */
      entityType: string;
      /** An array of observation contents associated with the entity */
      observations: string[];
    }[];
    relations: {
      /** The name of the entity where the relation starts */
      from: string;
      /** The name of the entity where the relation ends */
      to: string;
      /** The type of the relation */
      relationType: string;
    }[];
  }>;
  /** Read the entire knowledge graph
  @hints read-only, idempotent */
  read_graph: Tool<Record<string, never>, {
    entities: {
      /** The name of the entity */
      name: string;
      /** The type of the entity */
      entityType: string;
      /** An array of observation contents associated with the entity */
      observations: string[];
    }[];
    relations: {
      /** The name of the entity where the relation starts */
      from: string;
      /** The name of the entity where the relation ends */
      to: string;
      /** The type of the relation */
      relationType: string;
    }[];
  }>;
  /** Search for nodes in the knowledge graph based on a query
  @hints read-only, idempotent */
  search_nodes: Tool<{
    /** The search query to match against entity names, types, and observation content */
    query: string;
  }, {
    entities: {
      /** The name of the entity */
      name: string;
      /** The type of the entity */
      entityType: string;
      /** An array of observation contents associated with the entity */
      observations: string[];
    }[];
    relations: {
      /** The name of the entity where the relation starts */
      from: string;
      /** The name of the entity where the relation ends */
      to: string;
      /** The type of the relation */
      relationType: string;
    }[];
  }>;
};
