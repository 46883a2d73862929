import { unknownPath } from "#lib/http/endpoint.ts";
import { usersContract } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = unknownPath(usersContract);
