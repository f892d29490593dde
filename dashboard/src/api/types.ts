import type { components } from "./schema.gen";

type Schemas = components["schemas"];

/** What the API calls its things; features take them from here. */
export type Job = Schemas["Job"];
export type Alert = Schemas["RaisedAlert"];
export type Role = Schemas["Role"];
export type Session = Schemas["ListedSession"];
export type Control = Schemas["AccountControl"];
export type Order = Schemas["WorkingOrder"];
export type Position = Schemas["HeldPosition"];
