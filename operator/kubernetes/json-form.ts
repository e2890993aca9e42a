/** client-node puts an underscore before names that are words of JavaScript (`_from`); JSON has none. */
type JsonName<Key> = Key extends `_${infer Name}` ? Name : Key;

/**
 * The JSON form of one of client-node's types: the API server writes times as RFC 3339 strings, and this project leaves them so, because
 * turning thousands of cached objects' times into Date objects costs memory and time that nobody asked for.
 */
export type JsonForm<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? JsonForm<Item>[]
    : T extends object
      ? { [Key in keyof T as JsonName<Key>]: JsonForm<T[Key]> }
      : T;
